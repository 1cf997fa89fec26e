//! The only unsafe code of this crate: calls to the operating system for memory and for process limits. Each function is
//! safe to call, says what it got, and falls back instead of failing. Nothing here knows what a key is.
#![allow(unsafe_code, reason = "locked pages and process limits are calls of the operating system")]

use super::Protection;

#[cfg(not(unix))]
pub(super) use other::key_page;
#[cfg(unix)]
pub(super) use unix::key_page;

#[cfg(not(unix))]
pub(in crate::crypto) use other::Blocks;
#[cfg(unix)]
pub(in crate::crypto) use unix::Blocks;

/// A page of ordinary memory that is never freed.
fn heap_page() -> &'static mut [u8] {
    Box::leak(vec![0; 4096].into_boxed_slice())
}

#[cfg(unix)]
mod unix {
    use std::ptr::{self, NonNull};

    use argon2::Block;
    use libc::{MAP_ANONYMOUS, MAP_FAILED, MAP_FIXED, MAP_PRIVATE, PROT_NONE, PROT_READ, PROT_WRITE, c_void};

    use super::{Protection, heap_page};

    /// A zeroed page for keys, between two guard pages, in the best memory the system gives. It is never unmapped.
    pub(in crate::crypto::memory) fn key_page() -> (&'static mut [u8], Protection) {
        let Some(guarded) = Guarded::reserve() else { return (heap_page(), Protection::Heap) };
        #[cfg(target_os = "linux")]
        if guarded.fill_secret() {
            return (guarded.into_slice(), Protection::SecretMemory);
        }
        if guarded.fill_locked() {
            return (guarded.into_slice(), Protection::LockedPages);
        }
        guarded.give_up();
        (heap_page(), Protection::Heap)
    }

    /// Three pages of address space of our own, the outer two never accessible.
    pub(super) struct Guarded {
        base: NonNull<u8>,
        page: usize,
    }

    impl Guarded {
        pub(super) fn reserve() -> Option<Self> {
            // SAFETY: no pointer is passed.
            let page = usize::try_from(unsafe { libc::sysconf(libc::_SC_PAGESIZE) })
                .ok()
                .filter(|page| *page >= 4096)?;
            // SAFETY: a new anonymous mapping at an address of the kernel's choice touches nothing that exists.
            let base = unsafe {
                libc::mmap(ptr::null_mut(), 3 * page, PROT_NONE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0)
            };
            if base == MAP_FAILED {
                return None;
            }
            Some(Self { base: NonNull::new(base.cast())?, page })
        }

        /// The page between the guards.
        fn middle(&self) -> *mut c_void {
            // SAFETY: one page into a mapping of three.
            unsafe { self.base.as_ptr().add(self.page) }.cast()
        }

        /// Maps a page of `memfd_secret(2)` (Linux 5.14) over the middle. It is locked and outside core dumps by nature.
        #[cfg(target_os = "linux")]
        fn fill_secret(&self) -> bool {
            let Ok(len) = libc::off_t::try_from(self.page) else { return false };
            // SAFETY: the call takes one flags argument and returns a descriptor or -1.
            let fd = unsafe { libc::syscall(libc::SYS_memfd_secret, libc::O_CLOEXEC) };
            let Ok(fd) = i32::try_from(fd) else { return false };
            if fd < 0 {
                return false;
            }
            // SAFETY: `fd` is ours; MAP_FIXED replaces only the middle page, which is ours and not yet handed out. The
            // mapping outlives the descriptor.
            let mapped = unsafe {
                let mapped = if libc::ftruncate(fd, len) == 0 {
                    libc::mmap(
                        self.middle(),
                        self.page,
                        PROT_READ | PROT_WRITE,
                        libc::MAP_SHARED | MAP_FIXED,
                        fd,
                        0,
                    )
                } else {
                    MAP_FAILED
                };
                libc::close(fd);
                mapped
            };
            mapped == self.middle() && self.not_in_children()
        }

        /// Maps an ordinary page in the middle, locks it and keeps it out of core dumps.
        pub(super) fn fill_locked(&self) -> bool {
            // SAFETY: MAP_FIXED replaces only the middle page, which is ours and not yet handed out.
            let mapped = unsafe {
                let flags = MAP_PRIVATE | MAP_ANONYMOUS | MAP_FIXED;
                libc::mmap(self.middle(), self.page, PROT_READ | PROT_WRITE, flags, -1, 0)
            };
            mapped == self.middle() && self.not_in_children() && self.not_dumped()
                // SAFETY: the range is the middle page.
                && unsafe { memsec::mlock(self.middle().cast(), self.page) }
        }

        #[cfg(target_os = "linux")]
        fn not_in_children(&self) -> bool {
            // SAFETY: the range is the middle page, which is mapped; the advice changes what a child inherits.
            unsafe { libc::madvise(self.middle(), self.page, libc::MADV_DONTFORK) == 0 }
        }

        #[cfg(not(target_os = "linux"))]
        fn not_in_children(&self) -> bool {
            true
        }

        #[cfg(target_os = "linux")]
        fn not_dumped(&self) -> bool {
            // SAFETY: the range is the middle page, which is mapped; the advice changes what a core dump holds.
            unsafe { libc::madvise(self.middle(), self.page, libc::MADV_DONTDUMP) == 0 }
        }

        #[cfg(not(target_os = "linux"))]
        fn not_dumped(&self) -> bool {
            true
        }

        pub(super) fn into_slice(self) -> &'static mut [u8] {
            // SAFETY: the middle page is mapped readable and writable, zeroed by the kernel, never unmapped, and `self`,
            // the only other way to it, ends here.
            unsafe { std::slice::from_raw_parts_mut(self.middle().cast(), self.page) }
        }

        pub(super) fn give_up(self) {
            // SAFETY: the three pages are ours and nothing refers to them any more.
            unsafe { libc::munmap(self.base.as_ptr().cast(), 3 * self.page) };
        }
    }

    /// Working memory for Argon2id: zeroed, in huge pages where the system has them (up to half of the wall time at
    /// 2 GiB goes into page faults otherwise), outside core dumps, wiped and unmapped on drop.
    pub(in crate::crypto) struct Blocks {
        base: NonNull<Block>,
        count: usize,
    }

    impl Blocks {
        /// Room for `count` blocks of 1 KiB, or `None` where the system has not that much.
        pub(in crate::crypto) fn new(count: usize) -> Option<Self> {
            let len = count.checked_mul(size_of::<Block>()).filter(|len| *len > 0)?;
            // SAFETY: a new anonymous mapping at an address of the kernel's choice touches nothing that exists.
            let base = unsafe {
                libc::mmap(ptr::null_mut(), len, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0)
            };
            if base == MAP_FAILED {
                return None;
            }
            #[cfg(target_os = "linux")]
            // SAFETY: the range is the mapping just made. Either advice may be refused; then it is slower, or the blocks
            // (not a secret themselves, but a shortcut past the memory cost) could be part of a dump.
            unsafe {
                libc::madvise(base, len, libc::MADV_HUGEPAGE);
                libc::madvise(base, len, libc::MADV_DONTDUMP);
            }
            Some(Self { base: NonNull::new(base.cast())?, count })
        }

        pub(in crate::crypto) fn as_mut_slice(&mut self) -> &mut [Block] {
            // SAFETY: the mapping holds `count` blocks, is page-aligned (a block needs 64), zeroed by the kernel (a block
            // is 128 integers, for which zero is a value), and borrowed from `self` alone.
            unsafe { std::slice::from_raw_parts_mut(self.base.as_ptr(), self.count) }
        }
    }

    impl Drop for Blocks {
        fn drop(&mut self) {
            // SAFETY: the mapping is ours and nothing borrows it any more. The fill is not optimised away: the kernel call
            // behind it could read what it writes.
            unsafe {
                ptr::write_bytes(self.base.as_ptr(), 0, self.count);
                libc::munmap(self.base.as_ptr().cast(), self.count * size_of::<Block>());
            }
        }
    }
}

#[cfg(not(unix))]
mod other {
    use argon2::Block;
    use zeroize::Zeroize;

    use super::{Protection, heap_page};

    /// A zeroed page for keys, locked where the system allows it. It is never freed.
    pub(in crate::crypto::memory) fn key_page() -> (&'static mut [u8], Protection) {
        let page = heap_page();
        // SAFETY: the range is a living allocation of ours.
        let locked = unsafe { memsec::mlock(page.as_mut_ptr(), page.len()) };
        (page, if locked { Protection::LockedPages } else { Protection::Heap })
    }

    /// Working memory for Argon2id: zeroed, wiped on drop.
    pub(in crate::crypto) struct Blocks(Vec<Block>);

    impl Blocks {
        /// Room for `count` blocks of 1 KiB, or `None` where the system has not that much.
        pub(in crate::crypto) fn new(count: usize) -> Option<Self> {
            let mut blocks = Vec::new();
            blocks.try_reserve_exact(count).ok()?;
            blocks.resize(count, Block::new());
            Some(Self(blocks))
        }

        pub(in crate::crypto) fn as_mut_slice(&mut self) -> &mut [Block] {
            &mut self.0
        }
    }

    impl Drop for Blocks {
        fn drop(&mut self) {
            self.0.iter_mut().for_each(Zeroize::zeroize);
        }
    }
}

/// The machine's memory in bytes, where the system tells.
pub(in crate::crypto) fn physical_memory() -> Option<u64> {
    #[cfg(unix)]
    {
        // SAFETY: no pointer is passed.
        let (pages, size) =
            unsafe { (libc::sysconf(libc::_SC_PHYS_PAGES), libc::sysconf(libc::_SC_PAGESIZE)) };
        u64::try_from(pages).ok()?.checked_mul(u64::try_from(size).ok()?).filter(|bytes| *bytes > 0)
    }
    #[cfg(not(unix))]
    None
}

/// Whether this process can leave a core dump behind, as its limit says now; `None` where the system cannot be asked.
pub(in crate::crypto) fn core_dump_limit_is_zero() -> Option<bool> {
    #[cfg(unix)]
    {
        let mut limit = libc::rlimit { rlim_cur: 1, rlim_max: 1 };
        // SAFETY: `limit` is a living, writable `rlimit`.
        let asked = unsafe { libc::getrlimit(libc::RLIMIT_CORE, &raw mut limit) } == 0;
        asked.then_some(limit.rlim_cur == 0 && limit.rlim_max == 0)
    }
    #[cfg(not(unix))]
    None
}

/// Whether the kernel lets other programs of this user read this process, as it says now; `None` where it cannot be asked.
pub(in crate::crypto) fn dumpable() -> Option<bool> {
    #[cfg(target_os = "linux")]
    {
        // SAFETY: PR_GET_DUMPABLE takes no pointer.
        match unsafe { libc::prctl(libc::PR_GET_DUMPABLE) } {
            0 => Some(false),
            1.. => Some(true),
            _ => None,
        }
    }
    #[cfg(not(target_os = "linux"))]
    None
}

/// Makes the C allocator fill what is freed with `byte`; whether it took the setting.
pub(in crate::crypto) fn fill_freed(byte: u8) -> bool {
    #[cfg(all(target_os = "linux", target_env = "gnu"))]
    {
        // SAFETY: sets an option of the allocator; no pointer is passed.
        (unsafe { libc::mallopt(libc::M_PERTURB, i32::from(byte)) }) == 1
    }
    #[cfg(not(all(target_os = "linux", target_env = "gnu")))]
    {
        let _ = byte;
        false
    }
}

/// Asks the C allocator to give its free pages back to the system.
pub(in crate::crypto) fn trim() {
    #[cfg(all(target_os = "linux", target_env = "gnu"))]
    // SAFETY: takes no pointer and may be called at any time.
    unsafe {
        libc::malloc_trim(0);
    }
}

/// `len` bytes that the C allocator has just handed out, as they are; read by the kernel, because they are uninitialised.
#[cfg(test)]
#[cfg(all(target_os = "linux", target_env = "gnu"))]
pub(in crate::crypto) fn fresh_c_memory(len: usize) -> Vec<u8> {
    use std::io::Read;
    use std::os::fd::AsRawFd;
    let (mut reader, writer) = std::io::pipe().unwrap();
    // SAFETY: `write` reads `len` bytes of a block of that size; the block is freed once.
    let written = unsafe {
        let block = libc::malloc(len);
        let written = libc::write(writer.as_raw_fd(), block, len);
        libc::free(block);
        written
    };
    drop(writer);
    let mut bytes = Vec::new();
    reader.read_to_end(&mut bytes).unwrap();
    assert_eq!((written as usize, bytes.len()), (len, len));
    bytes
}

#[cfg(test)]
#[cfg(target_os = "linux")]
mod tests {
    use std::io::{Read, Seek, SeekFrom};

    use super::unix::{Blocks, Guarded};
    use super::*;

    /// The line of `/proc/self/smaps` that says how the page at `address` is mapped, and its flags.
    fn mapping(address: usize) -> (String, Vec<String>) {
        let maps = std::fs::read_to_string("/proc/self/smaps").unwrap();
        let mut head = String::new();
        for line in maps.lines() {
            let range = line.split(' ').next().and_then(|range| range.split_once('-'));
            let range = range.and_then(|(from, to)| {
                Some(usize::from_str_radix(from, 16).ok()?..usize::from_str_radix(to, 16).ok()?)
            });
            match range {
                Some(range) if range.contains(&address) => head = line.to_owned(),
                Some(_) => head.clear(),
                None => {}
            }
            if let (false, Some(flags)) = (head.is_empty(), line.strip_prefix("VmFlags:")) {
                return (head, flags.split_whitespace().map(str::to_owned).collect());
            }
        }
        panic!("nothing is mapped there");
    }

    fn is_guarded_locked_and_left_out_of_dumps(page: &[u8]) {
        let address = page.as_ptr() as usize;
        let (_, flags) = mapping(address);
        for flag in ["lo", "dd", "dc"] {
            assert!(flags.iter().any(|have| have == flag), "no {flag} in {flags:?}");
        }
        for guard in [address - 1, address + page.len()] {
            assert!(mapping(guard).0.contains(" ---p "), "no guard page beside the keys");
        }
    }

    /// T-MEM-3: read back from the kernel, not from return values.
    #[test]
    fn a_key_page_is_what_its_protection_says() {
        let (page, protection) = key_page();
        page[0] = 1;
        page[page.len() - 1] = 2;
        if protection == Protection::Heap {
            return;
        }
        is_guarded_locked_and_left_out_of_dumps(page);
        let mut memory = std::fs::File::open("/proc/self/mem").unwrap();
        memory.seek(SeekFrom::Start(page.as_ptr() as u64)).unwrap();
        let read = memory.read(&mut [0; 1]);
        assert_eq!(
            read.is_err(),
            protection == Protection::SecretMemory,
            "reading it from outside: {read:?}"
        );
    }

    #[test]
    fn the_fall_back_is_locked_and_left_out_of_dumps() {
        let guarded = Guarded::reserve().unwrap();
        if guarded.fill_locked() {
            let page = guarded.into_slice();
            assert!(page.iter().all(|byte| *byte == 0));
            is_guarded_locked_and_left_out_of_dumps(page);
        } else {
            guarded.give_up();
        }
    }

    #[test]
    fn blocks_start_as_zeros_and_absurd_numbers_are_refused() {
        let mut blocks = Blocks::new(1000).unwrap();
        assert!(blocks.as_mut_slice().iter().all(|block| block.as_ref().iter().all(|word| *word == 0)));
        blocks.as_mut_slice()[999].as_mut()[127] = 1;
        for count in [0, usize::MAX, usize::MAX / 1024, usize::MAX / 2048] {
            assert!(Blocks::new(count).is_none());
        }
    }

    #[test]
    fn this_machine_has_memory() {
        assert!(physical_memory().unwrap() > 64 << 20);
    }
}
