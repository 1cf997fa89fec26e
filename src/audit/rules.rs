//! Which role may change which table with which action. Checked whenever a leaf is replayed (what may be written is asked before,
//! by permission), so that an operator who holds a reading key but not the right cannot make honest programs believe a row.

use crate::model::{Action, Role};
use crate::store::Table;

use super::leaf::Delta;

/// Whether a leaf of `action` signed by an operator of `role` may change these rows.
#[must_use]
pub fn may_change(role: Role, action: Action, delta: &Delta) -> bool {
    let tables = tables_of(action);
    // Of accepting another history there is never a refusal, and what it changes is more than a row.
    let only_noted = delta.0.is_empty() && action != Action::VaultAcceptRestored;
    only_noted || (delta.0.iter().all(|change| tables.contains(&change.table)) && may_act(role, action))
}

/// Whether `role` may do `action` at all. Refused attempts are recorded under the same action with no row changed, so a
/// leaf without rows passes for everyone.
fn may_act(role: Role, action: Action) -> bool {
    use crate::model::operator::Permission;
    let permission = match action {
        Action::VaultSettings | Action::VaultAcceptRestored => Permission::ChangeSettings,
        Action::OperatorEnrol | Action::OperatorRemove | Action::OperatorExposed => {
            Permission::ManageOperators
        }
        Action::VaultCreate => return role == Role::Administrator,
        Action::KeyCreate
        | Action::KeyImport
        | Action::KeyEdit
        | Action::KeyTag
        | Action::KeySuspend
        | Action::KeyResume
        | Action::KeyDeactivate
        | Action::KeyCompromised
        | Action::KeyScheduleDestroy
        | Action::KeyCancelDestroy
        | Action::KeyDestroy
        | Action::KeyActivate
        | Action::RotationComplete
        | Action::RotationRevert
        | Action::RotationRetire => Permission::ManageKeys,
        Action::SecretReveal | Action::SecretHide | Action::SecretCopy | Action::SecretExport => {
            Permission::ReadSecrets
        }
        _ => Permission::OwnAccount,
    };
    role.may(permission)
}

/// The tables an action may touch.
fn tables_of(action: Action) -> &'static [Table] {
    match action {
        Action::VaultCreate => &Table::ALL,
        Action::VaultSettings => &[Table::Settings],
        Action::SessionUnlock | Action::SessionLock => &[Table::Draft],
        Action::OperatorEnrol | Action::OperatorRemove => {
            &[Table::Roster, Table::Slot, Table::Bundle, Table::Grant, Table::Scope]
        }
        Action::OperatorPassword | Action::OperatorSlotUpgrade => &[Table::Slot],
        Action::OperatorExposed => &Table::ALL,
        Action::KeyCreate | Action::KeyImport | Action::RotationComplete | Action::KeyDestroy => {
            &[Table::Key, Table::Version]
        }
        Action::KeyEdit
        | Action::KeyTag
        | Action::KeySuspend
        | Action::KeyResume
        | Action::KeyDeactivate
        | Action::KeyCompromised
        | Action::KeyScheduleDestroy
        | Action::KeyCancelDestroy
        | Action::KeyActivate
        | Action::RotationRevert
        | Action::RotationRetire
        | Action::SecretReveal
        | Action::SecretCopy
        | Action::SecretExport => &[Table::Key],
        _ => &[],
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::audit::leaf::RowChange;

    fn delta(table: Table) -> Delta {
        Delta(vec![RowChange { table, id: vec![1; 16], before: None, after: Some([0; 32]) }])
    }

    #[test]
    fn an_auditor_changes_no_key_whatever_the_leaf_calls_it() {
        for action in Action::ALL {
            for table in [Table::Key, Table::Version, Table::Settings, Table::Roster] {
                assert!(!may_change(Role::Auditor, *action, &delta(table)), "{} {table:?}", action.name());
            }
        }
    }

    #[test]
    fn only_an_administrator_goes_on_with_another_history() {
        let may = |role| may_change(role, Action::VaultAcceptRestored, &Delta::default());
        let roles = [Role::Administrator, Role::Custodian, Role::Auditor, Role::Recovery];
        assert_eq!(roles.map(may), [true, false, false, false]);
    }

    #[test]
    fn revealing_writes_what_is_known_about_a_key_and_never_its_values() {
        assert!(may_change(Role::Custodian, Action::SecretReveal, &delta(Table::Key)));
        assert!(!may_change(Role::Custodian, Action::SecretReveal, &delta(Table::Version)));
        assert!(!may_change(Role::Custodian, Action::VaultSettings, &delta(Table::Settings)));
    }
}
