//! Putting fields of a key back to what they were before an edit, or, the other way, to what they were before that was
//! taken back. An edit like any other, recorded like any other.
//!
//! Only what still is as the edit left it is put back: what somebody changed since stays, whoever it was and in whichever
//! program. It is looked at inside the transaction, so nothing can come between.

use crate::model::{Action, KeyId};
use crate::vault::{Entry, Needs, Operation, Transaction, VaultError, View};

use super::common::{key_entry, living, manage_keys};
use super::create_key::KeyDraft;
use super::edit_key::edit;
use super::field_edit::{FieldEdit, KeyField};

/// Puts the fields of an edit back, as far as they are as it left them.
pub struct PutBack(pub FieldEdit);

/// What came of it.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct PutBackDone {
    /// Which key.
    pub key: KeyId,
    /// The fields that are as they were.
    pub put: Vec<KeyField>,
    /// The fields that stay as they are, because they were changed since.
    pub left: Vec<KeyField>,
    /// The entry that records it.
    pub seq: u64,
}

impl Operation for PutBack {
    type Outcome = PutBackDone;

    fn action(&self) -> Action {
        Action::KeyEdit
    }

    fn needs(&self, _: &View) -> Needs {
        manage_keys()
    }

    fn entry(&self, view: &View) -> Entry {
        key_entry(Action::KeyEdit, view, self.0.key, None, "")
    }

    fn apply(self, tx: &mut Transaction<'_>) -> Result<PutBackDone, VaultError> {
        let record = living(tx, self.0.key, "edited")?;
        let (put, left) = self.0.split(&record);
        if put.is_empty() {
            return Err(VaultError::ChangedSince(record.name));
        }
        let mut draft = KeyDraft::from_record(&record);
        put.iter().for_each(|field| field.take_over(&self.0.before, &mut draft));
        let (key, seq) = (record.id, tx.view().log_size);
        edit(tx, record, &draft)?;
        Ok(PutBackDone { key, put, left, seq })
    }
}
