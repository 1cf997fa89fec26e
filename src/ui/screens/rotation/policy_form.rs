//! One policy as it is changed. Nothing takes effect before it is saved.

use super::super::pages::t;
use super::policies::title;
use crate::app::UnlockedView;
use crate::crypto::random_bytes;
use crate::model::due::{Due, due, policy_of, too_long_for};
use crate::model::policy::{INTERVAL_MAX_DAYS, too_long_words};
use crate::model::{KeyRecord, KeyState, KeyType, Policy, PolicyId, Settings};
use crate::ui::frame::Frame;
use crate::ui::theme::TextRole;
use crate::ui::widgets::{self as w, Button, TextField};
use crate::ui::words::plural;
use egui::Ui;
use serde::{Deserialize, Serialize};
use std::hash::{Hash, Hasher};
use std::sync::Arc;

/// What the operator asked for.
pub(super) enum Asked {
    /// These settings, and what they change in words.
    Save(String, Settings),
    /// Nothing more.
    Close,
}

/// A policy as typed.
pub(super) struct Form {
    id: PolicyId,
    /// As it was when it was opened, or as somebody else changed it since; `None` for a new one.
    known: Option<Policy>,
    /// What somebody else changed meanwhile and is typed here too.
    moved: Vec<&'static str>,
    name: String,
    by_calendar: bool,
    interval: String,
    overlap: String,
    types: [bool; 8],
    /// What was counted last, and for which vault and settings.
    counted: Option<((u64, Settings), Counts)>,
    /// How high its foot was.
    foot: f32,
}

/// The layout of [`Kept`]; another one is not read.
const LAYOUT: u8 = 1;

/// A form as it survives a lock.
#[derive(Serialize, Deserialize)]
pub(super) struct Kept<'a> {
    layout: u8,
    id: PolicyId,
    known: Option<Policy>,
    #[serde(borrow)]
    texts: [&'a str; 3],
    by_calendar: bool,
    types: [bool; 8],
}

/// What would be so once a policy is saved.
struct Counts {
    /// Keys it decides for.
    applies: usize,
    /// Those of them that are late and were not before.
    late: usize,
    /// That it is longer than is advised.
    too_long: Option<String>,
}

impl Form {
    /// A new one; `None` where the operating system gives no random id.
    pub(super) fn new() -> Option<Self> {
        Some(Self::blank(PolicyId(random_bytes().ok()?)))
    }

    fn blank(id: PolicyId) -> Self {
        Self {
            id,
            known: None,
            moved: Vec::new(),
            name: String::new(),
            by_calendar: true,
            interval: "90".to_owned(),
            overlap: "1".to_owned(),
            types: [false; 8],
            counted: None,
            foot: 0.0,
        }
    }

    /// Whether it is that of this policy.
    pub(super) fn is_of(&self, id: PolicyId) -> bool {
        self.id == id
    }

    /// Whether something was typed that is not saved.
    pub(super) fn is_dirty(&self) -> bool {
        let before = self.known.as_ref().map_or_else(|| Self::blank(self.id), Self::of);
        let typed = |form: &Self| (form.name.clone(), form.by_calendar, form.overlap.clone(), form.types);
        typed(self) != typed(&before) || self.by_calendar && self.interval != before.interval
    }

    /// Another hash whenever [`Form::keep`] gives something else.
    pub(super) fn hash_into(&self, hasher: &mut impl Hasher) {
        (self.id.0, &self.name, &self.interval, &self.overlap, self.by_calendar, self.types).hash(hasher);
        self.known.as_ref().map(|known| (&known.name, known.interval_days, known.overlap_days)).hash(hasher);
    }

    /// What must survive a lock.
    pub(super) fn keep(&self) -> Kept<'_> {
        Kept {
            layout: LAYOUT,
            id: self.id,
            known: self.known.clone(),
            texts: [&self.name, &self.interval, &self.overlap],
            by_calendar: self.by_calendar,
            types: self.types,
        }
    }

    /// As it was before a lock.
    pub(super) fn revived(kept: &Kept<'_>) -> Option<Self> {
        let [name, interval, overlap] = kept.texts.map(str::to_owned);
        let known = kept.known.clone();
        let (by_calendar, types) = (kept.by_calendar, kept.types);
        (kept.layout == LAYOUT).then_some(Self {
            known,
            name,
            by_calendar,
            interval,
            overlap,
            types,
            ..Self::blank(kept.id)
        })
    }

    /// An existing one.
    pub(super) fn of(policy: &Policy) -> Self {
        Self {
            id: policy.id,
            known: Some(policy.clone()),
            moved: Vec::new(),
            name: policy.name.clone(),
            by_calendar: policy.interval_days.is_some(),
            interval: policy.interval_days.map_or_else(|| "90".to_owned(), |days| days.to_string()),
            overlap: policy.overlap_days.to_string(),
            types: KeyType::ALL.map(|key_type| policy.default_for.contains(&key_type)),
            counted: None,
            foot: 0.0,
        }
    }

    /// Takes over what somebody else changed of it and is not being changed here; tells of what is.
    pub(super) fn follow(&mut self, settings: &Settings) {
        let Some(known) = &self.known else { return };
        let Some(now) = settings.policies.iter().find(|p| p.id == self.id && *p != known) else { return };
        let (before, after) = (Self::of(known), Self::of(now));
        let moved = &mut self.moved;
        take_over(&mut self.name, &before.name, &after.name, "name", moved);
        let period = |form: &Self| (form.by_calendar, form.interval.clone());
        let mut typed = (self.by_calendar, std::mem::take(&mut self.interval));
        take_over(&mut typed, &period(&before), &period(&after), "interval", moved);
        (self.by_calendar, self.interval) = typed;
        take_over(&mut self.overlap, &before.overlap, &after.overlap, "overlap", moved);
        for (mine, (before, after)) in self.types.iter_mut().zip(before.types.iter().zip(&after.types)) {
            take_over(mine, before, after, "types", moved);
        }
        self.known = after.known;
    }

    fn policy(&self, settings: &Settings) -> Result<Policy, Problem> {
        let number = |text: &str| text.trim().trim_end_matches('d').trim().parse::<u32>().ok();
        let name = crate::model::text::name("the policy's name", &self.name);
        let name = name.map_err(|error| Problem::Name(error.to_string()))?;
        let is_named_anew = self.known.as_ref().is_none_or(|known| !known.is_named(&name));
        let mut others = settings.policies.iter().filter(|p| p.id != self.id);
        if is_named_anew && let Some(other) = others.find(|p| p.is_named(&name)) {
            return Err(Problem::Name(format!("There is a policy named {} already.", other.name)));
        }
        let interval_days = if self.by_calendar {
            let days = number(&self.interval).filter(|days| (1..=INTERVAL_MAX_DAYS).contains(days));
            Some(days.ok_or_else(|| {
                Problem::Interval(format!("Write a number of days between 1 and {INTERVAL_MAX_DAYS}."))
            })?)
        } else {
            None
        };
        let wrong = || Problem::Overlap("Write a number of days; 0 for none.".to_owned());
        let overlap_days = if self.by_calendar { number(&self.overlap).ok_or_else(wrong)? } else { 0 };
        let types = KeyType::ALL.into_iter().zip(self.types);
        let default_for = types.filter(|(_, on)| *on).map(|(key_type, _)| key_type).collect();
        let policy = Policy { id: self.id, name, interval_days, overlap_days, default_for };
        policy
            .check()
            .map_err(|_| Problem::Overlap("The overlap must be shorter than the interval.".to_owned()))?;
        Ok(policy)
    }

    /// How many keys it decides for now.
    fn used(&self, settings: &Settings, keys: &[u64]) -> u64 {
        let at = settings.policies.iter().position(|p| p.id == self.id);
        at.and_then(|at| keys.get(at)).copied().unwrap_or(0)
    }

    /// The fields.
    pub(super) fn fields(&mut self, ui: &mut Ui, settings: &Settings, keys: &[u64]) {
        let t = t(ui);
        let used = self.used(settings, keys);
        ui.spacing_mut().item_spacing.y = 10.0;
        let note = match (self.known.is_none(), used) {
            (true, _) => "It decides for no key yet.".to_owned(),
            (false, 0) => "It decides for no key.".to_owned(),
            (false, n) => format!("It decides for {}.", plural(n, "key", "keys")),
        };
        title(ui, if self.known.is_none() { "New policy" } else { "Policy" }, &note);
        let read = self.policy(settings);
        let problem = read.as_ref().err().filter(|_| !(self.known.is_none() && self.name.is_empty()));
        let error = |pick: fn(&Problem) -> Option<&str>| problem.and_then(pick);
        TextField::new("Name", &mut self.name).limit(80).error(error(Problem::name)).show(ui);
        w::text(ui, TextRole::BodyStrong, "Rotate");
        ui.scope(|ui| {
            ui.spacing_mut().item_spacing.y = 2.0;
            if w::radio(ui, self.by_calendar, "By the calendar").clicked() {
                self.by_calendar = true;
            }
            if w::radio(ui, !self.by_calendar, "On evidence, when something happened").clicked() {
                self.by_calendar = false;
            }
        });
        if self.by_calendar {
            ui.horizontal_top(|ui| {
                ui.spacing_mut().item_spacing.x = 16.0;
                let field = TextField::new("Every, in days", &mut self.interval).width(150.0).mono();
                field.error(error(Problem::interval)).show(ui);
                let field = TextField::new("Overlap, in days", &mut self.overlap).width(150.0).mono();
                field.error(error(Problem::overlap)).show(ui);
            });
            w::text_in(
                ui,
                TextRole::Small,
                t.text_3,
                "During the overlap the version before is still accepted. Without one it is retired at once: it can \
                 still be read, to decrypt what it encrypted.",
            );
        }
        self.types(ui, settings);
    }

    /// How high the foot is, as far as is known from the pass before.
    pub(super) fn foot_height(&self) -> f32 {
        self.foot
    }

    /// What stands below the fields however long they are: what would be so, and the buttons.
    pub(super) fn foot(
        &mut self,
        ui: &mut Ui,
        frame: &Frame<'_>,
        view: &UnlockedView,
        keys: &[u64],
        forbidden: Option<&'static str>,
    ) -> Option<Asked> {
        let settings: &Settings = &view.view.settings;
        ui.spacing_mut().item_spacing.y = 8.0;
        let read = self.policy(settings);
        if let Ok(policy) = &read {
            self.preview(ui, frame, view, with(settings, policy.clone()));
        }
        let same = read.as_ref().is_ok_and(|p| settings.policies.contains(p));
        let gone = self.known.is_some() && !settings.policies.iter().any(|p| p.id == self.id);
        let reason = forbidden
            .or_else(|| gone.then_some("Somebody removed this policy meanwhile."))
            .or_else(|| read.is_err().then_some("Something above does not fit yet."))
            .or_else(|| same.then_some("Nothing is changed."));
        if !self.moved.is_empty() {
            let words =
                format!("Somebody changed this meanwhile: {}. Saving replaces that.", self.moved.join(", "));
            w::text_in(ui, TextRole::Body, t(ui).warn, words);
        }
        let used = self.used(settings, keys);
        let asked = self.buttons(ui, settings, read.ok(), used, reason, forbidden);
        let height = ui.min_rect().height();
        if std::mem::replace(&mut self.foot, height) != height {
            ui.ctx().request_discard("the foot of a policy has another height");
        }
        asked
    }

    /// What would be so once it is saved: "Applies to 42 keys. 3 become overdue at once."
    fn preview(&mut self, ui: &mut Ui, frame: &Frame<'_>, view: &UnlockedView, next: Settings) {
        let made_for = (frame.snapshot.serial, next);
        if self.counted.as_ref().is_none_or(|(before, _)| *before != made_for) {
            let (settings, next): (&Settings, &Settings) = (&view.view.settings, &made_for.1);
            let late = |key: &KeyRecord, by: &Settings| matches!(due(key, by, frame.now), Due::Late(_));
            let decides = |key: &&Arc<KeyRecord>| {
                key.state != KeyState::Destroyed && policy_of(key, next).is_some_and(|p| p.id == self.id)
            };
            let keys: Vec<_> = view.view.keys.all().iter().filter(decides).collect();
            let newly = keys.iter().filter(|key| late(key, next) && !late(key, settings)).count();
            let decider = next.policies.iter().find(|p| p.id == self.id);
            let types = decider.map(|p| too_long_for(p, next, keys.iter().map(|key| &***key)));
            let too_long = types.and_then(|types| too_long_words(&types));
            let counts = Counts { applies: keys.len(), late: newly, too_long };
            self.counted = Some((made_for, counts));
        }
        let Some((_, Counts { applies, late, too_long })) = &self.counted else { return };
        let (applies, late) = (*applies, *late);
        let overdue = match late {
            0 => "None becomes overdue by it.".to_owned(),
            1 => "1 becomes overdue at once.".to_owned(),
            late => format!("{late} become overdue at once."),
        };
        let t = t(ui);
        let colour = if late == 0 { t.text_2 } else { t.warn };
        let words = format!("Applies to {}. {overdue}", plural(applies, "key", "keys"));
        w::text_in(ui, TextRole::Body, colour, words);
        if let Some(words) = too_long {
            w::text_in(ui, TextRole::Body, t.warn, words);
        }
    }

    fn types(&mut self, ui: &mut Ui, settings: &Settings) {
        w::text(ui, TextRole::BodyStrong, "Default for keys that name no policy");
        ui.scope(|ui| {
            ui.spacing_mut().item_spacing.y = 0.0;
            for (i, key_type) in KeyType::ALL.into_iter().enumerate() {
                let other =
                    settings.policies.iter().find(|p| p.id != self.id && p.default_for.contains(&key_type));
                let label = match other {
                    Some(other) => format!("{} (now: {})", key_type.title(), other.name),
                    None => key_type.title().to_owned(),
                };
                w::checkbox(ui, &mut self.types[i], &label);
            }
        });
    }

    fn buttons(
        &self,
        ui: &mut Ui,
        settings: &Settings,
        policy: Option<Policy>,
        used: u64,
        reason: Option<&str>,
        forbidden: Option<&'static str>,
    ) -> Option<Asked> {
        let t = t(ui);
        let mut asked = None;
        ui.horizontal(|ui| {
            let label = if self.known.is_none() { "Add policy" } else { "Save policy" };
            if Button::secondary(label).disabled(reason).show(ui).clicked()
                && let Some(policy) = policy
            {
                let words = format!("Policy {}", policy.name);
                asked = Some(Asked::Save(words, with(settings, policy)));
            }
            if Button::quiet("Cancel").show(ui).clicked() {
                asked = Some(Asked::Close);
            }
            if self.known.is_some() {
                let keep = (used > 0).then_some(
                    "It decides for keys. Give them another, or let another stand for their type, first.",
                );
                if Button::danger_outline("Remove").disabled(forbidden.or(keep)).show(ui).clicked() {
                    let mut next = settings.clone();
                    next.policies.retain(|p| p.id != self.id);
                    asked = Some(Asked::Save(format!("Policy {} removed", self.name), next));
                }
            }
        });
        if let Some(reason) = reason.filter(|_| self.known.is_some() || !self.name.is_empty()) {
            w::text_in(ui, TextRole::Small, t.text_2, reason);
        }
        asked
    }
}

/// Takes what somebody else made of a field where it is as it was; else it is named.
fn take_over<T: PartialEq + Clone>(
    mine: &mut T,
    before: &T,
    after: &T,
    name: &'static str,
    moved: &mut Vec<&'static str>,
) {
    if *mine == *before {
        mine.clone_from(after);
    } else if before != after && mine != after && !moved.contains(&name) {
        moved.push(name);
    }
}

/// The settings with `policy` in place of its older self; the types it stands for are taken from the others.
fn with(settings: &Settings, policy: Policy) -> Settings {
    let mut next = settings.clone();
    for other in next.policies.iter_mut().filter(|p| p.id != policy.id) {
        other.default_for.retain(|key_type| !policy.default_for.contains(key_type));
    }
    match next.policies.iter_mut().find(|p| p.id == policy.id) {
        Some(old) => *old = policy,
        None => next.policies.push(policy),
    }
    next
}

/// What does not fit, and where.
enum Problem {
    Name(String),
    Interval(String),
    Overlap(String),
}

impl Problem {
    fn name(&self) -> Option<&str> {
        if let Self::Name(words) = self { Some(words) } else { None }
    }

    fn interval(&self) -> Option<&str> {
        if let Self::Interval(words) = self { Some(words) } else { None }
    }

    fn overlap(&self) -> Option<&str> {
        if let Self::Overlap(words) = self { Some(words) } else { None }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_type_has_one_default_policy_and_the_newest_choice_wins() {
        let settings = Settings::default();
        let mut form = Form::of(&settings.policies[6]);
        form.types[KeyType::ALL.iter().position(|k| *k == KeyType::ApiToken).unwrap()] = true;
        let next = with(&settings, form.policy(&settings).ok().unwrap());
        let with_token = next.policies.iter().filter(|p| p.default_for.contains(&KeyType::ApiToken));
        assert_eq!(with_token.map(|p| p.name.as_str()).collect::<Vec<_>>(), ["Yearly"]);
        assert_eq!(next.check(), Ok(()));
    }

    #[test]
    fn what_somebody_else_changed_of_a_policy_is_taken_over_or_told() {
        let mut settings = Settings::default();
        let mut form = Form::of(&settings.policies[0]);
        form.name = "Tokens".to_owned();
        settings.policies[0].interval_days = Some(60);
        settings.policies[0].default_for.push(KeyType::Text);
        form.follow(&settings);
        assert!(form.moved.is_empty());
        let expected = Policy { name: "Tokens".to_owned(), ..settings.policies[0].clone() };
        assert_eq!(form.policy(&settings).ok(), Some(expected));
        settings.policies[0].name = "API tokens".to_owned();
        form.follow(&settings);
        form.follow(&settings);
        assert_eq!((form.name.as_str(), form.moved.as_slice()), ("Tokens", &["name"][..]));
    }

    #[test]
    fn what_does_not_fit_is_said_at_its_field() {
        let settings = Settings::default();
        let mut form = Form::of(&settings.policies[0]);
        form.overlap = "90".to_owned();
        assert!(matches!(form.policy(&settings), Err(Problem::Overlap(_))));
        form.interval = "soon".to_owned();
        assert!(matches!(form.policy(&settings), Err(Problem::Interval(_))));
        form.name = " ".to_owned();
        assert!(matches!(form.policy(&settings), Err(Problem::Name(_))));
        form = Form::of(&settings.policies[0]);
        form.name = "yearly ".to_owned();
        let Err(Problem::Name(words)) = form.policy(&settings) else { panic!("two of one name") };
        assert_eq!(words, "There is a policy named Yearly already.");
        form.name = "TOKEN 90 D".to_owned();
        assert!(form.policy(&settings).is_ok(), "its own name");
    }
}
