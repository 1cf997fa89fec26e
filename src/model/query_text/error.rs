//! What is wrong with a query, where, and what was probably meant.

use std::ops::Range;

/// A query that cannot be understood. The result of the query before it stays on the screen.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{message}")]
pub struct QueryError {
    /// Where the caret points: a byte offset into the query, at a character boundary.
    pub position: usize,
    /// The same place as a person counts it: characters from 1.
    pub character: usize,
    /// What is wrong, e.g. "expected a value after `due:`".
    pub message: String,
    /// What to put in its place, where something close exists: a field or a value.
    pub suggestion: Option<String>,
    /// The bytes the suggestion would replace.
    pub range: Range<usize>,
}

impl QueryError {
    /// An error about `range` of `text`.
    #[must_use]
    pub fn at(text: &str, range: Range<usize>, message: impl Into<String>) -> Self {
        let position = floor_boundary(text, range.start);
        let character = text[..position].chars().count() + 1;
        Self { position, character, message: message.into(), suggestion: None, range }
    }

    /// The error with what was probably meant.
    #[must_use]
    pub fn suggesting(mut self, suggestion: Option<&str>) -> Self {
        self.suggestion = suggestion.map(str::to_owned);
        self
    }

    /// The line under the field: "The filter has a problem at character 14: expected a value after `due:`."
    #[must_use]
    pub fn sentence(&self) -> String {
        if self.message.starts_with(char::is_uppercase) {
            return self.message.clone();
        }
        format!("The filter has a problem at character {}: {}.", self.character, self.message)
    }

    /// `text` with the suggestion in place of what it replaces.
    #[must_use]
    pub fn corrected(&self, text: &str) -> Option<String> {
        let suggestion = self.suggestion.as_ref()?;
        let (before, after) = (text.get(..self.range.start)?, text.get(self.range.end..)?);
        Some(format!("{before}{suggestion}{after}"))
    }
}

/// The nearest character boundary at or before `at`.
pub(super) fn floor_boundary(text: &str, at: usize) -> usize {
    let mut at = at.min(text.len());
    while !text.is_char_boundary(at) {
        at -= 1;
    }
    at
}
