//! Status in words and glyphs: tone, tag, severity, due. Colour is never alone.

use super::paint::{edge, icon, line, put_left, tokens};
use crate::ui::theme::{TextRole, Tint, Tokens, icons, icons::Icon, size};
use egui::{
    Color32, Painter, Pos2, Rect, Response, Role, Sense, Shape, Stroke, Ui, Vec2, WidgetInfo, pos2, vec2,
};

/// How something stands, from good to broken.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Tone {
    /// Neither good nor bad.
    Neutral,
    /// Passed.
    Ok,
    /// For your information.
    Info,
    /// Needs attention.
    Warn,
    /// Late.
    High,
    /// Broken, or cannot be undone.
    Critical,
}

impl Tone {
    /// Its fill and its colour.
    #[must_use]
    pub fn tint(self, t: &Tokens) -> Tint {
        match self {
            Self::Neutral => t.neutral_tint(),
            Self::Ok => t.ok_tint(),
            Self::Info => t.info_tint(),
            Self::Warn => t.warn_tint(),
            Self::High => t.high_tint(),
            Self::Critical => t.critical_tint(),
        }
    }

    /// The glyph it has where nothing more exact is known.
    #[must_use]
    pub fn icon(self) -> Icon {
        match self {
            Self::Neutral | Self::Info => icons::INFO,
            Self::Ok => icons::SUCCESS,
            Self::Warn => icons::WARNING,
            Self::High => icons::LATE,
            Self::Critical => icons::FAILED,
        }
    }
}

/// A state as a small filled tag: glyph and word.
pub fn tag(ui: &mut Ui, tone: Tone, glyph: Icon, word: &str) -> Response {
    let tint = tone.tint(tokens(ui));
    let text = line(ui.painter(), word, TextRole::Small, tint.fg, ui.available_width());
    let width = (6.0 + 12.0 + 4.0 + text.size().x + 6.0).ceil();
    let (rect, response) = ui.allocate_exact_size(vec2(width, size::TAG), Sense::hover());
    tag_frame(ui, rect, tint);
    icon(ui.painter(), pos2(rect.left() + 12.0, rect.center().y), glyph, 12.0, tint.fg);
    put_left(ui.painter(), rect.left() + 22.0, rect.center().y, text);
    named(response, word)
}

/// A severity as a tag: its mark and its word.
pub fn severity_tag(ui: &mut Ui, severity: Severity) -> Response {
    let t = tokens(ui);
    let tint = severity.tone().tint(t);
    let text = line(ui.painter(), severity.word(), TextRole::Small, tint.fg, f32::INFINITY);
    let (rect, response) =
        ui.allocate_exact_size(vec2((28.0 + text.size().x).ceil(), size::TAG), Sense::hover());
    tag_frame(ui, rect, tint);
    paint_severity(ui.painter(), pos2(rect.left() + 12.0, rect.center().y), severity);
    put_left(ui.painter(), rect.left() + 22.0, rect.center().y, text);
    named(response, severity.word())
}

fn tag_frame(ui: &Ui, rect: Rect, tint: Tint) {
    ui.painter().rect_filled(rect, size::RADIUS_TAG, tint.fill);
    if tokens(ui).high_contrast {
        edge(ui.painter(), rect, size::RADIUS_TAG, tint.fg);
    }
}

/// How grave an event is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Severity {
    /// Routine.
    Info,
    /// Worth knowing.
    Notice,
    /// To look at.
    Warn,
    /// To act on.
    Critical,
}

impl Severity {
    /// From routine to grave.
    pub const ALL: [Self; 4] = [Self::Info, Self::Notice, Self::Warn, Self::Critical];

    /// Its word, as the log writes it.
    #[must_use]
    pub fn word(self) -> &'static str {
        match self {
            Self::Info => "info",
            Self::Notice => "notice",
            Self::Warn => "warn",
            Self::Critical => "critical",
        }
    }

    /// Its chart colour.
    #[must_use]
    pub fn fill(self, t: &Tokens) -> Color32 {
        t.severity[self as usize]
    }

    fn tone(self) -> Tone {
        match self {
            Self::Info => Tone::Neutral,
            Self::Notice => Tone::Info,
            Self::Warn => Tone::Warn,
            Self::Critical => Tone::Critical,
        }
    }
}

/// The mark and the word of a severity.
pub fn severity(ui: &mut Ui, severity: Severity) -> Response {
    let text = line(ui.painter(), severity.word(), TextRole::Body, tokens(ui).text, f32::INFINITY);
    let (rect, response) = ui.allocate_exact_size(vec2(18.0 + text.size().x, 20.0), Sense::hover());
    paint_severity(ui.painter(), pos2(rect.left() + 6.0, rect.center().y), severity);
    put_left(ui.painter(), rect.left() + 18.0, rect.center().y, text);
    named(response, severity.word())
}

/// Paints the mark of a severity: dot, square, triangle, diamond. 12 points around `centre`.
pub fn paint_severity(painter: &Painter, centre: Pos2, severity: Severity) {
    let fill = severity.fill(crate::ui::theme::tokens(painter.ctx()));
    let at = |x: f32, y: f32| centre + vec2(x, y);
    match severity {
        Severity::Info => {
            painter.circle_filled(centre, 3.5, fill);
        }
        Severity::Notice => {
            painter.rect_filled(Rect::from_center_size(centre, Vec2::splat(8.0)), 0, fill);
        }
        Severity::Warn => {
            polygon(painter, vec![at(0.0, -5.0), at(5.5, 4.5), at(-5.5, 4.5)], fill);
        }
        Severity::Critical => diamond(painter, centre, 6.0, fill),
    }
}

/// A filled diamond of `radius` points.
pub(super) fn diamond(painter: &Painter, centre: Pos2, radius: f32, fill: Color32) {
    let at = |x: f32, y: f32| centre + vec2(x, y) * radius;
    polygon(painter, vec![at(0.0, -1.0), at(1.0, 0.0), at(0.0, 1.0), at(-1.0, 0.0)], fill);
}

fn polygon(painter: &Painter, points: Vec<Pos2>, fill: Color32) {
    painter.add(Shape::convex_polygon(points, fill, Stroke::NONE));
}

/// When something must change.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Due {
    /// Past due.
    Late,
    /// So near that one is warned of it.
    Soon,
    /// Later than that.
    Later,
    /// Being rotated now.
    Running,
    /// No date is set.
    NoDate,
    /// Nothing to do.
    Fine,
}

impl Due {
    /// Its glyph and colour.
    #[must_use]
    pub fn look(self, t: &Tokens) -> (Icon, Color32) {
        match self {
            Self::Late => (icons::LATE, t.high),
            Self::Soon => (icons::CLOCK, t.warn),
            Self::Later => (icons::CLOCK, t.text_2),
            Self::Running => (icons::ROTATE, t.accent),
            Self::NoDate => (icons::NONE, t.text_3),
            Self::Fine => (icons::CHECK, t.ok),
        }
    }
}

/// A due date: glyph and words ("12 days late", "in 5 days").
pub fn due(ui: &mut Ui, due: Due, words: &str) -> Response {
    let (glyph, colour) = due.look(tokens(ui));
    icon_text(ui, glyph, words, colour)
}

/// A glyph and words in one colour.
pub fn icon_text(ui: &mut Ui, glyph: Icon, words: &str, colour: Color32) -> Response {
    let text = line(ui.painter(), words, TextRole::Body, colour, ui.available_width() - 18.0);
    let (rect, response) = ui.allocate_exact_size(vec2(20.0 + text.size().x, 20.0), Sense::hover());
    icon(ui.painter(), pos2(rect.left() + 7.0, rect.center().y), glyph, size::ICON_SMALL, colour);
    put_left(ui.painter(), rect.left() + 20.0, rect.center().y, text);
    named(response, words)
}

fn named(response: Response, words: &str) -> Response {
    response.widget_info(|| WidgetInfo::labeled(Role::Label, true, words));
    response
}
