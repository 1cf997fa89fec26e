//! The widgets every screen is made of. They know nothing of vaults.

mod banner;
mod button;
mod chart;
mod chip;
mod choice;
mod dialog;
mod elide;
mod field;
mod focus;
mod layout;
mod mark;
mod paint;
mod progress;
mod secret;
mod select;
mod status;
mod table;
mod tabs;
mod text;
mod tile;

pub use banner::{Banner, Toast, ToastEvent, Toasts, show_toast};
pub use button::{Button, IconButton, link, link_small, split_button};
pub use chart::{Bar, Histogram, HistogramResponse, HistogramState, Horizon, HorizonBar};
pub use chip::{ChipAction, FilterChip, key_cap};
pub use choice::{Segmented, Tick, checkbox, checkbox_mixed, paint_checkbox, radio, switch};
pub use dialog::{Dialog, Outcome};
pub use elide::middle_elide;
pub use field::TextField;
pub use layout::{EmptyState, card, key_value, page_head};
pub use mark::{mark, paint_mark};
pub use progress::{progress, strength_meter, thousands};
pub use secret::{
    PasteSource, SecretEdit, SecretResponse, SecretSink, curtain, masked_secret, secret_label, warm_atlas,
};
pub use select::{Select, menu, menu_item};
pub use status::{
    Due, Severity, Tone, due, icon_text, paint_severity, severity, severity_tag, tag,
};
pub use table::{Cell, Column, Table, TableResponse, TableState};
pub use tabs::tabs;
pub use tile::{bucket, tile};
pub use text::{rule, section, text, text_cut, text_in};

/// Registers what the widgets need in the context: the focus ring. Once per context.
pub fn install(ctx: &egui::Context) {
    focus::install(ctx);
}
