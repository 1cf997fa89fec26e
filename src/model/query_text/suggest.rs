//! What was probably meant by a word that is not known.

use std::ops::Range;

use super::QueryError;

/// The candidate nearest to `word`, if near enough that it was probably meant: at most one wrong letter in three.
#[must_use]
pub fn closest<'a>(word: &str, candidates: impl IntoIterator<Item = &'a str>) -> Option<&'a str> {
    let word = word.to_lowercase();
    let limit = (word.chars().count() / 3).max(1);
    candidates
        .into_iter()
        .map(|candidate| (distance(&word, candidate), candidate))
        .filter(|(distance, candidate)| *distance <= limit || candidate.starts_with(&word) && word.len() > 1)
        .min_by_key(|(distance, _)| *distance)
        .map(|(_, candidate)| candidate)
}

/// The error for a field nobody knows: "Unknown field `actr`. Did you mean `operator`?" `aliases` are words that people
/// type for a field, with the field.
#[must_use]
pub fn unknown_field(
    text: &str,
    span: Range<usize>,
    fields: &[&'static str],
    aliases: &[(&'static str, &'static str)],
) -> QueryError {
    let typed = text.get(span.clone()).unwrap_or("");
    let known = fields.iter().copied().chain(aliases.iter().map(|(alias, _)| *alias));
    let near = closest(typed, known);
    let meant =
        near.map(|near| aliases.iter().find(|(alias, _)| *alias == near).map_or(near, |(_, field)| *field));
    let message = match meant {
        Some(field) => format!("Unknown field `{typed}`. Did you mean `{field}`?"),
        None => format!("Unknown field `{typed}`. To search for the text itself, put it in quotation marks."),
    };
    QueryError::at(text, span, message).suggesting(meant)
}

/// The error for a value outside a closed list: "The value `wran` is not a severity. Did you mean `warn`?"
#[must_use]
pub fn unknown_value(
    text: &str,
    span: Range<usize>,
    typed: &str,
    what: &str,
    known: &[&'static str],
) -> QueryError {
    let near = closest(typed, known.iter().copied());
    let message = match near {
        Some(near) => format!("The value `{typed}` is not {what}. Did you mean `{near}`?"),
        None if known.len() <= 12 => format!("The value `{typed}` is not {what}. Use {}.", known.join(", ")),
        None => format!("The value `{typed}` is not {what}."),
    };
    QueryError::at(text, span, message).suggesting(near)
}

/// Insertions, deletions, replacements and swaps of neighbours that turn one into the other.
fn distance(a: &str, b: &str) -> usize {
    let (a, b): (Vec<char>, Vec<char>) = (a.chars().take(64).collect(), b.chars().take(64).collect());
    let mut rows: Vec<Vec<usize>> = vec![(0..=b.len()).collect()];
    for (i, x) in a.iter().enumerate() {
        let above = &rows[i];
        let mut row = vec![i + 1];
        for (j, y) in b.iter().enumerate() {
            let replaced = above[j] + usize::from(x != y);
            let mut best = replaced.min(above[j + 1] + 1).min(row[j] + 1);
            if i > 0 && j > 0 && *x == b[j - 1] && a[i - 1] == *y {
                best = best.min(rows[i - 1][j - 1] + 1);
            }
            row.push(best);
        }
        rows.push(row);
    }
    rows.last().and_then(|row| row.last().copied()).unwrap_or(0)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_slip_of_the_finger_finds_the_word_and_a_different_word_finds_none() {
        let fields = ["operator", "object", "severity"];
        assert_eq!(closest("operatro", fields), Some("operator"));
        assert_eq!(closest("sev", fields), Some("severity"));
        assert_eq!(closest("colour", fields), None);
    }

    #[test]
    fn a_word_people_know_from_elsewhere_leads_to_ours() {
        let error = unknown_field("actr:x", 0..4, &["operator", "action"], &[("actor", "operator")]);
        assert_eq!(error.message, "Unknown field `actr`. Did you mean `operator`?");
        assert_eq!(error.corrected("actr:x").as_deref(), Some("operator:x"));
    }
}
