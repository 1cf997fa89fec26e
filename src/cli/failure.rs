//! What went wrong, as a script may tell it apart: an exit code, a word that stays, and a sentence for a person.

use std::io::ErrorKind;
use std::path::Path;

use serde::Serialize;

use crate::audit::export::WriteError;
use crate::store::StoreError;
use crate::vault::VaultError;

/// Exit codes. They are part of the interface and never change.
pub mod code {
    /// Done.
    pub const DONE: u8 = 0;
    /// Refused or failed.
    pub const FAILED: u8 = 1;
    /// Not a command line that makes sense.
    pub const USAGE: u8 = 2;
    /// Wrong password.
    pub const WRONG_PASSWORD: u8 = 3;
    /// Damaged or tampered with.
    pub const DAMAGED: u8 = 4;
    /// Rolled back or forked.
    pub const ROLLED_BACK: u8 = 5;
}

/// A command that did not do what it was asked.
#[derive(Clone, PartialEq, Debug, Serialize)]
pub struct Failure {
    /// A word for programs: it stays when the sentence changes.
    pub code: &'static str,
    /// The sentence, in one line.
    pub message: String,
    /// What an ambiguous name could be; left out otherwise.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub candidates: Vec<String>,
    #[serde(skip)]
    pub(super) exit: u8,
}

impl Failure {
    /// A failure outside the vault: a file that cannot be read, a terminal that is not there.
    #[must_use]
    pub fn new(code: &'static str, message: impl Into<String>) -> Self {
        Self { code, message: message.into(), candidates: Vec::new(), exit: code::FAILED }
    }

    /// A command line that cannot be carried out as it stands.
    #[must_use]
    pub fn usage(message: impl Into<String>) -> Self {
        Self { exit: code::USAGE, ..Self::new("usage", message) }
    }

    /// Says which file it is about: a script has many.
    #[must_use]
    pub fn about(self, file: &Path) -> Self {
        Self { message: format!("{}: {}", file.display(), self.message), ..self }
    }

    /// The exit code.
    #[must_use]
    pub fn exit(&self) -> u8 {
        self.exit
    }
}

impl From<VaultError> for Failure {
    fn from(error: VaultError) -> Self {
        let candidates = match &error {
            VaultError::Ambiguous { candidates, .. } => candidates.clone(),
            _ => Vec::new(),
        };
        let mut message = error.to_string();
        if exit(&error) == code::ROLLED_BACK {
            // Where the window offers a button.
            message.push_str(": keyroom vault accept-restored VAULT --reason TEXT");
        }
        if matches!(error, VaultError::WeakWithoutReason { .. }) {
            // Where the window offers a field.
            message.push_str(": --weak-because TEXT");
        }
        Self { code: word(&error), message, candidates, exit: exit(&error) }
    }
}

impl From<StoreError> for Failure {
    fn from(error: StoreError) -> Self {
        VaultError::from(error).into()
    }
}

fn exit(error: &VaultError) -> u8 {
    match error {
        VaultError::WrongPassword => code::WRONG_PASSWORD,
        VaultError::RolledBack { .. } | VaultError::Forked { .. } => code::ROLLED_BACK,
        // A vault whose first bytes were overwritten looks like this; a script that watches over vaults must hear of it.
        VaultError::Store(StoreError::NotAVault) => code::DAMAGED,
        VaultError::NotRecorded { cause: StoreError::Damaged(_), .. } => code::DAMAGED,
        error if error.is_damage() => code::DAMAGED,
        _ => code::FAILED,
    }
}

fn word(error: &VaultError) -> &'static str {
    use VaultError as E;
    match error {
        E::WrongPassword => "wrong_password",
        E::Wait { .. } => "wait",
        E::WhichOperator => "which_operator",
        E::NoSuchOperator => "no_such_operator",
        E::Store(store) => store_word(store),
        E::UnknownSuite(_) => "unknown_suite",
        E::Tampered { .. } | E::Roster(_) | E::Log(_) => "tampered",
        E::RolledBack { .. } => "rolled_back",
        E::Forked { .. } => "forked",
        E::NotPermitted { .. } | E::NoGrant | E::ExposedNeedsAdministrator { .. } => "not_permitted",
        E::PasswordNeeded => "password_needed",
        E::ReasonNeeded => "reason_needed",
        E::NoSuchKey(_) => "no_such_key",
        E::Ambiguous { .. } => "ambiguous",
        E::NameTaken(_) => "name_taken",
        E::OperatorExists(_) => "operator_exists",
        E::NoSuchVersion { .. } => "no_such_version",
        E::StateForbids { .. }
        | E::VersionForbids { .. }
        | E::AlreadyCompromised { .. }
        | E::NoOverlap(_)
        | E::NoOverlapCompromised(_) => "state_forbids",
        E::ChangedMeanwhile { .. } => "changed_meanwhile",
        E::PeriodOver { .. } => "period_over",
        E::NoSchedule { .. } => "no_schedule",
        E::Reused { .. } => "reused",
        E::ValueTooLong { .. } | E::Format(_) => "bad_value",
        E::BadTime(_) => "bad_time",
        E::Text(_) => "bad_text",
        E::Settings(_) => "bad_settings",
        E::NotRecorded { .. } => "not_recorded",
        E::Cancelled => "cancelled",
        E::WeakPassword(_) | E::SamePassword => "weak_password",
        E::WeakWithoutReason { .. } => "weak_without_reason",
        E::ReplacesItself(_) => "replaces_itself",
        E::NoSuchPolicy => "no_such_policy",
        E::PolicyInUse { .. } => "policy_in_use",
        E::PolicyNameTaken(_) => "policy_name_taken",
        E::NotScheduled(_) | E::AlreadyScheduled { .. } | E::TooEarly { .. } => "schedule_forbids",
        E::TooManyKeys { .. } => "too_many_keys",
        E::KeysReplaced => "keys_replaced",
        E::NewFile { cause, .. } => store_word(cause),
        E::Export(error) => export_word(error),
        _ if error.is_damage() => "tampered",
        _ => "failed",
    }
}

fn export_word(error: &WriteError) -> &'static str {
    match error {
        // A file stands where the folder was to be made.
        WriteError::NotEmpty | WriteError::Io { cause: ErrorKind::NotADirectory, .. } => "exists",
        WriteError::Io { cause, .. } => store_word(&StoreError::from(std::io::Error::from(*cause))),
        WriteError::Entry { .. } => "io",
    }
}

fn store_word(error: &StoreError) -> &'static str {
    match error {
        StoreError::NotFound => "not_found",
        StoreError::Exists => "exists",
        StoreError::NotAVault => "not_a_vault",
        StoreError::Newer { .. } => "newer_format",
        StoreError::Damaged(_) => "damaged",
        StoreError::ReadOnly => "read_only",
        StoreError::Permission => "permission_denied",
        StoreError::Full => "disk_full",
        StoreError::Busy => "busy",
        _ => "io",
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::crypto::CryptoError;
    use crate::crypto::kdf::KdfParams;
    use crate::model::Action;

    #[test]
    fn each_kind_of_failure_has_the_exit_code_of_the_manual() {
        let floor = CryptoError::KdfBelowFloor { params: KdfParams { memory_kib: 8, passes: 1, lanes: 1 } };
        let table = [
            (VaultError::WrongPassword, 3),
            (VaultError::Wait { seconds: 1 }, 1),
            (VaultError::tampered("x"), 4),
            (VaultError::UnknownSuite(9), 4),
            (VaultError::Crypto(floor), 4),
            (VaultError::Store(StoreError::Damaged("x".into())), 4),
            (VaultError::Store(StoreError::NotAVault), 4),
            (VaultError::Store(StoreError::NotFound), 1),
            (VaultError::Store(StoreError::Newer { found: 9, known: 1 }), 1),
            (VaultError::RolledBack { file: 1, seen: 2 }, 5),
            (VaultError::Forked { seen: 2 }, 5),
            (VaultError::NoGrant, 1),
            (VaultError::NotRecorded { action: Action::KeyCreate, cause: StoreError::Full }, 1),
        ];
        for (error, exit) in table {
            assert_eq!(Failure::from(error.clone()).exit(), exit, "{error:?}");
        }
        assert_eq!(Failure::usage("x").exit(), 2);
    }

    #[test]
    fn a_file_that_could_not_be_made_has_the_word_for_why() {
        let code = |error: VaultError| Failure::from(error).code;
        let file = |cause| code(VaultError::NewFile { words: "x".into(), cause });
        assert_eq!(file(StoreError::Full), "disk_full");
        assert_eq!(file(StoreError::Exists), "exists");
        assert_eq!(file(StoreError::Permission), "permission_denied");
        let io = |cause| code(VaultError::Export(WriteError::Io { file: "log.jsonl", cause }));
        assert_eq!(io(ErrorKind::StorageFull), "disk_full");
        assert_eq!(io(ErrorKind::NotADirectory), "exists");
        assert_eq!(io(ErrorKind::PermissionDenied), "permission_denied");
        assert_eq!(io(ErrorKind::Other), "io");
        assert_eq!(code(VaultError::Export(WriteError::NotEmpty)), "exists");
    }

    #[test]
    fn the_object_a_program_reads_has_code_and_message_and_candidates_only_where_there_are_any() {
        let json = |e: VaultError| serde_json::to_string(&Failure::from(e)).unwrap();
        assert_eq!(
            json(VaultError::WrongPassword),
            r#"{"code":"wrong_password","message":"that did not unlock the vault. Check the password"}"#
        );
        let several = VaultError::Ambiguous { name: "db".into(), candidates: vec!["a".into(), "b".into()] };
        assert!(json(several).contains(r#""candidates":["a","b"]"#));
    }
}
