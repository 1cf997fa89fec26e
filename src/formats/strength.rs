//! How strong a password is: an estimate for what somebody chose, the generator's own number for what was made here.
//!
//! The estimate asks `zxcvbn` for the words, dates, sequences and keyboard runs in the password. Its own total is not
//! used: it stops at 64 bits (a `u64` of guesses) and counts ten possibilities for every character it cannot explain, while
//! the bands below (KeePassXC's) are made for totals that count the characters' real alphabet. So the parts are added up
//! here: log2 of zxcvbn's guesses for every part it explains; for characters it does not explain, its ten possibilities
//! while they are few ("Tr0ub4dor&3" is no random string), rising to their real alphabet where they are many.
//!
//! Of many short words `zxcvbn` explains none, because it finds the run of all their letters cheaper to say. So a text that
//! falls into pieces, at separators or at capital letters, is added up piece by piece as well, each looked at by itself, and
//! the lower of both estimates counts: "the cat sat on the mat" is six common words and a space, not 22 characters.
//!
//! `zxcvbn` copies the password into strings of its own while it works; they are freed before it returns, and the
//! zeroing global allocator wipes them then.

use zxcvbn::matching::patterns::MatchPattern;

use crate::crypto::memory::SecretBuf;

/// Characters looked at; as `zxcvbn` itself. What follows adds nothing to the estimate.
const CHARACTERS_MAX: usize = 100;
/// Characters handed to `zxcvbn` at once: ten possibilities each stay well below its limit of 2^64.
const WINDOW: usize = 16;
/// Up to this many unexplained characters are worth [`FEW_BITS`] each: people invent them.
const FEW: usize = 8;
/// `zxcvbn`'s own ten possibilities for a character it cannot explain.
const FEW_BITS: f64 = std::f64::consts::LOG2_10;
/// From this many on, they are worth their alphabet: people do not invent so many without a pattern.
const MANY: usize = 16;
/// What a word of a phrase is worth beyond the rank of the word alone: somebody who goes through phrases must weigh words of
/// all ranks against each other, which by Zipf's law over the 30,000 words `zxcvbn` knows of a language costs log2(ln 30000).
const AMONG_WORDS: f64 = 3.4;
/// A word drawn with five dice from a list of 7776: what that brings the value of a common word up to, and no further.
const DICE: f64 = 12.925;
/// Letters from which on a word is one that such a list holds. Shorter ones are mostly those that every sentence has.
const LONG: usize = 4;
/// Between words: what the choice of one separator for all is worth, and of each further one.
const SEPARATOR: f64 = 2.0;
const FURTHER_SEPARATOR: f64 = 5.0;
/// How much of a window without any pattern is counted before looking again, so that a word across its end is found.
const STEP: usize = 8;

/// How good a number of bits is. Bounds: KeePassXC `PasswordHealth` (below 40, 75, 100 bits).
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub enum Band {
    /// Below 40 bits: guessed by one computer.
    Poor,
    /// Below 75 bits: guessed with money.
    Weak,
    /// Below 100 bits.
    Good,
    /// 100 bits or more.
    Excellent,
}

impl Band {
    /// The band `bits` fall into.
    #[must_use]
    pub fn of(bits: f64) -> Self {
        match bits {
            bits if bits >= 100.0 => Self::Excellent,
            bits if bits >= 75.0 => Self::Good,
            bits if bits >= 40.0 => Self::Weak,
            _ => Self::Poor,
        }
    }

    /// The word on a screen.
    #[must_use]
    pub fn word(self) -> &'static str {
        match self {
            Self::Poor => "Poor",
            Self::Weak => "Weak",
            Self::Good => "Good",
            Self::Excellent => "Excellent",
        }
    }
}

/// How strong a password is.
#[derive(Clone, PartialEq, Debug)]
pub struct Strength {
    /// log2 of the guesses needed; 0 for an empty password.
    pub bits: f64,
    /// The band the bits fall into.
    pub band: Band,
    /// One sentence: what to do about it, or that nothing need be done.
    pub advice: &'static str,
}

impl Strength {
    /// "about 128 bits".
    #[must_use]
    pub fn words(&self) -> String {
        format!("about {:.0} bits", self.bits.floor())
    }
}

/// The strength of a value that was made at random with `bits` of entropy.
#[must_use]
pub fn exact(bits: f64) -> Strength {
    let band = Band::of(bits);
    let advice = match band {
        Band::Poor | Band::Weak => "Make it longer.",
        Band::Good | Band::Excellent => "It was made at random; nothing need be done.",
    };
    Strength { bits, band, advice }
}

/// The estimated strength of a password somebody chose. `known` are words an attacker would try first: the operator's
/// name, the vault's, the system's. Not UTF-8 counts as empty.
#[must_use]
pub fn estimate(password: &SecretBuf, known: &[&str]) -> Strength {
    let text = password.as_str().unwrap_or_default();
    let end = text.char_indices().nth(CHARACTERS_MAX).map_or(text.len(), |(i, _)| i);
    let text = &text[..end];
    let (unit, times) = period(text);
    let text_once = &text[..unit];
    let whole = whole(text_once, known);
    let (bits, weakest) = match phrase(text_once, known) {
        Some(phrase) if phrase.0 < whole.0 => phrase,
        _ => whole,
    };
    let bits = bits + (times as f64).log2();
    let band = Band::of(bits);
    let weakest = if times > 1 { Some(Weakness::Repeat) } else { weakest };
    Strength { bits, band, advice: advice(text, band, weakest) }
}

/// What makes a password easy, worst first.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug)]
enum Weakness {
    Word,
    Keyboard,
    Repeat,
    Sequence,
    Date,
}

fn advice(text: &str, band: Band, weakness: Option<Weakness>) -> &'static str {
    if text.is_empty() {
        return "Type a password, or let Keyroom make one.";
    }
    if band >= Band::Excellent {
        return "Nothing need be done.";
    }
    if band >= Band::Good {
        return "Good enough for most uses; a longer one is better for a key that opens others.";
    }
    match weakness {
        Some(Weakness::Word) => {
            "It holds words or names that are tried first; use six random words or let Keyroom make one."
        }
        Some(Weakness::Keyboard) => "Neighbouring keys are easy to guess; let Keyroom make one.",
        Some(Weakness::Repeat) => "Repeating characters adds almost nothing; let Keyroom make one.",
        Some(Weakness::Sequence) => "Sequences such as abc or 6543 are easy to guess; let Keyroom make one.",
        Some(Weakness::Date) => "Dates and years are easy to guess; let Keyroom make one.",
        None => "It is too short; make it longer, or let Keyroom make one.",
    }
}

/// The bits of a text taken as one, and its worst part.
fn whole(text: &str, known: &[&str]) -> (f64, Option<Weakness>) {
    let mut unexplained = Unexplained::default();
    let (bits, weakest) = add_up(text, known, &mut unexplained);
    (bits + unexplained.bits(), weakest)
}

/// The same of a text taken as pieces; `None` where it is not in several.
fn phrase(text: &str, known: &[&str]) -> Option<(f64, Option<Weakness>)> {
    let pieces: Vec<&str> =
        text.split(is_separator).filter(|piece| !piece.is_empty()).flat_map(humps).collect();
    if pieces.len() < 2 {
        return None;
    }
    let (mut bits, mut weakest) = (separators(text), None);
    let mut unexplained = Unexplained::default();
    for (at, piece) in pieces.iter().enumerate() {
        if pieces[..at].iter().any(|before| before.eq_ignore_ascii_case(piece)) {
            // Which of those before, unless the word itself is sooner said.
            let mut rest = Unexplained::default();
            let own = add_up(piece, known, &mut rest).0 + rest.bits();
            bits += (at as f64).log2().max(1.0).min(own);
            continue;
        }
        let before = unexplained.characters;
        let (mut own, found) = add_up(piece, known, &mut unexplained);
        let is_word = found == Some(Weakness::Word) && unexplained.characters == before;
        if is_word && piece.chars().count() >= LONG {
            own = (own + AMONG_WORDS).min(own.max(DICE));
        }
        bits += own;
        weakest = weakest.into_iter().chain(found).min();
    }
    Some((bits + unexplained.bits(), weakest))
}

/// What people put between words.
fn is_separator(c: char) -> bool {
    c.is_whitespace() || matches!(c, '-' | '_' | '.' | ',' | ';' | ':' | '+' | '/' | '|')
}

/// What the choice of separators is worth: which, once, and where each of several stands.
fn separators(text: &str) -> f64 {
    let mut kinds: Vec<char> = text.chars().filter(|c| is_separator(*c)).collect();
    let places = kinds.len() as f64;
    kinds.sort_unstable();
    kinds.dedup();
    match kinds.len() {
        0 => 0.0,
        several => {
            let further = (several - 1) as f64;
            SEPARATOR + FURTHER_SEPARATOR * further + places * (several as f64).log2()
        }
    }
}

/// The words of a piece written as `OneWordAfterAnother`; the piece itself where it is not.
fn humps(piece: &str) -> Vec<&str> {
    let starts: Vec<usize> =
        piece.char_indices().filter(|(at, c)| *at > 0 && c.is_ascii_uppercase()).map(|(at, _)| at).collect();
    let ends = starts.iter().copied().chain([piece.len()]);
    let words: Vec<&str> =
        [0].into_iter().chain(starts.iter().copied()).zip(ends).map(|(from, to)| &piece[from..to]).collect();
    // Random letters of both cases fall into pieces as well, but into shorter ones.
    let is_word = |word: &&str| word.len() > 1 && word.bytes().all(|b| b.is_ascii_alphabetic());
    if words.iter().all(is_word) && 2 * piece.len() >= 5 * words.len() { words } else { vec![piece] }
}

/// The bits of what is explained in `text`, window by window, and its worst part; the rest goes to `unexplained`. A part that touches the end of a window is looked at again
/// from its beginning, because what follows may make a longer word of it.
fn add_up(text: &str, known: &[&str], unexplained: &mut Unexplained) -> (f64, Option<Weakness>) {
    let starts: Vec<usize> = text.char_indices().map(|(i, _)| i).chain([text.len()]).collect();
    let characters = starts.len() - 1;
    let (mut bits, mut weakest, mut at) = (0.0, None, 0);
    while at < characters {
        let last = (at + WINDOW).min(characters);
        let mut next = last;
        for part in zxcvbn::zxcvbn(&text[starts[at]..starts[last]], known).sequence() {
            // In lower case some characters become two, and then a part may seem to end beyond the window.
            let (from, to) = ((at + part.i).min(last), (at + part.j + 1).min(last));
            let cut = to == last && last < characters;
            if cut && part.i > 0 {
                next = from;
            } else if let Some(weakness) = weakness(&part.pattern) {
                bits += (part.guesses.unwrap_or(1).max(1) as f64).log2();
                weakest = Some(weakest.map_or(weakness, |worst: Weakness| worst.min(weakness)));
            } else {
                next = if cut { from + STEP } else { next };
                unexplained.add(&text[starts[from]..starts[to.min(next)]]);
            }
        }
        at = next;
    }
    (bits, weakest)
}

/// The characters that belong to no pattern: how many, and of which kinds.
#[derive(Default)]
struct Unexplained {
    characters: usize,
    kinds: [bool; 5],
}

impl Unexplained {
    /// How many characters each kind has: a-z, A-Z, 0-9, ASCII punctuation with space, and one script's letters for all
    /// beyond ASCII, because nobody mixes them all.
    const SIZES: [f64; 5] = [26.0, 26.0, 10.0, 33.0, 100.0];

    fn add(&mut self, token: &str) {
        for c in token.chars() {
            let kind = match c {
                'a'..='z' => 0,
                'A'..='Z' => 1,
                '0'..='9' => 2,
                c if c.is_ascii() => 3,
                _ => 4,
            };
            self.kinds[kind] = true;
            self.characters += 1;
        }
    }

    fn bits(&self) -> f64 {
        let alphabet: f64 =
            self.kinds.iter().zip(Self::SIZES).filter(|(there, _)| **there).map(|(_, size)| size).sum();
        let full = alphabet.max(1.0).log2();
        let many = self.characters.clamp(FEW, MANY) - FEW;
        let each = FEW_BITS + (full - FEW_BITS) * many as f64 / (MANY - FEW) as f64;
        self.characters as f64 * each.min(full)
    }
}

fn weakness(pattern: &MatchPattern) -> Option<Weakness> {
    match pattern {
        MatchPattern::Dictionary(_) => Some(Weakness::Word),
        MatchPattern::Spatial(_) => Some(Weakness::Keyboard),
        MatchPattern::Repeat(_) => Some(Weakness::Repeat),
        MatchPattern::Sequence(_) => Some(Weakness::Sequence),
        MatchPattern::Regex(_) | MatchPattern::Date(_) => Some(Weakness::Date),
        MatchPattern::BruteForce => None,
    }
}

/// Where `text` is one piece said several times: the piece's length in bytes and how many times; else the whole, once.
fn period(text: &str) -> (usize, usize) {
    let bytes = text.as_bytes();
    (1..=bytes.len() / 2)
        .filter(|unit| bytes.len().is_multiple_of(*unit) && text.is_char_boundary(*unit))
        .find(|unit| bytes.chunks(*unit).all(|piece| piece == &bytes[..*unit]))
        .map_or((bytes.len(), 1), |unit| (unit, bytes.len() / unit))
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn of(text: &str) -> Strength {
        estimate(&SecretBuf::from_slice(text.as_bytes()), &[])
    }

    #[test]
    fn the_bands_begin_at_40_75_and_100_bits() {
        use Band::{Excellent, Good, Poor, Weak};
        let bands = [0.0, 39.9, 40.0, 74.9, 75.0, 99.9, 100.0, f64::NEG_INFINITY].map(Band::of);
        assert_eq!(bands, [Poor, Poor, Weak, Weak, Good, Good, Excellent, Poor]);
    }

    #[test]
    fn what_people_choose_is_poor_and_the_advice_says_why() {
        for (text, hint) in [
            ("password1", "words"),
            ("Summer2024!", "words"),
            ("qwertyuiop", ""),
            ("aaaaaaaaaaaaaaaaaaaaaaaa", "Repeating"),
            ("hunter2hunter2hunter2", "Repeating"),
            ("abcdefghijklmnop", "Sequences"),
            ("1987-12-03", "Dates"),
            ("", "Type a password"),
        ] {
            let strength = of(text);
            assert_eq!(strength.band, Band::Poor, "{text}: {strength:?}");
            assert!(strength.advice.contains(hint), "{text}: {}", strength.advice);
            assert!(strength.advice.ends_with('.') && strength.bits >= 0.0);
        }
    }

    #[test]
    fn a_short_invention_is_worth_less_than_random_characters_of_its_length() {
        assert_eq!(of("Tr0ub4dor&3").band, Band::Weak);
        assert!(of("Tr0ub4dor&3").bits < 52.0, "{:?}", of("Tr0ub4dor&3"));
    }

    #[test]
    fn random_characters_are_worth_nearly_their_alphabet() {
        // Twenty characters out of 90: 130 bits if all were random.
        assert!(
            (110.0..=133.0).contains(&of("k?V9f]xT2m$Wq8Zr{L5p").bits),
            "{:?}",
            of("k?V9f]xT2m$Wq8Zr{L5p")
        );
        assert_eq!(of("k?V9f]xT2m$Wq8Zr{L5p").band, Band::Excellent);
    }

    /// Words as dice choose them from the list of the Electronic Frontier Foundation.
    const DICEWARE: [&str; 3] = [
        "unicycle-gravel-hummus-dentist-plaza-wobble",
        "velvet otter quilt mango pylon sage",
        "amber.canyon.whistle.drift.lantern.sage",
    ];

    #[test]
    fn many_short_words_are_worth_their_words_and_not_their_characters() {
        for (text, most) in [
            ("the cat sat on the mat by the red door", 70.0),
            ("TheCatSatOnTheMatByTheRedDoor", 75.0),
            ("i am at my desk all day long and so is he", 65.0),
            ("to be or not to be that is the question", 50.0),
            ("a-b-c-d-e-f-g-h-i-j-k-l-m", 60.0),
            ("aaa bbb ccc ddd eee", 35.0),
            ("red red red red red green", 32.0),
        ] {
            let strength = of(text);
            assert!(strength.bits < most && strength.band <= Band::Weak, "{text}: {strength:?}");
        }
    }

    #[test]
    fn six_random_words_are_enough_and_four_are_not() {
        for text in DICEWARE {
            let strength = of(text);
            assert!((75.0..90.0).contains(&strength.bits), "{text}: {strength:?}");
        }
        assert!((45.0..60.0).contains(&of("correct horse battery staple").bits));
    }

    #[test]
    fn separators_inside_random_characters_cost_them_nothing_much() {
        for text in ["k?V9f-xT2m.Wq8 Zr{L5p", "x7Qm-2kW9_pR4.tZ8vB1s", "Jw4-Kd8-Qz2-Xf7-Mb5"] {
            let characters = text.chars().filter(|c| !is_separator(*c)).count() as f64;
            assert!(of(text).bits > 5.0 * characters, "{text}: {:?}", of(text));
        }
    }

    #[test]
    fn a_word_across_the_end_of_a_window_is_one_word() {
        // The first window ends after "bat".
        assert!(of("k?V9f]xT2m$Wqbattery").bits - of("k?V9f]xT2m$Wq").bits < 15.0);
        assert!(of("k?V9f]xT2m$Wqybtrtea").bits - of("k?V9f]xT2m$Wq").bits > 25.0);
    }

    #[test]
    fn names_the_attacker_knows_are_worth_little() {
        let value = SecretBuf::from_slice(b"zugspitzbahn");
        assert!(estimate(&value, &["Zugspitzbahn"]).bits < estimate(&value, &[]).bits - 20.0);
    }

    #[test]
    fn a_word_that_comes_again_is_worth_no_more_than_the_word() {
        let alone = of("the").bits;
        let words = ["velvet the", "velvet the the", "velvet the the the", "velvet the the the the the the"];
        let bits = words.map(|text| of(text).bits);
        assert!(bits.is_sorted() && bits[3] <= bits[0] + 6.0 * alone, "{alone}: {bits:?}");
    }

    proptest! {
        #[test]
        fn separators_add_no_more_than_a_few_bits_to_the_words_they_stand_between(
            words in proptest::collection::vec("the|cat|on|my|door|desk|velvet|otter|aaa|zqx|1987|qwerty", 2..8),
            separator in "[ ._-]",
        ) {
            let alone: f64 = words.iter().map(|word| of(word).bits).sum();
            let long = words.iter().filter(|word| word.len() >= LONG).count() as f64;
            let joined = of(&words.join(&separator)).bits;
            prop_assert!(joined <= alone + AMONG_WORDS * long + 6.0, "{words:?}: {joined} of {alone}");
        }

        #[test]
        fn every_text_has_a_finite_strength(text in "\\PC{0,120}") {
            let strength = of(&text);
            prop_assert!(strength.bits.is_finite() && strength.bits >= 0.0);
        }

        #[test]
        fn keyboard_runs_of_any_length_are_estimated(keys in "[qwertasdfzxcv]{0,120}") {
            prop_assert!(of(&keys).bits.is_finite());
        }

        #[test]
        fn characters_that_grow_in_lower_case_are_estimated(text in "[İßǅpasword1]{0,60}") {
            prop_assert!(of(&text).bits.is_finite());
        }
    }
}
