//! Bytes of any kind, kept as they are and told by what their first bytes say they are.

use super::{Description, Format, FormatError, GenerateOptions, Normalised, Recognised, line};
use crate::crypto::memory::SecretBuf;
use crate::model::KeyType;

/// First bytes and what they mean. The first match wins, so longer ones stand before their beginnings.
/// Sources: the formats' own specifications, and `file(1)`.
const MAGIC: &[(&[u8], &str)] = &[
    (b"-----BEGIN OPENSSH PRIVATE KEY-----", "OpenSSH private key"),
    (b"-----BEGIN ENCRYPTED PRIVATE KEY-----", "Private key, encrypted (PEM)"),
    (b"-----BEGIN RSA PRIVATE KEY-----", "RSA private key (PEM)"),
    (b"-----BEGIN EC PRIVATE KEY-----", "EC private key (PEM)"),
    (b"-----BEGIN DSA PRIVATE KEY-----", "DSA private key (PEM)"),
    (b"-----BEGIN PRIVATE KEY-----", "Private key (PEM)"),
    (b"-----BEGIN PUBLIC KEY-----", "Public key (PEM)"),
    (b"-----BEGIN CERTIFICATE REQUEST-----", "Certificate request (PEM)"),
    (b"-----BEGIN CERTIFICATE-----", "Certificate (PEM)"),
    (b"-----BEGIN PGP PRIVATE KEY BLOCK-----", "OpenPGP private key"),
    (b"-----BEGIN PGP PUBLIC KEY BLOCK-----", "OpenPGP public key"),
    (b"-----BEGIN PGP MESSAGE-----", "OpenPGP message"),
    (b"-----BEGIN AGE ENCRYPTED FILE-----", "age file"),
    (b"-----BEGIN ", "PEM file"),
    (b"PuTTY-User-Key-File-", "PuTTY private key"),
    (b"age-encryption.org/v1", "age file"),
    (b"AGE-SECRET-KEY-", "age identity"),
    (b"# created: ", "age identity"),
    (b"ssh-ed25519 ", "SSH public key"),
    (b"ssh-rsa ", "SSH public key"),
    (b"ecdsa-sha2-", "SSH public key"),
    (b"SQLite format 3\0", "SQLite database"),
    (b"LUKS\xba\xbe", "LUKS header"),
    (b"-FVE-FS-", "BitLocker volume"),
    (b"\x03\xd9\xa2\x9a", "KeePass database"),
    (b"\xfe\xed\xfe\xed", "Java key store"),
    (b"\xce\xce\xce\xce", "Java key store (JCEKS)"),
    (b"\x05\x02\x00\x00", "Kerberos keytab"),
    (b"\x30\x82", "DER file (certificate, key or PKCS #12)"),
    (b"PK\x03\x04", "ZIP archive"),
    (b"\x1f\x8b", "gzip archive"),
    (b"\xfd7zXZ\0", "xz archive"),
    (b"\x28\xb5\x2f\xfd", "Zstandard archive"),
    (b"7z\xbc\xaf\x27\x1c", "7-Zip archive"),
    (b"%PDF-", "PDF document"),
    (b"\x89PNG\r\n\x1a\n", "PNG picture"),
    (b"\xff\xd8\xff", "JPEG picture"),
    (b"\x7fELF", "Linux program"),
    (b"MZ", "Windows program"),
];

/// Any bytes.
pub(super) struct File;

impl Format for File {
    fn key_type(&self) -> KeyType {
        KeyType::File
    }

    fn recognise(&self, bytes: &[u8]) -> Option<Recognised> {
        let text = std::str::from_utf8(bytes).is_ok_and(|text| !text.contains('\0'));
        // Two or three bytes are too little evidence against text, or against the random bytes of a key.
        let known = magic(bytes).is_some_and(|(start, _)| start.len() > 3 || !text && bytes.len() > 64);
        Some(Recognised {
            confidence: if known {
                90
            } else if text {
                10
            } else {
                50
            },
        })
    }

    fn normalise(&self, entered: &SecretBuf) -> Result<Normalised, FormatError> {
        self.check(entered)?;
        Ok(Normalised { value: SecretBuf::from_slice(entered.as_bytes()), notes: Vec::new() })
    }

    fn check(&self, value: &SecretBuf) -> Result<(), FormatError> {
        line::size(value)
    }

    fn describe(&self, value: &SecretBuf) -> Description {
        Description::new(format!("{}, {}", sniff(value.as_bytes()), size_words(value.len())))
    }

    fn generate(&self, options: &GenerateOptions) -> Result<SecretBuf, FormatError> {
        self.generator_bits(options).map(|_| SecretBuf::with_capacity(0))
    }

    fn generator_bits(&self, _: &GenerateOptions) -> Result<f64, FormatError> {
        Err(FormatError::CannotGenerate { key_type: KeyType::File.word() })
    }
}

fn magic(bytes: &[u8]) -> Option<(&'static [u8], &'static str)> {
    MAGIC.iter().copied().find(|(start, _)| bytes.starts_with(start))
}

/// What the first bytes say these bytes are.
fn sniff(bytes: &[u8]) -> &'static str {
    if let Some((_, words)) = magic(bytes) {
        return words;
    }
    match std::str::from_utf8(bytes) {
        Ok("") => "Empty file",
        Ok(text) if text.contains('\0') => "Binary file",
        Ok(text) if text.trim_start().starts_with(['{', '[']) => "JSON file",
        Ok(_) => "Text file",
        Err(_) if bytes.starts_with(b"\xFF\xFE") || bytes.starts_with(b"\xFE\xFF") => "Text file (UTF-16)",
        Err(_) => "Binary file",
    }
}

fn size_words(len: usize) -> String {
    if len < 1024 { super::text::count(len, "byte") } else { format!("{:.1} KiB", len as f64 / 1024.0) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn files_are_told_by_their_first_bytes_and_their_size() {
        for (bytes, words) in [
            (&b"-----BEGIN OPENSSH PRIVATE KEY-----\n"[..], "OpenSSH private key, 36 bytes"),
            (b"-----BEGIN SOMETHING-----\n", "PEM file, 26 bytes"),
            (b"PK\x03\x04", "ZIP archive, 4 bytes"),
            (b"{\"a\": 1}", "JSON file, 8 bytes"),
            (b"a", "Text file, 1 byte"),
            (b"\x80\x81", "Binary file, 2 bytes"),
            (&[b'a'; 1536], "Text file, 1.5 KiB"),
        ] {
            assert_eq!(File.describe(&SecretBuf::from_slice(bytes)).text, words);
        }
    }

    #[test]
    fn no_magic_hides_behind_a_shorter_one() {
        for (i, (start, _)) in MAGIC.iter().enumerate() {
            assert!(!MAGIC[..i].iter().any(|(earlier, _)| start.starts_with(earlier)), "{start:?}");
        }
    }

    #[test]
    fn an_empty_file_is_refused() {
        assert_eq!(File.check(&SecretBuf::from_slice(b"")), Err(FormatError::Empty));
    }
}
