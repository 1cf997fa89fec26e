//! What a person writes about a key: when it is new, and when it is edited.

use egui::Ui;

use crate::model::time::calendar_days;
use crate::model::{KeyAround, KeyId, KeyType, Policy, PolicyChoice, Settings, Timestamp};
use crate::operations::{KeyDraft, KeyField};
use crate::ui::frame::Frame;
use crate::ui::widgets::{Select, TextField, checkbox, facet_head};
use crate::ui::words::plural;
use crate::vault::View;

use super::days::{expiry, expiry_problem, moment, typed_day};
use super::form::MARKED;
use super::parts::half;
use super::{name_problem, words};

/// Another key, by what is typed for it: looked up when that changes.
#[derive(Clone, PartialEq, Eq, Default)]
pub(super) struct Other {
    pub typed: String,
    looked_up: String,
    found: Option<KeyId>,
}

impl Other {
    /// A key that is known.
    fn of(id: KeyId, view: &View) -> Self {
        let name = view.keys.get(id).map(|key| key.name.clone());
        // By its id where its name is another key's as well.
        let name = name.filter(|name| view.find(name).is_ok_and(|key| key.id == id));
        let typed = name.unwrap_or_else(|| id.to_string());
        Self { looked_up: typed.clone(), typed, found: Some(id) }
    }

    fn look_up(&mut self, view: &View) {
        if self.looked_up != self.typed {
            self.looked_up.clone_from(&self.typed);
            self.found = view.find(self.typed.trim()).ok().map(|key| key.id);
        }
    }

    fn id(&self) -> Option<KeyId> {
        self.found.filter(|_| !self.typed.trim().is_empty())
    }

    /// What is wrong with it, where something is.
    fn problem(&self, key: Option<KeyId>) -> Option<&'static str> {
        match self.id() {
            None if self.typed.trim().is_empty() => None,
            None => Some("No key has this name."),
            found if found == key => Some("That is the key itself."),
            Some(_) => None,
        }
    }
}

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
    pub sponsor: String,
    pub custodians: String,
    pub location: String,
    pub shared_with: String,
    pub runbook: String,
    /// The day until which what it protected may be processed, as it is typed, and when that is where it was not changed.
    pub process: String,
    pub process_at: Option<Timestamp>,
    /// The key it takes the place of, as it is typed.
    pub replaces: Other,
    pub critical: bool,
    /// The policy, and why the key is exempt where it is.
    pub policy: Option<PolicyChoice>,
    pub exempt: String,
    /// The name was left once: what is wrong with it may be said.
    pub left_name: bool,
}

impl KeyFields {
    /// What is known of a key now.
    pub fn of(known: &KeyDraft, view: &View) -> Self {
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
            sponsor: known.around.sponsor.clone(),
            custodians: known.around.custodians.clone(),
            location: known.around.location.clone(),
            shared_with: known.around.shared_with.clone(),
            runbook: known.around.runbook.clone(),
            process: known.around.process_until.map_or_else(String::new, typed_day),
            process_at: known.around.process_until,
            replaces: known.around.replaces.map_or_else(Other::default, |id| Other::of(id, view)),
            critical: known.critical,
            policy: Some(known.policy.clone()),
            exempt,
            left_name: true,
        }
    }

    /// Shows one field as it is known, whatever was typed.
    pub fn take_over(&mut self, field: KeyField, known: &KeyDraft, view: &View) {
        let known = Self::of(known, view);
        match field {
            KeyField::Name => self.name = known.name,
            KeyField::Owner => self.owner = known.owner,
            KeyField::System => self.system = known.system,
            KeyField::Environment => self.environment = known.environment,
            KeyField::Purpose => self.purpose = known.purpose,
            KeyField::Tags => self.tags = known.tags,
            KeyField::Note => self.note = known.note,
            KeyField::Critical => self.critical = known.critical,
            KeyField::Policy => (self.policy, self.exempt) = (known.policy, known.exempt),
            KeyField::Contact => self.contact = known.contact,
            KeyField::Deployed => self.deployed = known.deployed,
            KeyField::Expires => (self.expires, self.expires_at) = (known.expires, known.expires_at),
            KeyField::Sponsor => self.sponsor = known.sponsor,
            KeyField::Custodians => self.custodians = known.custodians,
            KeyField::Location => self.location = known.location,
            KeyField::SharedWith => self.shared_with = known.shared_with,
            KeyField::Runbook => self.runbook = known.runbook,
            KeyField::ProcessUntil => (self.process, self.process_at) = (known.process, known.process_at),
            KeyField::Replaces => self.replaces = known.replaces,
        }
    }

    /// Every text, in the order in which they are kept over a lock.
    pub fn texts_mut(&mut self) -> [&mut String; 18] {
        [
            &mut self.name,
            &mut self.owner,
            &mut self.system,
            &mut self.environment,
            &mut self.purpose,
            &mut self.tags,
            &mut self.note,
            &mut self.exempt,
            &mut self.contact,
            &mut self.deployed,
            &mut self.expires,
            &mut self.sponsor,
            &mut self.custodians,
            &mut self.location,
            &mut self.shared_with,
            &mut self.runbook,
            &mut self.process,
            &mut self.replaces.typed,
        ]
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
            expires: moment(&self.expires, self.expires_at),
            around: self.around(),
            critical: self.critical,
            policy: self.choice(),
            ..KeyDraft::new(self.name.clone(), key_type)
        }
    }

    fn around(&self) -> KeyAround {
        KeyAround {
            sponsor: self.sponsor.clone(),
            custodians: self.custodians.clone(),
            location: self.location.clone(),
            shared_with: self.shared_with.clone(),
            runbook: self.runbook.clone(),
            process_until: moment(&self.process, self.process_at),
            replaces: self.replaces.id(),
        }
    }

    /// Finds the key that is named as the one it replaces.
    pub fn look_up(&mut self, view: &View) {
        self.replaces.look_up(view);
    }

    /// Whether something is known that the folded part holds.
    pub fn has_more(&self) -> bool {
        let texts = [
            &self.sponsor,
            &self.custodians,
            &self.location,
            &self.shared_with,
            &self.runbook,
            &self.process,
            &self.replaces.typed,
        ];
        texts.into_iter().any(|text| !text.is_empty())
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
        if let Some(problem) = expiry_problem(&self.process).or(self.replaces.problem(key)) {
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

    /// What few keys have, folded away until somebody looks: who else answers for it and has it, and the key it takes the
    /// place of. Says whether one is another.
    pub fn more(&mut self, ui: &mut Ui, frame: &Frame<'_>, key: Option<KeyId>, open: &mut bool) -> bool {
        let Some(view) = frame.unlocked() else { return false };
        self.look_up(&view.view);
        ui.add_space(4.0);
        if facet_head(ui, "More about it", *open) {
            *open = !*open;
        }
        if !*open {
            return false;
        }
        let half = half(ui);
        let mut changed = false;
        let mut pair = |ui: &mut Ui, left: TextField<'_>, right: TextField<'_>| {
            ui.horizontal_top(|ui| {
                for field in [left, right] {
                    changed |= field.optional().width(half).limit(256).show(ui).changed();
                }
            });
        };
        let sponsor =
            TextField::new("Sponsor", &mut self.sponsor).help("Where the owner is a team or a system");
        pair(
            ui,
            sponsor,
            TextField::new("Custodians", &mut self.custodians).help("Look after it day to day"),
        );
        let shared = TextField::new("Shared with", &mut self.shared_with).help("Who else has its value");
        pair(ui, TextField::new("Location", &mut self.location).help("A site, a data centre"), shared);
        let wrong = self.replaces.problem(key);
        let replaces =
            TextField::new("Replaces", &mut self.replaces.typed).help("The key it took the place of");
        let runbook = TextField::new("Runbook", &mut self.runbook).help("Where to read what to do");
        pair(ui, runbook, replaces.error(wrong));
        let record = key.and_then(|key| view.keys.get(key));
        let by_type =
            record.and_then(|key| key.process_until(&view.view.settings)).filter(|until| !until.is_set);
        let help = match by_type {
            Some(until) => format!("By its type: {}", words::date(until.date)),
            None => "Old data is decrypted or verified".to_owned(),
        };
        let wrong = expiry_problem(&self.process);
        let until =
            TextField::new("Process until", &mut self.process).optional().mono().width(half).limit(20);
        changed | until.hint("2031-12-31").help(&help).error(wrong).show(ui).changed()
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
