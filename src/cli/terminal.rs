//! Asking for a password on the terminal. What is typed is not shown and goes straight into memory that is wiped; the terminal is
//! as it was before when this returns, also where it was interrupted.

use std::io;

use crate::crypto::memory::SecretBuf;

/// Asks with `words`; nothing where it was given up with Ctrl-C.
#[cfg(target_os = "linux")]
pub(super) fn ask(words: &str) -> io::Result<Option<SecretBuf>> {
    use std::io::Write;
    let mut terminal = std::fs::OpenOptions::new().read(true).write(true).open("/dev/tty")?;
    let silent = silent::Silent::make(terminal.try_clone()?)?;
    terminal.write_all(words.as_bytes())?;
    let line = read(&mut terminal, &silent.interrupts)?;
    if line.is_none() {
        terminal.write_all(b"\n")?;
    }
    Ok(line)
}

#[cfg(not(target_os = "linux"))]
pub(super) fn ask(words: &str) -> io::Result<Option<SecretBuf>> {
    rpassword::prompt_password(words).map(|password| Some(SecretBuf::from_vec(password.into_bytes())))
}

#[cfg(target_os = "linux")]
mod silent {
    use std::fs::File;
    use std::io;

    use rustix::termios::{LocalModes, OptionalActions, SpecialCodeIndex, Termios, tcgetattr, tcsetattr};

    /// A terminal that shows nothing of what is typed but the end of the line, until this is dropped.
    pub struct Silent {
        terminal: File,
        before: Termios,
        /// What interrupts on it: Ctrl-C and Ctrl-\, unless somebody chose others.
        pub interrupts: [u8; 2],
    }

    impl Silent {
        pub fn make(terminal: File) -> io::Result<Self> {
            let before = tcgetattr(&terminal)?;
            let mut now = before.clone();
            now.local_modes.remove(LocalModes::ECHO | LocalModes::ISIG);
            now.local_modes.insert(LocalModes::ICANON | LocalModes::ECHONL);
            // No signal is sent: it would end the program and leave the terminal silent. Each ends the line instead.
            let (interrupt, quit) = (SpecialCodeIndex::VINTR, SpecialCodeIndex::VQUIT);
            let interrupts = [before.special_codes[interrupt], before.special_codes[quit]];
            [now.special_codes[SpecialCodeIndex::VEOL], now.special_codes[SpecialCodeIndex::VEOL2]] =
                interrupts;
            tcsetattr(&terminal, OptionalActions::Now, &now)?;
            Ok(Self { terminal, before, interrupts })
        }
    }

    impl Drop for Silent {
        fn drop(&mut self) {
            // Where even that fails the terminal is gone.
            let _ = tcsetattr(&self.terminal, OptionalActions::Now, &self.before);
        }
    }
}

/// A line without what no password holds: control characters, and what keys such as the arrows send.
#[cfg(any(target_os = "linux", test))]
fn read(from: &mut dyn io::Read, interrupts: &[u8]) -> io::Result<Option<SecretBuf>> {
    use super::input::PASSWORD_MAX;
    /// How far into what a key sends: `ESC [ … letter`, `ESC O letter`.
    enum Key {
        No,
        Begun,
        Within,
    }
    let mut line = SecretBuf::with_capacity(PASSWORD_MAX);
    let mut byte = zeroize::Zeroizing::new([0; 1]);
    let mut key = Key::No;
    loop {
        match from.read(&mut *byte) {
            Ok(0) if line.is_empty() => return Err(io::ErrorKind::UnexpectedEof.into()),
            Ok(0) => break,
            Ok(_) => {}
            Err(error) if error.kind() == io::ErrorKind::Interrupted => continue,
            Err(error) => return Err(error),
        }
        // 0 in the place of a character says that none interrupts.
        if byte[0] != 0 && interrupts.contains(&byte[0]) {
            return Ok(None);
        }
        key = match (key, byte[0]) {
            (_, b'\n' | b'\r') => break,
            (_, 0x1b) => Key::Begun,
            (Key::Begun, b'[' | b'O') => Key::Within,
            (Key::Within, 0x40..=0x7e) => Key::No,
            (Key::Within, _) => Key::Within,
            (_, byte) if byte.is_ascii_control() => Key::No,
            _ => {
                let full = |_| io::Error::other(format!("it is longer than {PASSWORD_MAX} bytes"));
                line.push(&*byte).map_err(full)?;
                Key::No
            }
        };
    }
    Ok(Some(SecretBuf::from_slice(line.as_bytes())))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_line_is_read_without_what_no_password_holds_and_an_interrupt_gives_it_up() {
        let read = |typed: &[u8]| read(&mut &*typed, &[3, 0]).map(|line| line.map(|l| l.as_bytes().to_vec()));
        assert_eq!(read(b"se cret\nrest").unwrap().unwrap(), b"se cret");
        assert_eq!(read(b"a\x1b[1;5Db\x1bOPc\x1a\0d\r").unwrap().unwrap(), b"abcd");
        assert_eq!(read("pä\n".as_bytes()).unwrap().unwrap(), "pä".as_bytes());
        assert_eq!(read(b"secr\x03et\n").unwrap(), None);
        assert_eq!(read(b"\n").unwrap().unwrap(), b"");
        assert_eq!(read(b"no end").unwrap().unwrap(), b"no end");
        assert_eq!(read(b"").unwrap_err().kind(), io::ErrorKind::UnexpectedEof);
        assert!(read(&[b'x'; 5000]).is_err());
    }
}
