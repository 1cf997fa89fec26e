//! Overwriting what finished calls left on the stack. Wiping types wipe themselves; the copies a compiler makes of their
//! parts (an expanded key, the first block of a hash) it cannot reach, and neither can they.

use zeroize::Zeroize;

/// How much is overwritten, in 8-byte words (64 KiB): more than the deepest call of this floor uses; about 5 µs.
const WORDS: usize = 8192;

/// Overwrites the 64 KiB of this thread's stack below the caller. Called here after every operation with a long-lived
/// key; call it on each thread that worked with keys when a session ends.
#[inline(never)]
pub fn burn_stack() {
    let mut words = [0u64; WORDS];
    words.zeroize();
    std::hint::black_box(&mut words);
}
