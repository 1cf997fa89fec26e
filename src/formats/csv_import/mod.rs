//! Keys from a CSV file, as other vaults and spreadsheets export them.
//!
//! The header names the columns: `name,type,secret,owner,system,tags`, in any order and either case; `name`, `type` and
//! `secret` must be there. Columns called as in [`FURTHER`] are read as well. Where one of our words is missing, what others call that column is read in its place and
//! reported (`Title` for `name`, `Password` for `secret`); other columns are reported as ignored. Tags stand in one cell, separated by `;`, where there is none by commas, and where there is neither by blanks. The
//! delimiter is a comma, a semicolon or a tab, whichever makes sense of the header. The secret is read as if typed, except
//! that a `file` must be Base64.
//!
//! A row is imported exactly as it stands or refused with its line number and a reason; one bad row never stops the
//! others, and none is lost in silence (a quote that is never closed would swallow the rest of the file, and a quote in the
//! wrong place would change a secret: both are refused). No message holds the content of a cell, because in a file with
//! mistaken columns any cell may be a secret.
//!
//! The `csv` crate keeps the row it reads in buffers of its own; the zeroing global allocator wipes them when they go.

use std::collections::HashMap;

use csv::{ByteRecord, ReaderBuilder};

mod lines;
mod problem;

pub use problem::{ImportError, ImportProblem};

use lines::Lines;

use super::{FormatError, encode};
use crate::crypto::memory::SecretBuf;
use crate::model::{KeyAround, KeyType, text};

/// The largest file, in bytes: 64 MiB.
pub const FILE_MAX: usize = 64 << 20;
/// The most rows after the header.
pub const ROWS_MAX: usize = 200_000;

const BOM: &[u8] = b"\xEF\xBB\xBF";
const DELIMITERS: [u8; 3] = *b",;\t";
const COLUMNS: [&str; 6] = ["name", "type", "secret", "owner", "system", "tags"];
/// What other vaults and spreadsheets call them. Read only where no column has our own word.
const ALIASES: [&[&str]; COLUMNS.len()] = [
    &["title", "key", "label"],
    &["kind"],
    &["value", "password", "token"],
    &[],
    &["service", "application", "app"],
    &["tag", "labels"],
];
/// The first three of [`COLUMNS`].
const REQUIRED: usize = 3;
/// What else of the columns of a list that was exported is read, where the header names it.
pub const FURTHER: [&str; 10] = [
    "environment",
    "purpose",
    "note",
    "contact",
    "deployed",
    "sponsor",
    "custodians",
    "location",
    "shared with",
    "runbook",
];

/// What a file held.
#[derive(Debug)]
pub struct Import {
    /// Every row that is not empty, in the order of the file.
    pub rows: Vec<ImportRow>,
    /// Columns that mean nothing here; their cells were not read.
    pub ignored_columns: Vec<String>,
    /// Columns that are called otherwise than ours, and which of ours each was read as.
    pub mapped_columns: Vec<(String, &'static str)>,
    /// What separates the cells: a comma, a semicolon or a tab.
    pub delimiter: char,
}

/// One row.
#[derive(Debug)]
pub struct ImportRow {
    /// The line it begins on, counted from 1; the header is usually line 1.
    pub line: u64,
    /// The key, or why the row was refused.
    pub result: Result<ImportedKey, ImportProblem>,
}

/// A key as a row gives it. Its `Debug` leaves the secret out.
pub struct ImportedKey {
    /// Its name.
    pub name: String,
    /// Its type.
    pub key_type: KeyType,
    /// Its value, normalised and checked.
    pub secret: SecretBuf,
    /// Who answers for it; may be empty.
    pub owner: String,
    /// What it belongs to; may be empty.
    pub system: String,
    /// Its tags, sorted, without repetitions.
    pub tags: Vec<String>,
    /// What the columns of [`FURTHER`] say.
    pub further: Further,
}

/// What a row says besides; each text may be empty.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct Further {
    /// Where the system runs.
    pub environment: String,
    /// What the key is for.
    pub purpose: String,
    /// Anything else.
    pub note: String,
    /// Whom to ask.
    pub contact: String,
    /// Where its value is in use.
    pub deployed: String,
    /// Who else answers for it and has it.
    pub around: KeyAround,
}

impl std::fmt::Debug for ImportedKey {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("ImportedKey")
            .field("name", &self.name)
            .field("key_type", &self.key_type)
            .finish_non_exhaustive()
    }
}

/// Reads a CSV file.
///
/// # Errors
/// [`ImportError`] when the file as a whole is no CSV file of keys. What is wrong with single rows is in the rows.
pub fn parse(bytes: &SecretBuf) -> Result<Import, ImportError> {
    let bytes = text_of(bytes.as_bytes())?;
    let (delimiter, header) = header_of(bytes)?;
    let mut reader =
        ReaderBuilder::new().has_headers(false).flexible(true).delimiter(delimiter).from_reader(bytes);
    let mut lines = Lines::of(bytes);
    let mut names = HashMap::new();
    let mut record = ByteRecord::new();
    let mut rows = Vec::new();
    let mut past_header = false;
    loop {
        let start = offset(&reader);
        // Reading from memory fails neither with an I/O error nor, being flexible and of bytes, with any other.
        if !reader.read_byte_record(&mut record).unwrap_or(false) {
            break;
        }
        if !std::mem::replace(&mut past_header, true) {
            continue;
        }
        let (raw, line) = lines.row(start, offset(&reader));
        if record.iter().all(|cell| cell.trim_ascii().is_empty()) {
            continue;
        }
        if rows.len() == ROWS_MAX {
            return Err(ImportError::TooManyRows);
        }
        let result =
            lines::check_quotes(raw, delimiter).and_then(|()| header.key(&record)).and_then(
                |key| match names.get(&key.name) {
                    Some(line) => Err(ImportProblem::DuplicateName { line: *line }),
                    None => Ok(key),
                },
            );
        if let Ok(key) = &result {
            names.insert(key.name.clone(), line);
        }
        rows.push(ImportRow { line, result });
    }
    let Header { ignored: ignored_columns, mapped: mapped_columns, .. } = header;
    Ok(Import { rows, ignored_columns, mapped_columns, delimiter: char::from(delimiter) })
}

/// The file as text without its byte order mark, or why it is none.
fn text_of(bytes: &[u8]) -> Result<&[u8], ImportError> {
    if bytes.len() > FILE_MAX {
        return Err(ImportError::TooLarge);
    }
    if bytes.starts_with(b"PK\x03\x04") || bytes.starts_with(b"\xD0\xCF\x11\xE0") {
        return Err(ImportError::Spreadsheet);
    }
    if bytes.starts_with(b"\xFF\xFE") || bytes.starts_with(b"\xFE\xFF") {
        return Err(ImportError::Utf16);
    }
    let bytes = bytes.strip_prefix(BOM).unwrap_or(bytes);
    if bytes.trim_ascii().is_empty() {
        return Err(ImportError::Empty);
    }
    if let Some(at) = bytes.iter().position(|byte| *byte == 0) {
        return Err(ImportError::Binary { line: 1 + lines::breaks(&bytes[..at]) });
    }
    match std::str::from_utf8(bytes) {
        Ok(_) => Ok(bytes),
        Err(error) => Err(ImportError::NotUtf8 { line: 1 + lines::breaks(&bytes[..error.valid_up_to()]) }),
    }
}

/// Where each of our columns stands in a row.
struct Header {
    places: [Option<usize>; COLUMNS.len()],
    further: [Option<usize>; FURTHER.len()],
    ignored: Vec<String>,
    mapped: Vec<(String, &'static str)>,
    columns: usize,
}

/// The delimiter that finds the most of our columns in the first line, and the header it gives.
fn header_of(bytes: &[u8]) -> Result<(u8, Header), ImportError> {
    let mut best: Option<(usize, u8, ByteRecord)> = None;
    for delimiter in DELIMITERS {
        let mut record = ByteRecord::new();
        let read = reader_of(bytes, delimiter).read_byte_record(&mut record).unwrap_or(false);
        let found = COLUMNS.iter().chain(ALIASES.into_iter().flatten());
        let found = found.filter(|column| record.iter().any(|cell| is(cell, column))).count();
        if read && best.as_ref().is_none_or(|(most, ..)| found > *most) {
            best = Some((found, delimiter, record));
        }
    }
    match best {
        // Told before anything of it is: the cell would hold rows, with their values.
        Some((found, _, record)) if found > 0 && record.iter().any(has_line_end) => {
            Err(ImportError::HeaderQuote)
        }
        Some((found, delimiter, record)) if found > 0 && is_header(&record) => {
            Ok((delimiter, Header::read(&record)?))
        }
        _ => Err(ImportError::NoHeader),
    }
}

/// Whether a line names columns: one of our words, or two of those that others have for them. One alone may be a cell.
fn is_header(record: &ByteRecord) -> bool {
    let count = |words: &mut dyn Iterator<Item = &&str>| {
        words.filter(|word| record.iter().any(|cell| is(cell, word))).count()
    };
    count(&mut COLUMNS.iter()) > 0 || count(&mut ALIASES.into_iter().flatten()) > 1
}

fn has_line_end(cell: &[u8]) -> bool {
    cell.iter().any(|byte| matches!(byte, b'\n' | b'\r'))
}

fn is(cell: &[u8], column: &str) -> bool {
    cell.trim_ascii().eq_ignore_ascii_case(column.as_bytes())
}

impl Header {
    fn read(record: &ByteRecord) -> Result<Self, ImportError> {
        let mut header = Self {
            places: [None; COLUMNS.len()],
            further: [None; FURTHER.len()],
            ignored: Vec::new(),
            columns: record.len(),
            mapped: Vec::new(),
        };
        let mut others = Vec::new();
        for (place, cell) in record.iter().enumerate() {
            match COLUMNS.iter().position(|column| is(cell, column)) {
                Some(known) if header.places[known].replace(place).is_some() => {
                    return Err(ImportError::DuplicateColumn { column: COLUMNS[known] });
                }
                Some(_) => {}
                None => others.push((place, cell)),
            }
        }
        for (place, cell) in others {
            if let Some(known) = FURTHER.iter().position(|column| is(cell, column)) {
                if header.further[known].replace(place).is_some() {
                    return Err(ImportError::DuplicateColumn { column: FURTHER[known] });
                }
                continue;
            }
            let known = ALIASES.iter().position(|aliases| aliases.iter().any(|alias| is(cell, alias)));
            match known.filter(|known| header.places[*known].is_none()) {
                Some(known) => {
                    header.places[known] = Some(place);
                    header.mapped.push((shown(cell), COLUMNS[known]));
                }
                None => header.ignored.push(shown(cell)),
            }
        }
        let lacks = |(_, place): &(&'static str, Option<usize>)| place.is_none();
        let missing: Vec<_> = COLUMNS
            .into_iter()
            .zip(header.places)
            .take(REQUIRED)
            .filter(lacks)
            .map(|(column, _)| column)
            .collect();
        if missing.is_empty() { Ok(header) } else { Err(ImportError::MissingColumns { missing }) }
    }

    fn key(&self, record: &ByteRecord) -> Result<ImportedKey, ImportProblem> {
        if record.len() != self.columns {
            return Err(ImportProblem::WrongColumnCount { found: record.len(), expected: self.columns });
        }
        let cell = |i: usize| self.places[i].and_then(|place| record.get(place)).unwrap_or_default();
        // The file is UTF-8 and cells end at ASCII characters, so every cell is.
        let words = |i: usize| std::str::from_utf8(cell(i)).unwrap_or_default();
        let name = text::name("name", words(0))?;
        let key_type = key_type(words(1)).ok_or(ImportProblem::UnknownType)?;
        let secret = secret(key_type, cell(2))?;
        let owner = text::optional("owner", words(3))?;
        let system = text::optional("system", words(4))?;
        let tags = text::tags(tags(words(5)))?;
        let further = self.further(record)?;
        Ok(ImportedKey { name, key_type, secret, owner, system, tags, further })
    }

    fn further(&self, record: &ByteRecord) -> Result<Further, ImportProblem> {
        let cell = |i: usize| {
            let place = self.further.get(i).copied().flatten();
            let cell = place.and_then(|place| record.get(place)).unwrap_or_default();
            std::str::from_utf8(cell).unwrap_or_default()
        };
        let around = KeyAround {
            sponsor: cell(5).to_owned(),
            custodians: cell(6).to_owned(),
            location: cell(7).to_owned(),
            shared_with: cell(8).to_owned(),
            runbook: cell(9).to_owned(),
            ..KeyAround::default()
        };
        Ok(Further {
            environment: text::optional("the environment", cell(0))?,
            purpose: text::optional("the purpose", cell(1))?,
            note: text::note("the note", cell(2))?,
            contact: text::optional("the contact", cell(3))?,
            deployed: text::optional("where it is deployed", cell(4))?,
            around: around.check()?,
        })
    }
}

/// The tags of a cell: what stands between `;`, else between commas, else between blanks.
fn tags(cell: &str) -> impl Iterator<Item = &str> {
    let between: &[char] = match cell {
        cell if cell.contains(';') => &[';'],
        cell if cell.contains(',') => &[','],
        _ => &[' ', '\t', '\n', '\r'],
    };
    cell.split(between).map(str::trim).filter(|tag| !tag.is_empty())
}

/// An ignored column's name, short and without characters that cannot be seen.
fn shown(cell: &[u8]) -> String {
    let name = String::from_utf8_lossy(cell);
    let name: String = name.trim().chars().filter(|c| !c.is_control()).take(40).collect();
    if name.is_empty() { "(no name)".to_owned() } else { name }
}

/// The type by its word or its title, in either case.
fn key_type(cell: &str) -> Option<KeyType> {
    let cell = cell.trim();
    let named = |t: &KeyType| cell.eq_ignore_ascii_case(t.word()) || cell.eq_ignore_ascii_case(t.title());
    KeyType::ALL.into_iter().find(named)
}

fn secret(key_type: KeyType, cell: &[u8]) -> Result<SecretBuf, FormatError> {
    let cell = SecretBuf::from_slice(cell);
    if cell.is_empty() {
        return Err(FormatError::Empty);
    }
    let entered = if key_type == KeyType::File { encode::file_from_base64(&cell)? } else { cell };
    encode::parse_entered(key_type, &entered)
}

fn reader_of(bytes: &[u8], delimiter: u8) -> csv::Reader<&[u8]> {
    ReaderBuilder::new().has_headers(false).flexible(true).delimiter(delimiter).from_reader(bytes)
}

fn offset(reader: &csv::Reader<&[u8]>) -> usize {
    usize::try_from(reader.position().byte()).unwrap_or(usize::MAX)
}

#[cfg(test)]
mod tests;
