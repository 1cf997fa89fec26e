//! Checkpoints: C2SP `tlog-checkpoint` bodies in C2SP `signed-note` form, so that any tool of that family can read them.
//!
//! ```text
//! keyroom/<vault id in hex>
//! <number of leaves>
//! <root of the tree, Base64>
//!
//! — <operator's key name> <Base64(key id ‖ Ed25519 signature)>
//! ```

use data_encoding::{BASE64, HEXLOWER};

use crate::crypto::sign::{Signature, SigningKey, VerifyingKey};
use crate::crypto::{Hash, sha256};
use crate::model::VaultId;

/// A statement about the first `size` leaves of a vault's log.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Checkpoint {
    /// The vault.
    pub vault: VaultId,
    /// How many leaves.
    pub size: u64,
    /// The root of the tree over them.
    pub root: Hash,
}

/// Why a note is not a checkpoint of this vault by this operator.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum NoteError {
    /// It does not follow the format.
    #[error("the checkpoint does not follow the signed-note format")]
    Malformed,
    /// It is about another vault.
    #[error("the checkpoint belongs to another vault")]
    OtherVault,
    /// No signature by the expected key verifies.
    #[error("the checkpoint's signature does not match")]
    BadSignature,
}

impl Checkpoint {
    /// The note, signed.
    #[must_use]
    pub fn sign(&self, key: &SigningKey) -> String {
        let (body, public) = (self.body(), key.public());
        let signature = key.sign_raw(body.as_bytes());
        let blob = [&key_id(&public)[..], signature.as_bytes()].concat();
        format!("{body}\n\u{2014} {} {}\n", key_name(&public), BASE64.encode(&blob))
    }

    /// Reads a note and checks that it is about `vault` and signed by `key`.
    ///
    /// # Errors
    /// [`NoteError`] says what does not fit.
    pub fn verify(note: &str, vault: VaultId, key: &VerifyingKey) -> Result<Self, NoteError> {
        let (body, signatures) = note.split_once("\n\n").ok_or(NoteError::Malformed)?;
        let body = format!("{body}\n");
        let checkpoint = Self::parse(&body, vault)?;
        if checkpoint.body() != body {
            return Err(NoteError::Malformed);
        }
        let signature =
            signatures.lines().find_map(|line| signature_of(line, key)).ok_or(NoteError::BadSignature)?;
        key.verify_raw(body.as_bytes(), &signature).map_err(|_| NoteError::BadSignature)?;
        Ok(checkpoint)
    }

    fn parse(body: &str, vault: VaultId) -> Result<Self, NoteError> {
        let mut lines = body.lines();
        let mut line = || lines.next().ok_or(NoteError::Malformed);
        if line()? != origin(vault) {
            return Err(NoteError::OtherVault);
        }
        let size = line()?.parse().map_err(|_| NoteError::Malformed)?;
        let root = BASE64.decode(line()?.as_bytes()).map_err(|_| NoteError::Malformed)?;
        Ok(Self { vault, size, root: root.try_into().map_err(|_| NoteError::Malformed)? })
    }

    fn body(&self) -> String {
        format!("{}\n{}\n{}\n", origin(self.vault), self.size, BASE64.encode(&self.root))
    }
}

fn origin(vault: VaultId) -> String {
    format!("keyroom/{vault}")
}

/// The name an operator's key signs notes under: `keyroom-` and the first 16 hex digits of its fingerprint.
#[must_use]
pub fn key_name(key: &VerifyingKey) -> String {
    format!("keyroom-{}", HEXLOWER.encode(&key.fingerprint()[..8]))
}

/// The key id of signed-note for Ed25519: the first four bytes of SHA-256(name ‖ "\n" ‖ 0x01 ‖ public key).
fn key_id(key: &VerifyingKey) -> [u8; 4] {
    let hash = sha256(&[key_name(key).as_bytes(), b"\n", &[1], key.as_bytes()]);
    [hash[0], hash[1], hash[2], hash[3]]
}

fn signature_of(line: &str, key: &VerifyingKey) -> Option<Signature> {
    let (name, blob) = line.strip_prefix("\u{2014} ")?.split_once(' ')?;
    let blob = BASE64.decode(blob.as_bytes()).ok()?;
    let (id, signature) = blob.split_at_checked(4)?;
    (name == key_name(key) && id == key_id(key)).then(|| Signature::from_slice(signature).ok())?
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::crypto::memory::SecretKey;

    fn signed() -> (SigningKey, Checkpoint, String) {
        let key = SigningKey::from_seed(&SecretKey::from_bytes(&[7; 32]));
        let checkpoint = Checkpoint { vault: VaultId([1; 16]), size: 42, root: [9; 32] };
        let note = checkpoint.sign(&key);
        (key, checkpoint, note)
    }

    #[test]
    fn a_note_has_the_shape_of_the_specification_and_verifies() {
        let (key, checkpoint, note) = signed();
        let lines: Vec<_> = note.lines().collect();
        assert_eq!(lines[0], "keyroom/01010101010101010101010101010101");
        assert_eq!(lines[1], "42");
        assert_eq!(lines[3], "");
        assert!(lines[4].starts_with("\u{2014} keyroom-"));
        assert_eq!(Checkpoint::verify(&note, checkpoint.vault, &key.public()), Ok(checkpoint));
    }

    #[test]
    fn a_changed_note_another_key_and_another_vault_are_refused() {
        let (key, checkpoint, note) = signed();
        let other = SigningKey::from_seed(&SecretKey::from_bytes(&[8; 32])).public();
        let check = |note: &str, vault, key| Checkpoint::verify(note, vault, &key).err();
        assert_eq!(check(&note, checkpoint.vault, other), Some(NoteError::BadSignature));
        assert_eq!(check(&note, VaultId([2; 16]), key.public()), Some(NoteError::OtherVault));
        assert_eq!(
            check(&note.replace("42", "43"), checkpoint.vault, key.public()),
            Some(NoteError::BadSignature)
        );
        assert_eq!(
            check(&note.replace("42", "042"), checkpoint.vault, key.public()),
            Some(NoteError::Malformed)
        );
        assert_eq!(check("", checkpoint.vault, key.public()), Some(NoteError::Malformed));
    }
}
