//! Key check values: three bytes that tell two keys apart and nothing about either.
//!
//! The method is part of the value, because the older way (AES-ECB of a zero block) gives a different answer for the same
//! key. CMAC over one zero block, cut to three bytes, is what ANSI X9 TR-31 and AWS Payment Cryptography use for AES.

use aes::Aes256;
use cmac::Cmac;
use data_encoding::HEXLOWER;
use hmac::{KeyInit, Mac};

use crate::crypto::hmac_sha256 as mac;
use crate::crypto::memory::SecretKey;

/// Bytes kept: enough to notice a wrong key, too few to test guesses against (ANSI X9.24-1).
const BYTES: usize = 3;
/// What is authenticated under a key that is not for AES.
const LABEL: &[u8] = b"keyroom key check value";

/// `cmac-aes:` and six hex digits; `None` where `key` is not 32 bytes.
pub(super) fn aes_256(key: &[u8]) -> Option<String> {
    let mut mac = <Cmac<Aes256> as KeyInit>::new_from_slice(key).ok()?;
    mac.update(&[0; 16]);
    Some(write("cmac-aes", &mac.finalize().into_bytes()))
}

/// `hmac-sha256:` and six hex digits, for symmetric keys of other algorithms; `None` where `key` is not 32 bytes.
pub(super) fn hmac_sha256(key: &[u8]) -> Option<String> {
    let key = SecretKey::try_from_slice(key).ok()?;
    Some(write("hmac-sha256", &mac(&key, &[LABEL])))
}

fn write(method: &str, tag: &[u8]) -> String {
    format!("{method}:{}", HEXLOWER.encode(&tag[..BYTES]))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn key(hex: &str) -> Vec<u8> {
        HEXLOWER.decode(hex.as_bytes()).unwrap()
    }

    /// NIST SP 800-38B, appendix D.3: the AES-256 example key.
    const NIST: &str = "603deb1015ca71be2b73aef0857d77811f352c073b6108d72d9810a30914dff4";
    const COUNTING: &str = "000102030405060708090a0b0c0d0e0f101112131415161718191a1b1c1d1e1f";

    #[test]
    fn the_cmac_is_the_one_of_nist_sp_800_38b() {
        for (message, tag) in [
            ("", "028962f61b7bf89efc6b551f4667d983"),
            ("6bc1bee22e409f96e93d7e117393172a", "28a7023f452e8f82bd4bf28d8c37c35c"),
        ] {
            let mut mac = <Cmac<Aes256> as KeyInit>::new_from_slice(&key(NIST)).unwrap();
            mac.update(&key(message));
            assert_eq!(HEXLOWER.encode(&mac.finalize().into_bytes()), tag);
        }
    }

    #[test]
    fn check_values_are_those_openssl_computes() {
        // head -c16 /dev/zero | openssl mac -cipher AES-256-CBC -macopt hexkey:KEY CMAC
        assert_eq!(aes_256(&key(NIST)).as_deref(), Some("cmac-aes:1a0b2d"));
        assert_eq!(aes_256(&key(COUNTING)).as_deref(), Some("cmac-aes:377822"));
        // printf 'keyroom key check value' | openssl dgst -sha256 -mac hmac -macopt hexkey:KEY
        assert_eq!(hmac_sha256(&key(COUNTING)).as_deref(), Some("hmac-sha256:461d30"));
    }

    #[test]
    fn a_key_of_the_wrong_size_has_no_check_value() {
        assert_eq!(aes_256(&[1; 16]), None);
        assert_eq!(aes_256(&[]), None);
    }
}
