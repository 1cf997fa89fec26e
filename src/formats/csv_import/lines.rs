//! Where the rows of a file are, and whether their quotes are in order.

use super::ImportProblem;

/// How many lines end in `bytes`: with a line feed, a carriage return, or both together.
pub(super) fn breaks(bytes: &[u8]) -> u64 {
    let after = bytes.iter().skip(1).chain([&0]);
    bytes.iter().zip(after).filter(|pair| matches!(pair, (b'\n', _) | (b'\r', 0..=9 | 11..))).count() as u64
}

/// Finds a row's own bytes and its line. The reader's positions may stand before the line breaks and empty lines that
/// precede a row.
pub(super) struct Lines<'a> {
    bytes: &'a [u8],
    at: usize,
    line: u64,
}

impl<'a> Lines<'a> {
    /// Before the first row.
    pub(super) fn of(bytes: &'a [u8]) -> Self {
        Self { bytes, at: 0, line: 1 }
    }

    /// The bytes of the row between two of the reader's positions, and the line it begins on. Rows come in order.
    pub(super) fn row(&mut self, start: usize, end: usize) -> (&'a [u8], u64) {
        let end = end.min(self.bytes.len());
        let mut start = start.min(end);
        while start < end && matches!(self.bytes[start], b'\r' | b'\n') {
            start += 1;
        }
        self.line += breaks(&self.bytes[self.at.min(start)..start]);
        self.at = start;
        (&self.bytes[start..end], self.line)
    }
}

/// Whether every quote of a row opens at the beginning of a cell and closes at its end (RFC 4180, section 2). The `csv`
/// crate is more forgiving: it would take the quotes out of the middle of a cell, and all that follows an open one.
pub(super) fn check_quotes(raw: &[u8], delimiter: u8) -> Result<(), ImportProblem> {
    #[derive(Clone, Copy)]
    enum At {
        Start,
        Plain,
        Quoted,
        Quote,
    }
    let mut at = At::Start;
    for byte in raw {
        at = match (at, *byte) {
            (At::Start, b'"') | (At::Quote, b'"') => At::Quoted,
            (At::Quoted, b'"') => At::Quote,
            (At::Quoted, _) => At::Quoted,
            (_, b'\r' | b'\n') => At::Start,
            (_, byte) if byte == delimiter => At::Start,
            (At::Quote, _) => return Err(ImportProblem::StrayQuote),
            _ => At::Plain,
        };
    }
    match at {
        At::Quoted => Err(ImportProblem::QuoteNotClosed { lines: 1 + breaks(raw.trim_ascii_end()) }),
        _ => Ok(()),
    }
}
