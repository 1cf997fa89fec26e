//! Text fields: label above, help below, an error in place of the help. Never for secrets: see `SecretEdit`.

use super::focus::{self, Ring};
use super::paint::{icon, paragraph, tokens};
use super::text::text_in;
use crate::ui::theme::{TextRole, Tokens, font, icons, icons::Icon, size};
use egui::{Frame, Margin, Rect, Response, Sense, StrokeKind, TextEdit, Ui, pos2, vec2};

/// A field for words that are no secret.
#[must_use = "call show"]
pub struct TextField<'a> {
    label: &'a str,
    text: &'a mut String,
    label_hidden: bool,
    optional: bool,
    help: Option<&'a str>,
    error: Option<&'a str>,
    hint: &'a str,
    width: Option<f32>,
    rows: usize,
    mono: bool,
    icon: Option<Icon>,
    reason: Option<&'a str>,
    large: bool,
    most: usize,
}

impl<'a> TextField<'a> {
    /// `label` stands above and is the accessible name.
    pub fn new(label: &'a str, text: &'a mut String) -> Self {
        Self {
            label,
            text,
            label_hidden: false,
            optional: false,
            help: None,
            error: None,
            hint: "",
            width: None,
            rows: 1,
            mono: false,
            icon: None,
            reason: None,
            large: false,
            most: 4096,
        }
    }

    /// Only the screen reader says the label (search boxes).
    pub fn label_hidden(mut self) -> Self {
        self.label_hidden = true;
        self
    }

    /// Marks the field "(optional)".
    pub fn optional(mut self) -> Self {
        self.optional = true;
        self
    }

    /// A persistent line of help below.
    pub fn help(mut self, help: &'a str) -> Self {
        self.help = Some(help);
        self
    }

    /// What is wrong and what to do, in place of the help.
    pub fn error(mut self, error: Option<&'a str>) -> Self {
        self.error = error;
        self
    }

    /// Grey words while the field is empty.
    pub fn hint(mut self, hint: &'a str) -> Self {
        self.hint = hint;
        self
    }

    /// Width of the field; without it, all there is.
    pub fn width(mut self, width: f32) -> Self {
        self.width = Some(width);
        self
    }

    /// Several lines. Tab still leaves the field.
    pub fn rows(mut self, rows: usize) -> Self {
        self.rows = rows.max(1);
        self
    }

    /// Hack, for queries, hashes and paths.
    pub fn mono(mut self) -> Self {
        self.mono = true;
        self
    }

    /// An icon inside, at the left.
    pub fn icon(mut self, icon: Icon) -> Self {
        self.icon = Some(icon);
        self
    }

    /// Refuses input where `reason` is given.
    pub fn disabled(mut self, reason: Option<&'a str>) -> Self {
        self.reason = reason;
        self
    }

    /// 36 points high.
    pub fn large(mut self) -> Self {
        self.large = true;
        self
    }

    /// At most this many characters.
    pub fn limit(mut self, characters: usize) -> Self {
        self.most = characters;
        self
    }

    /// Shows it. The response is the field's: `changed()`, `lost_focus()`. Enter leaves the focus in a field of one line;
    /// [`super::entered`] tells of it.
    pub fn show(mut self, ui: &mut Ui) -> Response {
        let (label, optional, hidden) = (self.label, self.optional, self.label_hidden);
        let (help, error) = (self.help, self.error);
        let width = self.width.unwrap_or_else(|| ui.available_width());
        let most = self.most;
        anatomy(ui, width, (!hidden).then_some(label), optional, help, error, |ui| {
            let before = self.text.chars().count();
            let response = self.place(ui, width);
            if was_cut(ui, &response, [before, self.text.chars().count()], most) {
                let words = format!("Only the first {most} characters fit; the rest was left out.");
                message(ui, &words, Some(icons::LATE), tokens(ui).critical, width);
            }
            response
        })
    }

    fn place(&mut self, ui: &mut Ui, width: f32) -> Response {
        let t = tokens(ui);
        let lead = self.icon.map_or(9.0, |_| 32.0);
        let line = if self.mono { 16.0 } else { 19.0 };
        let height = if self.large { size::CONTROL_LARGE } else { size::CONTROL };
        let pad = ((height - line) / 2.0).floor() as i8;
        let margin = Margin { left: lead as i8, right: 9, top: pad - 1, bottom: pad + 1 };
        let font = font(if self.mono { TextRole::Mono } else { TextRole::Body });
        let height = if self.rows > 1 { 16.0 + 20.0 * self.rows as f32 } else { height };
        let hint = egui::RichText::new(self.hint).color(t.text_3);
        let edit =
            if self.rows > 1 { TextEdit::multiline(self.text) } else { TextEdit::singleline(self.text) };
        let edit = edit
            .font(font)
            .hint_text(hint)
            .char_limit(self.most)
            .desired_width(width - f32::from(margin.left) - f32::from(margin.right))
            .desired_rows(self.rows)
            .align(if self.rows > 1 { egui::Align2::LEFT_TOP } else { egui::Align2::LEFT_CENTER })
            .frame(Frame::NONE.inner_margin(margin))
            .text_color(t.text)
            .id_salt(self.label);
        let top = ui.cursor().min;
        let rect = Rect::from_min_size(top, vec2(width, height));
        let back = ui.painter().add(egui::Shape::Noop);
        let response = if self.reason.is_some() {
            ui.add_enabled_ui(false, |ui| ui.add_sized(rect.size(), edit)).inner
        } else {
            ui.add_sized(rect.size(), edit)
        };
        let edge = frame_edge(t, self.error.is_some(), response.hovered());
        let shape = egui::epaint::RectShape::new(rect, size::RADIUS, t.field, edge, StrokeKind::Inside);
        ui.painter().set(back, shape);
        if let Some(glyph) = self.icon {
            icon(ui.painter(), pos2(rect.left() + 16.0, rect.center().y), glyph, size::ICON, t.text_2);
        }
        if self.rows == 1 {
            focus::keep_at_enter(ui, &response);
        }
        focus::shape(ui, &response, rect, size::RADIUS, Ring::AroundText);
        let (name, error, help) = (self.label, self.error, self.help);
        ui.ctx().accesskit_node_builder(response.id, |node| {
            node.set_label(name);
            if let Some(words) = error.or(help) {
                node.set_description(words);
            }
            if error.is_some() {
                node.set_invalid(egui::accesskit::Invalid::True);
            }
        });
        super::paint::explain(response, self.reason)
    }
}

/// Whether the last that was pasted did not fit: a field that says nothing would keep another text than was meant.
fn was_cut(ui: &Ui, response: &Response, [before, after]: [usize; 2], most: usize) -> bool {
    let id = response.id.with("cut");
    if response.changed() {
        let pasted = ui.input(|input| {
            let texts = input.events.iter().filter_map(|event| match event {
                egui::Event::Paste(text) => Some(text.chars().count()),
                _ => None,
            });
            texts.sum::<usize>()
        });
        ui.data_mut(|data| data.insert_temp(id, after == most && before + pasted > most));
    }
    ui.data(|data| data.get_temp(id)).unwrap_or(false)
}

/// The edge of a field.
pub(super) fn frame_edge(t: &Tokens, wrong: bool, hovered: bool) -> egui::Stroke {
    if wrong {
        egui::Stroke::new(2.0, t.critical)
    } else {
        egui::Stroke::new(1.0, if hovered { t.text_2 } else { t.border_strong })
    }
}

/// Label above, field, help or error below: the same for every kind of field.
pub(super) fn anatomy(
    ui: &mut Ui,
    width: f32,
    label: Option<&str>,
    optional: bool,
    help: Option<&str>,
    error: Option<&str>,
    field: impl FnOnce(&mut Ui) -> Response,
) -> Response {
    let t = tokens(ui);
    ui.vertical(|ui| {
        ui.set_max_width(width);
        ui.spacing_mut().item_spacing = vec2(4.0, size::GAP_FIELD);
        if let Some(label) = label {
            ui.spacing_mut().interact_size.y = 20.0;
            ui.horizontal(|ui| {
                text_in(ui, TextRole::BodyStrong, t.text, label);
                if optional {
                    text_in(ui, TextRole::Body, t.text_2, "(optional)");
                }
            });
        }
        let response = field(ui);
        match (error, help) {
            (Some(words), _) => message(ui, words, Some(icons::LATE), t.critical, width),
            (None, Some(words)) => message(ui, words, None, t.text_3, width),
            (None, None) => {}
        }
        response
    })
    .inner
}

/// A small line below a field, with a glyph where it matters.
pub(super) fn message(ui: &mut Ui, words: &str, glyph: Option<Icon>, colour: egui::Color32, width: f32) {
    let lead = glyph.map_or(0.0, |_| 16.0);
    let galley = paragraph(ui.painter(), words, TextRole::Small, colour, width - lead);
    let (rect, response) =
        ui.allocate_exact_size(vec2(lead + galley.size().x, galley.size().y), Sense::hover());
    if let Some(glyph) = glyph {
        icon(ui.painter(), pos2(rect.left() + 6.0, rect.top() + 8.0), glyph, 12.0, colour);
    }
    ui.painter().galley(rect.min + vec2(lead, 0.0), galley, colour);
    response.widget_info(|| egui::WidgetInfo::labeled(egui::Role::Label, true, words));
    if glyph.is_some() {
        ui.ctx().accesskit_node_builder(response.id, |node| node.set_live(egui::accesskit::Live::Polite));
    }
}
