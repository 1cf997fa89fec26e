//! Words that every page and dialog sets the same way: counted things, and messages as sentences.
//!
//! What is said is decided where it is said; here is only how it is put together.

/// "1 key", "3 keys", "1,204 keys".
pub(crate) fn plural(count: impl Count, one: &str, many: &str) -> String {
    let count = count.count();
    format!("{} {}", super::widgets::thousands(count), if count == 1 { one } else { many })
}

/// `words` as a sentence: a capital letter first, a full stop last.
pub(crate) fn sentence(words: &str) -> String {
    let mut chars = words.chars();
    let first: String = chars.next().map(|c| c.to_uppercase().collect()).unwrap_or_default();
    let stop = if words.ends_with(['.', '?', '!']) { "" } else { "." };
    format!("{first}{}{stop}", chars.as_str())
}

/// A number of things, of whatever type it was counted in.
pub(crate) trait Count {
    /// The number itself.
    fn count(self) -> u64;
}

impl Count for u64 {
    fn count(self) -> u64 {
        self
    }
}

impl Count for u32 {
    fn count(self) -> u64 {
        self.into()
    }
}

impl Count for usize {
    fn count(self) -> u64 {
        self as u64
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_is_one_and_all_else_are_many() {
        assert_eq!(plural(0_u32, "key", "keys"), "0 keys");
        assert_eq!(plural(1_usize, "key", "keys"), "1 key");
        assert_eq!(plural(1204_u64, "key", "keys"), "1,204 keys");
    }

    #[test]
    fn a_sentence_begins_with_a_capital_and_ends_with_one_stop() {
        assert_eq!(sentence("the file is locked"), "The file is locked.");
        assert_eq!(sentence("Really?"), "Really?");
        assert_eq!(sentence("étude"), "Étude.");
    }
}
