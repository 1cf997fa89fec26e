//! Finds rows of a picture in memory: what a revealed secret looks like, as the window's pixels.

use std::collections::{HashMap, HashSet};

use super::process::Memory;

/// Pixels in a row that count as found.
const PIECE: usize = 24;
/// Different values among them: fewer could be a line or a frame.
const VALUES: usize = 6;
/// Rows that are searched for: those in which most has changed.
const ROWS: usize = 12;
/// Pixels that are looked up at once.
const GRAM: usize = 4;
/// Red, green and blue; the fourth byte is whatever the driver leaves there.
const COLOUR: u32 = 0x00ff_ffff;

/// A picture of the screen.
#[derive(Clone)]
pub struct Picture {
    /// Pixels in a row.
    pub width: usize,
    /// 0x00RRGGBB, row by row.
    pub pixels: Vec<u32>,
}

impl Picture {
    fn rows(&self) -> impl Iterator<Item = &[u32]> {
        self.pixels.chunks(self.width)
    }

    /// How many pixels are different in `other`.
    pub fn distance(&self, other: &Self) -> usize {
        self.pixels.iter().zip(&other.pixels).filter(|(a, b)| a != b).count()
    }
}

/// The rows that something on the screen consists of.
pub struct Rows {
    rows: Vec<Vec<u32>>,
    /// Where in which row a piece begins that is one of its own.
    own: HashSet<(usize, usize)>,
    index: HashMap<[u32; GRAM], Vec<(usize, usize)>>,
    filter: Vec<bool>,
}

impl Rows {
    /// What is in `after` and was not in `before`.
    pub fn appeared(before: &Picture, after: &Picture) -> Self {
        let mut changed: Vec<(usize, Vec<u32>)> = Vec::new();
        for (old, new) in before.rows().zip(after.rows()) {
            let at: Vec<usize> = (0..new.len()).filter(|x| old[*x] != new[*x]).collect();
            if let (Some(first), Some(last)) = (at.first(), at.last()) {
                changed.push((at.len(), new[*first..=*last].to_vec()));
            }
        }
        changed.sort_by_key(|(count, _)| std::cmp::Reverse(*count));
        let old: HashSet<&[u32]> = before.rows().flat_map(|row| row.windows(PIECE)).collect();
        let mut own = HashSet::new();
        let mut rows = Vec::new();
        for (_, row) in changed.into_iter().take(ROWS) {
            for (at, piece) in row.windows(PIECE).enumerate() {
                if values(piece) >= VALUES && !old.contains(piece) {
                    own.insert((rows.len(), at));
                }
            }
            // Drivers may keep red and blue the other way round.
            let swapped = row.iter().map(|p| (p & 0xff00) | (p >> 16) | (p & 0xff) << 16).collect();
            rows.push(row);
            rows.push(swapped);
        }
        own.extend(own.clone().into_iter().map(|(row, at)| (row + 1, at)));
        let mut found = Self { rows, own, index: HashMap::new(), filter: vec![false; 1 << 16] };
        for (number, row) in found.rows.iter().enumerate() {
            for (at, gram) in row.as_slice().array_windows::<GRAM>().enumerate() {
                if values(gram) >= 3 {
                    found.filter[slot(gram)] = true;
                    found.index.entry(*gram).or_default().push((number, at));
                }
            }
        }
        found
    }

    /// How many pieces there are to be found.
    pub fn pieces(&self) -> usize {
        self.own.len() / 2
    }

    /// The lengths of what was found, in pixels, and where.
    pub fn find(&self, memory: &Memory) -> Vec<(usize, String)> {
        let mut found = Vec::new();
        for segment in memory.written() {
            let (words, _) = segment.bytes.as_chunks::<4>();
            let pixels: Vec<u32> = words.iter().map(|word| u32::from_le_bytes(*word) & COLOUR).collect();
            let mut done: HashMap<(usize, usize), usize> = HashMap::new();
            for (at, gram) in pixels.as_slice().array_windows::<GRAM>().enumerate() {
                if gram[0] == gram[1] && gram[1] == gram[2] || !self.filter[slot(gram)] {
                    continue;
                }
                for (row, offset) in self.index.get(gram).into_iter().flatten() {
                    // Each run is met once for every gram in it.
                    let origin = (at + self.rows[*row].len() - offset, *row);
                    if done.get(&origin).is_some_and(|end| at < *end) {
                        continue;
                    }
                    let (from, length) = self.extend(&pixels, at, *row, *offset);
                    done.insert(origin, at - offset.min(&at) + from + length);
                    let starts = from..(from + length + 1).saturating_sub(PIECE);
                    if starts.into_iter().any(|start| self.own.contains(&(*row, start))) {
                        found.push((length, segment.name.clone()));
                    }
                }
            }
        }
        found
    }

    /// From where in the row, and how far, it is equal to what stands in memory.
    fn extend(&self, pixels: &[u32], at: usize, row: usize, offset: usize) -> (usize, usize) {
        let row = &self.rows[row];
        let same = |(a, b): &(&u32, &u32)| a == b;
        let left = pixels[..at].iter().rev().zip(row[..offset].iter().rev()).take_while(same).count();
        let right = pixels[at..].iter().zip(&row[offset..]).take_while(same).count();
        (offset - left, left + right)
    }
}

fn values(pixels: &[u32]) -> usize {
    pixels.iter().collect::<HashSet<_>>().len()
}

fn slot(gram: &[u32; GRAM]) -> usize {
    let mixed = gram.iter().fold(0u32, |sum, p| (sum ^ p).wrapping_mul(0x9e37_79b1).rotate_left(11));
    (mixed >> 16) as usize
}
