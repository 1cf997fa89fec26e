//! Putting many keys in at once, from the rows of a file: one entry, one commit, and a report of every row.

use crate::formats::csv_import::{Further, ImportedKey};
use crate::model::{Action, Change, CompartmentId, KeyId, Object, Origin, text};
use crate::store::Walk;
use crate::vault::{Entry, Needs, Operation, Transaction, VaultError, View};

use super::common::manage_keys;
use super::create_key::{KeyDraft, add_key};
use super::new_value::Material;

/// The most keys that go in at once: what one entry of the log can name.
pub const IMPORT_MAX: usize = 100_000;
/// The most keys the entry names in words; it commits to every one of them either way.
const NAMED_MAX: usize = 1_000;

/// Puts keys in that a file held; each is in use at once. The rows stay their owner's: what could not go in now may later.
pub struct ImportKeys<'a> {
    rows: Vec<&'a ImportedKey>,
    file: String,
    step: Option<&'a mut dyn FnMut(u64, u64) -> Walk>,
}

impl<'a> ImportKeys<'a> {
    /// Of the rows that could be read, and the file's name.
    #[must_use]
    pub fn new(rows: impl IntoIterator<Item = &'a ImportedKey>, file: impl Into<String>) -> Self {
        Self { rows: rows.into_iter().collect(), file: file.into(), step: None }
    }

    /// The same, telling how many rows are ready, of how many in all. A break gives all of it up: nothing goes in.
    #[must_use]
    pub fn watched(mut self, step: &'a mut dyn FnMut(u64, u64) -> Walk) -> Self {
        self.step = Some(step);
        self
    }
}

/// What became of one row.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct ImportOutcome {
    /// The name the row gave.
    pub name: String,
    /// The key it became, or why it was left out.
    pub result: Result<KeyId, String>,
}

impl Operation for ImportKeys<'_> {
    type Outcome = Vec<ImportOutcome>;

    fn action(&self) -> Action {
        Action::KeyImport
    }

    fn needs(&self, _: &View) -> Needs {
        manage_keys()
    }

    fn entry(&self, _: &View) -> Entry {
        let count = u32::try_from(self.rows.len()).unwrap_or(u32::MAX);
        Entry::new(Action::KeyImport, Object::Keys { count })
    }

    fn apply(mut self, tx: &mut Transaction<'_>) -> Result<Vec<ImportOutcome>, VaultError> {
        let file = self.file.rsplit(['/', '\\']).next().unwrap_or_default();
        let file = text::name("the file's name", file)?;
        tx.note_change(Change::of("file", "", file.as_str()));
        let mut import = Import::new(tx, file)?;
        let mut outcomes = Vec::with_capacity(self.rows.len());
        let total = self.rows.len() as u64;
        for row in self.rows {
            if let Some(step) = &mut self.step
                && step(outcomes.len() as u64, total).is_break()
            {
                return Err(VaultError::Cancelled);
            }
            let name = row.name.clone();
            let result = match import.row(tx, row) {
                Ok(id) => Ok(id),
                Err(error) if concerns_row(&error) => Err(error.to_string()),
                Err(error) => return Err(error),
            };
            outcomes.push(ImportOutcome { name, result });
        }
        tx.set_object(Object::Keys { count: u32::try_from(import.done).unwrap_or(u32::MAX) });
        let unnamed = import.done.saturating_sub(NAMED_MAX);
        if unnamed > 0 {
            tx.note_change(Change::of("key", "", format!("and {unnamed} more")));
        }
        Ok(outcomes)
    }
}

struct Import {
    compartment: CompartmentId,
    file: String,
    done: usize,
}

impl Import {
    fn new(tx: &Transaction<'_>, file: String) -> Result<Self, VaultError> {
        Ok(Self { compartment: tx.default_compartment()?, file, done: 0 })
    }

    fn row(&mut self, tx: &mut Transaction<'_>, row: &ImportedKey) -> Result<KeyId, VaultError> {
        if self.done == IMPORT_MAX {
            return Err(VaultError::TooManyKeys { max: IMPORT_MAX });
        }
        let Further { environment, purpose, note, contact, deployed, around } = row.further.clone();
        let draft = KeyDraft {
            environment,
            purpose,
            note,
            contact,
            deployed,
            around,
            owner: row.owner.clone(),
            system: row.system.clone(),
            tags: row.tags.clone(),
            ..KeyDraft::new(row.name.clone(), row.key_type)
        };
        let draft = draft.check()?;
        tx.claim_name(&draft.name, None)?;
        let name = draft.name.clone();
        let origin = Origin::Imported { file: self.file.clone() };
        let material = Material::of(draft.key_type, row.secret.duplicate(), origin);
        let id = add_key(tx, self.compartment, draft, &material, true)?;
        if self.done < NAMED_MAX {
            tx.note_change(Change::of("key", "", name.as_str()));
        }
        self.done += 1;
        Ok(id)
    }
}

/// Whether an error is about the row alone, so that the others can go in.
fn concerns_row(error: &VaultError) -> bool {
    matches!(
        error,
        VaultError::NameTaken(_)
            | VaultError::Text(_)
            | VaultError::ValueTooLong { .. }
            | VaultError::TooManyKeys { .. }
    )
}
