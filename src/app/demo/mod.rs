//! The demo vault: fourteen months in the life of a small team, told by running the real operations under a clock that is set.
//!
//! The same seed tells the same story. Ids and secrets are random each time, as they always are, and the secrets protect
//! nothing. The file is written without waiting for the disk, which no other vault ever is.

mod chance;
mod keys;
mod plan;
mod stage;
mod story;

use std::path::Path;

use crate::crypto::memory::SecretBuf;
use crate::model::Timestamp;
use crate::store::Walk;
use crate::vault::VaultError;
use crate::vault::clock::{Clock, SystemClock};

/// The demo vault's name.
pub const VAULT: &str = "prod-vault";
/// The administrator who made it, and who unlocks it.
pub const OPERATOR: &str = "m.ito";
/// The custodian.
pub const CUSTODIAN: &str = "a.novak";
/// The auditor.
pub const AUDITOR: &str = "s.okafor";
/// A password where no other is wanted. It protects nothing.
pub const PASSWORD: &str = "demo data opens with this";

/// How large the demo vault is to be.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct DemoOptions {
    /// How many keys. The first 26 have a story; those above come from a file on the first day.
    pub keys: usize,
    /// About how many entries the log is to have.
    pub events: usize,
    /// The same seed tells the same story.
    pub seed: u64,
    /// When the story ends; now where nothing is said. For pictures that must not change.
    pub now: Option<Timestamp>,
}

impl Default for DemoOptions {
    fn default() -> Self {
        Self { keys: 24, events: 600, seed: 1, now: None }
    }
}

/// A demo vault that was built.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct DemoVault {
    /// How many keys it holds.
    pub keys: usize,
    /// How many entries its log has.
    pub events: u64,
}

/// Builds the demo vault at `path`, where nothing may stand yet. All three operators have this password. `progress` is told
/// entries done and, about, in all.
///
/// # Errors
/// [`VaultError::Store`] where the file cannot be made, [`VaultError::WeakPassword`], [`VaultError::Cancelled`] when `progress`
/// breaks. The file is removed then.
pub fn build(
    path: &Path,
    password: &SecretBuf,
    options: &DemoOptions,
    progress: &mut dyn FnMut(u64, u64) -> Walk,
) -> Result<DemoVault, VaultError> {
    if path.exists() {
        return Err(VaultError::Store(crate::store::StoreError::Exists));
    }
    let end = options.now.unwrap_or_else(|| SystemClock.wall());
    let built = story::tell(path, password, options, end, progress);
    if built.is_err() {
        let _ = std::fs::remove_file(path);
    }
    built
}

#[cfg(test)]
mod tests {
    use std::collections::{BTreeMap, BTreeSet};

    use super::*;
    use crate::audit::index::LogIndex;
    use crate::audit::sessions::{self, Ending};
    use crate::model::due::{Due, due};
    use crate::model::{Action, Event, KeyState};
    use crate::operations;
    use crate::vault::anchor::NoAnchor;
    use crate::vault::clock::ManualClock;
    use crate::vault::{Environment, Unlock, Vault};

    /// A Tuesday at noon.
    const NOW: Timestamp = Timestamp(1_775_563_200_000);

    fn built(keys: usize, events: usize, seed: u64) -> (tempfile::TempDir, Vault) {
        let dir = tempfile::tempdir().unwrap();
        let path = dir.path().join("demo.keyroom");
        let password = SecretBuf::from_slice(PASSWORD.as_bytes());
        let options = DemoOptions { keys, events, seed, now: Some(NOW) };
        let demo = build(&path, &password, &options, &mut |_, _| Walk::Continue(())).unwrap();
        let env = Environment {
            clock: std::sync::Arc::new(ManualClock::at(NOW)),
            anchor: std::sync::Arc::new(NoAnchor),
            host: "ws-14".into(),
            os_user: "mito".into(),
        };
        let unlock = Unlock { password: &password, operator: Some(OPERATOR), accept_restored: None };
        let vault = operations::open_vault(&path).unwrap().unlock(env, &unlock).map_err(|(_, e)| e).unwrap();
        assert_eq!((demo.keys, demo.events + 1), (vault.view().keys.all().len(), vault.view().log_size));
        (dir, vault)
    }

    fn events(vault: &mut Vault) -> Vec<Event> {
        vault.last_events(u64::MAX).unwrap()
    }

    #[test]
    fn the_demo_vault_shows_what_a_team_would_see_and_its_log_verifies() {
        let (_dir, mut vault) = built(24, 600, 1);
        let view = vault.view();
        let keys = view.keys.all();
        assert_eq!(keys.len(), 24);
        let in_state = |state| keys.iter().filter(|k| k.state == state).count();
        assert_eq!(in_state(KeyState::Suspended), 1);
        assert_eq!(in_state(KeyState::Compromised), 1);
        assert!(keys.iter().any(|k| k.destroy_at.is_some()));
        let stands: Vec<_> = keys.iter().map(|k| due(k, &view.settings, NOW)).collect();
        assert!(stands.iter().filter(|d| matches!(d, Due::Late(_))).count() >= 2, "{stands:?}");
        assert!(stands.iter().filter(|d| matches!(d, Due::In(0..=14))).count() >= 3, "{stands:?}");
        assert!(keys.iter().filter(|k| k.versions.len() >= 3).count() >= 8);
        assert_eq!(view.roster.current().operators.len(), 3);
        let checked = operations::check(&mut vault, &mut |_, _| Walk::Continue(())).unwrap();
        assert!((450..=750).contains(&checked.log.entries), "{}", checked.log.entries);
        let events = events(&mut vault);
        assert!(events.windows(2).all(|w| w[0].time <= w[1].time));
        let span = events[events.len() - 3].time.since(events[0].time) / crate::model::time::DAY_MS;
        assert!((410..=430).contains(&span), "{span} days");
        let hosts: BTreeSet<_> = events.iter().map(|e| e.host.as_str()).collect();
        assert_eq!(hosts, BTreeSet::from(["ws-09", "ws-14", "ws-22"]));
        let sessions = sessions::history(&LogIndex::from_events(&events));
        assert!(sessions.iter().any(|s| s.how == Ending::Crashed));
        assert!(sessions.iter().any(|s| s.failed_unlocks_before > 0));
        assert!(sessions.iter().any(|s| s.host == "ws-22" && s.reveals >= 12));
        assert!(events.iter().any(|e| e.outcome == crate::model::Outcome::Refused));
        for action in [Action::RotationRevert, Action::AuditVerify, Action::VaultBackup, Action::SecretExport]
        {
            assert!(events.iter().any(|e| e.action == action), "{}", action.name());
        }
    }

    #[test]
    fn the_same_seed_tells_the_same_story_and_another_seed_another() {
        let story = |seed| {
            let (_dir, mut vault) = built(8, 150, seed);
            let told = |e: &Event| (e.time, e.action, e.operator.clone(), e.object.words(), e.reason.clone());
            events(&mut vault).iter().map(told).collect::<Vec<_>>()
        };
        let (first, again) = (story(5), story(5));
        assert_eq!(first, again);
        assert_ne!(first, story(6));
    }

    #[test]
    fn more_keys_and_more_events_are_what_was_asked_for_and_few_are_possible() {
        let (_dir, mut vault) = built(60, 900, 1);
        assert_eq!(vault.view().keys.all().len(), 60);
        assert!((750..=1050).contains(&vault.view().log_size), "{}", vault.view().log_size);
        let mut actions = BTreeMap::new();
        events(&mut vault).iter().for_each(|e| *actions.entry(e.action).or_insert(0) += 1);
        assert!(actions.len() > 15);
        let (_dir, small) = built(1, 1, 1);
        assert_eq!(small.view().keys.all().len(), 1);
    }

    #[test]
    fn a_build_that_is_stopped_leaves_nothing_behind() {
        let dir = tempfile::tempdir().unwrap();
        let path = dir.path().join("demo.keyroom");
        let password = SecretBuf::from_slice(PASSWORD.as_bytes());
        let stopped = build(&path, &password, &DemoOptions::default(), &mut |_, _| Walk::Break(()));
        assert_eq!(stopped, Err(VaultError::Cancelled));
        assert!(!path.exists());
    }
}
