//! Wrapping the operator's root key anew with parameters of the vault's policy: by itself at the unlock where the slot is
//! weaker, and on purpose after the policy was changed.
//!
//! One row takes the place of another in one commit, so a kill at any moment leaves a slot that opens with the same
//! password. Never touches what the slot leads to.

use crate::crypto::kdf::KdfParams;
use crate::crypto::memory::SecretBuf;
use crate::model::{Action, Change, Outcome, Severity};

use super::commit::Staged;
use super::error::VaultError;
use super::identity::Slot;
use super::{Entry, Vault};

const ACTION: Action = Action::OperatorSlotUpgrade;

impl Vault {
    /// Raises the slot to the vault's policy where it is weaker. Tells whether it was. Recorded, and so is a failure.
    ///
    /// # Errors
    /// Any leaves the slot as it was: [`VaultError::Crypto`] where the workstation has not the memory,
    /// [`VaultError::WrongPassword`], [`VaultError::NotRecorded`].
    pub(super) fn upgrade_slot(&mut self, password: &SecretBuf) -> Result<bool, VaultError> {
        let slot = self.own_slot()?;
        let wanted = self.view.settings.later.at_least(slot.params);
        if wanted == slot.params {
            return Ok(false);
        }
        self.rewrap(&slot, password, wanted).map(|()| true)
    }

    /// Wraps the slot anew with exactly these parameters, which may be weaker than those it has and never than the policy.
    ///
    /// # Errors
    /// As for an upgrade at the unlock.
    pub fn rewrap_slot(&mut self, password: &SecretBuf, params: KdfParams) -> Result<(), VaultError> {
        let slot = self.own_slot()?;
        let wanted = self.view.settings.later.at_least(params);
        self.rewrap(&slot, password, wanted)
    }

    fn rewrap(&mut self, slot: &Slot, password: &SecretBuf, params: KdfParams) -> Result<(), VaultError> {
        let mut entry = Entry::new(ACTION, self.my_object());
        if params.is_weaker_than(&slot.params) {
            entry.severity = entry.severity.max(Severity::Warn);
        }
        match self.wrapped_anew(slot, password, params) {
            Ok(next) => self.replace_slot(slot, &next, entry),
            Err(error) => {
                entry.outcome = Outcome::Failed;
                entry.severity = Severity::Warn;
                entry.reason = error.to_string();
                self.record(ACTION, entry)?;
                Err(error)
            }
        }
    }

    fn wrapped_anew(
        &mut self,
        slot: &Slot,
        password: &SecretBuf,
        params: KdfParams,
    ) -> Result<Slot, VaultError> {
        let root = self.open_own(slot, password)?;
        let name = &self.view.me.name;
        Ok(Slot::seal(self.id, slot.operator, name, password, params, &root, Some(slot))?)
    }

    fn replace_slot(&mut self, old: &Slot, next: &Slot, entry: Entry) -> Result<(), VaultError> {
        self.begin(ACTION)?;
        // Deriving took its time; another program may have changed the password meanwhile, and that one counts.
        let unchanged = self.own_slot().and_then(|now| {
            if now.version() == old.version() { Ok(()) } else { Err(VaultError::WrongPassword) }
        });
        if let Err(error) = unchanged {
            self.store.abort();
            return Err(error);
        }
        let mut details = self.details(entry);
        let mib = |params: KdfParams| format!("{} MiB", params.memory_kib / 1024);
        let changes = [
            Change::of("unlock memory", mib(old.params), mib(next.params)),
            Change::of("unlock passes", old.params.passes.to_string(), next.params.passes.to_string()),
        ];
        details.changes.extend(changes.into_iter().flatten());
        let row = next.to_row();
        self.commit(ACTION, &details, Staged::from([((row.table, row.id.clone()), Some(row))]))?;
        self.view_mut().session.params = next.params;
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::operator::Permission;
    use crate::model::{Object, UnlockCost};
    use crate::store::Walk;
    use crate::vault::tests::{Bench, password};
    use crate::vault::{Needs, Operation, Transaction, Vault, View};

    const MORE: KdfParams = KdfParams { memory_kib: 80 << 10, passes: 3, lanes: 4 };

    struct Ask(KdfParams);

    impl Operation for Ask {
        type Outcome = ();

        fn action(&self) -> Action {
            Action::VaultSettings
        }

        fn needs(&self, _: &View) -> Needs {
            Needs::permission(Permission::ChangeSettings)
        }

        fn entry(&self, _: &View) -> Entry {
            Entry::new(Action::VaultSettings, Object::Vault)
        }

        fn apply(self, tx: &mut Transaction<'_>) -> Result<(), VaultError> {
            let mut settings = tx.settings().clone();
            settings.later.unlock_cost = UnlockCost::of(self.0);
            tx.put_settings(settings)
        }
    }

    fn upgrades(vault: &mut Vault) -> Vec<crate::model::Event> {
        let mut found = Vec::new();
        vault
            .events(0, &mut |event| {
                if event.action == ACTION {
                    found.push(event);
                }
                Walk::Continue(())
            })
            .unwrap();
        found
    }

    #[test]
    fn a_slot_below_the_policy_is_wrapped_anew_at_the_next_unlock_once_and_recorded() {
        let bench = Bench::new();
        let mut vault = bench.create();
        assert_eq!(vault.view().settings.later.unlock_cost, UnlockCost::of(KdfParams::FLOOR));
        vault.perform(Ask(MORE)).unwrap();
        let before = vault.own_slot().unwrap().to_row();
        drop(vault);

        let mut vault = bench.unlock().unwrap();
        assert_eq!(vault.view().session.params, MORE);
        let after = vault.own_slot().unwrap().to_row();
        assert_eq!((after.version, &after.id), (before.version + 1, &before.id));
        let told = upgrades(&mut vault);
        let words: Vec<_> = told
            .iter()
            .flat_map(|e| &e.changes)
            .map(|c| format!("{} {} {}", c.field, c.before, c.after))
            .collect();
        assert_eq!(words, ["unlock memory 64 MiB 80 MiB"]);
        drop(vault);

        assert_eq!(bench.file(&bench.path).unwrap().params(), MORE);
        let mut vault = bench.unlock().unwrap();
        assert_eq!(upgrades(&mut vault).len(), 1, "it is strong enough now");
        vault.verify_log(&mut |_, _| Walk::Continue(())).unwrap();
        let wrong = SecretBuf::from_slice(b"not the password at all");
        assert_eq!(bench.unlock_with(&wrong, None).err(), Some(VaultError::WrongPassword));
    }

    #[test]
    fn wrapping_it_with_less_is_a_warning_and_never_goes_below_the_policy() {
        let bench = Bench::new();
        let mut vault = bench.create();
        vault.rewrap_slot(&password(), MORE).unwrap();
        vault.rewrap_slot(&password(), KdfParams::FLOOR).unwrap();
        let severities: Vec<_> = upgrades(&mut vault).iter().map(|event| event.severity).collect();
        assert_eq!(severities, [Severity::Notice, Severity::Warn]);
        assert_eq!(vault.view().session.params, KdfParams::FLOOR);
        vault.perform(Ask(MORE)).unwrap();
        vault.rewrap_slot(&password(), KdfParams::FLOOR).unwrap();
        assert_eq!(vault.view().session.params, MORE);
    }

    #[test]
    fn a_wrong_password_wraps_nothing_and_is_recorded() {
        let bench = Bench::new();
        let mut vault = bench.create();
        let before = vault.own_slot().unwrap().to_row();
        let wrong = SecretBuf::from_slice(b"not the password at all");
        assert_eq!(vault.rewrap_slot(&wrong, MORE), Err(VaultError::WrongPassword));
        assert_eq!(vault.own_slot().unwrap().to_row(), before);
        let outcomes: Vec<_> = upgrades(&mut vault).iter().map(|event| event.outcome).collect();
        assert_eq!(outcomes, [Outcome::Failed]);
    }

    /// Between reading the slot and writing the new one the KDF runs; whoever changes the password then must not lose it.
    #[test]
    fn a_password_changed_by_another_program_meanwhile_stays() {
        let bench = Bench::new();
        let mut first = bench.create();
        let old = first.own_slot().unwrap();
        let next = first.wrapped_anew(&old, &password(), MORE).unwrap();
        let mut second = bench.unlock().unwrap();
        second.rewrap_slot(&password(), MORE).unwrap();
        let theirs = second.own_slot().unwrap().to_row();
        let entry = Entry::new(ACTION, first.my_object());
        assert_eq!(first.replace_slot(&old, &next, entry), Err(VaultError::WrongPassword));
        assert_eq!(first.own_slot().unwrap().to_row(), theirs);
        first.perform(Ask(MORE)).unwrap();
    }
}
