//! The dialogs that ask for a reason and little more: changes of state, older versions, destruction, reading a value.

use std::sync::Arc;

use egui::Ui;

use crate::app::{Command, Done, Read, Ticket};
use crate::model::{KeyId, KeyRecord, KeyState, Timestamp, period};
use crate::operations::{
    Activate, CancelDestroy, Deactivate, Destroy, DestroyVersion, MakeCurrent, Resume, RetireVersion,
    ScheduleDestroy, Suspend,
};
use crate::ui::frame::{DialogRequest, Frame, Intent};
use crate::ui::theme::icons;
use crate::ui::widgets::{Button, TextField, Tone};

use super::days::ReviewBy;
use super::form::{Face, Form, MARKED, Send};
use super::parts::note;
use super::words;

use DialogRequest as D;

/// The longest name that is to be typed again.
const NAME_MOST: usize = 32;

/// The form.
pub(super) struct ReasonForm {
    request: DialogRequest,
    key: KeyId,
    name: String,
    reason: String,
    /// Days until a destruction.
    days: String,
    /// By when a suspension is to be looked at again.
    review: ReviewBy,
    /// The key's name, typed to be sure.
    typed: String,
    /// The moment it was asked, and what stood in the days then.
    asked: (Timestamp, String),
    /// The version in use when it was asked.
    before: Option<u32>,
    /// The key's state when it was asked.
    was: KeyState,
}

impl ReasonForm {
    /// For a request about a key.
    pub fn new(request: &DialogRequest, key: &Arc<KeyRecord>, frame: &Frame<'_>) -> Self {
        let days = frame.unlocked().map_or(30, |view| view.view.settings.destroy_after_days);
        Self {
            request: request.clone(),
            key: key.id,
            name: key.name.clone(),
            reason: String::new(),
            days: days.to_string(),
            review: ReviewBy::new(frame.now),
            typed: String::new(),
            asked: (frame.now, days.to_string()),
            before: Some(key.current_number()),
            was: key.state,
        }
    }

    /// What is typed to be sure: the key's name, or a word in the place of one that is long or that not every keyboard has.
    fn to_type(&self) -> &str {
        let name = &self.name;
        if name.len() <= NAME_MOST && name.is_ascii() { name } else { "destroy" }
    }

    fn days(&self) -> Option<u32> {
        self.days.trim().parse().ok().filter(|days| (7..=120).contains(days))
    }

    fn needs_reason(&self, frame: &Frame<'_>) -> bool {
        match self.request {
            D::Activate(_) => false,
            D::Reveal(..) | D::Copy(..) => {
                frame.unlocked().is_some_and(|view| view.view.settings.reveal_needs_reason)
            }
            _ => true,
        }
    }

    /// "version 7" or the version in use.
    fn version_words(&self, version: Option<u32>) -> String {
        match version {
            Some(version) => format!("version {version} of {}", self.name),
            None => self.name.clone(),
        }
    }

    /// What would take the act back, where anything can.
    fn compensation(&self, frame: &Frame<'_>) -> Option<(String, DialogRequest)> {
        let key = self.key;
        Some(match &self.request {
            // A key that is late does not come back with the value it has.
            D::Suspend(_) if self.over(frame).is_some() => return None,
            D::Suspend(_) if self.was != KeyState::Suspended => ("Resume…".to_owned(), D::Resume(key)),
            D::Resume(_) => ("Suspend…".to_owned(), D::Suspend(key)),
            D::ScheduleDestroy(_) => ("Cancel destruction…".to_owned(), D::CancelDestroy(key)),
            D::CancelDestroy(_) => ("Schedule again…".to_owned(), D::ScheduleDestroy(key)),
            D::MakeCurrent(..) => {
                let before = self.before?;
                (format!("Make v{before} current…"), D::MakeCurrent(key, before))
            }
            _ => return None,
        })
    }

    fn record<'a>(&self, frame: &Frame<'a>) -> Option<&'a Arc<KeyRecord>> {
        frame.unlocked()?.keys.get(self.key)
    }

    /// When its period ended, where it is over.
    fn over(&self, frame: &Frame<'_>) -> Option<Timestamp> {
        let settings = &frame.unlocked()?.view.settings;
        self.record(frame).and_then(|key| period::ended(key, settings, frame.now))
    }

    /// When its period ended, where it was to be resumed and cannot be for that.
    fn no_way_back(&self, frame: &Frame<'_>) -> Option<Timestamp> {
        let asked = matches!(self.request, D::Resume(_)) && self.was == KeyState::Suspended;
        self.over(frame).filter(|_| asked)
    }

    fn current(&self, frame: &Frame<'_>) -> u32 {
        self.record(frame).map_or(0, |key| key.current_number())
    }
}

impl Form for ReasonForm {
    fn face(&self, frame: &Frame<'_>) -> Face {
        let name = &self.name;
        match &self.request {
            D::Resume(_) if self.no_way_back(frame).is_some() => {
                let due = self.no_way_back(frame).map(words::date).unwrap_or_default();
                let face = Face::new(format!("{name} cannot be resumed"), "Rotate…").body(format!(
                    "Its period is over: it was due {due}. A new value brings it back into use. Without one, end its use for good."
                ));
                Face { fields: false, ..face }
            }
            D::MakeCurrent(_, version) => {
                let old = self.current(frame);
                Face::new(format!("Make version {version} of {name} current again?"), format!("Make v{version} current"))
                    .body(format!("Version {old} is retired at once. Both changes are recorded, and the key's date counts from now."))
            }
            D::RetireVersion(_, version) => {
                Face::new(format!("Retire version {version} of {name} now?"), format!("Retire version {version}"))
                    .body(format!(
                        "Its overlap ends now: anything that still uses version {version} must have changed. Retiring here does \
                         not switch it off at the service. Revoke it there too."
                    ))
            }
            D::Activate(_) => Face::new(format!("Activate {name}"), "Activate")
                .body("From now on it is in use, and its next rotation shows as due."),
            D::Suspend(_) if self.was == KeyState::Suspended => {
                Face::new(format!("Keep {name} suspended"), "Keep suspended").body(
                    "It stays out of use until it is resumed, and is to be reviewed again by the day below. Doing so is \
                     recorded.",
                )
            }
            D::Suspend(_) => Face::new(format!("Suspend {name}"), "Suspend")
                .body("It is out of use until it is resumed, and does not show as due. Its values can still be read."),
            D::Resume(_) => Face::new(format!("Resume {name}"), "Resume").body("It is in use again, with the date it had."),
            D::Deactivate(_) => Face::new(format!("Deactivate {name}?"), "Deactivate")
                .body(
                    "It protects nothing new from now on and is never rotated again. Its values can still be read. A \
                     deactivated key cannot be activated again.",
                )
                .destructive("Keep it in use"),
            D::ScheduleDestroy(_) => Face::new(format!("Schedule the destruction of {name}"), "Schedule destruction")
                .body("Nothing is destroyed yet, and it can be cancelled until then. What is known about the key stays."),
            D::CancelDestroy(_) => Face::new(format!("Cancel the destruction of {name}"), "Cancel destruction")
                .body("Its values stay.")
                .cancel("Leave it"),
            D::Destroy(_) => Face::new(format!("Destroy all values of {name}?"), "Destroy all values")
                .body(match self.was {
                    KeyState::Compromised => {
                        "It is compromised, so there is no time to wait for. What it encrypted can never be read again, and \
                         anything still using it will stop working. The values of all versions are gone at once and cannot \
                         be restored. Its name and its history stay."
                    }
                    _ => {
                        "Anything still using it will stop working. The values of all versions are gone at once and cannot \
                         be restored. Its name and its history stay."
                    }
                })
                .destructive("Keep it"),
            D::DestroyVersion(_, version) => {
                Face::new(format!("Destroy version {version} of {name}?"), format!("Destroy version {version}"))
                    .body(format!(
                        "Anything still using version {version} will stop working. Its value is gone at once and cannot be \
                         restored."
                    ))
                    .destructive("Keep it")
            }
            D::Copy(_, version) => {
                let seconds = frame.unlocked().map_or(0, |view| view.view.settings.clipboard_s);
                Face::new(format!("Copy {}", self.version_words(*version)), "Copy")
                    .body(format!("This is recorded. The clipboard is cleared after {seconds} s."))
            }
            request => {
                let version = if let D::Reveal(_, version) = request { *version } else { None };
                let seconds = frame.unlocked().map_or(0, |view| view.view.settings.reveal_s);
                Face::new(format!("Reveal {}", self.version_words(version)), "Reveal")
                    .body(format!("This is recorded. The value hides after {seconds} s."))
            }
        }
    }

    fn contents(&mut self, ui: &mut Ui, frame: &Frame<'_>, first: bool, intents: &mut Vec<Intent>) {
        if self.no_way_back(frame).is_some() {
            if Button::secondary("Deactivate…").icon(icons::ARCHIVE).show(ui).clicked() {
                intents.push(Intent::Open(D::Deactivate(self.key)));
            }
            return;
        }
        if let (D::Suspend(_), Some(date)) = (&self.request, self.over(frame))
            && self.was != KeyState::Suspended
        {
            let date = words::date(date);
            let words =
                format!("It was due {date}: once it is suspended, only a new value brings it back into use.");
            note(ui, Tone::Warn, &words);
        }
        if matches!(self.request, D::ScheduleDestroy(_)) {
            let help = match self.days() {
                Some(days) => format!("From {} on", words::date(frame.now.plus_days(i64::from(days)))),
                None => String::new(),
            };
            let wrong = self.days().is_none().then_some("7 to 120 days");
            TextField::new("Days until then", &mut self.days)
                .width(160.0)
                .limit(4)
                .help(&help)
                .error(wrong)
                .show(ui);
        }
        if matches!(self.request, D::Suspend(_)) {
            self.review.show(ui, frame.now);
        }
        let destructive = self.face(frame).destructive;
        let reading = matches!(self.request, D::Reveal(..) | D::Copy(..));
        let needed = self.needs_reason(frame);
        if needed || !reading {
            let field = TextField::new("Reason", &mut self.reason).limit(2000);
            let response = if needed { field } else { field.optional() }.show(ui);
            if first && !destructive {
                response.request_focus();
            }
        }
        if matches!(self.request, D::Destroy(_)) {
            let label = format!("Type {} to destroy its values", self.to_type());
            TextField::new(&label, &mut self.typed).limit(256).show(ui);
        }
    }

    fn blocked(&self, frame: &Frame<'_>) -> Option<String> {
        let Some(key) = self.record(frame) else {
            return Some("This key is not in the vault any more.".to_owned());
        };
        if key.state == KeyState::Destroyed {
            return Some("This key is destroyed.".to_owned());
        }
        if matches!(self.request, D::ScheduleDestroy(_)) && self.days().is_none() {
            return Some(MARKED.to_owned());
        }
        if matches!(self.request, D::Suspend(_)) && self.review.day(frame.now).is_none() {
            return Some(MARKED.to_owned());
        }
        if self.no_way_back(frame).is_some() {
            return None;
        }
        if self.needs_reason(frame) && self.reason.trim().is_empty() {
            return Some("Give a reason; it is recorded.".to_owned());
        }
        if matches!(self.request, D::Destroy(_)) && self.typed != self.to_type() {
            return Some(format!("Type {} to be sure.", self.to_type()));
        }
        None
    }

    fn needs_password(&self, frame: &Frame<'_>) -> bool {
        let Some(view) = frame.unlocked() else { return false };
        let asks = match self.request {
            D::Destroy(_) | D::DestroyVersion(..) => true,
            D::Reveal(..) | D::Copy(..) => view.view.settings.reveal_needs_password,
            _ => false,
        };
        asks && !view.stepped_up
    }

    fn is_dirty(&self) -> bool {
        let (at, days) = &self.asked;
        !self.reason.is_empty() || !self.typed.is_empty() || self.days != *days || self.review.is_changed(*at)
    }

    fn asks_before(&self) -> &'static str {
        match self.request {
            D::Reveal(..) => "a value is shown",
            D::Copy(..) => "a value is copied",
            D::Destroy(_) | D::DestroyVersion(..) => "a value is destroyed",
            _ => "this is done",
        }
    }

    fn send(&mut self, frame: &Frame<'_>, ticket: Ticket) -> Send {
        let (key, reason, days) = (self.key, self.reason.clone(), self.days());
        let read = |version| Read { key, version, reason: reason.clone() };
        Send::Command(match &self.request {
            D::MakeCurrent(_, version) => {
                Command::act(ticket, MakeCurrent { key, version: *version, reason })
            }
            D::RetireVersion(_, version) => {
                Command::act(ticket, RetireVersion { key, version: *version, reason })
            }
            D::Activate(_) => Command::act(ticket, Activate { key, reason }),
            D::Suspend(_) => {
                Command::act(ticket, Suspend { key, reason, review_by: self.review.day(frame.now) })
            }
            // The other way on.
            D::Resume(_) if self.no_way_back(frame).is_some() => {
                return Send::Close(vec![Intent::Open(D::Rotate(key))]);
            }
            D::Resume(_) => Command::act(ticket, Resume { key, reason }),
            D::Deactivate(_) => Command::act(ticket, Deactivate { key, reason }),
            D::ScheduleDestroy(_) => Command::act(ticket, ScheduleDestroy { key, days, reason }),
            D::CancelDestroy(_) => Command::act(ticket, CancelDestroy { key, reason }),
            D::Destroy(_) => Command::act(ticket, Destroy { key, reason }),
            D::DestroyVersion(_, version) => {
                Command::act(ticket, DestroyVersion { key, version: *version, reason })
            }
            D::Copy(_, version) => Command::Copy { ticket, read: read(*version) },
            D::Reveal(_, version) => Command::Reveal { ticket, read: read(*version) },
            // No other request makes this form.
            _ => return Send::Close(Vec::new()),
        })
    }

    fn done(&mut self, _: &Done, frame: &Frame<'_>, intents: &mut Vec<Intent>) -> bool {
        let name = &self.name;
        let words = match &self.request {
            D::MakeCurrent(_, version) => format!("v{version} of {name} is current again."),
            D::RetireVersion(_, version) => format!("v{version} of {name} is retired."),
            D::Activate(_) => format!("{name} is active."),
            D::Suspend(_) => match self.review.day(frame.now) {
                Some(by) => format!("{name} is suspended, review by {}.", words::date(by)),
                None => format!("{name} is suspended."),
            },
            D::Resume(_) => format!("{name} is active again."),
            D::Deactivate(_) => format!("{name} is deactivated."),
            D::ScheduleDestroy(_) => {
                let at = self.days().map(|days| words::date(frame.now.plus_days(i64::from(days))));
                format!("{name} can be destroyed from {} on.", at.unwrap_or_default())
            }
            D::CancelDestroy(_) => format!("The destruction of {name} is cancelled."),
            D::Destroy(_) => format!("All values of {name} are destroyed."),
            D::DestroyVersion(_, version) => format!("Version {version} of {name} is destroyed."),
            D::Copy(..) => {
                let seconds = frame.unlocked().map_or(0, |view| view.view.settings.clipboard_s);
                format!("Copied. Clipboard clears in {seconds} s.")
            }
            _ => {
                intents.push(Intent::ShowKey(self.key));
                return true;
            }
        };
        intents.push(match self.compensation(frame) {
            Some((label, request)) => Intent::Offer(words, label, request),
            None => Intent::Toast(Tone::Ok, words),
        });
        true
    }
}
