//! Operators, their roles, and what each role may do.

use serde::{Deserialize, Serialize};

use super::{OperatorId, Timestamp};

/// What an operator is there for.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug, Serialize, Deserialize)]
pub enum Role {
    /// Runs the vault: operators, settings, and the keys of the compartments granted.
    Administrator,
    /// Looks after the keys of the compartments granted.
    Custodian,
    /// Reads what is known about keys and the log; is never granted a compartment.
    Auditor,
    /// The recovery kit: may install an administrator and nothing else.
    Recovery,
}

impl Role {
    /// The word for it.
    #[must_use]
    pub fn word(self) -> &'static str {
        match self {
            Self::Administrator => "administrator",
            Self::Custodian => "custodian",
            Self::Auditor => "auditor",
            Self::Recovery => "recovery",
        }
    }

    /// Whether this role holds `permission`. Compartments are decided by grants on top of this.
    #[must_use]
    pub fn may(self, permission: Permission) -> bool {
        use Permission::{ChangeSettings, ManageKeys, ManageOperators, OwnAccount, ReadLog, ReadSecrets};
        match self {
            Self::Administrator => true,
            Self::Custodian => !matches!(permission, ManageOperators | ChangeSettings),
            Self::Auditor => matches!(permission, ReadLog | OwnAccount),
            Self::Recovery => match permission {
                ManageOperators => true,
                ReadLog | OwnAccount | ReadSecrets | ManageKeys | ChangeSettings => false,
            },
        }
    }
}

/// The kinds of things an operation may need leave for.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
pub enum Permission {
    /// See, verify and export the log; back the file up.
    ReadLog,
    /// Lock, unlock, change one's own password, keep drafts.
    OwnAccount,
    /// Reveal, copy or export a value.
    ReadSecrets,
    /// Create, edit, rotate and destroy keys.
    ManageKeys,
    /// Change settings and policies; accept a restored backup.
    ChangeSettings,
    /// Change who the operators are.
    ManageOperators,
}

impl Permission {
    /// All permissions.
    pub const ALL: [Self; 6] = [
        Self::ReadLog,
        Self::OwnAccount,
        Self::ReadSecrets,
        Self::ManageKeys,
        Self::ChangeSettings,
        Self::ManageOperators,
    ];

    /// What it allows, in words that follow "may not".
    #[must_use]
    pub fn words(self) -> &'static str {
        match self {
            Self::ReadLog => "read the log",
            Self::OwnAccount => "use this vault",
            Self::ReadSecrets => "read secrets",
            Self::ManageKeys => "change keys",
            Self::ChangeSettings => "change settings",
            Self::ManageOperators => "change operators",
        }
    }
}

/// An operator as the roster names them.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct Operator {
    /// Their id.
    pub id: OperatorId,
    /// Their name.
    pub name: String,
    /// What they are there for.
    pub role: Role,
    /// The X-Wing public key grants are sealed to (1216 bytes).
    pub seal_key: Vec<u8>,
    /// The Ed25519 public key their signatures verify with.
    pub verify_key: [u8; 32],
    /// When they were added.
    pub added: Timestamp,
    /// When they were removed; their old signatures still verify, new ones do not.
    pub removed: Option<Timestamp>,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_auditor_may_read_the_log_and_nothing_of_keys() {
        let allowed: Vec<_> = Permission::ALL.into_iter().filter(|p| Role::Auditor.may(*p)).collect();
        assert_eq!(allowed, [Permission::ReadLog, Permission::OwnAccount]);
    }

    #[test]
    fn only_an_administrator_changes_settings() {
        let who: Vec<_> = [Role::Administrator, Role::Custodian, Role::Auditor, Role::Recovery]
            .into_iter()
            .filter(|r| r.may(Permission::ChangeSettings))
            .collect();
        assert_eq!(who, [Role::Administrator]);
    }
}
