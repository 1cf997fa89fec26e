//! What is known about keys as a table for a spreadsheet: CSV (RFC 4180) for a file, tabs for the clipboard, and JSON for a
//! program. Never a value.
//!
//! A cell that begins like a formula would be run by the spreadsheet that opens it (CWE-1236), and the names in a vault are
//! typed by people: such cells get an apostrophe, which spreadsheets show as text.

use std::sync::Arc;

use serde_json::{Value, json};

use crate::model::due::{due, due_date, policy_of};
use crate::model::{KeyRecord, PolicyChoice, Settings, Timestamp};

/// The columns, in order. New ones come at the end.
pub const COLUMNS: [&str; 48] = [
    "name",
    "type",
    "state",
    "owner",
    "system",
    "environment",
    "purpose",
    "tags",
    "contact",
    "deployed",
    "version",
    "next rotation",
    "due",
    "policy",
    "exempt because",
    "expires",
    "created",
    "activated",
    "current since",
    "deactivated",
    "last used",
    "last revealed",
    "uses",
    "ever revealed",
    "ever copied",
    "ever exported",
    "critical",
    "fingerprint",
    "check value",
    "id",
    "review by",
    "compromise occurred",
    "compromise noticed",
    "destroyed",
    "counts from",
    "sponsor",
    "custodians",
    "location",
    "shared with",
    "runbook",
    "process until",
    "replaces",
    "note",
    "destroy at",
    "suspended because",
    "suspended at",
    "compromise code",
    "compromise note",
];

/// The characters a spreadsheet takes for the start of a formula, as OWASP lists them.
const FORMULA: [char; 6] = ['=', '+', '-', '@', '\t', '\r'];

/// One row for each key, below a header; lines end with CR LF.
#[must_use]
pub fn csv(keys: &[Arc<KeyRecord>], settings: &Settings, now: Timestamp) -> String {
    let quoted = |cell: String| {
        let cell = guarded(&cell);
        if cell.contains(['"', ',', '\n', '\r', ';']) {
            format!("\"{}\"", cell.replace('"', "\"\""))
        } else {
            cell
        }
    };
    table(keys, settings, now, ",", "\r\n", quoted)
}

/// The same with tabs, for the clipboard; a line break within a cell becomes a space.
#[must_use]
pub fn tsv(keys: &[Arc<KeyRecord>], settings: &Settings, now: Timestamp) -> String {
    table(keys, settings, now, "\t", "\n", flat)
}

/// Any rows with tabs below a head, as [`tsv`] writes those of keys.
#[must_use]
pub fn lines(head: &[&str], rows: impl Iterator<Item = Vec<String>>) -> String {
    let mut out = head.join("\t") + "\n";
    for row in rows {
        out.push_str(&row.into_iter().map(flat).collect::<Vec<_>>().join("\t"));
        out.push('\n');
    }
    out
}

/// The same as an array of objects: the columns with `_` for a blank, tags as an array, numbers and yes or no as such, and
/// null where nothing stands.
#[must_use]
pub fn json(keys: &[Arc<KeyRecord>], settings: &Settings, now: Timestamp) -> String {
    let object = |key: &Arc<KeyRecord>| {
        let cells = COLUMNS.into_iter().zip(cells(key, settings, now));
        let fields = cells.map(|(column, cell)| {
            let value = match (column, cell.as_str()) {
                ("tags", _) => json!(key.tags),
                (_, "") => Value::Null,
                ("version" | "uses", number) => number.parse::<u64>().map_or(Value::Null, Value::from),
                ("critical" | "ever revealed" | "ever copied" | "ever exported", word) => {
                    json!(word == "yes")
                }
                _ => json!(cell),
            };
            (column.replace(' ', "_"), value)
        });
        Value::Object(fields.collect())
    };
    let all: Vec<Value> = keys.iter().map(object).collect();
    serde_json::to_string_pretty(&all).unwrap_or_default()
}

/// A cell of the clipboard.
fn flat(cell: String) -> String {
    guarded(&cell).replace(['\t', '\n', '\r'], " ")
}

fn table(
    keys: &[Arc<KeyRecord>],
    settings: &Settings,
    now: Timestamp,
    between: &str,
    end: &str,
    write: impl Fn(String) -> String,
) -> String {
    let mut out = COLUMNS.join(between) + end;
    for key in keys {
        let cells: Vec<String> = cells(key, settings, now).into_iter().map(&write).collect();
        out.push_str(&cells.join(between));
        out.push_str(end);
    }
    out
}

fn cells(key: &KeyRecord, settings: &Settings, now: Timestamp) -> [String; COLUMNS.len()] {
    let moment = |at: Option<Timestamp>| at.map_or_else(String::new, Timestamp::iso);
    let yes = |is: bool| if is { "yes" } else { "no" }.to_owned();
    let current = key.current();
    let exempt = match &key.policy {
        PolicyChoice::Exempt { reason } => reason.clone(),
        _ => String::new(),
    };
    [
        key.name.clone(),
        key.key_type.word().to_owned(),
        key.state.word().to_owned(),
        key.owner.clone(),
        key.system.clone(),
        key.environment.clone(),
        key.purpose.clone(),
        tags(&key.tags),
        key.later.contact.clone(),
        key.later.deployed.clone(),
        key.current_number().to_string(),
        moment(due_date(key, settings).filter(|_| key.state.is_in_use())),
        due(key, settings, now).words(),
        policy_of(key, settings).map(|policy| policy.name.clone()).unwrap_or_default(),
        exempt,
        moment(key.later.expires),
        key.created.iso(),
        moment(key.activated),
        key.last_rotated().iso(),
        moment(key.later.deactivated),
        moment(key.last_used),
        moment(key.later.last_revealed),
        key.later.uses.to_string(),
        yes(key.ever_revealed),
        yes(key.ever_copied),
        yes(key.ever_exported),
        yes(key.critical),
        current.map(crate::model::VersionRecord::fingerprint_short).unwrap_or_default(),
        current.and_then(|version| version.check_value.clone()).unwrap_or_default(),
        key.id.to_string(),
        moment(key.life.review_by),
        moment(key.compromise.as_ref().map(|known| known.occurred)),
        moment(key.compromise.as_ref().map(|known| known.noticed)),
        moment(key.destroyed),
        key.counts_from().iso(),
        key.around.sponsor.clone(),
        key.around.custodians.clone(),
        key.around.location.clone(),
        key.around.shared_with.clone(),
        key.around.runbook.clone(),
        moment(key.process_until(settings).map(|until| until.date)),
        key.around.replaces.map_or_else(String::new, |id| id.to_string()),
        key.note.clone(),
        moment(key.destroy_at),
        key.suspended.clone().unwrap_or_default(),
        moment(key.life.suspended_at),
        key.compromise.as_ref().map_or_else(String::new, |known| known.reason.word().to_owned()),
        key.compromise.as_ref().map_or_else(String::new, |known| known.note.clone()),
    ]
}

/// Tags in one cell, as an import reads them: with `;` between them, and after one that an import would take for several.
fn tags(tags: &[String]) -> String {
    let cell = tags.join(";");
    let is_alone = !cell.contains(';');
    if is_alone && cell.contains([' ', ',']) { cell + ";" } else { cell }
}

fn guarded(cell: &str) -> String {
    if cell.starts_with(FORMULA) { format!("'{cell}") } else { cell.to_owned() }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::key::tests::sample;

    #[test]
    fn no_cell_is_a_formula_and_every_row_is_read_back_as_it_was() {
        let mut key = sample("=HYPERLINK(\"http://x\",\"y\")");
        key.purpose = "one, \"two\"\nthree".to_owned();
        key.owner = "@boss".to_owned();
        key.system = "-1+1".to_owned();
        key.note = "a, \"note\"\nof two lines".to_owned();
        key.tags = vec!["eu".to_owned(), "two words".to_owned()];
        let settings = Settings::default();
        let text = csv(&[Arc::new(key)], &settings, Timestamp(1_775_000_000_000));
        let mut reader = csv::ReaderBuilder::new().from_reader(text.as_bytes());
        assert_eq!(reader.headers().unwrap().iter().collect::<Vec<_>>(), COLUMNS);
        let row = reader.records().next().unwrap().unwrap();
        assert_eq!((&row[0], &row[3], &row[4]), ("'=HYPERLINK(\"http://x\",\"y\")", "'@boss", "'-1+1"));
        assert_eq!(&row[6], "one, \"two\"\nthree");
        assert_eq!((&row[7], &row[42]), ("eu;two words", "a, \"note\"\nof two lines"));
    }

    #[test]
    fn on_the_clipboard_a_key_is_one_line() {
        let mut key = sample("db");
        key.purpose = "one\ntwo\tthree".to_owned();
        let text = tsv(&[Arc::new(key)], &Settings::default(), Timestamp(1_775_000_000_000));
        assert_eq!(text.lines().count(), 2);
        assert_eq!(text.lines().nth(1).unwrap().split('\t').count(), COLUMNS.len());
    }
}
