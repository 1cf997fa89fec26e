//! Finds the order of glyphs in vertex data. The renderer's buffers hold no text, but for each glyph its place in the font's
//! atlas, at a constant distance; with the atlas in the same memory, the places are the text.
//!
//! No map of the atlas is needed: while a known text is on the screen, sequences of numbers with its pattern of repetitions
//! are looked for, and they tell the place of each character.

use std::collections::{BTreeMap, HashMap, HashSet};

use super::process::{Memory, Segment};

/// Bytes from one glyph to the next: four vertices of twenty bytes.
const GLYPH: usize = 80;
/// Glyphs in a row that count as found.
const LEAST: usize = 5;
/// The farthest that one glyph's number may be from the next one's, in words.
const FAR: usize = 256;

/// Where each character stands in the atlas: the horizontal place, as the bits of its number.
pub struct Places(Vec<BTreeMap<u8, u32>>);

/// The longest run in order that was found, and how many runs at which distances.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Order {
    /// Glyphs of the longest run.
    pub longest: usize,
    /// Runs.
    pub runs: usize,
    /// Distances in bytes.
    pub distances: BTreeMap<usize, usize>,
}

impl Places {
    /// Learns the places from memory in which `text` is on the screen. The text must have no spaces and some repetitions.
    pub fn learn(memory: &Memory, text: &[u8]) -> Self {
        let mut known: HashSet<Vec<(u8, u32)>> = HashSet::new();
        let mut checks: Vec<(usize, usize, bool)> = Vec::new();
        for (i, a) in text.iter().enumerate() {
            if let Some(j) = text[i + 1..].iter().position(|b| a == b) {
                checks.push((i, i + 1 + j, true));
            }
        }
        let repeated = checks.len();
        if let Some(other) = text.iter().position(|c| *c != text[0]) {
            checks.insert(0, (0, other, false));
        }
        for segment in memory.written() {
            let values = words(segment);
            let step = GLYPH / 4;
            let Some(last) = values.len().checked_sub(step * (text.len() - 1)) else { continue };
            for (start, value) in values[..last].iter().enumerate() {
                // Places are fractions of the atlas: more than nothing, at most one.
                if value.wrapping_sub(1) >= 1f32.to_bits() {
                    continue;
                }
                let at = |i: usize| values[start + i * step];
                let shape = repeated >= 4 && checks.iter().all(|(i, j, same)| (at(*i) == at(*j)) == *same);
                if shape && let Some(map) = one_to_one(text, &at) {
                    known.insert(map);
                }
            }
        }
        Self(known.into_iter().map(|map| map.into_iter().collect()).collect())
    }

    /// How many sets of places were learnt: the left and the right edge of each glyph, if all went well.
    pub fn sets(&self) -> usize {
        self.0.len()
    }

    /// Looks for parts of `text`, forward and backward, at any constant distance.
    pub fn find(&self, memory: &Memory, text: &[u8]) -> Order {
        let mut order = Order::default();
        for map in &self.0 {
            let mut masks: HashMap<u32, u128> = HashMap::new();
            for (i, c) in text.iter().enumerate() {
                if let Some(place) = map.get(c) {
                    *masks.entry(*place).or_default() |= 1 << i;
                }
            }
            for segment in memory.written() {
                runs(&hits(segment, &masks), &mut order);
            }
        }
        order
    }
}

/// Where places of the text stand in a segment, and for which of its characters each could be.
fn hits(segment: &Segment, masks: &HashMap<u32, u128>) -> Vec<(usize, u128)> {
    let mut filter = vec![false; 1 << 16];
    let slot = |value: u32| (value.wrapping_mul(0x9e37_79b1) >> 16) as usize;
    for place in masks.keys() {
        filter[slot(*place)] = true;
    }
    let values = words(segment);
    let hit = |(i, value): (usize, &u32)| {
        let mask = filter[slot(*value)].then(|| masks.get(value)).flatten()?;
        Some((i, *mask))
    };
    values.iter().enumerate().filter_map(hit).collect()
}

fn runs(hits: &[(usize, u128)], order: &mut Order) {
    let by_place: HashMap<usize, u128> = hits.iter().copied().collect();
    for (n, (start, mask)) in hits.iter().enumerate() {
        for (next, _) in hits[n + 1..].iter().take_while(|(next, _)| next - start <= FAR) {
            let far = next - start;
            for forward in [true, false] {
                let on = |mask: u128| if forward { mask << 1 } else { mask >> 1 };
                // What goes on from an earlier one was counted there.
                let before = start.checked_sub(far).and_then(|place| by_place.get(&place));
                let (mut length, mut place) = (1, start + far);
                let mut left = mask & !before.map_or(0, |before| on(*before));
                while let Some(mask) = by_place.get(&place) {
                    left = on(left) & mask;
                    if left == 0 {
                        break;
                    }
                    (length, place) = (length + 1, place + far);
                }
                if length >= LEAST {
                    order.longest = order.longest.max(length);
                    order.runs += 1;
                    *order.distances.entry(far * 4).or_default() += 1;
                }
            }
        }
    }
}

/// Whether the numbers could be the places of the characters: the same for the same, others for others, and inside the atlas.
fn one_to_one(text: &[u8], at: &dyn Fn(usize) -> u32) -> Option<Vec<(u8, u32)>> {
    let mut map = BTreeMap::new();
    for (i, c) in text.iter().enumerate() {
        let value = at(i);
        let inside = f32::from_bits(value) > 0.0 && f32::from_bits(value) <= 1.0;
        if !inside || *map.entry(*c).or_insert(value) != value {
            return None;
        }
    }
    let different: HashSet<&u32> = map.values().collect();
    // Two characters may stand below each other in the atlas.
    (different.len() * 3 >= map.len() * 2).then(|| map.into_iter().collect())
}

fn words(segment: &Segment) -> Vec<u32> {
    segment.bytes.as_chunks::<4>().0.iter().map(|word| u32::from_le_bytes(*word)).collect()
}
