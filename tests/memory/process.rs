//! The memory of a process, read through `/proc`: another one from outside while it stands still, or our own.

use std::fs::File;
use std::io;
use std::ops::Range;
use std::os::unix::fs::FileExt;
use std::process::Command;

const PAGE: usize = 4096;
const CHUNK: usize = 1 << 20;
/// Read twice at the end of each chunk, so that nothing shorter is cut in two.
const OVERLAP: usize = 2 * PAGE;

/// A stretch of memory without empty pages.
pub struct Segment {
    /// Its address in the process.
    pub start: u64,
    /// Whether the process may change it.
    pub writable: bool,
    /// What is mapped there, as the system names it: `[heap]`, a file, or nothing.
    pub name: String,
    /// What it held.
    pub bytes: Vec<u8>,
}

/// What another process held at one moment.
#[derive(Default)]
pub struct Memory {
    /// Everything that is not zero, by address.
    pub segments: Vec<Segment>,
    /// Bytes that were looked at, zeros included.
    pub seen: u64,
    /// Mappings whose pages the system would not hand out, and how many bytes. `memfd_secret` is out of everybody's reach.
    pub refused: Vec<(String, u64)>,
}

struct Mapping {
    range: Range<u64>,
    writable: bool,
    name: String,
}

impl Memory {
    /// What the process may have written.
    pub fn written(&self) -> impl Iterator<Item = &Segment> {
        self.segments.iter().filter(|segment| segment.writable)
    }

    /// Stops the process, copies every readable mapping, and lets it go on.
    pub fn of(pid: u32) -> io::Result<Self> {
        Self::copy(pid, false)
    }

    /// As [`Memory::of`], without what the process cannot write to: programs and their tables.
    pub fn writable_of(pid: u32) -> io::Result<Self> {
        Self::copy(pid, true)
    }

    fn copy(pid: u32, only_writable: bool) -> io::Result<Self> {
        let _stopped = Stopped::new(pid)?;
        let memory = File::open(format!("/proc/{pid}/mem"))?;
        let mut all = Self::default();
        for mapping in mappings(&pid.to_string())? {
            if only_writable && !mapping.writable {
                continue;
            }
            let mut refused = 0;
            let mut at = mapping.range.start;
            let mut segment: Option<Segment> = None;
            while at < mapping.range.end {
                let length = CHUNK.min((mapping.range.end - at) as usize);
                let mut chunk = vec![0; length];
                let bad = read_pages(&memory, at, &mut chunk);
                refused += bad;
                all.seen += length as u64 - bad;
                for (i, page) in chunk.chunks(PAGE).enumerate() {
                    if *page == [0; PAGE][..page.len()] {
                        all.segments.extend(segment.take());
                        continue;
                    }
                    let start = at + (i * PAGE) as u64;
                    let Mapping { writable, name, .. } = &mapping;
                    let fresh =
                        || Segment { start, writable: *writable, name: name.clone(), bytes: Vec::new() };
                    segment.get_or_insert_with(fresh).bytes.extend_from_slice(page);
                }
                at += length as u64;
            }
            all.segments.extend(segment);
            if refused > 0 {
                all.refused.push((mapping.name, refused));
            }
        }
        Ok(all)
    }
}

/// Walks through this process's own memory, chunk by chunk; `look` is given the address, the name and the bytes. One chunk
/// is held at a time, in a buffer that is itself left out.
pub fn walk_own(mut look: impl FnMut(u64, &str, &[u8])) -> io::Result<u64> {
    let memory = File::open("/proc/self/mem")?;
    let mut chunk = vec![0; CHUNK + OVERLAP];
    let own = chunk.as_ptr() as u64 / PAGE as u64 * PAGE as u64;
    let own = own..(chunk.as_ptr() as u64 + chunk.len() as u64).next_multiple_of(PAGE as u64);
    let mut seen = 0;
    for mapping in mappings("self")? {
        for part in without(&mapping.range, &own) {
            let mut at = part.start;
            while at < part.end {
                let length = chunk.len().min((part.end - at) as usize);
                seen += length as u64 - read_pages(&memory, at, &mut chunk[..length]);
                look(at, &mapping.name, &chunk[..length]);
                at += CHUNK as u64;
            }
        }
    }
    Ok(seen)
}

/// Fills `into` from `at` on; what cannot be read is left zero. Returns how many bytes that were.
fn read_pages(memory: &File, at: u64, into: &mut [u8]) -> u64 {
    if memory.read_exact_at(into, at).is_ok() {
        return 0;
    }
    let mut refused = 0;
    for (i, page) in into.chunks_mut(PAGE).enumerate() {
        if memory.read_exact_at(page, at + (i * PAGE) as u64).is_err() {
            page.fill(0);
            refused += page.len() as u64;
        }
    }
    refused
}

fn without(range: &Range<u64>, hole: &Range<u64>) -> Vec<Range<u64>> {
    let (before, after) = (range.start..range.end.min(hole.start), range.start.max(hole.end)..range.end);
    [before, after].into_iter().filter(|part| part.start < part.end).collect()
}

/// Every mapping that can be read. The kernel's own pages are left out.
fn mappings(pid: &str) -> io::Result<Vec<Mapping>> {
    let text = std::fs::read_to_string(format!("/proc/{pid}/maps"))?;
    let parse = |line: &str| {
        let mut words = line.split_whitespace();
        let (start, end) = words.next()?.split_once('-')?;
        let range = u64::from_str_radix(start, 16).ok()?..u64::from_str_radix(end, 16).ok()?;
        let may = words.next()?;
        let name = words.skip(3).collect::<Vec<_>>().join(" ");
        let writable = may.starts_with("rw");
        (may.starts_with('r') && !name.starts_with("[v")).then_some(Mapping { range, writable, name })
    };
    Ok(text.lines().filter_map(parse).collect())
}

/// A process that stands still until this is dropped.
struct Stopped(u32);

impl Stopped {
    fn new(pid: u32) -> io::Result<Self> {
        let stopped = Self(pid);
        signal("STOP", pid)?;
        for _ in 0..2000 {
            if all_stopped(pid)? {
                return Ok(stopped);
            }
            std::thread::sleep(std::time::Duration::from_millis(1));
        }
        Err(io::Error::other("the process does not stand still"))
    }
}

impl Drop for Stopped {
    fn drop(&mut self) {
        // The process may have been ended in the meantime.
        let _ = signal("CONT", self.0);
    }
}

/// Whether every thread has stopped.
fn all_stopped(pid: u32) -> io::Result<bool> {
    for task in std::fs::read_dir(format!("/proc/{pid}/task"))? {
        let stat = std::fs::read_to_string(task?.path().join("stat"))?;
        // The state follows the name, which stands in brackets and may hold anything.
        if !stat.rsplit_once(") ").is_some_and(|(_, rest)| rest.starts_with(['T', 't', 'Z'])) {
            return Ok(false);
        }
    }
    Ok(true)
}

/// Sends a signal to one process. The shell's own `kill` is there even where the program is not.
fn signal(name: &str, pid: u32) -> io::Result<()> {
    let sent = Command::new("sh").args(["-c", "kill -\"$0\" \"$1\"", name, &pid.to_string()]).status()?;
    if sent.success() { Ok(()) } else { Err(io::Error::other(format!("{name} was not sent to {pid}"))) }
}
