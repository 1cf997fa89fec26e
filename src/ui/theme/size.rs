//! Measures, in points. The grid is 4; controls and rows are 28.

/// Corner radius of controls.
pub const RADIUS: u8 = 4;
/// Corner radius of tags.
pub const RADIUS_TAG: u8 = 2;
/// Corner radius of notes, cards and tables.
pub const RADIUS_CARD: u8 = 6;
/// Corner radius of the page, dialogs and toasts.
pub const RADIUS_PAGE: u8 = 8;

/// Height of a control and of a table row.
pub const CONTROL: f32 = 28.0;
/// Height of a control on the unlock and create screens.
pub const CONTROL_LARGE: f32 = 36.0;
/// Height of a filter chip, a small segmented control, a drawer's icon button.
pub const CONTROL_SMALL: f32 = 24.0;
/// Height of a tag.
pub const TAG: f32 = 20.0;
/// Height of a table row.
pub const ROW: f32 = 28.0;
/// Height of a table's header.
pub const HEADER: f32 = 32.0;
/// Padding left and right in a table cell.
pub const CELL_PADDING: f32 = 8.0;
/// Height of the top bar and of a full-width banner.
pub const TOP_BAR: f32 = 44.0;
/// Height of the status bar.
pub const STATUS_BAR: f32 = 24.0;
/// Width of the navigation rail.
pub const RAIL: f32 = 200.0;
/// Width of the navigation rail, collapsed.
pub const RAIL_COLLAPSED: f32 = 56.0;
/// Height of a page's head.
pub const PAGE_HEAD: f32 = 48.0;
/// Padding of a page, a drawer, a card.
pub const PAGE_PADDING: f32 = 16.0;
/// Width of a dialog.
pub const DIALOG: f32 = 480.0;
/// Width of a scroll bar.
pub const SCROLL_BAR: f32 = 12.0;

/// Icons in chips and cells.
pub const ICON_SMALL: f32 = 14.0;
/// Icons in buttons and rows.
pub const ICON: f32 = 16.0;
/// Icons in the rail and in headers.
pub const ICON_LARGE: f32 = 20.0;
/// Between an icon and its word.
pub const ICON_GAP: f32 = 6.0;

/// Between controls that belong together.
pub const GAP: f32 = 8.0;
/// Between groups of controls.
pub const GAP_LARGE: f32 = 16.0;
/// Between a label, its field and its help.
pub const GAP_FIELD: f32 = 4.0;
