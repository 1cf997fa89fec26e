//! Random numbers in a range, without bias: draws that fall into the incomplete last part of the range are thrown away.

use super::FormatError;
use crate::crypto::memory::{SecretBuf, random_secret};

/// Bytes asked of the system at once: enough for a password of default length.
const POOL: usize = 256;

/// `len` random bytes in a buffer of exactly that size.
pub(super) fn bytes(len: usize) -> Result<SecretBuf, FormatError> {
    random_secret(len).map_err(|_| FormatError::Random)
}

/// A source of numbers that are equally likely.
pub(super) struct Draws {
    pool: SecretBuf,
    used: usize,
}

impl Draws {
    /// Takes the first bytes from the system.
    pub(super) fn new() -> Result<Self, FormatError> {
        Ok(Self { pool: bytes(POOL)?, used: 0 })
    }

    /// A number from 0 to `count - 1`, each equally likely; 0 where `count` is 0 or 1.
    pub(super) fn below(&mut self, count: usize) -> Result<usize, FormatError> {
        let count = u32::try_from(count.max(1)).map_err(|_| FormatError::Random)?;
        loop {
            if let Some(number) = accept(self.draw()?, count) {
                return Ok(number as usize);
            }
        }
    }

    fn draw(&mut self) -> Result<u32, FormatError> {
        if let Some((four, _)) = self.pool.as_bytes()[self.used..].split_first_chunk::<4>() {
            self.used += 4;
            return Ok(u32::from_le_bytes(*four));
        }
        *self = Self::new()?;
        self.draw()
    }
}

/// The number a draw stands for, or `None` where keeping it would make small numbers more likely than large ones.
fn accept(draw: u32, count: u32) -> Option<u32> {
    let whole = (1u64 << 32) / u64::from(count) * u64::from(count);
    (u64::from(draw) < whole).then(|| draw % count)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_draw_is_kept_only_below_the_last_whole_multiple() {
        assert_eq!(accept(u32::MAX, 1 << 31), Some((1 << 31) - 1));
        assert_eq!(accept(u32::MAX, 10), None);
        // 2^32 = 10 * 429496729 + 6: the last six draws are thrown away.
        assert_eq!(accept(u32::MAX - 5, 10), None);
        assert_eq!(accept(u32::MAX - 6, 10), Some(9));
        assert_eq!(accept(0, 1), Some(0));
    }

    #[test]
    fn every_number_is_drawn_about_equally_often() {
        let mut draws = Draws::new().unwrap();
        let mut counts = [0u32; 10];
        for _ in 0..50_000 {
            counts[draws.below(10).unwrap()] += 1;
        }
        // Chi-squared with 9 degrees of freedom: above 60 once in 10^9 runs.
        let chi: f64 = counts.iter().map(|c| (f64::from(*c) - 5000.0).powi(2) / 5000.0).sum();
        assert!(chi < 60.0, "{counts:?}");
    }

    #[test]
    fn bytes_have_the_length_asked_for_and_differ() {
        assert_eq!(bytes(32).unwrap().len(), 32);
        assert!(bytes(32).unwrap() != bytes(32).unwrap());
    }
}
