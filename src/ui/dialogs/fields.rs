//! What a person writes about a key: when it is new, and when it is edited.

use egui::Ui;

use crate::model::due::policy_of;
use crate::model::time::calendar_days;
use crate::model::{KeyId, KeyRecord, KeyType, Policy, PolicyChoice, Settings, Timestamp, period};
use crate::operations::{KeyDraft, KeyField};
use crate::ui::frame::Frame;
use crate::ui::theme::{TextRole, tokens};
use crate::ui::widgets::{Banner, Select, TextField, Tone, checkbox, section, text_in};
use crate::ui::words::plural;

use super::form::MARKED;
use super::{name_problem, words};

/// The fields as they are being entered.
#[derive(Clone, PartialEq, Eq, Default)]
pub(super) struct KeyFields {
    pub name: String,
    pub owner: String,
    pub system: String,
    pub environment: String,
    pub purpose: String,
    pub tags: String,
    pub note: String,
    pub contact: String,
    pub deployed: String,
    /// The day the value ends by itself, as it is typed.
    pub expires: String,
    /// When it ends to the second, where that is known and the day was not changed.
    pub expires_at: Option<Timestamp>,
    pub critical: bool,
    /// The policy, and why the key is exempt where it is.
    pub policy: Option<PolicyChoice>,
    pub exempt: String,
    /// The name was left once: what is wrong with it may be said.
    pub left_name: bool,
}

impl KeyFields {
    /// What is known of a key now.
    pub fn of(known: &KeyDraft) -> Self {
        let exempt = match &known.policy {
            PolicyChoice::Exempt { reason } => reason.clone(),
            _ => String::new(),
        };
        Self {
            name: known.name.clone(),
            owner: known.owner.clone(),
            system: known.system.clone(),
            environment: known.environment.clone(),
            purpose: known.purpose.clone(),
            tags: known.tags.join(", "),
            note: known.note.clone(),
            contact: known.contact.clone(),
            deployed: known.deployed.clone(),
            expires: known.expires.map_or_else(String::new, typed_day),
            expires_at: known.expires,
            critical: known.critical,
            policy: Some(known.policy.clone()),
            exempt,
            left_name: true,
        }
    }

    /// Shows one field as it is known, whatever was typed.
    pub fn take_over(&mut self, field: KeyField, known: &KeyDraft) {
        let Self {
            name,
            owner,
            system,
            environment,
            purpose,
            tags,
            note,
            contact,
            deployed,
            expires,
            expires_at,
            critical,
            policy,
            exempt,
            left_name: _,
        } = Self::of(known);
        match field {
            KeyField::Name => self.name = name,
            KeyField::Owner => self.owner = owner,
            KeyField::System => self.system = system,
            KeyField::Environment => self.environment = environment,
            KeyField::Purpose => self.purpose = purpose,
            KeyField::Tags => self.tags = tags,
            KeyField::Note => self.note = note,
            KeyField::Critical => self.critical = critical,
            KeyField::Policy => (self.policy, self.exempt) = (policy, exempt),
            KeyField::Contact => self.contact = contact,
            KeyField::Deployed => self.deployed = deployed,
            KeyField::Expires => (self.expires, self.expires_at) = (expires, expires_at),
        }
    }

    /// The draft they make.
    pub fn draft(&self, key_type: KeyType) -> KeyDraft {
        let tags = self.tags.split([',', ';']).map(str::trim).filter(|tag| !tag.is_empty());
        KeyDraft {
            owner: self.owner.clone(),
            system: self.system.clone(),
            environment: self.environment.clone(),
            purpose: self.purpose.clone(),
            tags: tags.map(str::to_owned).collect(),
            note: self.note.clone(),
            contact: self.contact.clone(),
            deployed: self.deployed.clone(),
            expires: self.expires(),
            critical: self.critical,
            policy: self.choice(),
            ..KeyDraft::new(self.name.clone(), key_type)
        }
    }

    fn expires(&self) -> Option<Timestamp> {
        let day = self.expires.trim();
        self.expires_at.filter(|at| typed_day(*at) == day).or_else(|| Timestamp::parse(day))
    }

    fn choice(&self) -> PolicyChoice {
        match &self.policy {
            Some(PolicyChoice::Exempt { .. }) => PolicyChoice::Exempt { reason: self.exempt.clone() },
            Some(choice) => choice.clone(),
            None => PolicyChoice::TypeDefault,
        }
    }

    /// Why they cannot be stored yet.
    pub fn problem(&self, key_type: KeyType, frame: &Frame<'_>, key: Option<KeyId>) -> Option<String> {
        if self.name.trim().is_empty() {
            return Some("Give it a name.".to_owned());
        }
        if let Some(problem) = name_problem(&self.name, frame, key) {
            return Some(if self.left_name { MARKED.to_owned() } else { problem });
        }
        if matches!(self.policy, Some(PolicyChoice::Exempt { .. })) && self.exempt.trim().is_empty() {
            return Some("Say why it is exempt.".to_owned());
        }
        if let Some(problem) = expiry_problem(&self.expires) {
            return Some(problem.to_owned());
        }
        self.draft(key_type).check().err().map(|error| words::error(&error))
    }

    /// The name alone; says whether it is another.
    pub fn name(
        &mut self,
        ui: &mut Ui,
        frame: &Frame<'_>,
        key: Option<KeyId>,
        first: bool,
        width: f32,
    ) -> bool {
        let wrong = name_problem(&self.name, frame, key).filter(|_| self.left_name);
        let field = TextField::new("Name", &mut self.name).limit(256).error(wrong.as_deref()).width(width);
        let response = field.show(ui);
        if first {
            response.request_focus();
        }
        self.left_name |= response.lost_focus() && !self.name.is_empty();
        response.changed()
    }

    /// The other texts, two to a line; says whether one is another.
    pub fn texts(&mut self, ui: &mut Ui) -> bool {
        let half = half(ui);
        let mut changed = false;
        ui.horizontal_top(|ui| {
            let owner = TextField::new("Owner", &mut self.owner).optional().width(half).limit(256);
            changed |= owner.show(ui).changed();
            let contact = TextField::new("Contact", &mut self.contact).optional().width(half).limit(256);
            changed |= contact.show(ui).changed();
        });
        ui.horizontal_top(|ui| {
            let system = TextField::new("System", &mut self.system).optional().width(half).limit(256);
            changed |= system.show(ui).changed();
            let environment = TextField::new("Environment", &mut self.environment).optional().width(half);
            changed |= environment.limit(256).show(ui).changed();
        });
        ui.horizontal_top(|ui| {
            let tags = TextField::new("Tags", &mut self.tags).optional().width(half).limit(1000);
            changed |= tags.hint("pci, prod").show(ui).changed();
            changed |= expiry(ui, "Value expires", &mut self.expires, half);
        });
        changed |= TextField::new("Purpose", &mut self.purpose).optional().limit(256).show(ui).changed();
        let deployed = TextField::new("Where it is in use", &mut self.deployed).optional().limit(256);
        changed | deployed.show(ui).changed()
    }

    /// The note; says whether it is another.
    pub fn note(&mut self, ui: &mut Ui) -> bool {
        TextField::new("Note", &mut self.note).optional().rows(2).show(ui).changed()
    }

    /// The policy with the date it gives, and whether the key is critical; says whether one is another.
    pub fn policy(
        &mut self,
        ui: &mut Ui,
        key_type: KeyType,
        settings: &Settings,
        from: Timestamp,
        now: Timestamp,
    ) -> bool {
        let by_default = settings.policies.iter().find(|p| p.default_for.contains(&key_type));
        let first = match by_default {
            Some(policy) => format!("{} (default for its type)", policy.name),
            None => "None (no default for its type)".to_owned(),
        };
        let names = settings.policies.iter().map(|p| p.name.clone());
        let choices: Vec<String> = [first].into_iter().chain(names).chain(["Exempt…".to_owned()]).collect();
        let shown: Vec<&str> = choices.iter().map(String::as_str).collect();
        let exempt = settings.policies.len() + 1;
        let mut chosen = match &self.policy {
            None | Some(PolicyChoice::TypeDefault) => 0,
            Some(PolicyChoice::Named(id)) => {
                settings.policies.iter().position(|p| p.id == *id).map_or(0, |at| at + 1)
            }
            Some(PolicyChoice::Exempt { .. }) => exempt,
        };
        let help = self.due_words(key_type, settings, from, now);
        let mut changed = false;
        if Select::new("Policy", &shown).help(&help).show(ui, &mut chosen).changed() {
            changed = true;
            self.policy = Some(match chosen {
                0 => PolicyChoice::TypeDefault,
                at if at == exempt => PolicyChoice::Exempt { reason: String::new() },
                at => settings
                    .policies
                    .get(at - 1)
                    .map_or(PolicyChoice::TypeDefault, |p| PolicyChoice::Named(p.id)),
            });
        }
        if chosen == exempt {
            changed |= TextField::new("Why it is exempt", &mut self.exempt).show(ui).changed();
        }
        changed | checkbox(ui, &mut self.critical, "Critical: point out every reading").changed()
    }

    /// When the policy makes it due: "Next rotation 15 Jul 2026, then every 90 days. Overlap 7 days."
    fn due_words(&self, key_type: KeyType, settings: &Settings, from: Timestamp, now: Timestamp) -> String {
        let policy: Option<&Policy> = match &self.policy {
            Some(PolicyChoice::Named(id)) => settings.policies.iter().find(|p| p.id == *id),
            Some(PolicyChoice::Exempt { .. }) => return "It never shows as due.".to_owned(),
            _ => settings.policies.iter().find(|p| p.default_for.contains(&key_type)),
        };
        match policy.and_then(|policy| Some((policy, policy.interval_days?))) {
            Some((policy, days)) => {
                let date = from.plus_days(i64::from(days));
                let first = match calendar_days(date, now) {
                    late @ 1.. => {
                        format!("Was due {}, {} late", words::date(date), plural(late as u64, "day", "days"))
                    }
                    _ => format!("Next rotation {}", words::date(date)),
                };
                let old = match policy.overlap_days {
                    0 => "The old value is retired at once; it can still be read.".to_owned(),
                    overlap => {
                        format!("The old value stays accepted for {}.", plural(overlap, "day", "days"))
                    }
                };
                format!("{first}, then every {days} days. {old}")
            }
            None => match policy {
                Some(_) => "No date: it is rotated only on evidence, when something happened.".to_owned(),
                None => "No date: no policy stands for its type.".to_owned(),
            },
        }
    }
}

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

/// A moment as it is typed: its day.
fn typed_day(moment: Timestamp) -> String {
    moment.local_day()
}

/// Half the width there is, for two fields side by side.
pub(super) fn half(ui: &Ui) -> f32 {
    ((ui.available_width() - ui.spacing().item_spacing.x) / 2.0).floor()
}

/// A banner in a form.
pub(super) fn note(ui: &mut Ui, tone: Tone, words: &str) {
    banner(ui, Banner::new(tone, words));
}

/// A banner with actions in a form; says which was chosen.
pub(super) fn banner(ui: &mut Ui, banner: Banner<'_>) -> Option<usize> {
    // In a place of its own, so that what follows stands below the whole of it.
    banner.show(ui)
}

/// The head of a part of a form.
pub(super) fn head(ui: &mut Ui, title: &str) {
    ui.add_space(4.0);
    ui.scope(|ui| {
        ui.spacing_mut().item_spacing.y = 0.0;
        section(ui, title);
    });
}

/// A line of help over several fields.
pub(super) fn hint(ui: &mut Ui, words: &str) {
    let t = tokens(ui.ctx());
    text_in(ui, TextRole::Small, t.text_2, words);
}

/// The days the policy of a key gives its old version.
pub(super) fn overlap_of(key: &KeyRecord, settings: &Settings) -> u32 {
    policy_of(key, settings).map_or(0, |policy| policy.overlap_days)
}
