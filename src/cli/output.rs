//! The only place of the command line that prints. What it prints holds no control character that did not come from here,
//! so that no name and no damaged file can steer a terminal.
//!
//! A reader that went away (`| head`) is not an error: the command was done. It is one where a secret was to be handed over.

use std::io::{ErrorKind, IsTerminal, Write};

use serde::Serialize;

use super::failure::Failure;
use crate::crypto::memory::SecretBuf;

/// What a command answers.
pub(super) enum Answer {
    /// Lines, or JSON.
    Text(String),
    /// The same about something that was done in part.
    Partly(String, Failure),
    /// A secret, alone.
    Secret(SecretBuf),
}

impl Answer {
    /// `data` as JSON where that was asked for, else in words.
    pub fn of<T: Serialize>(json: bool, data: &T, words: impl FnOnce(&T) -> String) -> Result<Self, Failure> {
        if !json {
            return Ok(Self::Text(words(data)));
        }
        let text = serde_json::to_string_pretty(data);
        text.map(Self::Text)
            .map_err(|e| Failure::new("failed", format!("the answer cannot be written as JSON: {e}")))
    }
}

/// Prints an answer on standard output.
pub(super) fn answer(answer: &Answer) -> Result<(), Failure> {
    match answer {
        Answer::Partly(text, failure) => print_text(text).and(Err(failure.clone())),
        Answer::Text(text) => print_text(text),
        Answer::Secret(secret) => print_secret(secret).map_err(|error| unwritable(&error)),
    }
}

fn print_text(text: &str) -> Result<(), Failure> {
    let mut out = std::io::stdout().lock();
    let end = if text.ends_with('\n') { "" } else { "\n" };
    let written = out.write_all(visible(text).as_bytes()).and_then(|()| out.write_all(end.as_bytes()));
    match written.and_then(|()| out.flush()) {
        Err(error) if error.kind() != ErrorKind::BrokenPipe => Err(unwritable(&error)),
        _ => Ok(()),
    }
}

/// Says what went wrong on standard error, in one line.
pub(super) fn failure(failure: &Failure, json: bool) {
    let line = match json {
        true => serde_json::to_string(failure).unwrap_or_else(|_| failure.message.clone()),
        false => format!("keyroom: {}", one_line(&failure.message)),
    };
    say(&line);
}

/// Something worth knowing beside the answer, on standard error.
pub(super) fn note(text: &str) {
    say(&format!("keyroom: note: {}", one_line(text)));
}

/// Help or the version, as clap wrote it.
pub(super) fn help(text: &str) {
    // Nothing is left to do where even that cannot be written.
    let _ = std::io::stdout().lock().write_all(text.as_bytes());
}

fn say(line: &str) {
    // Where standard error is gone there is nobody to tell; the exit code still tells.
    let _ = std::io::stderr().lock().write_all(format!("{}\n", visible(line)).as_bytes());
}

/// Refuses where standard output is closed: before a secret is read that nobody would get.
///
/// The standard library opens the null device in the place of a closed descriptor, for reading and writing; `>/dev/null` is for
/// writing alone.
#[cfg(target_os = "linux")]
pub(super) fn need_standard_output() -> Result<(), Failure> {
    use std::os::fd::AsFd;
    use std::os::unix::fs::MetadataExt;
    let closed =
        || Failure::new("io", "standard output is closed, so the secret would go nowhere; it was not read");
    let out =
        std::io::stdout().as_fd().try_clone_to_owned().map(std::fs::File::from).map_err(|_| closed())?;
    let device = |about: std::io::Result<std::fs::Metadata>| about.map_or(0, |about| about.rdev());
    let is_null = device(out.metadata()) == device(std::fs::metadata("/dev/null"));
    let both = rustix::fs::fcntl_getfl(&out).is_ok_and(|flags| flags.contains(rustix::fs::OFlags::RDWR));
    if is_null && both { Err(closed()) } else { Ok(()) }
}

#[cfg(not(target_os = "linux"))]
pub(super) fn need_standard_output() -> Result<(), Failure> {
    Ok(())
}

/// Straight to the descriptor: the standard library's buffer would keep a copy.
fn print_secret(secret: &SecretBuf) -> std::io::Result<()> {
    let stdout = std::io::stdout();
    #[cfg(unix)]
    let mut out = {
        use std::os::fd::AsFd;
        std::fs::File::from(stdout.as_fd().try_clone_to_owned()?)
    };
    #[cfg(not(unix))]
    let mut out = stdout.lock();
    out.write_all(secret.as_bytes())?;
    if stdout.is_terminal() {
        out.write_all(b"\n")?;
    }
    out.flush()
}

fn unwritable(error: &std::io::Error) -> Failure {
    Failure::new(
        "io",
        format!("the answer could not be written ({error}); what was asked was done and recorded"),
    )
}

/// The text without control characters but line breaks.
fn visible(text: &str) -> String {
    let replace = |c: char| if c.is_control() && c != '\n' { '\u{fffd}' } else { c };
    text.chars().map(replace).collect()
}

/// The text with its line breaks made spaces.
pub(super) fn one_line(text: &str) -> String {
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}

/// Rows under headings, aligned by what each cell takes on a terminal.
pub(super) fn table(headings: &[&str], rows: &[Vec<String>]) -> String {
    let rows: Vec<Vec<String>> = rows.iter().map(|row| row.iter().map(|c| one_line(c)).collect()).collect();
    let widths: Vec<usize> = headings
        .iter()
        .enumerate()
        .map(|(i, h)| {
            rows.iter().filter_map(|r| r.get(i)).map(|c| width(c)).chain([width(h)]).max().unwrap_or(0)
        })
        .collect();
    let mut out = String::new();
    let mut line = |cells: &mut dyn Iterator<Item = &str>| {
        let start = out.len();
        for (cell, full) in cells.zip(&widths) {
            if out.len() > start {
                out.push_str("  ");
            }
            out.push_str(cell);
            out.extend(std::iter::repeat_n(' ', full.saturating_sub(width(cell))));
        }
        out.truncate(start + out[start..].trim_end().len());
        out.push('\n');
    };
    line(&mut headings.iter().copied());
    for row in &rows {
        line(&mut row.iter().map(String::as_str));
    }
    out
}

/// Names and values under one another; empty values are left out.
pub(super) fn fields(fields: &[(&str, String)]) -> String {
    let shown = fields.iter().filter(|(_, value)| !value.is_empty());
    let widest = shown.clone().map(|(name, _)| width(name)).max().unwrap_or(0);
    shown
        .map(|(name, value)| format!("{name}{}  {}\n", " ".repeat(widest - width(name)), one_line(value)))
        .collect()
}

/// Columns a text takes: two for a wide character (Unicode's East Asian wide ranges, roughly), one for any other.
fn width(text: &str) -> usize {
    let wide = |c: char| matches!(u32::from(c), 0x1100..=0x115f | 0x2e80..=0xa4cf | 0xac00..=0xd7a3 | 0xf900..=0xfaff | 0xfe30..=0xfe6f | 0xff00..=0xff60 | 0xffe0..=0xffe6 | 0x1f300..=0x1faff | 0x20000..=0x3fffd);
    text.chars().map(|c| if wide(c) { 2 } else { 1 }).sum()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nothing_that_is_printed_steers_a_terminal() {
        assert_eq!(visible("a\x1b[2Jb\r\nc\u{9b}d"), "a\u{fffd}[2Jb\u{fffd}\nc\u{fffd}d");
        assert_eq!(one_line("a\n b\t c"), "a b c");
    }

    #[test]
    fn columns_stand_under_their_headings_whatever_the_script() {
        let rows = [vec!["鍵".to_owned(), "x".to_owned()], vec!["abc".to_owned(), String::new()]];
        assert_eq!(table(&["NAME", "B"], &rows), "NAME  B\n鍵    x\nabc\n");
        assert_eq!(
            fields(&[("a", "1".into()), ("long", "2".into()), ("no", String::new())]),
            "a     1\nlong  2\n"
        );
    }
}
