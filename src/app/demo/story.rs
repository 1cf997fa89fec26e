//! The story itself: the plan's sessions on the stage, one after another, with ordinary work between what must happen.

use std::path::Path;

use super::chance::Chance;
use super::keys::{self, Cast, Fate};
use super::plan::{self, Act, DAYS, Sitting, Who, midnight};
use super::stage::Stage;
use super::{DemoOptions, DemoVault};
use crate::crypto::memory::SecretBuf;
use crate::formats::csv_import::{Further, ImportedKey};
use crate::formats::{self, GenerateOptions};
use crate::model::state::CompromiseReason;
use crate::model::{KeyId, KeyState, KeyType, LockReason, Settings, Timestamp};
use crate::operations::{
    self, CancelDestroy, ChangeSettings, Copy, CreateKey, Deactivate, Destroy, EditKey, ExportOne, Hide,
    ImportKeys, KeyDraft, MakeCurrent, MarkCompromised, NewValue, Reveal, Rotate, ScheduleDestroy, Suspend,
    TagKey,
};
use crate::store::Walk;
use crate::vault::{Operation, VaultError};

/// The longest a session of the story lasts, in seconds.
const SITTING_S: i64 = 5 * 3600;
/// No more sessions than this, however long the log: about two a working day.
const SITTINGS_MAX: usize = 700;
/// A whole log is verified, and a whole vault copied, only up to this many entries.
const SMALL_LOG: u64 = 3_000;

const REASONS: [&str; 8] = [
    "deployment",
    "incident 4711: connection refused after failover",
    "handover to the night shift",
    "ticket OPS-2381",
    "quarterly access review",
    "restore test",
    "new build machine",
    "vendor support call",
];
const ROTATION_REASONS: [&str; 4] =
    ["scheduled rotation", "policy", "change window", "requested by the owner"];

/// Tells it.
pub(super) fn tell(
    path: &Path,
    password: &SecretBuf,
    options: &DemoOptions,
    end: Timestamp,
    progress: &mut dyn FnMut(u64, u64) -> Walk,
) -> Result<DemoVault, VaultError> {
    let mut chance = Chance::new(options.seed);
    let cast = keys::cast(options.keys);
    let wanted = (options.events / 8).clamp(4, SITTINGS_MAX);
    let sittings = plan::sittings(&cast, &Settings::default(), end, wanted, &mut chance);
    let stage = Stage::set(path, password, midnight(end, DAYS).plus_ms(8 * 3_600_000))?;
    let ids = vec![None; cast.len()];
    let goal = u64::try_from(options.events).unwrap_or(u64::MAX);
    let mut story = Story { stage, cast, ids, chance, end, goal, readable: Vec::new() };
    story.import_the_rest(options.keys)?;
    story.stage.lock(Who::Administrator, LockReason::ByHand)?;
    let crashes = [sittings.len() / 2, sittings.len() * 9 / 10];
    for (i, sitting) in sittings.iter().enumerate() {
        story.sit(sitting, &sittings[i + 1..], crashes.contains(&i))?;
        let done = story.entries()?;
        if progress(done, goal.max(done)).is_break() {
            return Err(VaultError::Cancelled);
        }
    }
    let (keys, events) = story.stage.close()?;
    Ok(DemoVault { keys, events })
}

struct Story<'a> {
    stage: Stage<'a>,
    cast: Vec<Cast>,
    ids: Vec<Option<KeyId>>,
    chance: Chance,
    end: Timestamp,
    goal: u64,
    /// Keys that may be read now.
    readable: Vec<KeyId>,
}

impl Story<'_> {
    fn entries(&mut self) -> Result<u64, VaultError> {
        let size = |v: &crate::vault::Vault| v.view().log_size;
        // Whoever sat last has seen everything; the others may be behind.
        let mut most = 0;
        for who in [Who::Administrator, Who::Custodian, Who::Auditor] {
            most = most.max(self.stage.vault(who).map_or(0, |v| size(v)));
        }
        Ok(most)
    }

    /// One session with the day's acts and ordinary work around them.
    fn sit(&mut self, sitting: &Sitting, later: &[Sitting], crashes: bool) -> Result<(), VaultError> {
        let who = sitting.who;
        let burst = sitting.acts.contains(&Act::Burst);
        self.arrive(sitting, burst)?;
        let host = self.host(who, burst);
        if burst || self.chance.percent(5) {
            let failures = if burst { 4 } else { self.chance.between(1, 2) };
            for _ in 0..failures {
                self.stage.fail_to_unlock()?;
                self.stage.wait(9);
            }
        }
        self.stage.unlock(who, host)?;
        let fill = self.fill(sitting, later)?;
        let pace = (SITTING_S / i64::try_from(fill + sitting.acts.len() + 1).unwrap_or(1)).clamp(1, 280);
        for act in &sitting.acts {
            self.pause(pace);
            self.act(who, *act)?;
        }
        for _ in 0..fill {
            self.pause(pace);
            self.ordinary(who)?;
        }
        self.leave(who, crashes)
    }

    /// In the morning or after lunch; late at night for a burst; never before the session before has ended.
    fn arrive(&mut self, sitting: &Sitting, burst: bool) -> Result<(), VaultError> {
        let minutes = match (burst, sitting.who) {
            (true, _) => 23 * 60 + 8,
            (_, Who::Auditor) => self.chance.between(14 * 60, 15 * 60),
            (_, Who::Administrator) => self.chance.between(7 * 60, 10 * 60),
            (_, Who::Custodian) => self.chance.between(8 * 60, 13 * 60),
        };
        let seconds = self.chance.between(0, 59);
        let at = midnight(self.end, sitting.day).plus_ms((minutes * 60 + seconds) * 1000);
        self.stage.wait(60);
        self.stage.wait_until(at);
        Ok(())
    }

    fn leave(&mut self, who: Who, crashes: bool) -> Result<(), VaultError> {
        // Twice the machine went down with the vault open.
        if crashes {
            self.stage.wait(5);
            return Ok(());
        }
        let reason = match self.chance.between(0, 9) {
            0..=3 => LockReason::ByHand,
            4..=6 => LockReason::Idle { minutes: 5 },
            7 => LockReason::ScreenLock,
            8 => LockReason::Suspend,
            _ => LockReason::Exit,
        };
        self.stage.wait(if matches!(reason, LockReason::Idle { .. }) { 300 } else { 40 });
        self.stage.lock(who, reason)
    }

    fn host(&mut self, who: Who, burst: bool) -> &'static str {
        match who {
            _ if burst => "ws-22",
            Who::Administrator => "ws-14",
            Who::Custodian if self.chance.percent(20) => "ws-14",
            Who::Custodian | Who::Auditor => "ws-09",
        }
    }

    /// How much ordinary work fits into this session, so that the log ends at about the wished length.
    fn fill(&mut self, sitting: &Sitting, later: &[Sitting]) -> Result<usize, VaultError> {
        if sitting.who == Who::Auditor || sitting.acts.contains(&Act::Burst) {
            return Ok(0);
        }
        // Two entries for each session, one for each act, and what the burst is made of.
        let known = |s: &Sitting| 2 + s.acts.len() + if s.acts.contains(&Act::Burst) { 15 } else { 0 };
        let ahead = later.iter().map(known).sum::<usize>() + sitting.acts.len() + 1;
        let ahead = u64::try_from(ahead).unwrap_or(u64::MAX);
        let left = self.goal.saturating_sub(self.entries()?.saturating_add(ahead));
        let shares = 1 + later.iter().filter(|s| s.who != Who::Auditor).count();
        let share = i64::try_from(left / u64::try_from(shares).unwrap_or(1)).unwrap_or(i64::MAX);
        let more = i64::from(!left.is_multiple_of(u64::try_from(shares).unwrap_or(1)));
        let fill = self.chance.between(share / 2, share + (share + 1) / 2 + more);
        Ok(usize::try_from(fill.min(i64::try_from(left).unwrap_or(i64::MAX))).unwrap_or(0))
    }

    fn pause(&mut self, pace: i64) {
        let seconds = self.chance.between((pace / 4).max(1), pace.max(2));
        self.stage.wait(seconds);
    }

    fn perform<O: Operation>(&mut self, who: Who, operation: O) -> Result<O::Outcome, VaultError> {
        let password = self.stage.password();
        let vault = self.stage.vault(who)?;
        if operation.needs(&vault.view()).password_again && !vault.is_stepped_up() {
            operations::step_up(vault, password)?;
        }
        vault.perform(operation)
    }

    /// Something that must happen today.
    fn act(&mut self, who: Who, act: Act) -> Result<(), VaultError> {
        match act {
            Act::Create(i) => self.create(who, i),
            Act::Rotate(i) => self.rotate(who, i),
            Act::Revert(i) => self.revert(who, i),
            Act::Suspend(i) => {
                let reason = "nobody remembers who still fetches these files".to_owned();
                // The review has been waiting for some days when the story ends.
                let review_by = Some(self.stage.now().plus_days(14));
                self.with(i, |story, key| story.perform(who, Suspend { key, reason, review_by }))
            }
            Act::Compromise(i) => self.compromise(who, i),
            Act::Deactivate(i) => {
                let reason = "the system was switched off".to_owned();
                self.with(i, |story, key| story.perform(who, Deactivate { key, reason }))
            }
            Act::ScheduleDestroy(i) => {
                let reason = "no longer needed; retention has ended".to_owned();
                self.with(i, |story, key| story.perform(who, ScheduleDestroy { key, days: None, reason }))
            }
            Act::CancelDestroy(i) => {
                let reason = "an auditor still needs one statement".to_owned();
                self.with(i, |story, key| story.perform(who, CancelDestroy { key, reason }))
            }
            Act::Destroy(i) => {
                let reason = "its time has come".to_owned();
                self.with(i, |story, key| {
                    story.readable.retain(|k| *k != key);
                    story.perform(who, Destroy { key, reason })
                })
            }
            Act::TightenLimits => {
                let now = self.stage.vault(who)?.view().settings.as_ref().clone();
                let after = Settings { clipboard_s: 12, step_up_min: 3, ..now.clone() };
                self.perform(who, ChangeSettings::of(&now, after, "finding 7 of the yearly review"))
            }
            Act::Backup => self.back_up(who),
            Act::ExportOne => self.export_one(who),
            Act::Audit => self.audit(),
            Act::RefusedReveal => self.refused_reveal(),
            Act::Burst => self.burst(who),
        }
    }

    /// Does something with a key of the cast, where it is there.
    fn with(
        &mut self,
        i: usize,
        then: impl FnOnce(&mut Self, KeyId) -> Result<(), VaultError>,
    ) -> Result<(), VaultError> {
        match self.ids.get(i).copied().flatten() {
            Some(key) => then(self, key),
            None => Ok(()),
        }
    }

    fn create(&mut self, who: Who, i: usize) -> Result<(), VaultError> {
        let cast = self.cast[i].clone();
        let policy = cast.policy(&self.stage.vault(who)?.view().settings);
        let draft = KeyDraft {
            owner: cast.owner.to_owned(),
            system: cast.system.to_owned(),
            environment: cast.environment.to_owned(),
            purpose: cast.purpose.to_owned(),
            tags: cast.tags.iter().map(|tag| (*tag).to_owned()).collect(),
            critical: cast.critical,
            policy,
            ..KeyDraft::new(cast.name.clone(), cast.key_type)
        };
        let value = value(cast.key_type, &cast.name)?;
        let id = self.perform(who, CreateKey { draft, value, activate: cast.fate != Fate::PreActive })?;
        self.ids[i] = Some(id);
        self.readable.push(id);
        Ok(())
    }

    fn rotate(&mut self, who: Who, i: usize) -> Result<(), VaultError> {
        let (key_type, name) = (self.cast[i].key_type, self.cast[i].name.clone());
        let reason = self.one_of(&ROTATION_REASONS);
        self.with(i, |story, key| {
            let value = value(key_type, &name)?;
            story
                .perform(
                    who,
                    Rotate {
                        key,
                        value,
                        reason,
                        overlap_days: None,
                        expires: None,
                        keep_schedule: false,
                        compromise: None,
                    },
                )
                .map(|_| ())
        })
    }

    fn revert(&mut self, who: Who, i: usize) -> Result<(), VaultError> {
        let reason = "two receivers had not been told; back until they are".to_owned();
        self.with(i, |story, key| {
            let view = story.stage.vault(who)?.view();
            let record = view.keys.get(key).ok_or_else(|| VaultError::NoSuchKey(key.to_string()))?;
            let older = record.versions.iter().rev().find(|v| v.state.may_return()).map(|v| v.number);
            match older {
                Some(version) => story.perform(who, MakeCurrent { key, version, reason }),
                None => Ok(()),
            }
        })
    }

    fn compromise(&mut self, who: Who, i: usize) -> Result<(), VaultError> {
        let noticed = self.stage.now();
        let occurred = noticed.plus_days(-2);
        let note =
            "found in a public repository of the partner; they were told and will send a new one".to_owned();
        let reason = CompromiseReason::KeyCompromise;
        self.with(i, |story, key| {
            story.perform(who, MarkCompromised { key, reason, occurred, noticed, note })
        })
    }

    /// To a folder that goes away at once: what stays is the entry.
    fn back_up(&mut self, who: Who) -> Result<(), VaultError> {
        if self.entries()? > SMALL_LOG {
            return Ok(());
        }
        let dir = tempfile::tempdir().map_err(|error| VaultError::Store(error.into()))?;
        let target = dir.path().join("backup.keyroom");
        operations::backup(self.stage.vault(who)?, &target, &mut |_, _| Walk::Continue(()))
    }

    fn export_one(&mut self, who: Who) -> Result<(), VaultError> {
        let Some(key) = self.chance.pick(&self.readable).copied() else { return Ok(()) };
        let reason = "escrow at the parent company".to_owned();
        self.perform(who, ExportOne { key, version: None, reason }).map(|_| ())
    }

    fn audit(&mut self) -> Result<(), VaultError> {
        if self.entries()? > SMALL_LOG {
            return Ok(());
        }
        operations::verify_log(self.stage.vault(Who::Auditor)?, &mut |_, _| Walk::Continue(())).map(|_| ())
    }

    fn refused_reveal(&mut self) -> Result<(), VaultError> {
        let Some(key) = self.readable.first().copied() else { return Ok(()) };
        let reason = "to see whether I can".to_owned();
        match self.perform(Who::Auditor, Reveal { key, version: None, reason }) {
            Ok(_) | Err(VaultError::NotPermitted { .. }) => Ok(()),
            Err(error) => Err(error),
        }
    }

    /// Many readings in a few minutes, at night, at a workstation nobody uses.
    fn burst(&mut self, who: Who) -> Result<(), VaultError> {
        for _ in 0..14 {
            let seconds = self.chance.between(11, 48);
            self.stage.wait(seconds);
            let Some(key) = self.chance.pick(&self.readable).copied() else { return Ok(()) };
            self.perform(who, Reveal { key, version: None, reason: String::new() })?;
        }
        Ok(())
    }

    /// What people do all day.
    fn ordinary(&mut self, who: Who) -> Result<(), VaultError> {
        let Some(key) = self.chance.pick(&self.readable).copied() else { return Ok(()) };
        let reason = self.one_of(&REASONS);
        match self.chance.between(0, 99) {
            0..=37 => {
                let shown = self.perform(who, Reveal { key, version: None, reason })?;
                if self.chance.percent(30) {
                    self.stage.wait(8);
                    self.perform(who, Hide { key, version: shown.version })?;
                }
                Ok(())
            }
            38..=74 => self.perform(who, Copy { key, version: None, reason }).map(|_| ()),
            75..=86 => self.tag(who, key),
            _ => self.edit(who, key),
        }
    }

    fn tag(&mut self, who: Who, key: KeyId) -> Result<(), VaultError> {
        let tag = self.one_of(&["q1-review", "migrated", "on-call", "needs-owner"]);
        let view = self.stage.vault(who)?.view();
        let has = view.keys.get(key).is_some_and(|k| k.tags.contains(&tag));
        let (add, remove) = if has { (Vec::new(), vec![tag]) } else { (vec![tag], Vec::new()) };
        self.perform(who, TagKey { key, add, remove })
    }

    fn edit(&mut self, who: Who, key: KeyId) -> Result<(), VaultError> {
        let note = self.one_of(&[
            "Runbook: page 12.",
            "Ask the owner before a rotation; two consumers are restarted by hand.",
            "Consumers reload it at the next deployment.",
            "Moved to the new cluster in spring.",
        ]);
        let view = self.stage.vault(who)?.view();
        let Some(record) = view.keys.get(key).filter(|k| k.state != KeyState::Destroyed) else {
            return Ok(());
        };
        let draft = KeyDraft { note, ..KeyDraft::from_record(record) };
        let edit = EditKey::of(record, draft);
        self.perform(who, edit)
    }

    fn one_of(&mut self, from: &[&str]) -> String {
        self.chance.pick(from).map_or_else(String::new, |text| (*text).to_owned())
    }

    /// Keys beyond the cast come from another vault's file, in as few entries as they fit.
    fn import_the_rest(&mut self, wanted: usize) -> Result<(), VaultError> {
        const SYSTEMS: [&str; 8] = ["web", "mail", "crm", "shop", "search", "reports", "batch", "mobile"];
        const OWNERS: [&str; 5] = ["a.novak", "l.berg", "r.haas", "t.weiss", "m.ito"];
        const TYPES: [KeyType; 4] =
            [KeyType::Password, KeyType::ApiToken, KeyType::Aes256, KeyType::HmacSha256];
        let mut number = self.cast.len();
        while number < wanted {
            let upto = wanted.min(number + operations::IMPORT_MAX);
            let mut rows = Vec::with_capacity(upto - number);
            for n in number..upto {
                let key_type = *self.chance.pick(&TYPES).unwrap_or(&KeyType::Password);
                let system = self.one_of(&SYSTEMS);
                rows.push(ImportedKey {
                    name: format!("{system}-{}-{n:05}", key_type.word()),
                    key_type,
                    secret: formats::of(key_type).generate(&GenerateOptions::default())?,
                    owner: self.one_of(&OWNERS),
                    system,
                    tags: vec!["imported".to_owned()],
                    further: Further::default(),
                });
            }
            self.stage.wait(200);
            let file = "export-2025.csv".to_owned();
            let outcomes = self.perform(Who::Administrator, ImportKeys::new(&rows, file))?;
            // A few of many, so that ordinary work is not spread too thin to be seen.
            let imported = outcomes.into_iter().filter_map(|o| o.result.ok());
            self.readable.extend(imported.take(200));
            number = upto;
        }
        Ok(())
    }
}

/// A first or next value. It protects nothing.
fn value(key_type: KeyType, name: &str) -> Result<NewValue, VaultError> {
    let random = || formats::of(KeyType::Password).generate(&GenerateOptions::default());
    Ok(match key_type {
        KeyType::Text => {
            let mut text = SecretBuf::with_capacity(256);
            let parts =
                [b"Part 1: safe A, bank vault. Part 2: safe B. Words: ", random()?.as_bytes()].concat();
            text.push(&parts).map_err(|_| VaultError::ValueTooLong { len: parts.len(), max: 256 })?;
            NewValue::Entered(text)
        }
        KeyType::File => {
            let parts =
                [b"-----BEGIN DEMO DATA-----\n", random()?.as_bytes(), b"\n-----END DEMO DATA-----\n"]
                    .concat();
            NewValue::Imported { bytes: SecretBuf::from_vec(parts), file: format!("{name}.pem") }
        }
        _ => NewValue::Generate(GenerateOptions::default()),
    })
}
