//! Days that are typed into a form: by when a value ends, by when a suspension is looked at again.

use egui::Ui;

use crate::model::time::calendar_days;
use crate::model::{Timestamp, period};
use crate::ui::widgets::TextField;
use crate::ui::words::plural;

use super::words;

/// The day a value ends by itself; says whether it is another.
pub(super) fn expiry(ui: &mut Ui, label: &str, day: &mut String, width: f32) -> bool {
    let wrong = expiry_problem(day);
    let field = TextField::new(label, day).optional().mono().width(width).limit(20).hint("2026-12-31");
    field.help("Due by then, whatever its policy says").error(wrong).show(ui).changed()
}

/// By when a suspension is to be looked at again.
pub(super) struct ReviewBy(String);

impl ReviewBy {
    /// As long from now as a suspension goes on where nobody says.
    pub fn new(now: Timestamp) -> Self {
        Self(typed_day(now.plus_days(period::REVIEW_AFTER_DAYS)))
    }

    /// Whether another day is typed than the one it began with.
    pub fn is_changed(&self, now: Timestamp) -> bool {
        self.0 != Self::new(now).0
    }

    /// The day, where one is typed that may be.
    pub fn day(&self, now: Timestamp) -> Option<Timestamp> {
        Timestamp::parse(self.0.trim()).filter(|by| period::may_review_by(*by, now))
    }

    /// What is wrong with it, where something is.
    fn problem(&self, now: Timestamp) -> Option<&'static str> {
        match Timestamp::parse(self.0.trim()) {
            None => Some("Type a day as 2026-12-31."),
            Some(by) if by <= now => Some("That is not in the future."),
            Some(by) if !period::may_review_by(by, now) => Some("A year from now at most."),
            Some(_) => None,
        }
    }

    /// The field.
    pub fn show(&mut self, ui: &mut Ui, now: Timestamp) {
        let help = self.day(now).map(|by| {
            format!(
                "{}, in {}",
                words::date(by),
                plural(calendar_days(now, by).unsigned_abs(), "day", "days")
            )
        });
        let wrong = self.problem(now);
        let field = TextField::new("Review by", &mut self.0).mono().width(200.0).limit(20);
        field.help(help.as_deref().unwrap_or_default()).error(wrong).show(ui);
    }
}

/// What is wrong with such a day, where something is.
pub(super) fn expiry_problem(day: &str) -> Option<&'static str> {
    let day = day.trim();
    (!day.is_empty() && Timestamp::parse(day).is_none()).then_some("Type a day as 2026-12-31.")
}

/// What a typed day says; to the second where it is that of a moment that is known.
pub(super) fn moment(day: &str, known: Option<Timestamp>) -> Option<Timestamp> {
    let day = day.trim();
    known.filter(|at| typed_day(*at) == day).or_else(|| Timestamp::parse(day))
}

/// A moment as it is typed: its day.
pub(super) fn typed_day(moment: Timestamp) -> String {
    moment.local_day()
}
