//! A believable unlocked vault for pictures and tests; never shown in the product as real data.
//!
//! Everything in it is made from numbers counted up, so that two runs draw the same picture. It opens no file and holds
//! no secret: [`unlocked`] is what a snapshot looks like, nothing more.

mod events;
mod keys;

use std::cell::Cell;
use std::path::PathBuf;
use std::sync::Arc;
use std::time::Duration;

use crate::app::{Integrity, Phase, Reply, Revealed, Snapshot, Status, Ticket, UnlockedView};
use crate::audit::index::LogIndex;
use crate::audit::roster::{Roster, SignedRoster};
use crate::audit::sessions::history;
use crate::crypto::kdf::KdfParams;
use crate::crypto::memory::SecretKey;
use crate::crypto::sign::SigningKey;
use crate::guard::unusual::{Facts, Finding, Watch};
use crate::model::search::KeyIndex;
use crate::model::{
    Compartment, CompartmentId, Event, KeyRecord, Operator, OperatorId, Policy, PolicyId, Role, Settings,
    Timestamp, VaultId,
};
use crate::vault::{AnchorStatus, Keys, SessionInfo, View};

use super::frame::Frame;

/// What the monotonic clock shows at [`now`].
pub const MONO: Duration = Duration::from_secs(2000);

const VAULT: VaultId = VaultId([0x4b; 16]);
const PAYMENTS: CompartmentId = CompartmentId([0xc1; 16]);
/// The policy of the database passwords.
const DATABASE: PolicyId = PolicyId([0x11; 16]);
/// The policy of certificates and signing keys.
const CERTIFICATE: PolicyId = PolicyId([0x12; 16]);

/// The four operators: name, role, workstation, account.
const PEOPLE: [(&str, Role, &str, &str); 4] = [
    ("m.ito", Role::Administrator, "ws-14", "mito"),
    ("a.novak", Role::Custodian, "ws-07", "anovak"),
    ("s.okafor", Role::Custodian, "ws-22", "sokafor"),
    ("j.berg", Role::Auditor, "ws-31", "jberg"),
];

/// The moment the pictures are taken: Thursday, 16 April 2026, 09:14:22 in the workstation's time zone.
#[must_use]
pub fn now() -> Timestamp {
    day(0).plus_ms((9 * 3600 + 14 * 60 + 22) * 1000)
}

/// Midnight `days` days from the day of the pictures, in the workstation's time zone.
fn day(days: i64) -> Timestamp {
    let date = chrono::NaiveDate::from_ymd_opt(2026, 4, 16).and_then(|today| {
        if days < 0 {
            today.checked_sub_days(chrono::Days::new(days.unsigned_abs()))
        } else {
            today.checked_add_days(chrono::Days::new(days.unsigned_abs()))
        }
    });
    date.and_then(|date| Timestamp::parse(&date.format("%Y-%m-%d").to_string())).unwrap_or_default()
}

/// A vault with this many keys, unlocked by an administrator, at [`now`]. The first 23 keys have names, owners and due
/// dates chosen by hand; those after them are counted up.
#[must_use]
pub fn unlocked(keys: usize) -> (Snapshot, Timestamp) {
    let now = now();
    let settings = Arc::new(settings());
    let records: Vec<Arc<KeyRecord>> = (0..keys).map(|n| Arc::new(keys::record(n, &settings))).collect();
    let events = events::log(&records, now);
    let findings = findings(&events, &records);
    let records = events::read_by(records, &events);
    let log = Arc::new(LogIndex::from_events(&events));
    let roster = Arc::new(roster());
    let me = roster.current().operators[0].clone();
    let sessions = Arc::new(history(&log));
    let current = sessions.first();
    let started = current.map_or(now, |s| s.started);
    let size = events.len() as u64;
    let session = SessionInfo {
        tag: current.map_or(events::tag(0), |s| s.tag),
        started,
        host: PEOPLE[0].2.to_owned(),
        os_user: PEOPLE[0].3.to_owned(),
        params: KdfParams::DEFAULT,
        failed_before: Vec::new(),
        log_size_at_start: size.saturating_sub(u64::from(current.map_or(0, |s| s.events))),
        new_since_anchor: Some(0),
    };
    let view = View {
        vault: VAULT,
        settings: Arc::clone(&settings),
        keys: Keys::new(records.clone()),
        compartments: Arc::new(vec![Compartment {
            id: PAYMENTS,
            name: "default".to_owned(),
            created: day(-400),
        }]),
        roster,
        me,
        log_size: size,
        log_root: [0x9f; 32],
        anchor: AnchorStatus::On,
        session,
    };
    let unlocked = UnlockedView {
        path: PathBuf::from("/home/mito/vaults/prod-vault.keyroom"),
        is_demo: false,
        view: Arc::new(view),
        keys: KeyIndex::new(settings, records.iter().cloned()),
        log,
        sessions,
        findings: Arc::new(findings),
        integrity: Integrity::Verified { entries: size, at: started.plus_ms(9_000), checkpoints: size },
        idle_deadline: MONO + Duration::from_secs(4 * 60 + 32),
        hard_deadline: MONO + Duration::from_secs(7 * 3600 + 27 * 60),
        stepped_up: false,
        detail: None,
        last_backup: Some(day(-2).plus_ms(17 * 3_600_000)),
        last_check: None,
    };
    let phase = Phase::Unlocked(Arc::new(unlocked));
    (Snapshot { serial: 1, phase, job: None, clipboard: None, status: status() }, now)
}

/// Owns everything a [`Frame`] borrows, for tests and pictures.
pub struct Stage {
    /// What there is to draw.
    pub snapshot: Snapshot,
    /// The time of day.
    pub now: Timestamp,
    /// The monotonic clock.
    pub mono: Duration,
    /// The value that is shown.
    pub revealed: Option<Revealed>,
    /// Answers for the next frame.
    pub replies: Vec<Reply>,
    tickets: Cell<Ticket>,
}

impl Stage {
    /// A stage with [`unlocked`] on it.
    #[must_use]
    pub fn new(keys: usize) -> Self {
        let (snapshot, now) = unlocked(keys);
        Self { snapshot, now, mono: MONO, revealed: None, replies: Vec::new(), tickets: Cell::new(0) }
    }

    /// The frame of this moment.
    #[must_use]
    pub fn frame(&self) -> Frame<'_> {
        Frame {
            snapshot: &self.snapshot,
            now: self.now,
            mono: self.mono,
            revealed: self.revealed.as_ref(),
            replies: &self.replies,
            tickets: &self.tickets,
        }
    }

    /// Changes what is unlocked, as a newer snapshot.
    pub fn change(&mut self, change: impl FnOnce(&mut UnlockedView)) {
        self.snapshot.serial += 1;
        if let Phase::Unlocked(view) = &mut self.snapshot.phase {
            change(Arc::make_mut(view));
        }
    }
}

fn settings() -> Settings {
    let mut settings = Settings { vault_name: "prod-vault".to_owned(), ..Settings::default() };
    let policy = |id, name: &str, interval, overlap_days| Policy {
        id,
        name: name.to_owned(),
        interval_days: Some(interval),
        overlap_days,
        default_for: Vec::new(),
    };
    settings.policies.push(policy(DATABASE, "Database 90 d", 90, 7));
    settings.policies.push(policy(CERTIFICATE, "Certificate 1 y", 365, 14));
    settings
}

fn status() -> Status {
    let line = |name: &str, words: &str| (name.to_owned(), words.to_owned());
    Status {
        memory: "Memory locked, core dumps off".to_owned(),
        memory_ok: true,
        anchor: "the keyring of this desktop session".to_owned(),
        notices_sleep: true,
        notices_screen_lock: true,
        details: vec![
            line("Secret memory", "memfd_secret, 64 KiB"),
            line("Core dumps", "off"),
            line("Tracing by other programs", "refused"),
            line("Keyring", "Secret Service"),
            line("Sleep and screen lock", "noticed"),
        ],
    }
}

fn signing(n: u8) -> SigningKey {
    SigningKey::from_seed(&SecretKey::from_bytes(&[n + 1; 32]))
}

fn operator_id(n: usize) -> OperatorId {
    OperatorId([n as u8 + 1; 16])
}

/// Two versions: the administrator alone, then everyone.
fn roster() -> Roster {
    let people: Vec<Operator> = PEOPLE
        .iter()
        .enumerate()
        .map(|(n, (name, role, ..))| Operator {
            id: operator_id(n),
            name: (*name).to_owned(),
            role: *role,
            seal_key: vec![n as u8; 1216],
            verify_key: *signing(n as u8).public().as_bytes(),
            added: day(-400 + n as i64),
            removed: None,
        })
        .collect();
    let sign = |version, previous, operators: &[Operator]| {
        SignedRoster::sign(VAULT, version, previous, operators.to_vec(), operator_id(0), &signing(0))
    };
    let first = sign(1, [0; 32], &people[..1]);
    let second = sign(2, first.hash(), &people);
    #[allow(clippy::expect_used, reason = "it was signed a line above; only pictures and tests come here")]
    Roster::verify(VAULT, vec![first, second], None).expect("a roster just signed verifies")
}

/// What the rules of unusual activity say of these events, newest first.
fn findings(events: &[Event], records: &[Arc<KeyRecord>]) -> Vec<Finding> {
    let mut watch = Watch::new(Default::default());
    let mut findings = Vec::new();
    for event in events {
        let of = |id| records.iter().take(keys::NAMED.len()).find(|k| k.id == id);
        let facts = event
            .object
            .key_id()
            .and_then(of)
            .map(|key| Facts { destroy_at: key.destroy_at, ..Facts::default() });
        findings.extend(watch.observe(event, &facts.unwrap_or_default()));
    }
    findings.reverse();
    findings
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::due::{Due, due};

    #[test]
    fn the_named_keys_are_due_as_chosen_and_the_burst_is_found() {
        let (snapshot, now) = unlocked(30);
        let view = snapshot.unlocked().unwrap();
        let key = view.view.find("payments-db").unwrap();
        assert_eq!(due(key, &view.view.settings, now), Due::Late(12));
        assert_eq!(view.keys.len(), 30);
        assert!(view.log.len() > 300, "{}", view.log.len());
        use crate::guard::unusual::Rule;
        assert!(view.findings.iter().any(|f| f.rule == Rule::ManySecretsRead && f.operator == "s.okafor"));
        assert_eq!(view.sessions[0].operator, "m.ito");
    }

    #[test]
    fn an_empty_vault_and_a_large_one_can_be_made() {
        assert!(unlocked(0).0.unlocked().unwrap().keys.is_empty());
        assert_eq!(unlocked(10_000).0.unlocked().unwrap().keys.len(), 10_000);
    }
}
