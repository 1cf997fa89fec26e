//! What a name or a line of prose is held against, without regard to case.

use std::borrow::Cow;

/// `text` in lower case; borrowed where it already is.
#[must_use]
pub fn lower(text: &str) -> Cow<'_, str> {
    let already = text.bytes().all(|b| b.is_ascii() && !b.is_ascii_uppercase());
    if already { Cow::Borrowed(text) } else { Cow::Owned(text.to_lowercase()) }
}

/// A pattern in lower case.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum Pattern {
    /// The whole text.
    Equals(String),
    /// Anywhere in it.
    Contains(String),
    /// Pieces in this order with anything between them: `a*b` is `["a", "b"]`, `*b` is `["", "b"]`.
    Glob(Vec<String>),
}

impl Pattern {
    /// The pattern `text` stands for. `globs`: a `*` stands for anything; `contains`: part of the text is enough.
    #[must_use]
    pub fn new(text: &str, globs: bool, contains: bool) -> Self {
        let text = lower(text);
        if globs && text.contains('*') {
            Self::Glob(text.split('*').map(str::to_owned).collect())
        } else if contains {
            Self::Contains(text.into_owned())
        } else {
            Self::Equals(text.into_owned())
        }
    }

    /// Whether `text`, in any case, fits.
    #[must_use]
    pub fn matches(&self, text: &str) -> bool {
        self.matches_lower(&lower(text))
    }

    /// Whether `text`, which must be in lower case, fits.
    #[must_use]
    pub fn matches_lower(&self, text: &str) -> bool {
        match self {
            Self::Equals(whole) => text == whole,
            Self::Contains(part) => text.contains(part.as_str()),
            Self::Glob(pieces) => glob(pieces, text),
        }
    }
}

/// Greedy from the left: right for patterns whose only special character is `*`.
fn glob(pieces: &[String], text: &str) -> bool {
    let [first, middle @ .., last] = pieces else { return false };
    let Some(mut rest) = text.strip_prefix(first.as_str()) else { return false };
    for piece in middle {
        match rest.find(piece.as_str()) {
            Some(at) => rest = &rest[at + piece.len()..],
            None => return false,
        }
    }
    rest.ends_with(last.as_str())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_star_stands_for_anything_at_any_place() {
        let fits = |pattern: &str, text: &str| Pattern::new(pattern, true, false).matches(text);
        assert!(fits("payments-*", "Payments-db") && !fits("payments-*", "old-payments-db"));
        assert!(fits("*-db", "payments-db") && fits("p*s-*b", "payments-db") && fits("*", ""));
        assert!(!fits("a*a", "a") && fits("a*a", "aa") && fits("**", "x"));
    }

    #[test]
    fn a_quoted_star_is_a_star_and_case_does_not_matter() {
        assert!(!Pattern::new("a*", false, false).matches("ab"));
        assert!(Pattern::new("KÖLN", false, true).matches("Schlüssel für Köln"));
    }
}
