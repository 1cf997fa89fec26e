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
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::model::text::TextError;

    const HEADER: &str = "name,type,secret,owner,system,tags\n";

    fn read(text: impl AsRef<[u8]>) -> Result<Import, ImportError> {
        parse(&SecretBuf::from_slice(text.as_ref()))
    }

    fn problem(row: &str) -> ImportProblem {
        let import = read(format!("{HEADER}{row}")).unwrap();
        import.rows.into_iter().next().unwrap().result.unwrap_err()
    }

    #[test]
    fn a_file_of_keys_is_read_cell_by_cell() {
        let import = read(format!(
            "{HEADER}db,password,\"p,\"\"w\n\",a.novak,payments,pci;prod ;pci\r\n\r\n\
             hook,HMAC key,0102030405060708090a0b0c0d0e0f1011121314151617181920212223242531,,,\n\
             cert,file,AP8=,,,"
        ));
        // The quoted line break ends the cell; a password of one line loses it.
        let import = import.unwrap();
        let keys: Vec<_> = import.rows.iter().map(|row| (row.line, row.result.as_ref().unwrap())).collect();
        assert_eq!(keys.iter().map(|(line, _)| *line).collect::<Vec<_>>(), [2, 5, 6]);
        let (_, db) = keys[0];
        assert_eq!((db.name.as_str(), db.key_type, db.owner.as_str()), ("db", KeyType::Password, "a.novak"));
        assert_eq!(db.secret.as_str(), Some("p,\"w"));
        assert_eq!(db.tags, ["pci", "prod"]);
        assert_eq!((keys[1].1.key_type, keys[1].1.secret.len()), (KeyType::HmacSha256, 32));
        assert_eq!(keys[2].1.secret.as_bytes(), [0, 255]);
    }

    #[test]
    fn tags_are_read_as_they_are_written_and_as_others_write_them() {
        let read = |cell: &str| tags(cell).map(str::to_owned).collect::<Vec<_>>();
        assert_eq!(read("a; two words;;b,c"), ["a", "two words", "b,c"]);
        assert_eq!(read("a, two words ,b"), ["a", "two words", "b"]);
        assert_eq!(read(" a  b\nc"), ["a", "b", "c"]);
        assert_eq!(read(""), Vec::<String>::new());
        for written in [&["one"][..], &["two words"], &["a,b"], &["a", "two words"], &["a b", "c,d"]] {
            let mut key = crate::model::key::tests::sample("k");
            key.tags = written.iter().map(|tag| (*tag).to_owned()).collect();
            let now = crate::model::Timestamp(1_775_000_000_000);
            let list = crate::formats::csv_export::csv(
                &[std::sync::Arc::new(key)],
                &crate::model::Settings::default(),
                now,
            );
            let mut list = csv::ReaderBuilder::new().from_reader(list.as_bytes());
            let row = list.records().next().unwrap().unwrap();
            assert_eq!(read(&row[7]), written);
        }
    }

    #[test]
    fn columns_may_stand_in_any_order_and_unknown_ones_are_reported() {
        let import = read("\u{FEFF}Secret;URL;NAME;Type\r\nhunter2;https://x;login;password\r\n").unwrap();
        assert_eq!((import.delimiter, import.ignored_columns), (';', vec!["URL".to_owned()]));
        let key = import.rows[0].result.as_ref().unwrap();
        assert_eq!(
            (key.name.as_str(), key.secret.as_str(), import.rows[0].line),
            ("login", Some("hunter2"), 2)
        );
        let import = read("Title,Kind,Password,Username,Value\ndb,password,hunter2,sa,x\n").unwrap();
        assert_eq!(
            import.mapped_columns,
            [("Title", "name"), ("Kind", "type"), ("Password", "secret")]
                .map(|(theirs, ours)| (theirs.to_owned(), ours))
        );
        assert_eq!(import.ignored_columns, ["Username", "Value"]);
        assert_eq!(read("name\ttype\tsecret\na\ttext\tb\n").unwrap().delimiter, '\t');
    }

    #[test]
    fn what_else_a_header_names_is_read_and_checked_as_if_typed() {
        let header = "name,type,secret,note,Shared with,Sponsor,environment\n";
        let import = read(format!("{header}db,text,x,\"two\nlines\",Acme, k.lind ,test\n")).unwrap();
        assert!(import.ignored_columns.is_empty());
        let further = &import.rows[0].result.as_ref().unwrap().further;
        let around = &further.around;
        assert_eq!((further.note.as_str(), further.environment.as_str()), ("two\nlines", "test"));
        assert_eq!((around.shared_with.as_str(), around.sponsor.as_str()), ("Acme", "k.lind"));
        let bad = read(format!("{header}db,text,x,,,k\u{200B}lind,\n")).unwrap();
        assert_eq!(
            bad.rows[0].result.as_ref().unwrap_err(),
            &ImportProblem::Text(TextError::Invisible { field: "the sponsor", code: 0x200B, position: 2 })
        );
        let twice = read("name,type,secret,note,NOTE\n").err();
        assert_eq!(twice, Some(ImportError::DuplicateColumn { column: "note" }));
    }

    #[test]
    fn files_that_are_no_csv_of_keys_are_refused_as_what_they_are() {
        use ImportError as E;
        for (bytes, error) in [
            (&b""[..], E::Empty),
            (b"\xEF\xBB\xBF \n\n", E::Empty),
            (b"PK\x03\x04\x14\0", E::Spreadsheet),
            (b"\xFF\xFEn\0a\0", E::Utf16),
            (b"name,type,secret\na,text,\0", E::Binary { line: 2 }),
            (b"name,type,secret\n\na,text,\xE9", E::NotUtf8 { line: 3 }),
            (b"db,password,hunter2\n", E::NoHeader),
            (
                b"name,type,secret,\"note\ndb,password,hunter2,\"x\"\nmail,password,hunter3,y\n",
                E::HeaderQuote,
            ),
            (b"name,type,secret,\"note\ndb,password,hunter2,x\n", E::HeaderQuote),
            (b"{\"keys\": []}", E::NoHeader),
            (b"name,secret,owner\n", E::MissingColumns { missing: vec!["type"] }),
            (b"name\n", E::MissingColumns { missing: vec!["type", "secret"] }),
            (b"name,type,secret,Secret\n", E::DuplicateColumn { column: "secret" }),
        ] {
            assert_eq!(read(bytes).err(), Some(error), "{}", String::from_utf8_lossy(bytes));
        }
        assert!(read("name,type,secret\n").unwrap().rows.is_empty());
    }

    #[test]
    fn files_beyond_the_limits_are_refused_whole() {
        assert_eq!(read(vec![b'a'; FILE_MAX + 1]).err(), Some(ImportError::TooLarge));
        let many = format!("name,type,secret\n{}", "a,text,b\n".repeat(ROWS_MAX + 1));
        assert_eq!(read(many).err(), Some(ImportError::TooManyRows));
    }

    #[test]
    fn each_mistake_in_a_row_has_its_own_message() {
        use ImportProblem as P;
        assert_eq!(problem("a,text\n"), P::WrongColumnCount { found: 2, expected: 6 });
        assert_eq!(problem("a,secret,text,,,\n"), P::UnknownType);
        assert_eq!(problem("a,password,,,,\n"), P::Secret(FormatError::Empty));
        assert_eq!(problem(",text,x,,,\n"), P::Text(TextError::Empty { field: "name" }));
        assert_eq!(
            problem(&format!("{},text,x,,,", "n".repeat(257))),
            P::Text(TextError::TooLong { field: "name", len: 257, max: 256 })
        );
        assert_eq!(
            problem("a\u{202E}b,text,x,,,"),
            P::Text(TextError::Invisible { field: "name", code: 0x202E, position: 2 })
        );
        assert_eq!(
            problem("a,aes-256,abcd,,,"),
            P::Secret(FormatError::WrongLength { title: "AES key", found: 2, needed: 32 })
        );
        assert_eq!(problem("a,file,?,,,"), P::Secret(FormatError::FileNotBase64));
        assert_eq!(problem("a,text,\"b\"c,,,"), P::StrayQuote);
        assert_eq!(problem("a,text,\"b,,,\nc,text,d,,,\n"), P::QuoteNotClosed { lines: 2 });
    }

    #[test]
    fn a_quote_inside_an_unquoted_cell_belongs_to_the_secret() {
        let import = read("name,type,secret\na,password,pa\"ss\n").unwrap();
        assert_eq!(import.rows[0].result.as_ref().unwrap().secret.as_str(), Some("pa\"ss"));
    }

    #[test]
    fn one_bad_row_never_stops_the_others() {
        let import =
            read(format!("{HEADER}a,text,1,,,\nb\na,text,2,,,\n,,,,,\n\nc,nonsense,x,,,\nc,text,3,,,\n"))
                .unwrap();
        let rows: Vec<_> = import.rows.iter().map(|row| (row.line, row.result.is_ok())).collect();
        assert_eq!(rows, [(2, true), (3, false), (4, false), (7, false), (8, true)]);
        assert_eq!(import.rows[2].result.as_ref().err(), Some(&ImportProblem::DuplicateName { line: 2 }));
    }

    #[test]
    fn no_message_holds_a_part_of_any_cell() {
        let cell = "Zq7Xv9Kw3Jy5";
        for row in [
            format!("{cell},{cell},{cell},{cell},{cell},{cell}"),
            format!("{cell},{cell}"),
            format!("{cell}\u{200B},text,{cell},,,"),
            format!("{cell},aes-256,{cell},,,"),
            format!("{cell},file,{cell}!,,,"),
            format!("{cell},api-token,{cell} {cell},,,"),
            format!("{cell},text,\"{cell}\"{cell},,,"),
            format!("{cell},text,\"{cell},,,"),
        ] {
            let said = format!("{:?} {0}", problem(&row));
            assert!(
                !cell.as_bytes().windows(4).any(|part| said.contains(std::str::from_utf8(part).unwrap())),
                "{said}"
            );
        }
        let said = format!("{:?}", read(format!("{HEADER}a,text,{cell},,,")).unwrap());
        assert!(!said.contains(cell), "{said}");
        let error = read(format!("db,password,{cell}\n")).unwrap_err();
        assert!(!format!("{error} {error:?}").contains(cell));
    }

    proptest! {
        #[test]
        fn no_bytes_make_it_panic(bytes in proptest::collection::vec(any::<u8>(), 0..300)) {
            let _ = read(&bytes);
            let _ = read([HEADER.as_bytes(), &bytes].concat());
        }

        #[test]
        fn no_text_makes_it_panic_and_no_row_is_lost(
            rows in proptest::collection::vec("[a-z\",;é]{1,12}[ ]?(,text,x){0,2}", 0..20),
        ) {
            let text = format!("{HEADER}{}\n", rows.join("\r\n"));
            let import = read(&text).unwrap();
            let covered: u64 = import.rows.iter().map(|row| match &row.result {
                Err(ImportProblem::QuoteNotClosed { lines }) => *lines,
                _ => 1,
            }).sum();
            let quoted = text.contains('"');
            let blank = rows.iter().filter(|row| row.trim().chars().all(|c| c == ',')).count() as u64;
            prop_assert!(quoted || covered == rows.len() as u64 - blank);
        }

        #[test]
        fn a_written_row_is_read_back(name in "[a-z]{1,20}", secret in "[ -~\u{e9}]{1,40}") {
            let mut writer = csv::Writer::from_writer(Vec::new());
            writer.write_record(["name", "type", "secret"]).unwrap();
            writer.write_record([name.as_str(), "password", secret.as_str()]).unwrap();
            let import = read(writer.into_inner().unwrap()).unwrap();
            let key = import.rows[0].result.as_ref().unwrap();
            prop_assert_eq!((key.name.as_str(), key.secret.as_str()), (name.as_str(), Some(secret.as_str())));
        }
    }
}
