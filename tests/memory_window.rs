//! Locked means gone: the real window, real keys, a real clipboard, and a search of the whole process from outside.
#![cfg(target_os = "linux")]
#![allow(clippy::unwrap_used, reason = "a test ends where the ground it stands on is missing")]

mod memory;

use std::io::{BufRead, BufReader, Write};
use std::process::{Command, Stdio};

use memory::pixels::{Picture, Rows};
use memory::places::Places;
use memory::process::Memory;
use memory::random_text;
use memory::text::{Form, Search, masked};

/// The searches, on a process of which everything is known.
mod the_search {
    use super::*;

    const WIDTH: usize = 200;
    /// Bytes of a text that what reuses its block would overwrite.
    const LOST: usize = 5;

    /// A picture with a line of random pixels, or without.
    fn picture(line: &[u8]) -> Picture {
        let mut pixels = vec![0x0020_2020; WIDTH * 10];
        for (pixel, byte) in pixels[WIDTH * 5 + 20..].iter_mut().zip(line) {
            *pixel = u32::from(*byte) * 0x0001_0305;
        }
        Picture { width: WIDTH, pixels }
    }

    /// As a renderer would keep `text`: one number for each glyph, and others between them.
    fn vertices(text: &[u8], distance: usize) -> Vec<u8> {
        let mut bytes = Vec::new();
        for c in text {
            bytes.extend((f32::from(*c) / 200.0).to_le_bytes());
            bytes.resize(bytes.len() + distance - 4, 0x3f);
        }
        bytes
    }

    /// Told the text, masked, on standard input, and says when it holds it in every form.
    #[test]
    #[ignore = "the other test runs it, in a process of its own"]
    fn planted() {
        println!("\nready");
        let mut line = String::new();
        std::io::stdin().read_line(&mut line).unwrap();
        let text = masked(&data_encoding::HEXLOWER.decode(line.trim().as_bytes()).unwrap());
        let mut held: Vec<Vec<u8>> = Vec::new();
        for (i, mut written) in Form::ALL.iter().flat_map(|form| form.write(&text)).enumerate() {
            // At every alignment, without the beginning and the end.
            let mut block = vec![b'.'; i % 4];
            block.append(&mut written);
            block[..i % 4 + LOST].fill(b'.');
            held.push(block);
        }
        held.push(vertices(&text, 80));
        held.push(vertices(&text[20..30], 256));
        held.push(
            picture(&text).pixels.iter().flat_map(|pixel| (pixel | 0xff00_0000).to_le_bytes()).collect(),
        );
        println!("planted");
        std::io::stdin().read_line(&mut line).unwrap();
        assert!(held.len() > 3);
    }

    #[test]
    fn finds_every_form_and_nothing_that_is_not_there() {
        let mut child = Command::new(std::env::current_exe().unwrap())
            .args(["--exact", "the_search::planted", "--ignored", "--nocapture"])
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .spawn()
            .unwrap();
        let mut said = BufReader::new(child.stdout.take().unwrap()).lines().map(Result::unwrap);
        let mut tell = child.stdin.take().unwrap();
        let (text, other) = (random_text(64), random_text(64));
        let needles = [masked(text.as_bytes()), masked(other.as_bytes())];
        let (before, after) = (picture(b""), picture(text.as_bytes()));
        let rows = Rows::appeared(&before, &after);

        assert!(said.any(|line| line == "ready"));
        let memory = Memory::of(child.id()).unwrap();
        assert_eq!(searched(&memory, &needles), []);
        assert!(rows.find(&memory).is_empty());
        assert_eq!(Places::learn(&memory, text.as_bytes()).sets(), 0);

        writeln!(tell, "{}", data_encoding::HEXLOWER.encode(&needles[0])).unwrap();
        assert!(said.any(|line| line == "planted"));
        let memory = Memory::of(child.id()).unwrap();
        let pieces = searched(&memory, &needles);
        for form in Form::ALL {
            let wholes = form.write(text.as_bytes());
            let lengths: Vec<usize> = pieces.iter().filter(|p| p.1 == form).map(|p| p.2).collect();
            for whole in wholes {
                assert!(lengths.contains(&(whole.len() - LOST)), "{form:?}: {lengths:?}");
            }
        }
        assert!(pieces.iter().all(|p| p.0 == 0), "{pieces:?}");
        assert!(rows.pieces() > 0);
        assert!(rows.find(&memory).iter().any(|(length, _)| *length == 64), "{:?}", rows.find(&memory));
        let places = Places::learn(&memory, text.as_bytes());
        let order = places.find(&memory, text.as_bytes());
        assert_eq!(order.longest, 64, "{order:?}");
        assert!(order.distances.contains_key(&80) && order.distances.contains_key(&256), "{order:?}");
        assert_eq!(places.find(&memory, other.as_bytes()).runs, 0);

        writeln!(tell).unwrap();
        drop(tell);
        said.for_each(drop);
        assert!(child.wait().unwrap().success());
    }

    fn searched(memory: &Memory, needles: &[Vec<u8>]) -> Vec<(usize, Form, usize)> {
        let mut search = Search::new(needles);
        for segment in &memory.segments {
            search.look(segment.start, &segment.name, &segment.bytes);
        }
        search.pieces().into_iter().map(|p| (p.needle, p.form, p.length)).collect()
    }
}
