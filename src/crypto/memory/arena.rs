//! The slots that keys live in: pages of protected memory, cut into 32-byte slots behind one lock.
//!
//! Pages are added one at a time, because locked memory is scarce (8 MiB a process on most systems), and are never given
//! back: a process needs as many as its busiest moment did. A slot in the free list is always zero.

use std::sync::{Mutex, PoisonError};

use super::os;

/// One slot: a slice of exactly one element, or of none in a key that is being dropped.
pub(super) type Slot = &'static mut [[u8; 32]];

/// What kind of memory keys are held in, best first.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Protection {
    /// `memfd_secret`: locked, left out of core dumps, and out of reach of the rest of the kernel and of `/proc/PID/mem`.
    SecretMemory,
    /// Locked (never written to swap) and left out of core dumps.
    LockedPages,
    /// Ordinary memory, wiped after use: the system allowed nothing better.
    Heap,
}

/// The weakest protection any key of this process has, or, before the first, would have.
#[must_use]
pub fn protection() -> Protection {
    let mut arena = lock();
    if arena.weakest.is_none() {
        arena.grow();
    }
    arena.weakest.unwrap_or(Protection::Heap)
}

/// A slot of zeros.
pub(super) fn take() -> Slot {
    lock().take()
}

/// Takes back a slot that its owner has wiped.
pub(super) fn give_back(slot: Slot) {
    if !slot.is_empty() {
        lock().free.push(slot);
    }
}

static ARENA: Mutex<Arena> = Mutex::new(Arena { free: Vec::new(), weakest: None });

struct Arena {
    free: Vec<Slot>,
    weakest: Option<Protection>,
}

impl Arena {
    fn take(&mut self) -> Slot {
        loop {
            match self.free.pop() {
                Some(slot) => return slot,
                None => self.grow(),
            }
        }
    }

    fn grow(&mut self) {
        let (page, protection) = os::key_page();
        let (slots, _) = page.as_chunks_mut();
        self.free.extend(slots.chunks_mut(1));
        self.weakest = self.weakest.max(Some(protection));
    }
}

/// The list is whole after every step, so a panic elsewhere while it was held does not spoil it.
fn lock() -> std::sync::MutexGuard<'static, Arena> {
    ARENA.lock().unwrap_or_else(PoisonError::into_inner)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn slots_are_zero_when_taken_and_reused_after_they_were_wiped() {
        let mut arena = Arena { free: Vec::new(), weakest: None };
        let slot = arena.take();
        let first = slot.as_ptr();
        assert_eq!(slot, [[0; 32]]);
        arena.free.push(slot);
        assert_eq!(arena.take().as_ptr(), first);
        let page = arena.free.len() + 1;
        assert!(page >= 4096 / 32);
        for _ in 0..page {
            let _ = arena.take();
        }
        assert!(!arena.free.is_empty(), "the arena grew by a second page");
    }

    #[test]
    fn a_dropped_key_leaves_zeros_in_its_slot() {
        use crate::crypto::memory::SecretKey;
        // Other tests take and drop keys at the same time; every free slot must be zero at every moment.
        for n in 1..200u8 {
            drop(SecretKey::from_bytes(&[n; 32]));
            assert!(lock().free.iter().all(|slot| **slot == [[0; 32]]));
        }
    }

    #[test]
    fn protection_tells_what_was_really_given() {
        let told = protection();
        let (_, given) = os::key_page();
        assert!(told >= Protection::SecretMemory);
        if cfg!(target_os = "linux") {
            assert!(given <= told, "a later page is no better than the weakest told");
        }
    }
}
