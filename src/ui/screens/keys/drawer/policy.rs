//! When the key must change, and how well that was kept so far.

use egui::Ui;

use crate::model::due::{due, due_date, policy_of};
use crate::model::time::calendar_days;
use crate::model::{PolicyChoice, VersionRecord};
use crate::ui::frame::{Intent, RotationTab};
use crate::ui::theme::TextRole;
use crate::ui::widgets::{self, Due, link, text, text_in};
use crate::ui::words::plural;

use super::super::paint::{key_value, tokens};
use super::super::words;
use super::{LABEL, Look, part, row};

/// Rotations looked back on.
const LAST: usize = 8;

/// Shows the tab.
pub(super) fn show(ui: &mut Ui, look: &Look<'_>, intents: &mut Vec<Intent>) -> Option<(Option<u32>, bool)> {
    let (key, settings) = (look.key, &look.view.view.settings);
    let policy = policy_of(key, settings);
    let from = match key.policy {
        PolicyChoice::TypeDefault => "the default for its type",
        PolicyChoice::Named(_) => "chosen for this key",
        PolicyChoice::Exempt { .. } => "exempt",
    };
    key_value(ui, LABEL, "Policy", |ui| {
        if link(ui, policy.map_or("None", |policy| &policy.name)).clicked() {
            intents.push(Intent::ShowRotation(RotationTab::Policies(policy.map(|policy| policy.id))));
        }
        text_in(ui, TextRole::Body, tokens(ui).text_2, from);
    });
    if let PolicyChoice::Exempt { reason } = &key.policy {
        row(ui, "Why exempt", reason);
    }
    if let Some(policy) = policy {
        let every =
            policy.interval_days.map_or("only on evidence".to_owned(), |days| plural(days, "day", "days"));
        row(ui, "Change every", &every);
        row(ui, "Overlap", &plural(policy.overlap_days, "day", "days"));
    }
    row(ui, "Last changed", &words::date(key.last_rotated()));
    if key.counts_from() != key.last_rotated() {
        let why = if key.counts_from() < key.last_rotated() { "schedule kept" } else { "activation" };
        row(ui, "Counts from", &format!("{}, {why}", words::date(key.counts_from())));
    }
    key_value(ui, LABEL, "Next rotation", |ui| {
        let due = due(key, settings, look.frame.now);
        widgets::due(ui, words::due_look(due, policy), &due.words());
        if let Some(date) = due_date(key, settings).filter(|_| key.state.is_in_use()) {
            text_in(ui, TextRole::Body, tokens(ui).text_2, words::date(date));
        }
    });
    ui.add_space(12.0);
    let interval = policy.and_then(|policy| policy.interval_days).map(i64::from);
    let past: Vec<&VersionRecord> =
        key.versions.iter().rev().filter(|v| v.current_to.is_some()).take(LAST).collect();
    part(ui, "Last rotations", Some(past.len() as u64), None);
    if past.is_empty() {
        text_in(ui, TextRole::Body, tokens(ui).text_2, "It was never rotated.");
        return None;
    }
    let days_since =
        |from, version: &VersionRecord| calendar_days(from, version.current_to.unwrap_or(look.frame.now));
    // Days of its period, which may have begun before it was current.
    let spent = |version: &VersionRecord| days_since(key.period_start(version), version);
    if let Some(interval) = interval {
        let on_time = past.iter().filter(|version| spent(version) <= interval).count();
        let words = format!("{on_time} of {} were on time by the policy of today.", past.len());
        text(ui, TextRole::Body, words);
    }
    for version in past {
        let days = days_since(version.current_from, version);
        key_value(ui, LABEL, &format!("v{} to v{}", version.number, version.number + 1), |ui| {
            text(ui, TextRole::Body, version.current_to.map(words::date).unwrap_or_default());
            let late = interval.map(|interval| spent(version) - interval);
            match late {
                Some(late) if late > 0 => {
                    widgets::due(ui, Due::Late, &format!("{} late", days_words(late)));
                }
                Some(late) => {
                    let words = if late == 0 {
                        "on the day".to_owned()
                    } else {
                        format!("{} early", days_words(-late))
                    };
                    widgets::due(ui, Due::Fine, &words);
                }
                None => {
                    text_in(ui, TextRole::Body, tokens(ui).text_2, format!("after {}", days_words(days)));
                }
            }
        });
    }
    None
}

fn days_words(days: i64) -> String {
    plural(usize::try_from(days).unwrap_or(0), "day", "days")
}
