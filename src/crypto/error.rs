//! What can go wrong on this floor. Never carries a secret, a key or a path.

use super::kdf::KdfParams;

/// Why an operation of this floor was refused.
///
/// The distinctions are those a caller acts on. A blob that does not open says only [`CryptoError::Sealed`]: which check
/// failed is of use to an attacker and to nobody else.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum CryptoError {
    /// The operating system gave no randomness, or gave only zeros.
    #[error(
        "the system's random generator gave no usable bytes; nothing was written. Restart the computer and try again"
    )]
    Random,
    /// A sealed blob does not open: wrong key, wrong place, or changed bytes.
    #[error("this does not open: the key is not the right one, or the stored bytes were changed")]
    Sealed,
    /// Password parameters below [`KdfParams::FLOOR`]; the password was not tried.
    #[error(
        "the password protection stored here is too weak ({} MiB, {} passes, {} lanes); an administrator must enrol this \
         operator again", .params.memory_kib / 1024, .params.passes, .params.lanes
    )]
    KdfBelowFloor {
        /// What was asked for.
        params: KdfParams,
    },
    /// Password parameters above the ceiling; the password was not tried.
    #[error(
        "the password protection stored here asks for more than this program will spend ({} MiB, {} passes, {} lanes); \
         the file may be damaged: open a backup", .params.memory_kib / 1024, .params.passes, .params.lanes
    )]
    KdfAboveCeiling {
        /// What was asked for.
        params: KdfParams,
    },
    /// There was not enough memory for the password function.
    #[error("there is not enough free memory to check the password; close other programs and try again")]
    KdfFailed,
    /// The person, or a lock, stopped it.
    #[error("stopped before it was finished; nothing was changed")]
    Cancelled,
    /// Bytes that are no key, or a key that must never be used (all zero, of low order).
    #[error("these bytes are not a key that can be used; check where they came from")]
    BadKey,
    /// The signature is not this key's signature over this message in this context.
    #[error("the signature does not match: what was signed, or the signature, was changed")]
    BadSignature,
    /// Longer than the format allows.
    #[error("this is longer than the {limit} bytes that can be sealed as one value; store it in parts")]
    TooLong {
        /// The longest that is accepted, in bytes.
        limit: usize,
    },
    /// Bytes that do not follow the encoding: cut short, too long, or of the wrong size.
    #[error("the stored bytes do not have the expected form; the file may be damaged: open a backup")]
    Malformed,
}
