//! Looking through the whole vault: where it is asked for, how far it is, and what it came to.

use egui::{Rect, Ui, UiBuilder, vec2};

use super::super::pages::paint::icon;
use super::super::pages::{t, when};
use super::form::Form;
use crate::app::{CHECKING, Command, LastCheck, UnlockedView};
use crate::operations::WholeCheck;
use crate::ui::frame::{Frame, Intent};
use crate::ui::theme::{TextRole, icons, size};
use crate::ui::widgets::{self as w, Button, progress};
use crate::ui::words::{plural, sentence};

/// Width of the bar.
const BAR: f32 = 200.0;

/// What holds, in a sentence.
pub(in crate::ui) fn holds(found: &WholeCheck) -> String {
    let WholeCheck { log, values } = found;
    let there = plural(values.stored, "value", "values");
    let values = match values.opened {
        0 if values.stored > 0 => format!("{there}, none of which is open to you"),
        opened if opened == values.stored => there,
        opened => format!("{there}, of which your keys open {}", w::thousands(opened)),
    };
    let checkpoints = plural(log.checkpoints, "checkpoint", "checkpoints");
    format!(
        "Nothing is wrong: the file's structure, {}, {checkpoints}, {values}.",
        plural(log.entries, "event", "events")
    )
}

/// What to do about damage.
fn advice(view: &UnlockedView) -> String {
    let backup = match view.last_backup {
        Some(at) => format!("the last backup, of {},", when::date(at)),
        None => "another copy, where there is one,".to_owned(),
    };
    format!(
        "Once it is locked, this file does not open again; until then everything else in it can be read and exported. Open \
         {backup} and check that one too: what was done since stands in the log of this file."
    )
}

/// The row, and below it what goes on and what was found.
pub(super) fn row(
    ui: &mut Ui,
    form: &mut Form,
    frame: &Frame<'_>,
    view: &UnlockedView,
    out: &mut Vec<Intent>,
) {
    let running = frame.snapshot.job.as_ref().filter(|job| job.title == CHECKING);
    let help = "The structure of the file, the whole log with its signatures, and whether every value opens. It goes on \
                beside everything else, and is recorded.";
    let busy = running.map(|_| "The check is under way.");
    form.row(ui, "Whole vault", help, 160.0, |ui| {
        if Button::secondary("Check everything").disabled(busy).show(ui).clicked() {
            out.push(Intent::CheckVault);
        }
    });
    if form.searches() {
        return;
    }
    if let Some(job) = running {
        if progress(ui, BAR, "Checking", job.done, job.total, job.cancellable) {
            out.push(Intent::App(Command::CancelJob));
        }
        ui.add_space(8.0);
    } else if let Some(last) = &view.last_check {
        result(ui, view, last);
        ui.add_space(8.0);
    }
}

fn result(ui: &mut Ui, view: &UnlockedView, last: &LastCheck) {
    let t = t(ui);
    let when = format!("Checked at {}, in {}.", when::clock(last.at), took(last));
    match &last.found {
        Ok(found) => {
            w::icon_text(ui, icons::VERIFIED, &holds(found), t.ok);
            w::text_in(ui, TextRole::Small, t.text_2, when);
        }
        Err(what) => {
            let words = format!("Damage was found: {}", sentence(what));
            let (top, width) = (ui.cursor().min, ui.available_width());
            icon(ui.painter(), top + vec2(7.0, 10.0), icons::BROKEN, size::ICON_SMALL, t.critical);
            let room = Rect::from_min_size(top + vec2(20.0, 0.0), vec2(width - 20.0, 20.0));
            let mut child = ui.new_child(UiBuilder::new().max_rect(room));
            w::text_in(&mut child, TextRole::Body, t.critical, words);
            ui.allocate_space(vec2(width, child.min_rect().height().max(20.0)));
            w::text_in(ui, TextRole::Small, t.text_2, format!("{when} {}", advice(view)));
        }
    }
}

/// How long it took: "0.4 s", "3 min 12 s".
fn took(last: &LastCheck) -> String {
    let s = last.took.as_secs_f64();
    if s < 60.0 {
        format!("{s:.1} s")
    } else {
        format!("{} min {:02} s", last.took.as_secs() / 60, last.took.as_secs() % 60)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::vault::{Checked, Values};

    fn found(stored: u64, opened: u64) -> WholeCheck {
        let log = Checked { entries: 1204, root: [0; 32], checkpoints: 5 };
        WholeCheck { log, values: Values { stored, opened } }
    }

    #[test]
    fn what_holds_is_said_with_the_values_nobody_here_could_look_into() {
        assert_eq!(
            holds(&found(63, 63)),
            "Nothing is wrong: the file's structure, 1,204 events, 5 checkpoints, 63 values."
        );
        assert!(holds(&found(63, 12)).ends_with("63 values, of which your keys open 12."));
        assert!(holds(&found(63, 0)).ends_with("63 values, none of which is open to you."));
        assert!(holds(&found(0, 0)).ends_with("5 checkpoints, 0 values."));
    }
}
