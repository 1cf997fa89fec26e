//! What the process does against being read from outside: no core dumps, no debugger, freed C memory filled. Nothing is
//! assumed: every measure is read back, and what could not be had is told with its reason, for the About page.
//!
//! None of this stops an administrator of the machine, or a program that read this process before it started.

use super::memory::os;

/// What glibc fills freed memory with (its complement fills new memory): any byte that is neither zero nor text.
const FILL: u8 = 0xa5;

/// What one measure came to.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Measure {
    /// In force, as read back from the system.
    Applied,
    /// Not in force, and why, as a sentence for a person.
    Unavailable(String),
}

impl Measure {
    fn of(applied: Option<bool>, unasked: &str, failed: &str) -> Self {
        match applied {
            Some(true) => Self::Applied,
            Some(false) => Self::Unavailable(failed.to_owned()),
            None => Self::Unavailable(unasked.to_owned()),
        }
    }
}

/// What [`harden`] really reached.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Hardening {
    /// A crash writes no image of this process to disk (`RLIMIT_CORE` is 0).
    pub core_dumps_off: Measure,
    /// Other programs of the same user cannot attach to it or read its memory (`PR_SET_DUMPABLE` is 0), and none had.
    pub ptrace_off: Measure,
    /// Larger blocks that C libraries free are overwritten (glibc `M_PERTURB`; measured: from 1033 bytes on).
    pub heap_fill: Measure,
}

/// Turns everything on that the system offers. Call it first in `main`, before a second thread exists.
#[must_use = "the result is shown to the person, not assumed"]
pub fn harden() -> Hardening {
    let heap_fill = fill();
    let outcome = secmem_proc::harden_process();
    let core_dumps_off = Measure::of(
        os::core_dump_limit_is_zero(),
        "this system has no limit for core dumps that can be read",
        "the system did not accept the limit for core dumps",
    );
    let mut ptrace_off = Measure::of(
        os::dumpable().map(|dumpable| !dumpable),
        "this system does not tell whether other programs can read this one",
        "the system did not take this program out of other programs' reach",
    );
    if let Err(error) = outcome {
        // Also the case of a tracer that was attached before: the flag then comes too late.
        ptrace_off = Measure::Unavailable(error.to_string());
    }
    Hardening { core_dumps_off, ptrace_off, heap_fill }
}

/// Has the C allocator fill what is freed; alone, for runs that must stay readable from outside (the memory tests).
pub fn fill_freed_heap() {
    fill();
}

/// Gives free C memory back to the system. Part of a lock.
pub fn trim_heap() {
    os::trim();
}

fn fill() -> Measure {
    if os::fill_freed(FILL) {
        Measure::Applied
    } else {
        Measure::Unavailable("the C library of this system cannot fill freed memory".to_owned())
    }
}
