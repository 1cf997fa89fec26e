//! Shortening in the middle, for paths and hashes whose ends matter.

/// `text` with its middle replaced by `…` so that it has at most `most` characters.
///
/// ```
/// assert_eq!(keyroom::ui::widgets::middle_elide("a91f22c807c4", 7), "a91…7c4");
/// ```
#[must_use]
pub fn middle_elide(text: &str, most: usize) -> String {
    let count = text.chars().count();
    if count <= most {
        return text.to_owned();
    }
    let kept = most.saturating_sub(1);
    let (head, tail) = (kept.div_ceil(2), kept / 2);
    text.chars().take(head).chain(std::iter::once('…')).chain(text.chars().skip(count - tail)).collect()
}

#[cfg(test)]
mod tests {
    use super::middle_elide;

    #[test]
    fn short_text_stays_and_long_text_keeps_both_ends() {
        assert_eq!(middle_elide("abc", 3), "abc");
        assert_eq!(middle_elide("abcdef", 4), "ab…f");
        assert_eq!(middle_elide("äöüßéñ", 3), "ä…ñ");
        assert_eq!(middle_elide("abc", 0), "…");
    }
}
