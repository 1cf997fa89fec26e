//! `lp`: the one unambiguous way in which several byte strings become one. Used for everything that is hashed, bound or
//! signed. Never guesses: what does not have exactly the expected form is refused.
//!
//! `lp(a, b, …)` is, for each part, its length as four bytes, big-endian, then the part. Two different lists of parts never
//! encode to the same bytes.

use super::CryptoError;

/// The parts, each behind its length: `u32_be(len) || bytes`.
#[must_use]
pub fn lp(parts: &[&[u8]]) -> Vec<u8> {
    let mut writer = Writer::with_capacity(parts.iter().map(|part| part.len() + 4).sum());
    for part in parts {
        writer.part(part);
    }
    writer.into_bytes()
}

/// Writes parts one after another; numbers become big-endian parts of exactly their size.
#[derive(Default)]
pub struct Writer {
    bytes: Vec<u8>,
}

impl Writer {
    /// Nothing written yet.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// Nothing written yet, with room for `bytes` bytes: a buffer that grows is copied, and wiped where it was.
    #[must_use]
    pub fn with_capacity(bytes: usize) -> Self {
        Self { bytes: Vec::with_capacity(bytes) }
    }

    /// Appends one part.
    ///
    /// # Panics
    /// For a part of 4 GiB or more, which has no encoding. Nothing in this program holds one: what is sealed is limited to 192 MiB.
    pub fn part(&mut self, part: &[u8]) -> &mut Self {
        let len = u32::try_from(part.len()).unwrap_or(u32::MAX);
        // A wrong length would let two different lists share an encoding: better to stop than to sign that.
        assert!(len < u32::MAX, "a part of 4 GiB or more has no encoding");
        self.bytes.extend_from_slice(&len.to_be_bytes());
        self.bytes.extend_from_slice(part);
        self
    }

    /// Appends a part of one byte.
    pub fn u8(&mut self, number: u8) -> &mut Self {
        self.part(&[number])
    }

    /// Appends a part of two bytes.
    pub fn u16(&mut self, number: u16) -> &mut Self {
        self.part(&number.to_be_bytes())
    }

    /// Appends a part of four bytes.
    pub fn u32(&mut self, number: u32) -> &mut Self {
        self.part(&number.to_be_bytes())
    }

    /// Appends a part of eight bytes.
    pub fn u64(&mut self, number: u64) -> &mut Self {
        self.part(&number.to_be_bytes())
    }

    /// Appends a part of exactly `N` bytes.
    pub fn array<const N: usize>(&mut self, bytes: &[u8; N]) -> &mut Self {
        self.part(bytes)
    }

    /// Everything written, in order.
    #[must_use]
    pub fn into_bytes(self) -> Vec<u8> {
        self.bytes
    }
}

/// Reads parts in the order in which they were written; borrows, never copies.
pub struct Reader<'a> {
    rest: &'a [u8],
}

impl<'a> Reader<'a> {
    /// Starts at the first part of `bytes`.
    #[must_use]
    pub fn new(bytes: &'a [u8]) -> Self {
        Self { rest: bytes }
    }

    /// Whether every part has been read.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.rest.is_empty()
    }

    /// The next part, of any length.
    ///
    /// # Errors
    /// [`CryptoError::Malformed`] when fewer bytes are left than the part claims; so do all readers below.
    pub fn part(&mut self) -> Result<&'a [u8], CryptoError> {
        let (len, rest) = self.rest.split_first_chunk::<4>().ok_or(CryptoError::Malformed)?;
        let len = usize::try_from(u32::from_be_bytes(*len)).map_err(|_| CryptoError::Malformed)?;
        let (part, rest) = rest.split_at_checked(len).ok_or(CryptoError::Malformed)?;
        self.rest = rest;
        Ok(part)
    }

    /// The next part, which must have exactly `N` bytes.
    ///
    /// # Errors
    /// [`CryptoError::Malformed`] when it has another length or is cut short.
    pub fn array<const N: usize>(&mut self) -> Result<[u8; N], CryptoError> {
        let before = self.rest;
        let array = self.part()?.try_into().map_err(|_| CryptoError::Malformed);
        if array.is_err() {
            self.rest = before;
        }
        array
    }

    /// The next part as a number of one byte.
    ///
    /// # Errors
    /// As [`Reader::array`].
    pub fn u8(&mut self) -> Result<u8, CryptoError> {
        self.array().map(u8::from_be_bytes)
    }

    /// The next part as a number of two bytes.
    ///
    /// # Errors
    /// As [`Reader::array`].
    pub fn u16(&mut self) -> Result<u16, CryptoError> {
        self.array().map(u16::from_be_bytes)
    }

    /// The next part as a number of four bytes.
    ///
    /// # Errors
    /// As [`Reader::array`].
    pub fn u32(&mut self) -> Result<u32, CryptoError> {
        self.array().map(u32::from_be_bytes)
    }

    /// The next part as a number of eight bytes.
    ///
    /// # Errors
    /// As [`Reader::array`].
    pub fn u64(&mut self) -> Result<u64, CryptoError> {
        self.array().map(u64::from_be_bytes)
    }

    /// Ends the reading.
    ///
    /// # Errors
    /// [`CryptoError::Malformed`] when something is left over.
    pub fn finish(self) -> Result<(), CryptoError> {
        if self.rest.is_empty() { Ok(()) } else { Err(CryptoError::Malformed) }
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn the_encoding_is_what_the_format_says() {
        assert_eq!(lp(&[b"ab", b""]), [0, 0, 0, 2, b'a', b'b', 0, 0, 0, 0]);
        assert_eq!(lp(&[]), [0; 0]);
    }

    #[test]
    fn what_was_written_is_read() {
        let mut writer = Writer::new();
        writer.u8(1).u16(2).u32(3).u64(4).array(&[5; 16]).part(b"six");
        let bytes = writer.into_bytes();
        let mut reader = Reader::new(&bytes);
        assert_eq!(reader.u8(), Ok(1));
        assert_eq!(reader.u16(), Ok(2));
        assert_eq!(reader.u32(), Ok(3));
        assert_eq!(reader.u64(), Ok(4));
        assert_eq!(reader.array(), Ok([5; 16]));
        assert_eq!(reader.part(), Ok(&b"six"[..]));
        assert_eq!(reader.finish(), Ok(()));
    }

    #[test]
    fn other_sizes_leftovers_and_absurd_lengths_are_refused() {
        let bytes = lp(&[b"abc"]);
        assert_eq!(Reader::new(&bytes).u32(), Err(CryptoError::Malformed));
        assert_eq!(Reader::new(&bytes).finish(), Err(CryptoError::Malformed));
        assert_eq!(Reader::new(&[0xff, 0xff, 0xff, 0xff, 1]).part(), Err(CryptoError::Malformed));
        for cut in 0..bytes.len() {
            assert_eq!(Reader::new(&bytes[..cut]).part(), Err(CryptoError::Malformed));
        }
    }

    proptest! {
        #[test]
        fn any_list_of_parts_comes_back(parts: Vec<Vec<u8>>) {
            let borrowed: Vec<&[u8]> = parts.iter().map(Vec::as_slice).collect();
            let bytes = lp(&borrowed);
            let mut reader = Reader::new(&bytes);
            for part in &borrowed {
                prop_assert_eq!(reader.part(), Ok(*part));
            }
            prop_assert_eq!(reader.finish(), Ok(()));
        }

        #[test]
        fn any_bytes_are_read_without_a_panic_and_mean_one_list_at_most(bytes: Vec<u8>) {
            let mut reader = Reader::new(&bytes);
            let mut parts = Vec::new();
            while let Ok(part) = reader.part() {
                parts.push(part);
            }
            if reader.finish().is_ok() {
                prop_assert_eq!(lp(&parts), bytes);
            }
        }
    }
}
