//! How the frame places things: at exact points, in the fonts and colours of the theme.

use egui::text::{LayoutJob, TextFormat};
use egui::{
    Align2, Color32, Galley, Layout, Pos2, Rect, Response, Role, Sense, Ui, UiBuilder, WidgetInfo, pos2,
};
use std::sync::Arc;

use crate::ui::theme::{self, TextRole, icons::Icon};

/// Shows `contents` in `rect`, wherever the cursor is.
pub(in crate::ui) fn place<R>(ui: &mut Ui, name: &str, rect: Rect, contents: impl FnOnce(&mut Ui) -> R) -> R {
    placed(ui, name, rect, Layout::top_down(egui::Align::Min), contents)
}

/// As [`place`], with another layout.
pub(in crate::ui) fn placed<R>(
    ui: &mut Ui,
    name: &str,
    rect: Rect,
    layout: Layout,
    contents: impl FnOnce(&mut Ui) -> R,
) -> R {
    let mut child = ui.new_child(UiBuilder::new().id_salt(name).max_rect(rect).layout(layout));
    contents(&mut child)
}

/// One line made of pieces, each in its own role and colour.
pub(in crate::ui) fn pieces(ui: &Ui, pieces: &[(&str, TextRole, Color32)]) -> Arc<Galley> {
    let mut job = LayoutJob::default();
    for (text, role, colour) in pieces {
        job.append(text, 0.0, TextFormat::simple(theme::font(*role), *colour));
    }
    job.break_on_newline = false;
    job.wrap.max_rows = 1;
    ui.painter().layout_job(job)
}

/// One line, cut with an ellipsis at `most`.
pub(in crate::ui) fn cut(ui: &Ui, text: &str, role: TextRole, colour: Color32, most: f32) -> Arc<Galley> {
    let mut job = LayoutJob::default();
    job.append(text, 0.0, TextFormat::simple(theme::font(role), colour));
    job.break_on_newline = false;
    job.wrap.max_rows = 1;
    job.wrap.break_anywhere = true;
    job.wrap.max_width = most.max(0.0);
    ui.painter().layout_job(job)
}

/// Paints `galley` from `left`, its middle at `middle`; returns where it ends.
pub(in crate::ui) fn put(ui: &Ui, left: f32, middle: f32, galley: Arc<Galley>) -> f32 {
    let size = galley.size();
    ui.painter().galley(pos2(left, (middle - size.y / 2.0).floor()), galley, Color32::PLACEHOLDER);
    left + size.x
}

/// Paints an icon around `centre`.
pub(in crate::ui) fn icon(ui: &Ui, centre: Pos2, icon: Icon, size: f32, colour: Color32) {
    ui.painter().text(centre, Align2::CENTER_CENTER, char::from(icon), theme::icon_font(size), colour);
}

/// Gives what is painted at `rect` a name for assistive technology.
pub(in crate::ui) fn label(ui: &Ui, id: &str, rect: Rect, words: &str) -> Response {
    let response = ui.interact(rect, ui.scope_id().with(id), Sense::hover());
    response.widget_info(|| WidgetInfo::labeled(Role::Label, true, words));
    response
}
