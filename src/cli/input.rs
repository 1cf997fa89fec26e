//! Passwords and values, read straight into memory that is wiped: from a terminal, a file, a descriptor or standard input.
//!
//! Standard input is read without the standard library's buffer, which would keep a copy, and byte by byte for a password,
//! so that what follows its line is left for the value.

use std::fs::File;
use std::io::{ErrorKind, IsTerminal, Read, Seek, SeekFrom};
use std::path::Path;
use std::sync::{Mutex, PoisonError};

use super::args::{NewPasswordFrom, PasswordFrom, ValueFrom};
use super::failure::Failure;
use super::terminal;
use crate::crypto::memory::SecretBuf;
use crate::formats::GenerateOptions;
use crate::model::KeyType;
use crate::model::key::SECRET_MAX;
use crate::operations::NewValue;
use crate::vault::VaultError;

/// The longest password, in bytes.
pub(super) const PASSWORD_MAX: usize = 4096;
/// How much is read at first where the length is not known.
const FIRST_ROOM: usize = 8192;

/// The password that unlocks.
pub(super) fn password(from: &PasswordFrom) -> Result<SecretBuf, Failure> {
    match given(from.password_file.as_deref(), from.password_fd)? {
        Some(password) => Ok(password),
        None => prompt("Password: "),
    }
}

/// A new password: asked twice where a terminal is asked.
pub(super) fn new_password(file: Option<&Path>, fd: Option<u32>) -> Result<SecretBuf, Failure> {
    if let Some(password) = given(file, fd)? {
        // Nobody could type it on a keyboard, and no strength is known for it.
        return if password.as_str().is_some() {
            Ok(password)
        } else {
            Err(Failure::new("bad_password", "the new password is not text: write it in UTF-8"))
        };
    }
    let first = prompt("New password: ")?;
    if prompt("Again: ")? == first {
        Ok(first)
    } else {
        Err(Failure::new("mismatch", "the two passwords differ; nothing was changed"))
    }
}

impl NewPasswordFrom {
    pub(super) fn read(&self) -> Result<SecretBuf, Failure> {
        new_password(self.new_password_file.as_deref(), self.new_password_fd)
    }
}

/// A value for a key, as it was given; the format of its type has the last word on it.
pub(super) fn value(from: &ValueFrom, key_type: KeyType) -> Result<NewValue, Failure> {
    if from.generate {
        return if key_type.can_generate() {
            let unused = [
                ("--length", from.length.is_some() && key_type != KeyType::Password),
                ("--words", from.words.is_some() && key_type != KeyType::Passphrase),
            ];
            if let Some((option, _)) = unused.into_iter().find(|(_, unused)| *unused) {
                let word = key_type.word();
                return Err(Failure::usage(format!("{option} means nothing for a value of type {word}")));
            }
            Ok(NewValue::Generate(options(from)))
        } else {
            let word = key_type.word();
            let message =
                format!("a value of type {word} cannot be generated; give it with --from or --stdin");
            Err(Failure::usage(message))
        };
    }
    if let Some(path) = &from.from {
        let name = path.file_name().map(|n| n.to_string_lossy().into_owned()).unwrap_or_default();
        return Ok(NewValue::Imported { bytes: file(path, SECRET_MAX)?, file: name });
    }
    let mut value = all(&mut stdin()?, SECRET_MAX, "standard input")?;
    if key_type != KeyType::File {
        without_line_end(&mut value);
    }
    Ok(NewValue::Entered(value))
}

fn options(from: &ValueFrom) -> GenerateOptions {
    let mut options = GenerateOptions::default();
    if let Some(length) = from.length {
        options.password.length = length;
    }
    if let Some(words) = from.words {
        options.passphrase.words = words;
    }
    options
}

/// A whole file of at most `max` bytes.
pub(super) fn file(path: &Path, max: usize) -> Result<SecretBuf, Failure> {
    let name = path.display().to_string();
    let mut open = File::open(path).map_err(|error| unreadable(&name, &error))?;
    all(&mut open, max, &name)
}

/// The password a file, a descriptor or standard input gives, where one of them was named.
fn given(file: Option<&Path>, fd: Option<u32>) -> Result<Option<SecretBuf>, Failure> {
    let password = match (file, fd) {
        (Some(path), _) if path.as_os_str() == "-" => first_line(&mut stdin()?, "standard input")?,
        (Some(path), _) => {
            let name = path.display().to_string();
            let mut open = File::open(path).map_err(|error| unreadable(&name, &error))?;
            first_line(&mut open, &name)?
        }
        (None, Some(0)) => first_line(&mut stdin()?, "standard input")?,
        (None, Some(fd)) => first_line(&mut descriptor(fd)?, &format!("file descriptor {fd}"))?,
        (None, None) => return Ok(None),
    };
    if password.is_empty() {
        return Err(Failure::new(
            "bad_password",
            "the password is empty; its file must hold it in the first line",
        ));
    }
    Ok(Some(password))
}

fn prompt(words: &str) -> Result<SecretBuf, Failure> {
    if !std::io::stdin().is_terminal() && File::open("/dev/tty").is_err() {
        return Err(Failure::usage(
            "there is no terminal to ask for the password on; give it with --password-file or --password-fd",
        ));
    }
    match terminal::ask(words) {
        Ok(Some(password)) => Ok(password),
        Ok(None) => Err(VaultError::Cancelled.into()),
        Err(error) => Err(Failure::new("io", format!("the password could not be read ({error})"))),
    }
}

/// Up to the first line break, byte by byte: what follows belongs to somebody else.
fn first_line(from: &mut dyn Read, name: &str) -> Result<SecretBuf, Failure> {
    let mut line = SecretBuf::with_capacity(PASSWORD_MAX + 1);
    let mut byte = zeroize::Zeroizing::new([0; 1]);
    loop {
        match from.read(&mut *byte) {
            Ok(0) => break,
            Ok(_) if byte[0] == b'\n' => break,
            Ok(_) if line.len() == PASSWORD_MAX => {
                return Err(Failure::new(
                    "bad_password",
                    format!("the first line of {name} is longer than {PASSWORD_MAX} bytes"),
                ));
            }
            Ok(_) => line.push(&*byte).map_err(|e| Failure::new("bad_password", e.to_string()))?,
            Err(error) if error.kind() == ErrorKind::Interrupted => {}
            Err(error) => return Err(unreadable(name, &error)),
        }
    }
    if line.as_bytes().last() == Some(&b'\r') {
        line.truncate(line.len() - 1);
    }
    Ok(SecretBuf::from_slice(line.as_bytes()))
}

/// Everything, at most `max` bytes. The room grows by moving into a larger buffer; the smaller one is wiped.
fn all(from: &mut dyn Read, max: usize, name: &str) -> Result<SecretBuf, Failure> {
    let mut room = SecretBuf::with_capacity(FIRST_ROOM);
    let mut len = 0;
    loop {
        if len == room.capacity() {
            room.set_len(len);
            let mut larger = SecretBuf::with_capacity((len * 2).min(max + 1));
            larger.push(room.as_bytes()).map_err(|e| Failure::new("bad_value", e.to_string()))?;
            room = larger;
        }
        match from.read(&mut room.room_mut()[len..]) {
            Ok(0) => break,
            Ok(read) => len += read,
            Err(error) if error.kind() == ErrorKind::Interrupted => {}
            Err(error) => return Err(unreadable(name, &error)),
        }
        if len > max {
            return Err(Failure::new("bad_value", format!("{name} is longer than the {max} bytes that fit")));
        }
    }
    room.set_len(len);
    Ok(room)
}

fn without_line_end(value: &mut SecretBuf) {
    for end in [b'\n', b'\r'] {
        if value.as_bytes().last() == Some(&end) {
            value.truncate(value.len() - 1);
        }
    }
}

#[cfg(unix)]
fn stdin() -> Result<File, Failure> {
    use std::os::fd::AsFd;
    let descriptor = std::io::stdin().as_fd().try_clone_to_owned();
    descriptor.map(File::from).map_err(|error| unreadable("standard input", &error))
}

#[cfg(not(unix))]
fn stdin() -> Result<std::io::StdinLock<'static>, Failure> {
    Ok(std::io::stdin().lock())
}

/// A descriptor that whoever started this program left open. It is opened anew through the system's folder of descriptors, once:
/// who names it twice reads on where the first reading ended.
fn descriptor(fd: u32) -> Result<File, Failure> {
    static OPENED: Mutex<Vec<(u32, File)>> = Mutex::new(Vec::new());
    let open = || {
        let mut opened = OPENED.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some((_, file)) = opened.iter().find(|(number, _)| *number == fd) {
            return file.try_clone();
        }
        let mut file = File::open(format!("/dev/fd/{fd}"))?;
        // A file that is opened anew stands at its beginning, wherever the descriptor stood.
        if let Some(at) = position(fd).filter(|_| file.metadata().is_ok_and(|about| about.is_file())) {
            file.seek(SeekFrom::Start(at))?;
        }
        let same = file.try_clone()?;
        opened.push((fd, file));
        Ok(same)
    };
    open().map_err(|error| unreadable(&format!("file descriptor {fd}"), &error))
}

/// Where a descriptor stands, as Linux tells it; elsewhere what is opened anew stands there already.
fn position(fd: u32) -> Option<u64> {
    let about = std::fs::read_to_string(format!("/proc/self/fdinfo/{fd}")).ok()?;
    about.lines().find_map(|line| line.strip_prefix("pos:"))?.trim().parse().ok()
}

fn unreadable(name: &str, error: &std::io::Error) -> Failure {
    Failure::new("io", format!("{name} could not be read ({error})"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_the_first_line_is_the_password_and_what_follows_is_left() {
        let mut input: &[u8] = b"secret \r\nrest\n";
        assert_eq!(first_line(&mut input, "x").unwrap().as_bytes(), b"secret ");
        assert_eq!(all(&mut input, 10, "x").unwrap().as_bytes(), b"rest\n");
        assert_eq!(first_line(&mut &b"no end"[..], "x").unwrap().as_bytes(), b"no end");
        assert!(first_line(&mut &[b'x'; PASSWORD_MAX + 1][..], "x").is_err());
    }

    #[test]
    fn a_value_is_read_whole_up_to_its_limit_and_refused_above() {
        let bytes: Vec<u8> = (0..100_000_u32).map(|i| i as u8).collect();
        assert_eq!(all(&mut bytes.as_slice(), 100_000, "x").unwrap().as_bytes(), bytes);
        assert!(all(&mut bytes.as_slice(), 99_999, "x").is_err());
        assert!(all(&mut &b""[..], 10, "x").unwrap().is_empty());
    }
}
