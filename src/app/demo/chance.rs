//! Numbers that look random and are the same for the same seed. For stories, never for secrets.

/// SplitMix64 (Steele, Lea, Flood, "Fast splittable pseudorandom number generators", OOPSLA 2014).
pub(super) struct Chance(u64);

impl Chance {
    pub fn new(seed: u64) -> Self {
        Self(seed)
    }

    fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        z ^ (z >> 31)
    }

    /// A number from `from` to `to`, both included.
    pub fn between(&mut self, from: i64, to: i64) -> i64 {
        let span = to.saturating_sub(from).saturating_add(1).max(1).unsigned_abs();
        from.saturating_add_unsigned(self.next() % span)
    }

    /// True in `percent` of a hundred cases.
    pub fn percent(&mut self, percent: i64) -> bool {
        self.between(0, 99) < percent
    }

    /// An index below `len`; 0 where there is none.
    pub fn index(&mut self, len: usize) -> usize {
        if len == 0 { 0 } else { usize::try_from(self.next() % len as u64).unwrap_or(0) }
    }

    /// One of these.
    pub fn pick<'a, T>(&mut self, from: &'a [T]) -> Option<&'a T> {
        from.get(self.index(from.len()))
    }
}
