//! Some hundred keys, sorted by name, with their text in one buffer and their numbers in columns.

use std::collections::HashMap;
use std::ops::Range;
use std::sync::Arc;

use crate::model::due::due_date;
use crate::model::query_text::lower;
use crate::model::{KeyId, KeyRecord, Settings, Timestamp};

/// The word for "no date" in a column of dates.
pub(super) const NO_DATE: i64 = i64::MIN;

/// Where a field of a key stands in the buffer: name, owner, system, environment, purpose, tags, note. Owner, system and
/// tags are compared by [`Words`] and need no name here.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) enum Field {
    Name = 0,
    Environment = 3,
    Purpose = 4,
    Note = 6,
}

pub(super) const FIELD_COUNT: usize = 7;

/// Between two fields, two tags and two keys: nothing that is searched for can contain them.
pub(super) const FIELD_END: char = '\u{1}';
pub(super) const TAG_END: char = '\u{2}';

/// What a key is compared by, beside its text.
#[derive(Clone, Copy, Debug)]
pub(super) struct Numbers {
    pub(super) due: i64,
    pub(super) created: i64,
    pub(super) rotated: i64,
    pub(super) used: i64,
    pub(super) process: i64,
    pub(super) version: u32,
    pub(super) key_type: u8,
    pub(super) state: u8,
    /// Bit 0 critical, 1 ever revealed, 2 ever copied, 3 ever exported, 4 in use, 5 ever compromised.
    pub(super) flags: u8,
}

pub(super) const CRITICAL: u8 = 1;
pub(super) const REVEALED: u8 = 2;
pub(super) const COPIED: u8 = 4;
pub(super) const EXPORTED: u8 = 8;
pub(super) const IN_USE: u8 = 16;
pub(super) const COMPROMISED: u8 = 32;

/// Names that many keys share, each kept once, with the numbers of those each key has.
#[derive(Clone, Default)]
pub(super) struct Words {
    /// As first written, and in lower case.
    names: Vec<(Box<str>, Box<str>)>,
    ids: Vec<u16>,
    /// Where the numbers of each key end in `ids`.
    ends: Vec<u32>,
}

impl Words {
    /// Adds the names of one key. `known` finds the number of a name in lower case.
    fn push<'a>(&mut self, known: &mut HashMap<String, u16>, names: impl IntoIterator<Item = &'a str>) {
        for name in names {
            let lower = lower(name);
            let id = known.get(lower.as_ref()).copied().or_else(|| {
                // A thousand keys of 32 tags each never fill two bytes; names beyond would go uncounted.
                let id = u16::try_from(self.names.len()).ok()?;
                self.names.push((name.into(), lower.as_ref().into()));
                known.insert(lower.into_owned(), id);
                Some(id)
            });
            self.ids.extend(id);
        }
        self.ends.push(u32::try_from(self.ids.len()).unwrap_or(u32::MAX));
    }

    /// The numbers of the names of the key at `at`.
    pub(super) fn of(&self, at: usize) -> &[u16] {
        let end = |at: usize| self.ends.get(at).map_or(0, |end| *end as usize);
        self.ids.get(at.checked_sub(1).map_or(0, end)..end(at)).unwrap_or(&[])
    }

    /// All names by number: as first written, and in lower case.
    pub(super) fn names(&self) -> impl Iterator<Item = (&str, &str)> {
        self.names.iter().map(|(shown, lower)| (&**shown, &**lower))
    }
}

/// The keys of one block.
#[derive(Clone, Default)]
pub(super) struct Block {
    pub(super) records: Vec<Arc<KeyRecord>>,
    pub(super) numbers: Vec<Numbers>,
    pub(super) owners: Words,
    pub(super) systems: Words,
    pub(super) tags: Words,
    /// The lower-case text of all keys, one after the other.
    pub(super) text: String,
    /// Where each field of each key ends in `text`.
    ends: Vec<[u32; FIELD_COUNT]>,
}

impl Block {
    /// As many keys as a block holds at most; it is split in two beyond that.
    pub(super) const MAX: usize = 1024;

    pub(super) fn of(records: Vec<Arc<KeyRecord>>, settings: &Settings) -> Self {
        let mut block = Self { numbers: Vec::with_capacity(records.len()), ..Self::default() };
        let (mut owners, mut systems, mut tags) = Default::default();
        for record in &records {
            block.numbers.push(numbers(record, settings));
            block.owners.push(&mut owners, [record.owner.as_str()]);
            block.systems.push(&mut systems, [record.system.as_str()]);
            block.tags.push(&mut tags, record.tags.iter().map(String::as_str));
            block.add_text(record);
        }
        Self { records, ..block }
    }

    pub(super) fn len(&self) -> usize {
        self.records.len()
    }

    /// The text of one field of the key at `at`.
    pub(super) fn field(&self, at: usize, field: Field) -> &str {
        let end = |at: usize, field: usize| self.ends.get(at).map_or(0, |ends| ends[field] as usize);
        let start = match (at, field as usize) {
            (0, 0) => 0,
            (at, 0) => end(at - 1, FIELD_COUNT - 1) + 1,
            (at, field) => end(at, field - 1) + 1,
        };
        self.text.get(start..end(at, field as usize)).unwrap_or("")
    }

    /// All text of the key at `at`.
    pub(super) fn span(&self, at: usize) -> Range<usize> {
        let end = |at: usize| self.ends.get(at).map_or(0, |ends| ends[FIELD_COUNT - 1] as usize + 1);
        let start = at.checked_sub(1).map_or(0, end);
        start..end(at)
    }

    /// What the block is sorted by.
    pub(super) fn order_of(record: &KeyRecord) -> (String, KeyId) {
        (lower(&record.name).into_owned(), record.id)
    }

    fn add_text(&mut self, record: &KeyRecord) {
        let KeyRecord { name, owner, system, environment, purpose, note, later, around, .. } = record;
        // Whom to ask, where it is in use and what is known around it are found with the note.
        let others = [later.contact.as_str(), &later.deployed].into_iter();
        let others = others.chain(around.texts().map(|(_, text)| text)).filter(|text| !text.is_empty());
        let notes = others.fold(clean(note), |all, text| all + " " + &clean(text));
        let tags: String = record.tags.iter().flat_map(|tag| [clean(tag), TAG_END.to_string()]).collect();
        let fields =
            [clean(name), clean(owner), clean(system), clean(environment), clean(purpose), tags, notes];
        let mut ends = [0; FIELD_COUNT];
        for (end, field) in ends.iter_mut().zip(fields) {
            self.text.push_str(&field);
            *end = u32::try_from(self.text.len()).unwrap_or(u32::MAX);
            self.text.push(FIELD_END);
        }
        self.ends.push(ends);
    }
}

fn numbers(record: &KeyRecord, settings: &Settings) -> Numbers {
    let date = |moment: Option<Timestamp>| moment.map_or(NO_DATE, |t| t.0.max(NO_DATE + 1));
    let flags = [
        (CRITICAL, record.critical),
        (REVEALED, record.ever_revealed),
        (COPIED, record.ever_copied),
        (EXPORTED, record.ever_exported),
        (IN_USE, record.state.is_in_use()),
        (COMPROMISED, record.compromise.is_some()),
    ];
    Numbers {
        due: if record.state.is_in_use() { date(due_date(record, settings)) } else { NO_DATE },
        created: date(Some(record.created)),
        rotated: date(Some(record.last_rotated())),
        used: date(record.last_used),
        process: date(record.process_until(settings).map(|until| until.date)),
        version: record.current_number(),
        key_type: record.key_type as u8,
        state: record.state as u8,
        flags: flags.into_iter().filter(|(_, set)| *set).fold(0, |all, (bit, _)| all | bit),
    }
}

/// In lower case and without the separators, which nobody can type.
fn clean(text: &str) -> String {
    let mut text = lower(text).into_owned();
    text.retain(|c| c != FIELD_END && c != TAG_END);
    text
}
