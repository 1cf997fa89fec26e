//! Giving a key a new version.

use std::sync::Arc;

use egui::{Ui, pos2, vec2};

use crate::app::{Command, Done, Ticket, UnlockedView};
use crate::crypto::memory::SecretBuf;
use crate::model::due::policy_of;
use crate::model::period::NoSchedule;
use crate::model::policy::INTERVAL_MAX_DAYS;
use crate::model::{KeyId, KeyRecord, KeyState, KeyType, Timestamp, period};
use crate::operations::Rotate;
use crate::ui::frame::{DialogRequest, Frame, Intent};
use crate::ui::theme::{self, TextRole};
use crate::ui::widgets::{Banner, Select, TextField, Tone, radio, text, text_in};
use crate::ui::words::plural;

use super::compromised::Happening;
use super::days::{expiry, expiry_problem};
use super::form::{Face, Form, Send};
use super::kept::{Kept, What};
use super::parts::{banner, half, head, note};
use super::value::ValueForm;
use super::{Files, words};

/// Why a key is rotated.
const REASONS: [&str; 5] = ["Scheduled", "Suspected compromise", "Person left", "Policy", "Other"];
const COMPROMISE: usize = 1;
const OTHER: usize = 4;

/// The form.
pub(super) struct RotateForm {
    key: KeyId,
    key_type: KeyType,
    value: ValueForm,
    reason: usize,
    why: String,
    overlap: String,
    /// The day the new value ends by itself, as it is typed.
    expires: String,
    /// What is known of the compromise, where that is the reason.
    happening: Happening,
    /// The next date is to stay what it is, where there is one to keep.
    keep_schedule: bool,
    changed: bool,
    touched: bool,
    /// The version in use when the rotation was asked for.
    before: u32,
}

impl RotateForm {
    /// With what the key's policy says.
    pub fn new(key: &Arc<KeyRecord>, frame: &Frame<'_>, files: &Files) -> Self {
        let overlap = frame.unlocked().map_or(0, |view| overlap(key, view));
        Self {
            key: key.id,
            key_type: key.key_type,
            value: ValueForm::new(files),
            reason: 0,
            why: String::new(),
            overlap: overlap.to_string(),
            expires: String::new(),
            happening: Happening::new(frame.now),
            keep_schedule: false,
            changed: false,
            touched: false,
            before: key.current_number(),
        }
    }

    /// As it was before a lock.
    pub fn revived(kept: &Kept<'_>, files: &Files) -> Option<Self> {
        Some(Self {
            key: kept.key?,
            key_type: kept.key_type,
            value: ValueForm::revived(kept, files),
            reason: usize::from(kept.reason).min(OTHER),
            why: kept.why.to_owned(),
            overlap: kept.overlap.to_owned(),
            expires: kept.expires().to_owned(),
            happening: Happening::revived(kept.happening()),
            keep_schedule: kept.keep_schedule,
            changed: true,
            touched: true,
            before: 0,
        })
    }

    /// For the same reason as the one before it in a row of rotations, its schedule kept where that one's was.
    pub fn because_of(mut self, before: &Self) -> Self {
        self.reason = before.reason;
        self.keep_schedule = before.keep_schedule;
        self.why.clone_from(&before.why);
        self.happening = before.happening.clone();
        self
    }

    /// What is so now, in words.
    pub fn result(&self, done: &Done, frame: &Frame<'_>) -> String {
        let Done::Version(new) = done else { return String::new() };
        let before = self.before;
        match self.days() {
            _ if self.is_compromise() => {
                format!("v{new} is current. v{before} is marked as compromised.")
            }
            Some(0) | None => format!("v{new} is current. v{before} is retired."),
            Some(days) => {
                let until = words::date(frame.now.plus_days(i64::from(days)));
                format!("v{new} is current. v{before} keeps working until {until}.")
            }
        }
    }

    /// What must survive a lock, with the keys whose turn comes after this one.
    pub fn draft_with(&self, others: &[KeyId]) -> Option<SecretBuf> {
        if !self.is_dirty() && others.is_empty() {
            return None;
        }
        let mut kept = Kept::new(What::Rotate, Some(self.key), self.key_type);
        (kept.reason, kept.why, kept.overlap) = (self.reason as u8, &self.why, &self.overlap);
        kept.keep_schedule = self.keep_schedule;
        kept.keep_expires(&self.expires);
        kept.keep_happening(self.happening.texts());
        kept.others = others.to_vec();
        self.value.keep(&mut kept);
        kept.write()
    }

    /// The version in use is to be replaced because it is, or may be, in the wrong hands.
    fn is_compromise(&self) -> bool {
        self.reason == COMPROMISE
    }

    fn days(&self) -> Option<u32> {
        if self.is_compromise() {
            return Some(0);
        }
        self.overlap.trim().parse().ok().filter(|days| *days <= INTERVAL_MAX_DAYS)
    }

    fn record<'a>(&self, frame: &Frame<'a>) -> Option<&'a Arc<KeyRecord>> {
        frame.unlocked()?.keys.get(self.key)
    }

    fn reason_words(&self) -> String {
        let reason = REASONS.get(self.reason).copied().unwrap_or_default();
        match (self.reason, self.why.trim()) {
            (OTHER, why) => why.to_owned(),
            (_, "") => reason.to_owned(),
            (_, why) => format!("{reason}: {why}"),
        }
    }

    /// Whether the schedule is kept: it was chosen, and there is one.
    fn keeps(&self, frame: &Frame<'_>) -> bool {
        self.keep_schedule && self.record(frame).is_some_and(|key| kept_date(key, frame).is_ok())
    }

    /// Whether the period begins anew or its date stays: a date to keep, or why there is none.
    fn schedule(&mut self, ui: &mut Ui, key: &KeyRecord, frame: &Frame<'_>) {
        let date = kept_date(key, frame);
        let keeps = self.keeps(frame);
        let t = theme::tokens(ui.ctx());
        ui.scope(|ui| {
            ui.spacing_mut().item_spacing.y = 0.0;
            text(ui, TextRole::BodyStrong, "Schedule");
            ui.horizontal(|ui| {
                ui.spacing_mut().item_spacing.x = 24.0;
                if radio(ui, !keeps, "Restart interval from today").clicked() && keeps {
                    (self.keep_schedule, self.changed, self.touched) = (false, true, true);
                }
                let label = match date {
                    Ok(date) => format!("Keep schedule (next stays {})", words::date(date)),
                    Err(_) => "Keep schedule".to_owned(),
                };
                ui.add_enabled_ui(date.is_ok(), |ui| {
                    if radio(ui, keeps, &label).clicked() && !keeps {
                        (self.keep_schedule, self.changed, self.touched) = (true, true, true);
                    }
                });
            });
            if let Err(why) = date {
                text_in(
                    ui,
                    TextRole::Small,
                    t.text_2,
                    format!("There is no schedule to keep: {}", no_schedule(why)),
                );
            }
        });
    }

    /// When it is due again after this rotation: by its policy, from now or as it was, or when the new value ends by itself.
    fn next_rotation(&self, key: &KeyRecord, frame: &Frame<'_>) -> String {
        let policy = frame.unlocked().and_then(|view| policy_of(key, &view.view.settings));
        let kept = self.keeps(frame).then(|| kept_date(key, frame).ok()).flatten();
        let anew = policy.and_then(|policy| policy.interval_days);
        let by_policy = kept.or(anew.map(|days| frame.now.plus_days(i64::from(days))));
        let expires = Timestamp::parse(self.expires.trim());
        let name = policy.map_or("", |policy| &policy.name);
        match (by_policy, expires) {
            (Some(date), Some(end)) if end < date => {
                format!("Next rotation {}, when the new value expires.", words::date(end))
            }
            (None, Some(end)) => format!("Next rotation {}, when the new value expires.", words::date(end)),
            (Some(date), _) if kept.is_some() => {
                format!("The schedule stays: next rotation {} ({name}).", words::date(date))
            }
            (Some(date), _) => {
                format!("The interval starts anew: next rotation {} ({name}).", words::date(date))
            }
            (None, None) if policy.is_some() => format!("Next rotation: only on evidence ({name})."),
            (None, None) => "No policy sets a date for the next rotation.".to_owned(),
        }
    }

    /// What will happen, step by step.
    fn plan(&self, ui: &mut Ui, key: &KeyRecord, frame: &Frame<'_>) {
        let (old, new) = (key.current_number(), key.next_number());
        let until = self.days().map(|days| (days, words::date(frame.now.plus_days(i64::from(days)))));
        let second = match until {
            _ if self.is_compromise() => {
                format!(
                    "Version {old} is marked as compromised at once: it gets no overlap and never comes back."
                )
            }
            Some((0, _)) => format!("Version {old} is retired at once. It can still be read."),
            Some((days, date)) => {
                let days = plural(days, "day", "days");
                format!("Version {old} keeps working until {date}, {days}. Overview then asks to retire it.")
            }
            None => format!("Version {old} goes into its overlap."),
        };
        let first = match key.state {
            KeyState::Suspended => {
                format!("Version {new} is stored and becomes current; {} is in use again.", key.name)
            }
            _ => format!("Version {new} is stored and becomes current."),
        };
        let steps = [
            first,
            second,
            format!(
                "You give version {new} to everything that uses {}. Keyroom changes no other system.",
                key.name
            ),
            self.next_rotation(key, frame),
        ];
        for (i, words) in steps.iter().enumerate() {
            step(ui, i + 1, words);
        }
    }
}

impl Form for RotateForm {
    fn face(&self, frame: &Frame<'_>) -> Face {
        let (name, next) = self
            .record(frame)
            .map_or_else(|| (String::new(), 0), |key| (key.name.clone(), key.next_number()));
        Face::new(format!("Rotate {name}"), format!("Make v{next} current")).width(600.0)
    }

    fn contents(&mut self, ui: &mut Ui, frame: &Frame<'_>, first: bool, intents: &mut Vec<Intent>) {
        let (Some(key), Some(view)) = (self.record(frame), frame.unlocked()) else { return };
        if key.state == KeyState::Suspended && self.overlap != "0" {
            self.overlap = "0".to_owned();
        }
        head(ui, "What will happen");
        self.plan(ui, key, frame);
        ui.add_space(2.0);
        let half = half(ui);
        ui.horizontal_top(|ui| {
            let select = Select::new("Reason", &REASONS).width(half);
            let response = select.show(ui, &mut self.reason);
            if first {
                response.request_focus();
            }
            if response.changed() {
                (self.changed, self.touched) = (true, true);
            }
            let wrong = self.days().is_none().then_some("0 to 3650 days");
            let help = match self.days() {
                Some(0) => "The old version is not accepted any more.".to_owned(),
                Some(days) => format!("Ends {}", words::date(frame.now.plus_days(i64::from(days)))),
                None => String::new(),
            };
            let suspended = key.state == KeyState::Suspended;
            let fixed = suspended.then_some("It is suspended: its old version gets no overlap.");
            let fixed = self.is_compromise().then_some("What is compromised gets no overlap.").or(fixed);
            // What was typed comes back with another reason.
            let mut none = "0".to_owned();
            let shown = if fixed.is_some() { &mut none } else { &mut self.overlap };
            let field = TextField::new("Overlap in days", shown).width(half).limit(4);
            if field.help(&help).error(wrong).disabled(fixed).show(ui).changed() {
                (self.changed, self.touched) = (true, true);
            }
        });
        if self.is_compromise() && self.happening.show(ui, "Kind of compromise", frame.now) {
            (self.changed, self.touched) = (true, true);
        }
        let (label, needed) = match self.reason {
            OTHER => ("Why", true),
            COMPROMISE => ("What happened", true),
            _ => ("More about it", false),
        };
        let field = TextField::new(label, &mut self.why).limit(2000);
        let field = if needed { field } else { field.optional() };
        if field.show(ui).changed() {
            (self.changed, self.touched) = (true, true);
        }
        self.schedule(ui, key, frame);
        if self.is_compromise() {
            let words = format!(
                "Only version {} is marked. If no version can be trusted, mark the whole key: it is then never used again.",
                key.current_number()
            );
            let shown = Banner::new(Tone::Critical, &words).action("Mark as compromised…");
            if banner(ui, shown).is_some() {
                intents.push(Intent::Open(DialogRequest::Compromised(self.key)));
            }
        }
        head(ui, "New value");
        let known = [key.name.as_str(), key.system.as_str(), view.view.me.name.as_str()];
        self.value.show(ui, self.key_type, &known);
        // A key that is made and used here has no provider who ends it.
        if !self.key_type.is_binary() && expiry(ui, "New value expires", &mut self.expires, half) {
            (self.changed, self.touched) = (true, true);
        }
        let words = "Retiring here does not switch the old key off at the service. Revoke it there too.";
        note(ui, Tone::Info, words);
    }

    fn blocked(&self, frame: &Frame<'_>) -> Option<String> {
        match self.record(frame) {
            None => return Some("This key is not in the vault any more.".to_owned()),
            Some(key) if !key.state.may_be_rotated() => {
                return Some(format!("It is {}, so it cannot be rotated.", key.state.word()));
            }
            Some(_) => {}
        }
        if self.reason == OTHER && self.why.trim().is_empty() {
            return Some("Say why.".to_owned());
        }
        if self.is_compromise() {
            let silent = || self.why.trim().is_empty().then(|| "Say what happened.".to_owned());
            if let Some(problem) = self.happening.problem(frame.now).or_else(silent) {
                return Some(problem);
            }
        }
        let overlap = self.days().is_none().then(|| "The overlap is 0 to 3650 days.".to_owned());
        let expires = || expiry_problem(&self.expires).map(str::to_owned);
        overlap.or_else(expires).or_else(|| self.value.problem(self.key_type))
    }

    fn send(&mut self, frame: &Frame<'_>, ticket: Ticket) -> Send {
        let keep_schedule = self.keeps(frame);
        self.before = self.record(frame).map_or(self.before, |key| key.current_number());
        let compromise = self.is_compromise().then(|| self.happening.suspected(frame.now));
        let (value, reason, overlap_days) = (self.value.value(), self.reason_words(), self.days());
        let expires = Timestamp::parse(self.expires.trim());
        let rotate =
            Rotate { key: self.key, value, reason, overlap_days, expires, keep_schedule, compromise };
        Send::Command(Command::act(ticket, rotate))
    }

    fn done(&mut self, done: &Done, frame: &Frame<'_>, intents: &mut Vec<Intent>) -> bool {
        if self.is_compromise() {
            // There is no way back to what is in the wrong hands.
            intents.push(Intent::Toast(Tone::Warn, self.result(done, frame)));
        } else if matches!(done, Done::Version(_)) {
            let label = format!("Make v{} current…", self.before);
            let back = DialogRequest::MakeCurrent(self.key, self.before);
            intents.push(Intent::Offer(self.result(done, frame), label, back));
        }
        true
    }

    fn is_dirty(&self) -> bool {
        self.touched || self.value.is_dirty()
    }

    fn draft(&self) -> Option<SecretBuf> {
        self.draft_with(&[])
    }

    fn take_changed(&mut self) -> bool {
        std::mem::take(&mut self.changed) | self.value.take_changed()
    }
}

/// The date that a rotation of the key can keep.
fn kept_date(key: &KeyRecord, frame: &Frame<'_>) -> Result<Timestamp, NoSchedule> {
    let view = frame.unlocked().ok_or(NoSchedule::NoPolicy)?;
    period::kept_date(key, &view.view.settings, frame.now)
}

/// Why there is no schedule to keep, as a part of a sentence.
fn no_schedule(why: NoSchedule) -> String {
    match why {
        NoSchedule::Come(date) => format!("its date, {}, has come.", words::date(date)),
        why => format!("{why}."),
    }
}

/// The days the old version stays accepted: what the key's policy says, none for a suspended key.
fn overlap(key: &KeyRecord, view: &UnlockedView) -> u32 {
    if key.state == KeyState::Suspended {
        return 0;
    }
    policy_of(key, &view.view.settings).map_or(0, |policy| policy.overlap_days)
}

/// A numbered line.
fn step(ui: &mut Ui, number: usize, words: &str) {
    let t = theme::tokens(ui.ctx());
    let room = ui.available_width() - 28.0;
    let galley = ui.painter().layout(words.to_owned(), theme::font(TextRole::Body), t.text, room);
    let height = galley.size().y.max(20.0);
    let (rect, response) = ui.allocate_exact_size(vec2(ui.available_width(), height), egui::Sense::hover());
    let centre = pos2(rect.left() + 10.0, rect.top() + 10.0);
    ui.painter().circle_stroke(centre, 9.0, (1.0, t.border_strong));
    ui.painter().text(
        centre,
        egui::Align2::CENTER_CENTER,
        number.to_string(),
        theme::font(TextRole::SmallMono),
        t.text_2,
    );
    ui.painter().galley(rect.min + vec2(28.0, 0.0), galley, t.text);
    let said = format!("{number}. {words}");
    response.widget_info(|| egui::WidgetInfo::labeled(egui::Role::Label, true, &said));
}
