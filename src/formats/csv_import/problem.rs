//! Why a file or a row was refused. Never holds the content of a cell.

use super::{COLUMNS, FILE_MAX, ROWS_MAX};
use crate::formats::FormatError;
use crate::model::KeyType;
use crate::model::text::TextError;

/// Why no row of a file could be read.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum ImportError {
    /// Nothing in it.
    #[error("the file is empty; choose a CSV file with a header and one row for each key")]
    Empty,
    /// Larger than [`FILE_MAX`].
    #[error("the file is larger than {} MiB; split it and import the parts one after the other", FILE_MAX >> 20)]
    TooLarge,
    /// More than [`ROWS_MAX`] rows.
    #[error("the file has more than {ROWS_MAX} rows; split it and import the parts one after the other")]
    TooManyRows,
    /// An Excel or LibreOffice workbook.
    #[error("this is a spreadsheet, not a CSV file; open it and save it as CSV in UTF-8")]
    Spreadsheet,
    /// Two bytes for each character.
    #[error("the file is text in UTF-16; save it as CSV in UTF-8 and try again")]
    Utf16,
    /// NUL bytes.
    #[error(
        "this is not a CSV file: line {line} holds binary data; choose another file, or import it as a single key of type file"
    )]
    Binary {
        /// The first line with a NUL byte, counted from 1.
        line: u64,
    },
    /// Bytes that are not UTF-8.
    #[error("line {line} is not UTF-8; save the file as CSV in UTF-8 and try again")]
    NotUtf8 {
        /// The first line with such a byte, counted from 1.
        line: u64,
    },
    /// The first line names none of the columns.
    #[error("the first line names no column; begin the file with the header {}", COLUMNS.join(","))]
    NoHeader,
    /// A name in the header goes on in the next line: what follows would be taken for names of columns.
    #[error("the header opens a quote that its line does not close; remove the quote, or close it")]
    HeaderQuote,
    /// The header lacks columns that must be there.
    #[error("the header lacks the column {}; the header is {}", .missing.join(" and "), COLUMNS.join(","))]
    MissingColumns {
        /// Which.
        missing: Vec<&'static str>,
    },
    /// A column is named twice.
    #[error("the header names the column {column} more than once; remove or rename one of them")]
    DuplicateColumn {
        /// Which.
        column: &'static str,
    },
}

/// Why a row was refused.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum ImportProblem {
    /// More or fewer cells than the header.
    #[error(
        "the row has {found} columns and the header has {expected}; put quotes around a cell that holds the delimiter"
    )]
    WrongColumnCount {
        /// Columns of the row.
        found: usize,
        /// Columns of the header.
        expected: usize,
    },
    /// A quote is opened and the file ends.
    #[error(
        "a quote is opened in this row and never closed, so {lines} lines up to the end of the file cannot be read; write a quote inside quotes twice"
    )]
    QuoteNotClosed {
        /// Lines from this one to the end of the file.
        lines: u64,
    },
    /// Characters after a closing quote.
    #[error(
        "a quote ends in the middle of a cell in this row; put quotes around the whole cell and write a quote inside it twice"
    )]
    StrayQuote,
    /// The type is not one of ours.
    #[error("the type is not one of {}", KeyType::ALL.map(KeyType::word).join(", "))]
    UnknownType,
    /// A name, owner, system or tag is empty, too long, or holds a character that cannot be seen.
    #[error(transparent)]
    Text(#[from] TextError),
    /// The secret is empty or no value of its type.
    #[error("the secret cannot be used: {0}")]
    Secret(#[from] FormatError),
    /// An earlier row has this name.
    #[error("line {line} of the file has the same name; names must differ")]
    DuplicateName {
        /// The line of the earlier row.
        line: u64,
    },
}
