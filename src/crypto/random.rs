//! The operating system's random generator, and the refusal of what a broken one gives. Never seeds a generator of our own.

use super::CryptoError;

/// From this many bytes on, an all-zero draw means a broken generator (chance 2^-128), not chance. Compare
/// RUSTSEC-2026-0075, where a failing generator silently led to all-zero keys.
const ZERO_CHECK_FROM: usize = 16;

/// `N` bytes from the operating system's generator.
///
/// # Errors
/// [`CryptoError::Random`] when the generator fails, or when 16 bytes or more are all zero.
pub fn random_bytes<const N: usize>() -> Result<[u8; N], CryptoError> {
    let mut bytes = [0; N];
    fill(&mut bytes)?;
    Ok(bytes)
}

/// Fills `room` in place, so that a key is drawn where it will live.
pub(super) fn fill(room: &mut [u8]) -> Result<(), CryptoError> {
    fill_from(room, |room| getrandom::fill(room).map_err(|_| CryptoError::Random))
}

fn fill_from(
    room: &mut [u8],
    source: impl FnOnce(&mut [u8]) -> Result<(), CryptoError>,
) -> Result<(), CryptoError> {
    source(room)?;
    if room.len() >= ZERO_CHECK_FROM && room.iter().all(|byte| *byte == 0) {
        return Err(CryptoError::Random);
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_generator_that_gives_zeros_is_refused_from_16_bytes_on() {
        for len in [16, 24, 32, 1000] {
            assert_eq!(
                fill_from(&mut vec![1; len], |room| {
                    room.fill(0);
                    Ok(())
                }),
                Err(CryptoError::Random)
            );
        }
        assert_eq!(
            fill_from(&mut [1; 15], |room| {
                room.fill(0);
                Ok(())
            }),
            Ok(())
        );
        assert_eq!(
            fill_from(&mut [0; 16], |room| {
                room[15] = 1;
                Ok(())
            }),
            Ok(())
        );
    }

    #[test]
    fn a_generator_that_fails_is_refused() {
        assert_eq!(fill_from(&mut [0; 32], |_| Err(CryptoError::Random)), Err(CryptoError::Random));
    }

    #[test]
    fn two_draws_differ() {
        assert_ne!(random_bytes::<32>().unwrap(), random_bytes::<32>().unwrap());
        assert_eq!(random_bytes::<0>().unwrap(), [0; 0]);
    }
}
