//! The integrity of the log in one row: a glyph, words, and a bar with a piece for every 4,096 events.

use super::super::pages::paint::{Words, icon, put_left, put_right};
use super::super::pages::{place, t, when};
use crate::app::{Integrity, UnlockedView};
use crate::model::Timestamp;
use crate::ui::theme::{TextRole, Tokens, icons, icons::Icon, size};
use crate::ui::widgets::{self as w, thousands};
use egui::{Align, Color32, Layout, Rect, Sense, StrokeKind, Ui, UiBuilder, WidgetInfo, pos2, vec2};

/// Events to a piece: as many as stand between two kept checkpoints.
pub(super) const PIECE: u64 = 4096;

/// How the state is said: glyph, colour, the state itself, what belongs to it.
pub(super) struct Said {
    pub(super) icon: Icon,
    pub(super) colour: Color32,
    pub(super) state: String,
    pub(super) more: String,
}

/// The five states in words.
pub(super) fn say(integrity: &Integrity, now: Timestamp, t: &Tokens) -> Said {
    let said = |icon, colour, state: &str, more: String| Said { icon, colour, state: state.to_owned(), more };
    match integrity {
        Integrity::Verified { at, .. } => {
            let more = format!("{} {}", when::day_words(*at, now), when::clock(*at));
            said(icons::VERIFIED, t.ok, "Verified", more)
        }
        Integrity::NotChecked => said(icons::OPEN, t.text_2, "Not checked", "since unlock".to_owned()),
        Integrity::Checking { done, total } => {
            let percent = if *total == 0 { 0 } else { done * 100 / total };
            said(icons::WAITING, t.accent, "Verifying", format!("{percent} %"))
        }
        Integrity::Broken { seq, .. } => {
            let more = seq.map_or_else(String::new, |seq| format!("at #{}", thousands(seq)));
            said(icons::BROKEN, t.critical, "Broken", more)
        }
        Integrity::Restored { .. } => said(icons::DOUBTFUL, t.warn, "Restored", "copy accepted".to_owned()),
    }
}

/// The row; says whether Details was asked for. `gutter` is where the bar begins.
pub(super) fn show(
    ui: &mut Ui,
    rect: Rect,
    gutter: f32,
    narrow: bool,
    view: &UnlockedView,
    now: Timestamp,
) -> bool {
    let t = t(ui);
    let said = say(&view.integrity, now, t);
    let middle = rect.center().y;
    icon(ui.painter(), pos2(rect.left() + 8.0, middle), said.icon, size::ICON, said.colour);
    let words = Words::new()
        .add(TextRole::BodyStrong, said.colour, format!("{} ", said.state))
        .add(TextRole::Small, t.text_2, &said.more)
        .line(ui.painter(), 260.0);
    let words_end = rect.left() + 24.0 + words.size().x;
    put_left(ui.painter(), rect.left() + 24.0, middle, words);
    let spot = Rect::from_min_max(rect.min, pos2(words_end, rect.bottom()));
    let response = ui.interact(spot, ui.unique_id().with("integrity"), Sense::hover());
    let name = format!("Integrity: {} {}", said.state, said.more);
    response.widget_info(|| WidgetInfo::labeled(egui::Role::Status, true, &name));

    let size = view.view.log_size;
    let link = Rect::from_min_max(pos2(rect.right() - 48.0, rect.top()), rect.max);
    let details = place(ui, "details", link, |ui| {
        let layout = Layout::right_to_left(Align::Center);
        ui.scope_builder(UiBuilder::new().max_rect(link).layout(layout), |ui| {
            w::link_small(ui, "Details").clicked()
        })
        .inner
    });
    let mut facts = Words::new().add(TextRole::Small, t.text_2, "all ").add(
        TextRole::SmallMono,
        t.text_2,
        thousands(size),
    );
    facts = facts.add(TextRole::Small, t.text_2, " events");
    if let Integrity::Verified { checkpoints, .. } = &view.integrity {
        facts = facts.add(
            TextRole::Small,
            t.text_2,
            match checkpoints {
                1 => ", 1 checkpoint".to_owned(),
                n => format!(", {} checkpoints", thousands(*n)),
            },
        );
    }
    if !narrow {
        let root = data_encoding::HEXLOWER.encode(&view.view.log_root);
        let root = format!("   root {}", w::middle_elide(&root, 9));
        facts = facts.add(TextRole::SmallMono, t.text_2, root);
    }
    let facts = facts.line(ui.painter(), 420.0);
    let (from, to) = if narrow {
        (words_end + 10.0, words_end + 106.0)
    } else {
        (gutter, rect.right() - 48.0 - facts.size().x - 24.0)
    };
    bar(ui, Rect::from_min_max(pos2(from, middle - 3.0), pos2(to.max(from + 40.0), middle + 3.0)), view);
    if narrow {
        put_left(ui.painter(), to + 10.0, middle, facts);
    } else {
        put_right(ui.painter(), rect.right() - 60.0, middle, facts);
    }
    details
}

/// The log as one bar in pieces.
pub(super) fn bar(ui: &mut Ui, rect: Rect, view: &UnlockedView) {
    let t = t(ui);
    let size = view.view.log_size.max(1);
    let most = (rect.width() / 8.0).floor().max(1.0) as u64;
    let per = size.div_ceil(most).max(PIECE);
    let pieces = size.div_ceil(per);
    let pitch = (rect.width() + 2.0) / pieces as f32;
    let painter = ui.painter();
    for piece in 0..pieces {
        let left = rect.left() + pitch * piece as f32;
        let part = Rect::from_min_max(pos2(left, rect.top()), pos2(left + pitch - 2.0, rect.bottom()));
        let (first, last) = (piece * per, (piece + 1) * per);
        match &view.integrity {
            Integrity::Verified { entries, .. } if first < *entries => {
                painter.rect_filled(part, 0, t.ok);
            }
            Integrity::Checking { done, .. } => {
                // The piece in work fills as it is read.
                let share = done.saturating_sub(first) as f32 / (last.min(size) - first).max(1) as f32;
                let read = part.with_max_x(part.left() + part.width() * share.min(1.0));
                painter.rect_filled(read, 0, t.ok);
                painter.rect_stroke(part, 0, (1.0, t.border_strong), StrokeKind::Inside);
            }
            Integrity::Broken { seq, .. } => match seq {
                Some(seq) if last <= *seq => {
                    painter.rect_filled(part, 0, t.ok);
                }
                _ => {
                    hatch(ui, part, t.critical);
                    painter.rect_stroke(part, 0, (1.0, t.critical), StrokeKind::Inside);
                }
            },
            Integrity::Restored { .. } => {
                painter.rect_stroke(part, 0, (1.0, t.warn), StrokeKind::Inside);
            }
            _ => {
                painter.rect_stroke(part, 0, (1.0, t.border_strong), StrokeKind::Inside);
            }
        }
    }
}

fn hatch(ui: &Ui, rect: Rect, colour: Color32) {
    let painter = ui.painter().with_clip_rect(rect.intersect(ui.clip_rect()));
    let mut x = rect.left() - rect.height();
    while x < rect.right() {
        painter.line_segment(
            [pos2(x, rect.bottom()), pos2(x, rect.bottom()) + vec2(rect.height(), -rect.height())],
            (1.5, colour),
        );
        x += 4.0;
    }
}
