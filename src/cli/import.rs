//! `key import`: the keys of a CSV file, with a word on every row. What stands in a row is never repeated but its name once
//! it became a key: in a file with mistaken columns any cell may be a secret.

use serde::Serialize;

use super::args::KeyImport;
use super::failure::Failure;
use super::input;
use super::open;
use super::output::{Answer, table};
use crate::formats::csv_import::{self, FILE_MAX, Import};
use crate::operations::{ImportKeys, ImportOutcome};

/// The report.
#[derive(Serialize)]
struct Report {
    file: String,
    imported: usize,
    refused: usize,
    ignored_columns: Vec<String>,
    mapped_columns: Vec<Mapped>,
    rows: Vec<RowTold>,
}

/// A column that is called otherwise than ours.
#[derive(Serialize)]
struct Mapped {
    column: String,
    read_as: &'static str,
}

/// One row of the file.
#[derive(Serialize)]
struct RowTold {
    /// Counted from 1; the header is usually line 1.
    line: u64,
    imported: bool,
    /// Null where the row could not be read.
    name: Option<String>,
    id: Option<String>,
    problem: Option<String>,
}

pub(super) fn import(args: &KeyImport, json: bool) -> Result<Answer, Failure> {
    let name = args.file.file_name().map(|n| n.to_string_lossy().into_owned()).unwrap_or_default();
    let bytes = input::file(&args.file, FILE_MAX)?;
    let import = csv_import::parse(&bytes).map_err(|error| Failure::new("bad_csv", error.to_string()))?;
    drop(bytes);
    let Import { rows, ignored_columns, mapped_columns, .. } = import;
    let mapped_columns =
        mapped_columns.into_iter().map(|(column, read_as)| Mapped { column, read_as }).collect();
    let mut told = Vec::with_capacity(rows.len());
    let mut keys = Vec::new();
    for row in rows {
        let problem = match row.result {
            Ok(key) => {
                keys.push(key);
                None
            }
            Err(problem) => Some(problem.to_string()),
        };
        told.push(RowTold { line: row.line, imported: false, name: None, id: None, problem });
    }
    let outcomes = match keys.as_slice() {
        // A session would write to it. That it is a vault is looked at all the same.
        [] => open::file(&args.open).map(|_| Vec::new())?,
        keys => open::with(&args.open, |session| session.perform(ImportKeys::new(keys, name.clone())))?,
    };
    let readable = told.iter_mut().filter(|row| row.problem.is_none());
    readable.zip(outcomes).for_each(|(row, outcome)| row.take(outcome));
    let imported = told.iter().filter(|row| row.imported).count();
    let report = Report {
        file: name,
        imported,
        refused: told.len() - imported,
        ignored_columns,
        mapped_columns,
        rows: told,
    };
    let answer = Answer::of(json, &report, Report::words)?;
    match (answer, report.refused) {
        (Answer::Text(text), refused @ 1..) => {
            let message = format!("{refused} of {} rows were refused; see the report", report.rows.len());
            Ok(Answer::Partly(text, Failure::new("rows_refused", message)))
        }
        (answer, _) => Ok(answer),
    }
}

impl RowTold {
    fn take(&mut self, outcome: ImportOutcome) {
        self.name = Some(outcome.name);
        match outcome.result {
            Ok(id) => (self.imported, self.id) = (true, Some(id.to_string())),
            Err(problem) => self.problem = Some(problem),
        }
    }
}

impl Report {
    fn words(&self) -> String {
        let row = |r: &RowTold| {
            let what = r.problem.clone().unwrap_or_else(|| "imported".to_owned());
            vec![r.line.to_string(), r.name.clone().unwrap_or_default(), what]
        };
        let rows: Vec<_> = self.rows.iter().map(row).collect();
        let ignored = match self.ignored_columns.as_slice() {
            [] => String::new(),
            columns => format!("columns that were not read: {}\n", columns.join(", ")),
        };
        let mapped: String = self
            .mapped_columns
            .iter()
            .map(|m| format!("column {} was read as {}\n", m.column, m.read_as))
            .collect();
        let Self { file, imported, refused, .. } = self;
        format!(
            "{}{mapped}{ignored}{file}: {imported} imported, {refused} refused",
            table(&["LINE", "NAME", "RESULT"], &rows)
        )
    }
}
