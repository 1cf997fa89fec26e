//! Finds pieces of texts in memory, at every offset, in every form a program is likely to keep them in.
//!
//! Pieces, not wholes: what frees a block overwrites its head, what reuses it more. The patterns are held masked, so that a
//! search of our own memory does not find the searcher.

use std::collections::{BTreeMap, HashMap};

const MASK: u8 = 0x5a;

/// How a text is written in memory.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub enum Form {
    /// As bytes: ASCII, UTF-8.
    Utf8,
    /// Two bytes a character, the lower first.
    Utf16,
    /// Four bytes a character, the lowest first: Rust's `char`, X keysyms.
    Utf32,
    /// Hexadecimal digits, small or large.
    Hex,
    /// Base64.
    Base64,
}

impl Form {
    /// All of them.
    pub const ALL: [Self; 5] = [Self::Utf8, Self::Utf16, Self::Utf32, Self::Hex, Self::Base64];

    /// The fewest bytes in a row that count as found.
    fn least(self) -> usize {
        match self {
            Self::Utf8 => 12,
            Self::Utf16 | Self::Base64 => 16,
            Self::Utf32 | Self::Hex => 24,
        }
    }

    /// What `text` looks like in this form. Base64 has three ways to fall on its groups, hexadecimal digits two sizes.
    pub fn write(self, text: &[u8]) -> Vec<Vec<u8>> {
        let each = |f: &dyn Fn(u8) -> Vec<u8>| vec![text.iter().flat_map(|byte| f(*byte)).collect()];
        match self {
            Self::Utf8 => vec![text.to_vec()],
            Self::Utf16 => each(&|byte| u16::from(byte).to_le_bytes().to_vec()),
            Self::Utf32 => each(&|byte| u32::from(byte).to_le_bytes().to_vec()),
            Self::Hex => {
                let lower = data_encoding::HEXLOWER.encode(text);
                vec![lower.to_ascii_uppercase().into_bytes(), lower.into_bytes()]
            }
            Self::Base64 => {
                let from = |skip: usize| {
                    let whole = &text[skip..];
                    data_encoding::BASE64.encode(&whole[..whole.len() / 3 * 3]).into_bytes()
                };
                (0..3).map(from).collect()
            }
        }
    }
}

/// A piece that was found.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Piece {
    /// Which needle.
    pub needle: usize,
    /// In which form.
    pub form: Form,
    /// Where.
    pub address: u64,
    /// How many bytes.
    pub length: usize,
    /// In which mapping.
    pub mapping: String,
}

struct Pattern {
    needle: usize,
    form: Form,
    masked: Vec<u8>,
}

/// A search for some texts. Feed it memory, then ask for the [`Search::pieces`].
pub struct Search {
    patterns: Vec<Pattern>,
    /// Where the four bytes stand in which pattern. Every run of seven bytes holds four that are aligned: so only those
    /// places of the memory are looked at.
    index: HashMap<u32, Vec<(usize, usize)>>,
    filter: Vec<bool>,
    found: BTreeMap<(usize, u64), (usize, u64, String)>,
}

impl Search {
    /// A search for `needles`, each given masked with [`masked`].
    pub fn new(needles: &[Vec<u8>]) -> Self {
        let mut search = Self {
            patterns: Vec::new(),
            index: HashMap::new(),
            filter: vec![false; 1 << 16],
            found: BTreeMap::new(),
        };
        for (needle, text) in needles.iter().enumerate() {
            let mut text = masked(text);
            for form in Form::ALL {
                for mut written in form.write(&text) {
                    search.add(Pattern { needle, form, masked: masked(&written) });
                    written.fill(0);
                }
            }
            text.fill(0);
        }
        search
    }

    fn add(&mut self, pattern: Pattern) {
        for (offset, four) in pattern.masked.windows(4).enumerate() {
            let four = word(four);
            self.filter[slot(four)] = true;
            self.index.entry(four).or_default().push((self.patterns.len(), offset));
        }
        self.patterns.push(pattern);
    }

    /// Looks through `bytes`, which stand at `start` in `mapping`.
    pub fn look(&mut self, start: u64, mapping: &str, bytes: &[u8]) {
        let mask = u32::from_ne_bytes([MASK; 4]);
        let (words, _) = bytes.as_chunks::<4>();
        for (i, four) in words.iter().enumerate() {
            let four = u32::from_ne_bytes(*four) ^ mask;
            if !self.filter[slot(four)] {
                continue;
            }
            for (pattern, offset) in self.index.get(&four).into_iter().flatten() {
                let Pattern { masked, form, .. } = &self.patterns[*pattern];
                let (from, length) = extend(bytes, i * 4, masked, *offset);
                if length >= form.least() {
                    let (at, origin) = (start + from as u64, start + (i * 4) as u64);
                    let origin = origin.wrapping_sub(*offset as u64);
                    self.found.insert((*pattern, at), (length, origin, mapping.to_owned()));
                }
            }
        }
    }

    /// What was found, each piece once however the memory was cut when it was fed.
    pub fn pieces(&self) -> Vec<Piece> {
        let mut pieces: Vec<Piece> = Vec::new();
        let mut before: Option<(usize, u64, u64)> = None;
        for ((pattern, address), (length, origin, mapping)) in &self.found {
            let end = address + *length as u64;
            // Of the same place of the same pattern, and inside the one before: the rest of a piece that was cut.
            if before.is_some_and(|b| b.0 == *pattern && b.1 == *origin && end <= b.2) {
                continue;
            }
            before = Some((*pattern, *origin, end));
            let Pattern { needle, form, .. } = self.patterns[*pattern];
            let (address, length, mapping) = (*address, *length, mapping.clone());
            pieces.push(Piece { needle, form, address, length, mapping });
        }
        pieces
    }
}

/// How far `pattern` (masked) is equal to `bytes` around `at`, where its `offset` stands: from where, and how long.
fn extend(bytes: &[u8], at: usize, pattern: &[u8], offset: usize) -> (usize, usize) {
    let same = |&(a, b): &(&u8, &u8)| *a ^ MASK == *b;
    let left = bytes[..at].iter().rev().zip(pattern[..offset].iter().rev()).take_while(same).count();
    let right = bytes[at..].iter().zip(&pattern[offset..]).take_while(same).count();
    (at - left, left + right)
}

/// Masks a text, or shows it again.
pub fn masked(text: &[u8]) -> Vec<u8> {
    text.iter().map(|byte| byte ^ MASK).collect()
}

fn word(four: &[u8]) -> u32 {
    u32::from_ne_bytes([four[0], four[1], four[2], four[3]])
}

fn slot(four: u32) -> usize {
    (four.wrapping_mul(0x9e37_79b1) >> 16) as usize
}
