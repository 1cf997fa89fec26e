//! The left edge of a column, drawn to make the column wider or narrower. From the keyboard, Shift with Left or Right does
//! the same in the header; a double click gives the first width back.

use egui::{CursorIcon, Rect, Role, Sense, Ui, WidgetInfo, pos2, vec2};

use super::{Resized, TableResponse};
use crate::ui::widgets::paint::tokens;

/// How near to the edge the pointer takes hold of it, in points.
const NEAR: f32 = 4.0;
/// The least and the most a column is made, in points.
const LEAST: f32 = 40.0;
const MOST: f32 = 600.0;
/// What one press of a key changes.
const STEP: f32 = 8.0;

/// Shows the edge of `column` in its header `cell`.
pub(super) fn show(ui: &mut Ui, cell: Rect, column: usize, width: f32, out: &mut TableResponse) {
    let rect =
        Rect::from_min_max(pos2(cell.left() - NEAR, cell.top()), pos2(cell.left() + NEAR, cell.bottom()));
    // Not a stop for Tab: the header itself takes the keys.
    let sense = Sense::CLICK | Sense::DRAG;
    let response = ui.interact(rect, ui.unique_id().with(("edge", column)), sense);
    response.widget_info(|| WidgetInfo::labeled(Role::Splitter, true, "Width of the column"));
    if response.hovered() || response.dragged() {
        ui.ctx().set_cursor_icon(CursorIcon::ResizeHorizontal);
        let t = tokens(ui);
        let line = cell.shrink2(vec2(0.0, 6.0)).y_range();
        ui.painter().vline(cell.left().round() + 0.5, line, (1.0, t.border_strong));
    }
    if response.double_clicked() {
        out.resized = Some(Resized { column, width: None, finished: true });
    } else if response.dragged() || response.drag_stopped() {
        let width = (width - response.drag_delta().x).clamp(LEAST, MOST);
        out.resized = Some(Resized { column, width: Some(width), finished: response.drag_stopped() });
    }
}

/// One step by the keyboard.
pub(super) fn step(column: usize, width: f32, wider: bool) -> Resized {
    let step = if wider { STEP } else { -STEP };
    Resized { column, width: Some((width + step).clamp(LEAST, MOST)), finished: true }
}
