//! The rules of unusual activity: what each looks for, its number, whether it is on, and how often it fired. A change is one
//! of the vault's settings: it asks for the password, and what makes a rule notice less is a warning in the log.

use super::super::pages::number as numbers;
use super::super::pages::save::{Saving, forbidden};
use super::form::Form;
use crate::app::UnlockedView;
use crate::guard::unusual::Rule;
use crate::model::{Settings, UnusualLimits};
use crate::operations::SettingsEdit;
use crate::ui::frame::{Frame, Intent};
use crate::ui::theme::size;
use crate::ui::widgets as w;
use egui::Ui;

/// Room for a rule's number and its switch.
const ROOM: f32 = 260.0;

/// A number that can be chosen.
struct Number {
    name: &'static str,
    unit: &'static str,
    values: &'static [u32],
    of: fn(&mut UnusualLimits) -> &mut u32,
}

const fn number(
    name: &'static str,
    unit: &'static str,
    values: &'static [u32],
    of: fn(&mut UnusualLimits) -> &mut u32,
) -> Number {
    Number { name, unit, values, of }
}

const BURST: Number = number("In a short time", "min", &[5, 10, 15, 30], |l| &mut l.burst_min);

fn number_of(rule: Rule) -> Option<Number> {
    Some(match rule {
        Rule::ManySecretsRead => number("Keys read", "keys", &[5, 10, 20, 50], |l| &mut l.reads),
        Rule::SeveralKeysExported => number("Keys exported", "keys", &[2, 3, 5, 10], |l| &mut l.exports),
        Rule::RefusedBurst => number("Refusals", "times", &[3, 5, 10, 20], |l| &mut l.refusals),
        Rule::UnlockAfterFailures => number("Failed unlocks", "times", &[1, 3, 5, 10], |l| &mut l.failures),
        Rule::DormantKeyRead => number("Days unused", "d", &[30, 60, 90, 180], |l| &mut l.dormant_days),
        Rule::ClockSetBack => number("Set back by", "min", &[1, 5, 15, 60], |l| &mut l.clock_back_min),
        Rule::ReadAfterSettingsChange => {
            number("Read within", "min", &[15, 30, 60, 240], |l| &mut l.after_settings_min)
        }
        _ => return None,
    })
}

pub(super) fn show(
    ui: &mut Ui,
    form: &mut Form,
    frame: &Frame<'_>,
    view: &UnlockedView,
    saving: &mut Saving,
    out: &mut Vec<Intent>,
) {
    let no = forbidden(frame);
    let now: Settings = saving.wanted().cloned().unwrap_or_else(|| (*view.view.settings).clone());
    let mut asked: Option<Asked> = None;
    let help = "The window of the rules that count reads, exports and refusals.";
    form.row(ui, BURST.name, help, ROOM, |ui| {
        ui.add_enabled_ui(no.is_none(), |ui| choose(ui, &BURST, &now.later.unusual, &mut asked));
    });
    for rule in Rule::ALL {
        let limits = &now.later.unusual;
        let help = format!("{} {}", rule.explanation(limits), seen(view, rule));
        form.row(ui, rule.name(), &help, ROOM, |ui| {
            ui.spacing_mut().item_spacing.x = size::GAP;
            ui.add_enabled_ui(no.is_none(), |ui| {
                let mut on = !limits.off.iter().any(|off| off == rule.word());
                if let Some(number) = number_of(rule).filter(|_| on) {
                    choose(ui, &number, limits, &mut asked);
                }
                let response = w::switch(ui, &mut on, "");
                ui.ctx().accesskit_node_builder(response.id, |node| node.set_label(rule.name()));
                if response.changed() {
                    let mut next = limits.clone();
                    next.off.retain(|off| off != rule.word());
                    if !on {
                        next.off.push(rule.word().to_owned());
                    }
                    asked = Some((rule.name().to_owned(), if on { "on" } else { "off" }.to_owned(), next));
                }
            });
        });
    }
    if let Some((what, to, unusual)) = asked {
        let mut after = now.clone();
        after.later.unusual = unusual;
        saving.ask(frame, (&what, &to), SettingsEdit { before: now, after }, out);
    }
}

/// What was asked for: of what, to what, and all of the limits with it.
type Asked = (String, String, UnusualLimits);

fn choose(ui: &mut Ui, number: &Number, limits: &UnusualLimits, asked: &mut Option<Asked>) {
    let mut next = limits.clone();
    let at = *(number.of)(&mut next);
    let shown = numbers::Number { name: number.name, unit: number.unit, values: number.values, small: true };
    if let Some(value) = shown.show(ui, at, None) {
        *(number.of)(&mut next) = value;
        *asked = Some((number.name.to_owned(), format!("{value} {}", number.unit), next));
    }
}

fn seen(view: &UnlockedView, rule: Rule) -> String {
    match view.findings.iter().filter(|finding| finding.rule == rule).count() {
        0 => "Not seen.".to_owned(),
        1 => "Seen once.".to_owned(),
        times => format!("Seen {} times.", w::thousands(times as u64)),
    }
}
