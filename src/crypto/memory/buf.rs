//! [`SecretBuf`]: variable-length secrets (typed passwords, the bytes of a version) in one allocation that never moves.

use zeroize::Zeroize;

/// A byte buffer of fixed capacity that is wiped when it is cleared, shortened or dropped.
///
/// It never reallocates, so no stale copy is left behind while it grows; what does not fit is refused.
/// It has no `Debug`, `Clone` or `Display` on purpose.
pub struct SecretBuf {
    data: Box<[u8]>,
    len: usize,
}

/// The bytes do not fit: the buffer is unchanged.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("the value is longer than the {capacity} bytes that fit here")]
pub struct Full {
    /// How many bytes the buffer can hold.
    pub capacity: usize,
}

impl SecretBuf {
    /// An empty buffer that can hold `capacity` bytes.
    #[must_use]
    pub fn with_capacity(capacity: usize) -> Self {
        Self { data: vec![0; capacity].into_boxed_slice(), len: 0 }
    }

    /// A buffer that holds exactly `bytes`. The caller still owns, and must wipe, the original.
    #[must_use]
    pub fn from_slice(bytes: &[u8]) -> Self {
        Self { data: bytes.into(), len: bytes.len() }
    }

    /// Takes a vector's allocation over without copying its live part more than the allocator must.
    #[must_use]
    pub fn from_vec(mut bytes: Vec<u8>) -> Self {
        let buf = Self::from_slice(&bytes);
        bytes.zeroize();
        buf
    }

    /// The bytes held.
    #[must_use]
    pub fn as_bytes(&self) -> &[u8] {
        &self.data[..self.len]
    }

    /// The bytes as text, or `None` where they are not UTF-8.
    #[must_use]
    pub fn as_str(&self) -> Option<&str> {
        std::str::from_utf8(self.as_bytes()).ok()
    }

    /// How many bytes are held.
    #[must_use]
    pub fn len(&self) -> usize {
        self.len
    }

    /// Whether nothing is held.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.len == 0
    }

    /// How many bytes fit.
    #[must_use]
    pub fn capacity(&self) -> usize {
        self.data.len()
    }

    /// Appends `bytes`, all or nothing.
    ///
    /// # Errors
    /// [`Full`] when they do not fit.
    pub fn push(&mut self, bytes: &[u8]) -> Result<(), Full> {
        self.insert(self.len, bytes)
    }

    /// Inserts `bytes` at byte offset `at` (clamped to the length), all or nothing.
    ///
    /// # Errors
    /// [`Full`] when they do not fit.
    pub fn insert(&mut self, at: usize, bytes: &[u8]) -> Result<(), Full> {
        let at = at.min(self.len);
        let end = self.len.checked_add(bytes.len()).filter(|end| *end <= self.capacity());
        let end = end.ok_or(Full { capacity: self.capacity() })?;
        self.data.copy_within(at..self.len, at + bytes.len());
        self.data[at..at + bytes.len()].copy_from_slice(bytes);
        self.len = end;
        Ok(())
    }

    /// Removes the bytes of `range` (clamped to the length) and wipes the room they leave.
    pub fn remove(&mut self, range: std::ops::Range<usize>) {
        let (start, end) = (range.start.min(self.len), range.end.min(self.len));
        if start >= end {
            return;
        }
        self.data.copy_within(end..self.len, start);
        let len = self.len - (end - start);
        self.data[len..self.len].zeroize();
        self.len = len;
    }

    /// Shortens to `len` bytes and wipes the rest; does nothing where it is already shorter.
    pub fn truncate(&mut self, len: usize) {
        self.remove(len..self.len);
    }

    /// Wipes everything.
    pub fn clear(&mut self) {
        self.wipe();
        self.len = 0;
    }

    /// Moves the content out by handing over the allocation; leaves an empty buffer of the same capacity.
    #[must_use]
    pub fn take(&mut self) -> Self {
        let capacity = self.capacity();
        std::mem::replace(self, Self::with_capacity(capacity))
    }

    /// A second copy, spelled out because it is a second place the secret lives in.
    #[must_use]
    pub fn duplicate(&self) -> Self {
        let mut copy = Self::with_capacity(self.capacity());
        copy.data[..self.len].copy_from_slice(self.as_bytes());
        copy.len = self.len;
        copy
    }

    /// The whole room, to be filled from outside (a read, the RNG), followed by [`SecretBuf::set_len`].
    pub fn room_mut(&mut self) -> &mut [u8] {
        &mut self.data
    }

    /// Declares the first `len` bytes of the room (clamped to the capacity) to be the content and wipes the rest.
    pub fn set_len(&mut self, len: usize) {
        self.len = len.min(self.capacity());
        self.data[self.len..].zeroize();
    }

    /// The slice, not the box: a box is wiped one byte after the other.
    fn wipe(&mut self) {
        self.data.as_mut().zeroize();
    }
}

impl Drop for SecretBuf {
    fn drop(&mut self) {
        self.wipe();
    }
}

/// Compares in time that depends on the lengths only.
impl PartialEq for SecretBuf {
    fn eq(&self, other: &Self) -> bool {
        use subtle::ConstantTimeEq;
        self.as_bytes().ct_eq(other.as_bytes()).into()
    }
}

impl Eq for SecretBuf {}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn editing_keeps_the_text_and_wipes_what_leaves() {
        let mut buf = SecretBuf::with_capacity(8);
        buf.push(b"abcdef").unwrap();
        buf.remove(1..3);
        assert_eq!(buf.as_str(), Some("adef"));
        assert_eq!(&buf.data[..], b"adef\0\0\0\0");
        buf.insert(1, b"XY").unwrap();
        assert_eq!(buf.as_str(), Some("aXYdef"));
    }

    #[test]
    fn what_does_not_fit_is_refused_whole() {
        let mut buf = SecretBuf::with_capacity(4);
        buf.push(b"abc").unwrap();
        assert_eq!(buf.push(b"de"), Err(Full { capacity: 4 }));
        assert_eq!(buf.as_bytes(), b"abc");
    }

    #[test]
    fn taking_leaves_an_empty_buffer_of_the_same_size() {
        let mut buf = SecretBuf::with_capacity(4);
        buf.push(b"abc").unwrap();
        assert_eq!(buf.take().as_bytes(), b"abc");
        assert!(buf.is_empty());
        assert_eq!(buf.capacity(), 4);
    }
}
