//! What searches the memory of a process, and what plays the person in front of it.
#![allow(dead_code, reason = "each test binary uses its part")]

pub mod pixels;
pub mod places;
pub mod process;
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
