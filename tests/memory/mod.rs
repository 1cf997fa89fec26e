//! What searches the memory of a process, and what plays the person in front of it.
#![allow(dead_code, reason = "each test binary uses its part")]

pub mod pixels;
pub mod places;
pub mod process;
pub mod stage;
pub mod stand;
pub mod text;

/// `length` random letters and digits.
pub fn random_text(length: usize) -> String {
    const CHARACTERS: &[u8] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789";
    let mut text = String::with_capacity(length);
    while text.len() < length {
        let mut byte = [0];
        getrandom::fill(&mut byte).unwrap();
        // The last values would make some characters more likely than others.
        if byte[0] < 248 {
            text.push(char::from(CHARACTERS[usize::from(byte[0]) % CHARACTERS.len()]));
        }
    }
    text
}

/// Random texts to look for, of which this process holds only masked copies.
pub struct Needles {
    names: Vec<&'static str>,
    masked: Vec<Vec<u8>>,
}

impl Needles {
    /// One for each name, 64 characters long.
    pub fn random(names: &[&'static str]) -> Self {
        let mut masked = Vec::new();
        for _ in names {
            let mut text = random_text(64).into_bytes();
            masked.push(text::masked(&text));
            text.fill(0);
            std::hint::black_box(&text);
        }
        Self { names: names.to_vec(), masked }
    }

    /// One of them, to be given away.
    pub fn secret(&self, needle: usize) -> keyroom::crypto::memory::SecretBuf {
        keyroom::crypto::memory::SecretBuf::from_vec(text::masked(&self.masked[needle]))
    }

    /// One of them, character by character.
    pub fn characters(&self, needle: usize) -> impl Iterator<Item = char> {
        self.masked[needle].chunks(1).map(|one| char::from(text::masked(one)[0]))
    }

    /// What of them this process holds, in words; `None` where it may not look.
    pub fn find_here(&self) -> Option<Vec<String>> {
        Some(self.pieces_here()?.iter().map(|piece| self.tell(piece)).collect())
    }

    /// How many pieces of each this process holds.
    pub fn count_here(&self) -> Option<Vec<usize>> {
        let pieces = self.pieces_here()?;
        let count = |needle| pieces.iter().filter(|piece| piece.needle == needle).count();
        Some((0..self.names.len()).map(count).collect())
    }

    fn pieces_here(&self) -> Option<Vec<text::Piece>> {
        let mut search = text::Search::new(&self.masked);
        process::walk_own(|at, name, bytes| search.look(at, name, bytes)).ok()?;
        Some(search.pieces())
    }

    fn tell(&self, piece: &text::Piece) -> String {
        let text::Piece { needle, form, address, length, mapping } = piece;
        format!("{length} bytes of {} as {form:?} at {address:x} {mapping}", self.names[*needle])
    }
}
