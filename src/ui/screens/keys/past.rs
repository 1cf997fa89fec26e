//! What the log says about the open key, and which keys took its place: looked up once for each key and each length of the
//! log.

use std::sync::Arc;

use crate::audit::index::{LogIndex, Row};
use crate::model::{Action, KeyId, Outcome, Severity, Timestamp};
use crate::vault::View;

/// The most events kept of one key.
const MOST: usize = 500;

/// One event of the key.
pub(super) struct Told {
    pub seq: u64,
    pub time: Timestamp,
    pub operator: String,
    pub action: Action,
    pub version: Option<u32>,
    pub outcome: Outcome,
    pub severity: Severity,
    pub reason: String,
}

impl Told {
    fn of(row: Row<'_>) -> Self {
        Self {
            seq: row.seq(),
            time: row.time(),
            operator: row.operator().to_owned(),
            action: row.action(),
            version: row.version(),
            outcome: row.outcome(),
            severity: row.severity(),
            reason: row.reason().to_owned(),
        }
    }

    /// Whether a value was read.
    pub fn is_reading(&self) -> bool {
        let reads = matches!(self.action, Action::SecretReveal | Action::SecretCopy | Action::SecretExport);
        reads && self.outcome == Outcome::Done
    }

    /// In a few words: "revealed v7", "rotated", "refused to export".
    pub fn words(&self) -> String {
        let verb = match self.action {
            Action::SecretReveal => "revealed",
            Action::SecretHide => "hid",
            Action::SecretCopy => "copied",
            Action::SecretExport => "exported",
            Action::KeyCompromised => "marked compromised",
            Action::KeyScheduleDestroy => "scheduled destruction",
            Action::KeyCancelDestroy => "cancelled destruction",
            Action::KeyDestroy => "destroyed",
            Action::RotationRevert => "made current again",
            Action::RotationRetire => "retired",
            other => other.sentence(),
        };
        let verb = match self.outcome {
            Outcome::Done => verb.to_owned(),
            Outcome::Refused => format!("refused: {}", self.action.name()),
            Outcome::Failed => format!("failed: {}", self.action.name()),
        };
        match self.version {
            Some(version) => format!("{verb} v{version}"),
            None => verb,
        }
    }
}

/// The entry that put an imported key in. It stands for all keys of a file, and names none of them as what it is about.
fn import_of(log: &LogIndex, view: &View, key: KeyId) -> Option<Told> {
    let record = view.keys.get(key)?;
    let may_be = |row: &Row<'_>| record.may_come_from(row.action(), row.outcome(), row.time());
    log.iter().filter(may_be).min_by_key(Row::time).map(Told::of)
}

/// The past of one key.
#[derive(Default)]
pub(super) struct Past {
    made_for: Option<(KeyId, usize, u64)>,
    /// Its events, newest first.
    pub events: Vec<Told>,
    /// Whether there are more than are kept.
    pub more: bool,
    /// The keys that took its place.
    pub replaced_by: Vec<KeyId>,
}

impl Past {
    /// Looks the key up, unless that was done for this log.
    pub fn refresh(&mut self, log: &Arc<LogIndex>, view: &View, key: KeyId) {
        let wanted = (key, log.len(), log.last_seq().unwrap_or(0));
        if self.made_for == Some(wanted) {
            return;
        }
        self.made_for = Some(wanted);
        self.events.clear();
        self.more = false;
        self.replaced_by = view.replaced_by(key).map(|other| other.id).collect();
        for row in log.iter().rev().filter(|row| row.key_id() == Some(key)) {
            if self.events.len() == MOST {
                self.more = true;
                break;
            }
            self.events.push(Told::of(row));
        }
        if !self.more && self.events.iter().all(|event| event.action != Action::KeyCreate) {
            self.events.extend(import_of(log, view, key));
        }
    }

    /// The last time a value was revealed, and by whom.
    pub fn last_reveal(&self) -> Option<&Told> {
        self.events.iter().find(|e| e.action == Action::SecretReveal && e.outcome == Outcome::Done)
    }
}
