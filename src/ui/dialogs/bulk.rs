//! One act on several keys: each its own operation and entry in the log; one that fails stops no other.

use std::collections::BTreeMap;
use std::sync::Arc;

use egui::Ui;

use crate::app::{Act, Command, Done, Ticket};
use crate::model::due::{Due, due};
use crate::model::{
    KeyId, KeyRecord, KeyState, PolicyChoice, Settings, Timestamp, VersionRecord, period, text,
};
use crate::operations::{
    Deactivate, EditKey, KeyDraft, Resume, RetireVersion, ScheduleDestroy, Suspend, TagKey,
};
use crate::ui::frame::{Bulk, Frame, Intent};
use crate::ui::theme::{TextRole, tokens};
use crate::ui::widgets::{ChipAction, FilterChip, Select, TableState, TextField, Tone, text_in};
use crate::ui::words::{plural, sentence};

use super::days::ReviewBy;
use super::form::{Face, Form, MARKED, Send};
use super::several::{self, Came, Split};
use super::words;

/// Above so many keys the number is typed before something that cannot be taken back.
const TYPED_ABOVE: usize = 10;

/// So many versions are named before they are retired.
const SHOWN: usize = 12;

/// Why versions are retired whose overlap has ended.
const ENDED: &str = "Overlap ended";

/// The form.
pub(super) struct BulkForm {
    what: Bulk,
    ids: Vec<KeyId>,
    split: Split,
    owner: String,
    /// Tags to put on, as typed, and tags to take off.
    add: String,
    remove: Vec<String>,
    /// Place in the list of policies; the last one is "Exempt…".
    policy: usize,
    exempt: String,
    reason: String,
    days: String,
    /// By when their suspension is to be looked at again.
    review: ReviewBy,
    /// The number of keys, typed to be sure.
    typed: String,
    sent: Vec<String>,
    came: Option<Vec<(String, Came)>>,
    table: TableState,
}

impl BulkForm {
    /// For these keys.
    pub fn new(what: Bulk, ids: &[KeyId], frame: &Frame<'_>) -> Self {
        let days = frame.unlocked().map_or(30, |view| view.view.settings.destroy_after_days);
        let mut form = Self {
            what,
            ids: ids.to_vec(),
            split: Split::default(),
            owner: String::new(),
            add: String::new(),
            remove: Vec::new(),
            policy: 0,
            exempt: String::new(),
            reason: String::new(),
            days: days.to_string(),
            review: ReviewBy::new(frame.now),
            typed: String::new(),
            sent: Vec::new(),
            came: None,
            table: TableState::default(),
        };
        match what {
            Bulk::Exempt => form.policy = usize::MAX,
            // What they are retired for is known; it may be said otherwise.
            Bulk::RetireEnded => form.reason = ENDED.to_owned(),
            _ => {}
        }
        form.look(frame);
        form
    }

    fn look(&mut self, frame: &Frame<'_>) {
        let what = self.what;
        let Some(view) = frame.unlocked() else { return };
        let over = |key: &KeyRecord| period::ended(key, &view.view.settings, frame.now);
        self.split.refresh(frame, &self.ids, |key| why_not(what, key, over(key), frame.now));
    }

    fn days(&self) -> Option<u32> {
        self.days.trim().parse().ok().filter(|days| (7..=120).contains(days))
    }

    fn is_final(&self) -> bool {
        matches!(self.what, Bulk::Deactivate | Bulk::Destroy)
    }

    fn must_type(&self) -> bool {
        self.is_final() && self.split.keys.len() > TYPED_ABOVE
    }

    fn choice(&self, settings: &Settings) -> PolicyChoice {
        match self.policy {
            0 => PolicyChoice::TypeDefault,
            at if at > settings.policies.len() => {
                PolicyChoice::Exempt { reason: self.exempt.trim().to_owned() }
            }
            at => {
                settings.policies.get(at - 1).map_or(PolicyChoice::TypeDefault, |p| PolicyChoice::Named(p.id))
            }
        }
    }

    fn added(&self) -> Vec<String> {
        let tags = self.add.split([',', ';']).map(str::trim).filter(|tag| !tag.is_empty());
        tags.map(str::to_owned).collect()
    }

    fn policies(&mut self, ui: &mut Ui, settings: &Settings, first: bool) {
        let names = settings.policies.iter().map(|policy| policy.name.clone());
        let one = self.split.keys.len() == 1;
        let by_type = if one { "The default for its type" } else { "The default of each type" };
        let choices: Vec<String> =
            [by_type.to_owned()].into_iter().chain(names).chain(["Exempt…".to_owned()]).collect();
        let shown: Vec<&str> = choices.iter().map(String::as_str).collect();
        let response = Select::new("Policy", &shown).show(ui, &mut self.policy);
        if first {
            response.request_focus();
        }
        if self.policy > settings.policies.len() {
            TextField::new("Why they are exempt", &mut self.exempt).limit(2000).show(ui);
        }
    }

    /// "Applies to 42 keys. 3 become overdue at once."
    fn preview(&self, ui: &mut Ui, frame: &Frame<'_>, settings: &Settings) {
        let choice = self.choice(settings);
        let late = |key: &KeyRecord| matches!(due(key, settings, frame.now), Due::Late(_));
        let after = |key: &Arc<KeyRecord>| KeyRecord { policy: choice.clone(), ..KeyRecord::clone(key) };
        let overdue = self.split.keys.iter().filter(|key| late(&after(key)));
        let (stay, become_late): (Vec<_>, Vec<_>) = overdue.partition(|key| late(key));
        let words = overdue_words(become_late.len(), stay.len());
        let words = format!("Applies to {}. {words}", several::keys(self.split.keys.len()));
        let t = tokens(ui.ctx());
        let none = stay.is_empty() && become_late.is_empty();
        text_in(ui, TextRole::Body, if none { t.text_2 } else { t.warn }, words);
    }

    fn tags(&mut self, ui: &mut Ui, first: bool) {
        let field = TextField::new("Add tags", &mut self.add).optional().hint("pci, prod").limit(1000);
        let response = field.show(ui);
        if first {
            response.request_focus();
        }
        let mut counts: BTreeMap<&str, usize> = BTreeMap::new();
        for tag in self.split.keys.iter().flat_map(|key| &key.tags) {
            *counts.entry(tag).or_default() += 1;
        }
        if counts.is_empty() {
            return;
        }
        let t = tokens(ui.ctx());
        text_in(ui, TextRole::Small, t.text_2, "Tags they have. Those that are crossed out are taken off.");
        let all = self.split.keys.len();
        let mut turned = None;
        ui.horizontal_wrapped(|ui| {
            for (tag, count) in counts {
                let words = if count == all { tag.to_owned() } else { format!("{tag}, {count}") };
                let off = self.remove.iter().any(|gone| gone == tag);
                let chip = FilterChip::new(&words);
                let chip = if off { chip.excluded() } else { chip };
                if matches!(chip.show(ui), Some(ChipAction::Remove | ChipAction::Edit)) {
                    turned = Some(tag.to_owned());
                }
            }
        });
        if let Some(tag) = turned {
            match self.remove.iter().position(|gone| *gone == tag) {
                Some(at) => drop(self.remove.remove(at)),
                None => self.remove.push(tag),
            }
        }
    }

    /// What it is done to: keys, or versions of them.
    fn things(&self, count: usize) -> String {
        if self.what == Bulk::RetireEnded {
            plural(count, "version", "versions")
        } else {
            several::keys(count)
        }
    }

    fn acts(&self, settings: &Settings, now: Timestamp) -> Vec<Box<dyn Act>> {
        let (choice, added) = (self.choice(settings), self.added());
        let reason = self.reason.trim();
        let acts = |key: &Arc<KeyRecord>| -> Vec<Box<dyn Act>> {
            let (id, reason) = (key.id, reason.to_owned());
            let draft = KeyDraft::from_record(key);
            let act: Box<dyn Act> = match self.what {
                Bulk::RetireEnded => {
                    let retire = |version: &VersionRecord| -> Box<dyn Act> {
                        let (version, reason) = (version.number, reason.clone());
                        Box::new(RetireVersion { key: id, version, reason })
                    };
                    return key.ended_overlaps(now).map(retire).collect();
                }
                Bulk::Policy | Bulk::Exempt => {
                    Box::new(EditKey::of(key, KeyDraft { policy: choice.clone(), ..draft }))
                }
                Bulk::Owner => Box::new(EditKey::of(key, KeyDraft { owner: self.owner.clone(), ..draft })),
                Bulk::Tags => Box::new(TagKey { key: id, add: added.clone(), remove: self.remove.clone() }),
                Bulk::Suspend => Box::new(Suspend { key: id, reason, review_by: self.review.day(now) }),
                Bulk::Resume => Box::new(Resume { key: id, reason }),
                Bulk::Deactivate => Box::new(Deactivate { key: id, reason }),
                Bulk::Destroy => Box::new(ScheduleDestroy { key: id, days: self.days(), reason }),
            };
            vec![act]
        };
        self.split.keys.iter().flat_map(acts).collect()
    }

    /// What it is done to, each by its name.
    fn names(&self, now: Timestamp) -> Vec<String> {
        let keys = self.split.keys.iter();
        if self.what == Bulk::RetireEnded {
            let versions = |key: &Arc<KeyRecord>| {
                let name = |v: &VersionRecord| format!("{} v{}", key.name, v.number);
                key.ended_overlaps(now).map(name).collect::<Vec<_>>()
            };
            return keys.flat_map(versions).collect();
        }
        keys.map(|key| key.name.clone()).collect()
    }
}

impl Form for BulkForm {
    fn face(&self, frame: &Frame<'_>) -> Face {
        if let Some(came) = &self.came {
            let done = came.iter().filter(|(_, came)| matches!(came, Came::Done(_))).count();
            return Face::new(format!("Done with {done} of {}", self.things(came.len())), "Close")
                .cancel("Back to the keys")
                .width(560.0);
        }
        let keys = several::keys(self.split.keys.len());
        let face = |title: String, confirm: &str| Face::new(title, confirm).width(560.0);
        match self.what {
            Bulk::Policy => face(format!("Set the policy of {keys}"), "Set policy"),
            Bulk::Exempt => face(format!("Exempt {keys}"), "Exempt")
                .body("They never show as due until they are given a policy again. The reason stays with each key."),
            Bulk::Owner => face(format!("Set the owner of {keys}"), "Set owner"),
            Bulk::Tags => face(format!("Tag {keys}"), "Change tags"),
            Bulk::Suspend => face(format!("Suspend {keys}"), "Suspend").body(
                "They are out of use until they are resumed, and do not show as due. Their values can still be read.",
            ),
            Bulk::Resume => {
                face(format!("Resume {keys}"), "Resume").body("They are in use again, with the dates they had.")
            }
            Bulk::Deactivate => face(format!("Deactivate {keys}?"), "Deactivate")
                .body(
                    "They protect nothing new from now on and are never rotated again. Their values can still be read. A \
                     deactivated key cannot be activated again.",
                )
                .destructive("Keep them in use"),
            Bulk::RetireEnded => {
                let count = self.names(frame.now).len();
                face(format!("Retire {}", self.things(count)), "Retire").body(
                    "Their overlap has ended; they are accepted until they are retired. Anything that still uses them must have \
                     changed. Retiring here does not switch them off at the services. Revoke them there too.",
                )
            }
            Bulk::Destroy => face(format!("Schedule the destruction of {keys}"), "Schedule destruction").body(
                "Nothing is destroyed yet, and it can be cancelled for each key until then. What is known about the keys \
                 stays.",
            ),
        }
    }

    fn contents(&mut self, ui: &mut Ui, frame: &Frame<'_>, first: bool, _: &mut Vec<Intent>) {
        if let Some(came) = &self.came {
            return several::results(ui, &mut self.table, came);
        }
        let Some(view) = frame.unlocked() else { return };
        self.look(frame);
        let settings: &Settings = &view.view.settings;
        match self.what {
            Bulk::Policy => {
                self.policies(ui, settings, first);
                self.preview(ui, frame, settings);
            }
            Bulk::Exempt => {
                let response = TextField::new("Why they are exempt", &mut self.exempt).limit(2000).show(ui);
                if first {
                    response.request_focus();
                }
            }
            Bulk::Owner => {
                let response = TextField::new("Owner", &mut self.owner).limit(256).show(ui);
                if first {
                    response.request_focus();
                }
            }
            Bulk::Tags => self.tags(ui, first),
            _ => {
                if self.what == Bulk::Destroy {
                    let until = self.days().map(|days| words::date(frame.now.plus_days(i64::from(days))));
                    let help = until.map(|date| format!("From {date} on")).unwrap_or_default();
                    let wrong = self.days().is_none().then_some("7 to 120 days");
                    let field = TextField::new("Days until then", &mut self.days).width(160.0).limit(4);
                    field.help(&help).error(wrong).show(ui);
                }
                if self.what == Bulk::RetireEnded {
                    let names = self.names(frame.now);
                    let more = match names.len().saturating_sub(SHOWN) {
                        0 => String::new(),
                        more => format!(" and {more} more"),
                    };
                    let shown: Vec<&str> = names.iter().take(SHOWN).map(String::as_str).collect();
                    text_in(ui, TextRole::Body, tokens(ui.ctx()).text, format!("{}{more}", shown.join(", ")));
                }
                if self.what == Bulk::Suspend {
                    self.review.show(ui, frame.now);
                }
                let response = TextField::new("Reason", &mut self.reason).limit(2000).show(ui);
                if first && self.what != Bulk::Deactivate {
                    response.request_focus();
                }
            }
        }
        if self.must_type() {
            let label = format!("Type {} to be sure", self.split.keys.len());
            TextField::new(&label, &mut self.typed).width(160.0).limit(8).show(ui);
        }
        self.split.show_out(ui);
    }

    fn blocked(&self, frame: &Frame<'_>) -> Option<String> {
        if self.came.is_some() {
            return None;
        }
        let settings = &frame.unlocked()?.view.settings;
        let count = self.split.keys.len();
        if count == 0 {
            return Some("It can be done to none of the selected keys.".to_owned());
        }
        let problem = match self.what {
            Bulk::Owner => text::optional("the owner", &self.owner).err(),
            Bulk::Tags => text::tags(self.added().iter().map(String::as_str)).err(),
            _ => None,
        };
        if let Some(problem) = problem {
            return Some(sentence(&problem.to_string()));
        }
        match self.what {
            Bulk::Policy | Bulk::Exempt
                if self.policy > settings.policies.len() && self.exempt.trim().is_empty() =>
            {
                Some("Say why they are exempt.".to_owned())
            }
            Bulk::Tags if self.added().is_empty() && self.remove.is_empty() => {
                Some("Type a tag to add, or choose one to take off.".to_owned())
            }
            Bulk::Policy | Bulk::Exempt | Bulk::Owner | Bulk::Tags => None,
            Bulk::Destroy if self.days().is_none() => Some(MARKED.to_owned()),
            Bulk::Suspend if self.review.day(frame.now).is_none() => Some(MARKED.to_owned()),
            _ if self.reason.trim().is_empty() => {
                Some("Give a reason; it is recorded for each key.".to_owned())
            }
            _ if self.must_type() && self.typed.trim() != count.to_string() => {
                Some(format!("Type {count}, the number of keys."))
            }
            _ => None,
        }
    }

    fn send(&mut self, frame: &Frame<'_>, ticket: Ticket) -> Send {
        let Some(view) = frame.unlocked().filter(|_| self.came.is_none()) else {
            return Send::Close(Vec::new());
        };
        self.sent = self.names(frame.now);
        Send::Command(Command::Batch {
            ticket,
            title: self.what.title(),
            acts: self.acts(&view.view.settings, frame.now),
        })
    }

    fn done(&mut self, done: &Done, _: &Frame<'_>, intents: &mut Vec<Intent>) -> bool {
        let Done::Each(results) = done else { return true };
        let names = std::mem::take(&mut self.sent);
        if results.len() == names.len() && results.iter().all(Result::is_ok) {
            let words = format!("{}: {}.", self.things(names.len()), self.what.done());
            intents.push(Intent::Toast(Tone::Ok, words));
            return true;
        }
        let mut results = results.iter();
        let came = |name: String| match results.next() {
            Some(Ok(())) => (name, Came::Done(self.what.done().to_owned())),
            Some(Err(error)) => (name, Came::Failed(words::error(error))),
            None => (name, Came::Not("not done: it was stopped before".to_owned())),
        };
        let mut came: Vec<_> = names.into_iter().map(came).collect();
        came.sort_by_key(|(_, came)| match came {
            Came::Failed(_) => 0,
            Came::Not(_) => 1,
            Came::Done(_) => 2,
        });
        self.came = Some(came);
        false
    }

    fn is_dirty(&self) -> bool {
        let typed = [&self.owner, &self.add, &self.reason, &self.exempt];
        let typed = typed.iter().any(|text| !text.is_empty() && *text != ENDED);
        self.came.is_none() && (typed || !self.remove.is_empty())
    }
}

/// How many keys a policy makes overdue, and how many are and stay so.
fn overdue_words(become_late: usize, stay: usize) -> String {
    let verb = |count, one, many| if count == 1 { one } else { many };
    let becomes = format!("{become_late} {} overdue at once", verb(become_late, "becomes", "become"));
    let stays = format!("{stay} {} overdue", verb(stay, "stays", "stay"));
    match (become_late, stay) {
        (0, 0) => "None is overdue by it.".to_owned(),
        (0, _) => format!("{stays}."),
        (_, 0) => format!("{becomes}."),
        _ => format!("{becomes}, {stays}."),
    }
}

/// Why `what` cannot be done to a key, whose period was over on the day given.
fn why_not(what: Bulk, key: &KeyRecord, over: Option<Timestamp>, now: Timestamp) -> Option<String> {
    let state = |next| (!key.state.may_become(next)).then(|| format!("It is {}", key.state.word()));
    match what {
        Bulk::Policy | Bulk::Exempt | Bulk::Owner | Bulk::Tags => {
            (key.state == KeyState::Destroyed).then(|| "It is destroyed".to_owned())
        }
        Bulk::Suspend => state(KeyState::Suspended),
        Bulk::Resume if key.state != KeyState::Suspended => Some("It is not suspended".to_owned()),
        Bulk::Resume => {
            over.map(|date| format!("It was due {}: rotate it or deactivate it", words::date(date)))
        }
        Bulk::Deactivate => state(KeyState::Deactivated),
        Bulk::RetireEnded => {
            let none = key.ended_overlaps(now).next().is_none();
            none.then(|| "No version of it has ended its overlap".to_owned())
        }
        Bulk::Destroy => match key.destroy_at {
            Some(at) => Some(format!("Its destruction is scheduled already, from {} on", words::date(at))),
            None => state(KeyState::Destroyed),
        },
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_overdue_and_stays_so_is_told_apart_from_what_becomes_so() {
        assert_eq!(overdue_words(0, 0), "None is overdue by it.");
        assert_eq!(overdue_words(0, 3), "3 stay overdue.");
        assert_eq!(overdue_words(1, 0), "1 becomes overdue at once.");
        assert_eq!(overdue_words(2, 1), "2 become overdue at once, 1 stays overdue.");
    }

    #[test]
    fn of_suspended_keys_those_that_are_late_are_not_resumed() {
        let mut key = crate::model::key::tests::sample("db");
        let out = |key: &KeyRecord, over| why_not(Bulk::Resume, key, over, key.created);
        assert_eq!(out(&key, None).as_deref(), Some("It is not suspended"));
        key.state = KeyState::Suspended;
        assert_eq!(out(&key, None), None);
        let why = out(&key, Some(key.created)).unwrap();
        assert!(
            why.contains(&words::date(key.created)) && why.ends_with("rotate it or deactivate it"),
            "{why}"
        );
    }
}
