//! Finding what somebody types the beginnings of: letters in order, with a liking for beginnings and for runs.

/// How well something fits, and which of its characters did.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub(super) struct Match {
    /// Higher is better.
    pub(super) score: i32,
    /// The characters that matched, by their number in the text.
    pub(super) places: Vec<usize>,
}

/// How `text` fits `query`, letters whatever their case; `None` where it does not. An empty query fits everything.
pub(super) fn matches(query: &str, text: &str) -> Option<Match> {
    let mut best: Option<Match> = None;
    let first = query.chars().next();
    let Some(first) = first else { return Some(Match::default()) };
    for (start, c) in text.chars().enumerate() {
        if same(c, first)
            && let Some(found) = from(query, text, start)
            && best.as_ref().is_none_or(|best| found.score > best.score)
        {
            best = Some(found);
        }
    }
    best
}

/// The match that begins with the character number `start`.
fn from(query: &str, text: &str, start: usize) -> Option<Match> {
    let mut wanted = query.chars().filter(|c| !c.is_whitespace()).peekable();
    let (mut places, mut score, mut before) = (Vec::new(), 0, None);
    let mut last = None;
    for (i, c) in text.chars().enumerate() {
        let next = *wanted.peek()?;
        let begins = before.is_none_or(|c: char| !c.is_alphanumeric());
        let runs = i > 0 && last == Some(i - 1);
        // A letter in the middle of a word, away from the last one, is chance: it is passed over.
        let counts = begins || runs || last.is_none();
        if i >= start && counts && same(c, next) {
            score += 1 + if begins { 6 } else { 0 } + if runs { 4 } else { 0 } + if i == 0 { 3 } else { 0 };
            if !begins && last.is_none() {
                score -= 2;
            }
            places.push(i);
            last = Some(i);
            wanted.next();
            if wanted.peek().is_none() {
                break;
            }
        }
        before = Some(c);
    }
    let letters = i32::try_from(places.len()).unwrap_or(i32::MAX);
    // What stands there as it was typed always fits; scattered letters only where most of them begin a word.
    let runs = places.windows(2).all(|pair| pair[1] == pair[0] + 1);
    (wanted.peek().is_none() && (runs || score >= 4 * letters)).then_some(Match { score, places })
}

fn same(a: char, b: char) -> bool {
    a == b || a.eq_ignore_ascii_case(&b) || a.to_lowercase().eq(b.to_lowercase())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn score(query: &str, text: &str) -> Option<i32> {
        matches(query, text).map(|found| found.score)
    }

    #[test]
    fn beginnings_beat_middles_and_runs_beat_scattered_letters() {
        assert!(score("pay", "payments-db") > score("pay", "old-payments"));
        assert!(score("pay", "old-payments") > score("pay", "display"));
        assert!(score("pdb", "payments-db").is_some(), "first letters of words");
        assert!(score("ments", "payments-db").is_some(), "the middle of a word");
        assert_eq!(score("pay", "Copy the path of my key"), None, "chance is no match");
        assert_eq!(score("xyz", "payments-db"), None);
    }

    #[test]
    fn the_places_are_those_of_the_letters_whatever_their_case() {
        let found = matches("DB", "payments-db").unwrap();
        assert_eq!(found.places, [9, 10]);
        assert_eq!(matches("", "anything"), Some(Match::default()));
        assert_eq!(matches("é", "Été").unwrap().places, [0]);
    }
}
