//! Hex and Base64 between buffers that are wiped: the encoders write straight into a [`SecretBuf`].

use data_encoding::{
    BASE64, BASE64_NOPAD, BASE64URL, BASE64URL_NOPAD, Encoding, HEXLOWER, HEXLOWER_PERMISSIVE,
};

use crate::crypto::memory::SecretBuf;

/// Hex digits in one group on a screen.
const GROUP: usize = 4;

/// Lower-case hex.
pub(super) fn hex(bytes: &[u8]) -> SecretBuf {
    encode(&HEXLOWER, bytes)
}

/// Lower-case hex in groups of four digits.
pub(super) fn hex_groups(bytes: &[u8]) -> SecretBuf {
    let digits = hex(bytes);
    let mut grouped = SecretBuf::with_capacity(digits.len() + digits.len() / GROUP);
    for (i, group) in digits.as_bytes().chunks(GROUP).enumerate() {
        let space: &[u8] = if i == 0 { b"" } else { b" " };
        // The capacity is the digits and one space for each group: both pushes fit.
        let _ = grouped.push(space).and_then(|()| grouped.push(group));
    }
    grouped
}

/// Base64 with padding (RFC 4648, section 4).
pub(super) fn base64(bytes: &[u8]) -> SecretBuf {
    encode(&BASE64, bytes)
}

/// Base64url without padding (RFC 4648, section 5).
pub(super) fn base64url(bytes: &[u8]) -> SecretBuf {
    encode(&BASE64URL_NOPAD, bytes)
}

/// The bytes `text` writes in hex of either case, with `0x` before it or spaces, colons and hyphens between the digits.
pub(super) fn from_hex(text: &[u8]) -> Option<SecretBuf> {
    let text = text.strip_prefix(b"0x").or_else(|| text.strip_prefix(b"0X")).unwrap_or(text);
    let digits = without(text, |byte| byte.is_ascii_whitespace() || matches!(byte, b':' | b'-'));
    if digits.is_empty() { None } else { decode(&HEXLOWER_PERMISSIVE, digits.as_bytes()) }
}

/// The bytes `text` writes in Base64 or Base64url, padded or not, with line breaks or without.
pub(super) fn from_base64(text: &[u8]) -> Option<SecretBuf> {
    let digits = without(text, |byte| byte.is_ascii_whitespace());
    if digits.is_empty() {
        return None;
    }
    [BASE64, BASE64_NOPAD, BASE64URL, BASE64URL_NOPAD].iter().find_map(|code| decode(code, digits.as_bytes()))
}

/// The bytes `text` writes in Base64url without padding, as in a JSON Web Token.
pub(super) fn from_base64url(text: &[u8]) -> Option<SecretBuf> {
    decode(&BASE64URL_NOPAD, text)
}

fn encode(code: &Encoding, bytes: &[u8]) -> SecretBuf {
    let len = code.encode_len(bytes.len());
    let mut text = SecretBuf::with_capacity(len);
    code.encode_mut(bytes, text.room_mut());
    text.set_len(len);
    text
}

fn decode(code: &Encoding, text: &[u8]) -> Option<SecretBuf> {
    let mut bytes = SecretBuf::with_capacity(code.decode_len(text.len()).ok()?);
    let len = code.decode_mut(text, bytes.room_mut()).ok()?;
    bytes.set_len(len);
    Some(bytes)
}

fn without(text: &[u8], skipped: impl Fn(u8) -> bool) -> SecretBuf {
    let mut kept = SecretBuf::with_capacity(text.len());
    let mut len = 0;
    for (room, byte) in kept.room_mut().iter_mut().zip(text.iter().filter(|byte| !skipped(**byte))) {
        *room = *byte;
        len += 1;
    }
    kept.set_len(len);
    kept
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn hex_is_read_however_people_write_it() {
        for text in ["0a1B2c", "0x0A1b2C", "0a:1b:2c", "0a 1b\n2c", "0a-1b-2c"] {
            assert_eq!(from_hex(text.as_bytes()).unwrap().as_bytes(), [0x0a, 0x1b, 0x2c], "{text}");
        }
        for text in ["", "0a1", "0g", "zz", "0x"] {
            assert!(from_hex(text.as_bytes()).is_none(), "{text}");
        }
    }

    #[test]
    fn groups_of_four_digits_are_separated_by_one_space() {
        assert_eq!(hex_groups(&[0x9f, 0x3c, 0x41, 0xd2, 0x07]).as_str(), Some("9f3c 41d2 07"));
        assert_eq!(hex_groups(&[]).as_str(), Some(""));
    }

    proptest! {
        #[test]
        fn what_is_written_is_read_back(bytes in proptest::collection::vec(any::<u8>(), 1..80)) {
            for text in [hex(&bytes), hex_groups(&bytes)] {
                prop_assert!(from_hex(text.as_bytes()).unwrap().as_bytes() == bytes);
            }
            for text in [base64(&bytes), base64url(&bytes)] {
                prop_assert!(from_base64(text.as_bytes()).unwrap().as_bytes() == bytes);
            }
        }
    }
}
