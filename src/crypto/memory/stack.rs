//! Overwriting what finished calls left on the stack. Wiping types wipe themselves; the copies a compiler makes of their
//! parts (an expanded key, the first block of a hash) it cannot reach, and neither can they.

use zeroize::Zeroize;

/// How much is overwritten, in bytes: more than the deepest call of this floor uses.
const DEPTH: usize = 64 << 10;

/// Overwrites the 64 KiB of this thread's stack below the caller.
///
/// This floor calls it after passwords, public-key operations and signatures. Not after each envelope, of which a vault has
/// a hundred thousand: each overwrites what the one before left. So call it on every thread that worked with keys when a
/// session ends.
#[inline(never)]
pub fn burn_stack() {
    let mut room = [0u8; DEPTH];
    // The slice, not the array: an array is wiped one element after the other.
    room.as_mut_slice().zeroize();
    std::hint::black_box(&mut room);
}
