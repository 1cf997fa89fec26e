//! Identifiers: 16 random bytes each, so that the order of rows in a file tells nothing.
//!
//! They are made by the vault (which owns the random numbers) and only carried here.

use serde::{Deserialize, Serialize};

macro_rules! ids {
    ($($(#[$doc:meta])* $name:ident;)*) => { $(
        $(#[$doc])*
        #[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
        pub struct $name(pub [u8; 16]);

        impl $name {
            /// The sixteen bytes.
            #[must_use]
            pub fn as_bytes(&self) -> &[u8; 16] {
                &self.0
            }

            /// Reads an id from exactly sixteen bytes.
            #[must_use]
            pub fn from_slice(bytes: &[u8]) -> Option<Self> {
                bytes.try_into().ok().map(Self)
            }

            /// The first eight hex digits: enough to tell apart on a screen, not enough to address.
            #[must_use]
            pub fn short(&self) -> String {
                data_encoding::HEXLOWER.encode(&self.0[..4])
            }
        }

        impl std::fmt::Display for $name {
            fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                f.write_str(&data_encoding::HEXLOWER.encode(&self.0))
            }
        }

        impl std::fmt::Debug for $name {
            fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                write!(f, concat!(stringify!($name), "({})"), self.short())
            }
        }

        impl std::str::FromStr for $name {
            type Err = NotAnId;

            fn from_str(text: &str) -> Result<Self, NotAnId> {
                let bytes = data_encoding::HEXLOWER_PERMISSIVE.decode(text.as_bytes()).map_err(|_| NotAnId)?;
                Self::from_slice(&bytes).ok_or(NotAnId)
            }
        }
    )* };
}

ids! {
    /// A vault: chosen at creation, part of everything that is sealed or signed in it.
    VaultId;
    /// A key, over all its versions.
    KeyId;
    /// An operator: a person with a password.
    OperatorId;
    /// A compartment: a group of keys with its own encryption key.
    CompartmentId;
    /// A rotation policy.
    PolicyId;
    /// An unsaved edit, kept over a lock.
    DraftId;
    /// What the log holds of a session: a salted hash, never the session's id itself.
    SessionTag;
}

/// The text is not 32 hex digits.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("an id is 32 hex digits")]
pub struct NotAnId;

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_id_reads_back_from_its_own_text() {
        let id = KeyId(std::array::from_fn(|i| i as u8 * 17));
        assert_eq!(id.to_string().parse::<KeyId>(), Ok(id));
        assert_eq!("12".parse::<KeyId>(), Err(NotAnId));
        assert_eq!(format!("{id:?}"), "KeyId(00112233)");
    }
}
