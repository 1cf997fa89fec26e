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

#[cfg(test)]
mod tests {
    use super::*;

    /// Runs this test binary again for one ignored test, because hardening cannot be undone.
    #[cfg(target_os = "linux")]
    fn in_a_child(test: &str) {
        let child = std::process::Command::new(std::env::current_exe().unwrap())
            .args(["--exact", "--ignored", "--nocapture", &format!("crypto::process::tests::{test}")])
            .output()
            .unwrap();
        let output = String::from_utf8_lossy(&child.stdout);
        assert!(child.status.success() && output.contains("1 passed"), "{output}");
    }

    #[test]
    #[cfg(target_os = "linux")]
    fn hardening_is_in_force_when_it_says_so() {
        in_a_child("hardened");
    }

    #[test]
    #[ignore = "changes its process for good; the test above runs it in one of its own"]
    #[cfg(target_os = "linux")]
    fn hardened() {
        let before = std::fs::read_to_string("/proc/self/limits").unwrap();
        assert!(before.contains("Max core file size"));
        let hardening = harden();
        assert_eq!(hardening.core_dumps_off, Measure::Applied);
        assert_eq!(hardening.ptrace_off, Measure::Applied);
        let limits = std::fs::read_to_string("/proc/self/limits").unwrap();
        let core = limits.lines().find(|line| line.starts_with("Max core file size")).unwrap();
        assert_eq!(core.split_whitespace().filter(|word| *word == "0").count(), 2, "{core}");
        assert_eq!(os::dumpable(), Some(false));
        #[cfg(target_env = "gnu")]
        {
            assert_eq!(hardening.heap_fill, Measure::Applied);
            // glibc fills new memory with the complement of what it fills freed memory with.
            assert_eq!(os::fresh_c_memory(20_000), [!FILL; 20_000]);
        }
        trim_heap();
    }

    #[test]
    fn what_cannot_be_asked_or_was_refused_is_told_with_its_reason() {
        assert_eq!(Measure::of(Some(true), "a", "b"), Measure::Applied);
        assert_eq!(Measure::of(None, "a", "b"), Measure::Unavailable("a".to_owned()));
        assert_eq!(Measure::of(Some(false), "a", "b"), Measure::Unavailable("b".to_owned()));
    }
}
