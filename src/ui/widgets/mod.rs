//! The widgets every screen is made of. They know nothing of vaults. Every one has an accessible name, a keyboard way
//! and the measures of the design; screens colour and space nothing themselves beyond [`crate::ui::theme`].
//!
//! Call [`install`] once per context. Then, with `ui: &mut egui::Ui`:
//!
//! | what | how |
//! |---|---|
//! | button | `Button::primary("Rotate…")`, `secondary`, `quiet`, `danger`, `danger_outline`; `.icon(icons::ROTATE) .shortcut("J") .opens_menu() .large() .min_width(f) .colour(c) .pressed(bool) .disabled(Option<reason>) .show(ui) -> Response` |
//! | icon button | `IconButton::new(icons::COPY, "Copy")`; `.small() .outlined() .selected(bool) .colour(c) .disabled(Option<reason>) .show(ui) -> Response` |
//! | split button | `split_button(ui, icon, "Export", "Export as…") -> (Response, Response)`; put a [`menu`] on the second |
//! | link | `link(ui, "Details")`, `link_small(ui, "Show all") -> Response` |
//! | menu | `menu(&response, \|ui\| { if menu_item(ui, Some(icon), "CSV…", "Ctrl E").clicked() { … } })` |
//! | text field | `TextField::new("Name", &mut string)`; `.label_hidden() .optional() .help(s) .error(Option<s>) .hint(s) .width(f) .rows(n) .mono() .icon(i) .limit(n) .large() .disabled(Option<reason>) .show(ui) -> Response` |
//! | query | `QueryField::new("Filter", FIELDS, &values).hint(s).icon(i).wrong(Option<&QueryError>).show(ui, rect, &mut string, &mut QueryFieldState) -> QueryResponse { response, changed, settled }` |
//! | select | `Select::new("Policy", &["a", "b"])`; `.label_hidden() .quiet() .help(s) .error(Option<s>) .width(f) .large() .disabled(Option<reason>) .show(ui, &mut index) -> Response` (`changed()`) |
//! | choices | `checkbox(ui, &mut bool, "label")`, `checkbox_mixed(ui, &mut Option<bool>, "label")`, `switch(ui, &mut bool, "label")`, `radio(ui, chosen, "label") -> Response` |
//! | segmented | `Segmented::new("Chart", &["Histogram", "Lanes"]).small().show(ui, &mut index) -> Response` (`changed()`) |
//! | tabs | `tabs(ui, "Rotation", &[("Due", None), ("In progress", Some(5))], &mut index) -> Response` (`changed()`) |
//! | filter chip | `FilterChip::new("severity >= warn").icon(i).accent().excluded().show(ui) -> Option<ChipAction>` |
//! | tag | `tag(ui, Tone::Info, icons::ACTIVE, "Active")`, `severity_tag(ui, Severity::Warn)` |
//! | severity, due | `severity(ui, Severity::Critical)`, `due(ui, Due::Late, "12 days late")`, `icon_text(ui, icon, "words", colour)` |
//! | banner | `Banner::new(Tone::Warn, "…").icon(i).body("…").action("…").primary("…").primary_key("…", "Space").full_width().show(ui) -> Option<usize>` |
//! | toasts | `Toasts::push(Toast::new(Tone::Ok, "…").action("Undo", tag))`, `toasts.show(ctx) -> Vec<tag>`, `toasts.clear()` |
//! | progress | `progress(ui, 280.0, "Verifying", done, total, cancel) -> bool` (Cancel was chosen), `strength_meter(ui, width, score, "Strong", bits, "advice")` |
//! | text | `text(ui, TextRole::Title, "…")`, `text_in(ui, role, colour, "…")`, `text_cut(ui, role, colour, "…")`, `section(ui, "…")`, `rule(ui)`, `key_cap(ui, "Ctrl K")`, [`thousands`], [`middle_elide`] |
//! | page | `page_head(ui, "Keys", \|ui\| beside, \|ui\| actions)`, `EndRow::new(ui, "name", room).show(ui, \|ui\| …)`, `card(ui, \|ui\| …)`, `key_value(ui, 112.0, "Owner", \|ui\| …)`, `EmptyState::new(icon, "title", "body").primary("…").secondary("…").show(ui) -> Option<usize>` |
//! | tiles | `tile(ui, width, "Keys", "1,204", "6 more than last week", colour)`, `bucket(ui, width, icon, colour, "Overdue", "3", on) -> Response` |
//! | rail, facets | `nav_item(ui, icon, "Keys", Some(3), active, collapsed)`, `facet_head(ui, "Due", open) -> bool`, `facet(ui, ("due", "overdue"), on, "overdue", 3, share) -> Response` |
//! | dialog | `Dialog::new("title", "Do it")` or `Dialog::destructive("title", "Destroy", "Keep it")`; `.body(s) .cancel(s) .blocked(Option<reason>) .width(f) .has_fields() .show(ctx, \|ui, first\| …) -> Option<Outcome>` |
//! | table | `Table::new("Keys", &[Column::check(), Column::fixed("Name", 172.0).sortable(), Column::rest("Type"), Column::fixed("Ver", 48.0).right()], rows)`; `.sort(Some((col, ascending))) .key(&\|row\| id) .group(&\|row\| bool) .marks(&[(row, colour)]) .single() .framed() .show(ui, &mut TableState, \|cell\| match cell.column() { 1 => cell.name("…"), … }) -> TableResponse { sort, opened, moved, selection_changed, menu, visible }` |
//! | histogram | `Histogram::new("Events", &[Bar { counts, usual, quiet }])`; `.axis(&[(bar, "Mon 6 Apr")]) .words(&\|bar\| …) .height(f) .gutter(f) .reviewed(Option<f32>) .end_label("now") .show(ui, &mut HistogramState) -> HistogramResponse { brush_changed, applied, hovered, zoom }` |
//! | horizon | `Horizon::new("Due", &[HorizonBar { label, date, name, count, late }]).usual(6.0).height(f).bar_width(f).show(ui) -> Option<usize>` |
//! | lanes | `Lanes::new("Sessions", &names, &[LaneBar { lane, from, to, end }])`; `.axis(&[(share, words)]) .words(&\|bars\| …) .show(ui, room, &mut LanesState) -> Option<Range>`; `lanes_legend(ui, &[(LaneEnd::Odd, "…")])` |
//! | secret field | `SecretEdit::new("Password", &mut secret_buf)`; `.optional() .help(s) .error(Option<s>) .width(f) .large() .show_toggle() .disabled(Option<reason>) .show(ui) -> SecretResponse { response, changed, submitted }` |
//! | secret shown | `masked_secret(ui, "payments-db version 7", width)`, `secret_label(ui, "payments-db version 7", &secret_buf) -> Response` |
//! | lock | `SecretSink::clear(ctx)`, then [`curtain`]`(ui)` first in each of the frames that follow |
//! | mark | `mark(ui, 24.0, tokens.accent)`, `paint_mark(painter, rect, colour, hole)` |

mod banner;
mod button;
mod chart;
mod chip;
mod choice;
mod dialog;
mod elide;
mod end_row;
mod field;
mod focus;
mod layout;
mod legible;
mod mark;
mod nav;
mod paint;
mod panes;
mod progress;
mod query;
mod secret;
mod select;
mod status;
mod table;
mod tabs;
mod text;
mod tile;
mod toast;

pub use banner::Banner;
pub use button::{Button, IconButton, link, link_small, split_button};
pub use chart::{
    Bar, HISTOGRAM_KEYS, Histogram, HistogramResponse, HistogramState, Horizon, HorizonBar, LaneBar, LaneEnd,
    Lanes, LanesState, Scale, lanes_legend,
};
pub use chip::{ChipAction, FilterChip, key_cap};
pub use choice::{Segmented, Tick, checkbox, checkbox_mixed, paint_checkbox, radio, switch};
pub use dialog::{Dialog, Outcome, bounds};
pub use elide::middle_elide;
pub use end_row::EndRow;
pub use field::TextField;
pub use focus::entered;
pub use layout::{EmptyState, card, key_value, page_head};
pub use legible::{legible, legible_job};
pub use mark::{mark, paint_mark};
pub use nav::{facet, facet_head, folds, nav_item};
pub use panes::{Pane, next_pane, pane};
pub use progress::{progress, strength_meter, thousands};
pub use query::{QueryField, QueryFieldState, QueryResponse, Values};
pub use secret::{
    PasteSource, SecretEdit, SecretResponse, SecretSink, curtain, masked_secret, secret_label, warm_atlas,
};
pub use select::{Select, context_menu, menu, menu_item};
pub use status::{Due, Severity, Tone, due, icon_text, paint_severity, severity, severity_tag, tag};
pub use table::{Cell, Column, Table, TableResponse, TableState};
pub use tabs::tabs;
pub use text::{rule, section, text, text_cut, text_in};
pub use tile::{bucket, tile};
pub use toast::{Toast, ToastEvent, Toasts, show_toast};

/// Registers what the widgets need in the context: the focus ring, and the sink that keeps secrets out of egui and
/// serves Ctrl+V from `paste`. Once per context, before the first pass.
pub fn install(ctx: &egui::Context, paste: Option<Box<dyn PasteSource>>) {
    focus::install(ctx);
    SecretSink::install(ctx, paste);
}
