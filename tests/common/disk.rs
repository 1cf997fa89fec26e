//! A disk that can be full, slow, or only to be read: SQLite's own calls of the operating system are answered as the kernel
//! answers there, for the files of one folder. Everything above them, the whole product included, is the real one's.
//!
//! SQLite has this door for its own tests (`sqlite3_vfs.xSetSystemCall`). Where it does not lead to the kernel's answer (not
//! Linux), a test that asks for a mood ends.
#![allow(unsafe_code, reason = "the only way to stand between SQLite and the kernel")]

use std::collections::BTreeMap;
use std::ffi::{CStr, c_char, c_int, c_void};
use std::path::{Path, PathBuf};
use std::sync::{Mutex, MutexGuard, Once, PoisonError};
use std::time::Duration;

use rusqlite::ffi;

/// How the disk is.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Mood {
    /// As it should be.
    Works,
    /// No byte fits any more (`ENOSPC`).
    Full,
    /// Nothing may be opened for writing (`EACCES`), as for everybody but root where the file and its folder are read-only.
    ReadOnly,
    /// Each reading and each write takes this long.
    Slow(Duration),
}

/// The disk under a folder. Dropping it mends it.
pub struct Disk(PathBuf);

static MOODS: Mutex<BTreeMap<PathBuf, Mood>> = Mutex::new(BTreeMap::new());

impl Disk {
    /// The disk under `folder`, which works. The first one of a process must come before its first vault.
    pub fn under(folder: &Path) -> Self {
        static STAND: Once = Once::new();
        STAND.call_once(stand_in_between);
        Self(folder.canonicalize().unwrap())
    }

    /// How it is from now on.
    pub fn set(&self, mood: Mood) {
        assert!(
            cfg!(target_os = "linux") || mood == Mood::Works,
            "only Linux tells which file is written to"
        );
        moods().insert(self.0.clone(), mood);
    }
}

impl Drop for Disk {
    fn drop(&mut self) {
        moods().remove(&self.0);
    }
}

fn moods() -> MutexGuard<'static, BTreeMap<PathBuf, Mood>> {
    MOODS.lock().unwrap_or_else(PoisonError::into_inner)
}

fn mood_at(path: &Path) -> Mood {
    let moods = moods();
    let found = moods.iter().find(|(folder, _)| path.starts_with(folder));
    found.map_or(Mood::Works, |(_, mood)| *mood)
}

fn mood_of(descriptor: c_int) -> Mood {
    std::fs::read_link(format!("/proc/self/fd/{descriptor}")).map_or(Mood::Works, |path| mood_at(&path))
}

fn stand_in_between() {
    type Call = unsafe extern "C" fn();
    // SAFETY: SQLite casts each call back to the type it has there (os_unix.c, `aSyscall`), which is that of the function here.
    unsafe {
        let calls: [(&CStr, Call); 7] = [
            (c"open", std::mem::transmute::<*const (), Call>(open as *const ())),
            (c"read", std::mem::transmute::<*const (), Call>(read as *const ())),
            (c"pread", std::mem::transmute::<*const (), Call>(pread as *const ())),
            (c"pread64", std::mem::transmute::<*const (), Call>(pread as *const ())),
            (c"write", std::mem::transmute::<*const (), Call>(write as *const ())),
            (c"pwrite", std::mem::transmute::<*const (), Call>(pwrite as *const ())),
            (c"pwrite64", std::mem::transmute::<*const (), Call>(pwrite as *const ())),
        ];
        assert_eq!(ffi::sqlite3_initialize(), ffi::SQLITE_OK);
        let vfs = ffi::sqlite3_vfs_find(std::ptr::null());
        let set = (*vfs).xSetSystemCall.unwrap();
        for (name, call) in calls {
            assert_eq!(set(vfs, name.as_ptr(), Some(call)), ffi::SQLITE_OK, "{name:?}");
        }
    }
}

/// What the kernel says where it does not do what it was asked.
fn refuse(errno: c_int) {
    // SAFETY: the address is this thread's own.
    unsafe { *libc::__errno_location() = errno };
}

fn may_write(descriptor: c_int) -> bool {
    match mood_of(descriptor) {
        Mood::Full => {
            refuse(libc::ENOSPC);
            return false;
        }
        Mood::Slow(time) => std::thread::sleep(time),
        Mood::Works | Mood::ReadOnly => {}
    }
    true
}

unsafe extern "C" fn open(path: *const c_char, flags: c_int, mode: c_int) -> c_int {
    // SAFETY: SQLite hands over a path that ends with a zero.
    let name = unsafe { CStr::from_ptr(path) }.to_string_lossy();
    let writes = flags & (libc::O_WRONLY | libc::O_RDWR | libc::O_CREAT) != 0;
    if writes && mood_at(Path::new(&*name)) == Mood::ReadOnly {
        refuse(libc::EACCES);
        return -1;
    }
    // SAFETY: the arguments are passed on as they came.
    unsafe { libc::open(path, flags, mode) }
}

fn wait_to_read(descriptor: c_int) {
    if let Mood::Slow(time) = mood_of(descriptor) {
        std::thread::sleep(time);
    }
}

unsafe extern "C" fn read(descriptor: c_int, bytes: *mut c_void, count: usize) -> isize {
    wait_to_read(descriptor);
    // SAFETY: the arguments are passed on as they came.
    unsafe { libc::read(descriptor, bytes, count) }
}

unsafe extern "C" fn pread(descriptor: c_int, bytes: *mut c_void, count: usize, at: libc::off_t) -> isize {
    wait_to_read(descriptor);
    // SAFETY: the arguments are passed on as they came.
    unsafe { libc::pread(descriptor, bytes, count, at) }
}

unsafe extern "C" fn write(descriptor: c_int, bytes: *const c_void, count: usize) -> isize {
    // SAFETY: the arguments are passed on as they came.
    if may_write(descriptor) { unsafe { libc::write(descriptor, bytes, count) } } else { -1 }
}

unsafe extern "C" fn pwrite(descriptor: c_int, bytes: *const c_void, count: usize, at: libc::off_t) -> isize {
    // SAFETY: the arguments are passed on as they came.
    if may_write(descriptor) { unsafe { libc::pwrite(descriptor, bytes, count, at) } } else { -1 }
}
