//! One entry of the log: what is signed ([`Leaf`]), what it commits to ([`Details`], [`Delta`]), and the record that holds
//! all of it, sealed, in the file.
//!
//! The signed bytes are the stored bytes: they are never encoded again to be checked.

use serde::{Deserialize, Serialize};

use crate::crypto::encoding::{Reader, Writer};
use crate::crypto::sign::{Signature, SigningKey, VerifyingKey};
use crate::crypto::{CryptoError, Hash, sha256};
use crate::model::{
    Action, Change, Event, Object, OperatorId, Outcome, SessionTag, Severity, Timestamp, VaultId,
};
use crate::store::Table;

use super::tree;

/// What a leaf's signature says it is (first part of the signed message).
const CONTEXT: &str = "keyroom/leaf/1";
/// The bytes of a signature, behind the body (RFC 8032, section 5.1.6).
const SIGNATURE: usize = 64;
/// The version of the encoding below.
const VERSION: u16 = 1;

/// The signed body of a leaf.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Leaf {
    /// The vault it belongs to.
    pub vault: VaultId,
    /// Its place in the log, from 0.
    pub seq: u64,
    /// The root of the tree before it.
    pub prev_root: Hash,
    /// When, by the workstation's clock.
    pub time: Timestamp,
    /// The session, as a salted hash.
    pub session: SessionTag,
    /// Who signs.
    pub operator: OperatorId,
    /// What was done ([`Action::number`]).
    pub action: u16,
    /// The version of the roster that makes the signature count.
    pub roster_version: u32,
    /// [`Delta::hash`] of the rows that changed.
    pub delta: Hash,
    /// The state root after the change.
    pub state_root: Hash,
    /// [`Details::commitment`], so that an export can show or withhold them.
    pub details: Hash,
}

/// What a leaf tells besides its signed body. Disclosed entry by entry.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct Details {
    /// To what it was done.
    pub object: Object,
    /// How it ended.
    pub outcome: Outcome,
    /// How much it matters.
    pub severity: Severity,
    /// The reason given, or what went wrong.
    pub reason: String,
    /// What changed.
    pub changes: Vec<Change>,
    /// The operator's name at that time.
    pub operator: String,
    /// The workstation.
    pub host: String,
    /// The account on the workstation.
    pub os_user: String,
}

/// One row that a commit changed.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct RowChange {
    /// Which table.
    pub table: Table,
    /// Which row.
    pub id: Vec<u8>,
    /// Its hash before, or `None` where it was not there.
    pub before: Option<Hash>,
    /// Its hash after, or `None` where it is gone.
    pub after: Option<Hash>,
}

/// All rows a commit changed, in the order of (table, id).
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct Delta(pub Vec<RowChange>);

/// A leaf with its signature: the bytes whose hash is in the tree.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct SignedLeaf {
    /// The body.
    pub leaf: Leaf,
    /// The signed body, then the signature.
    bytes: Vec<u8>,
}

/// Everything the file holds of one entry, before it is sealed.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Record {
    /// The signed leaf.
    pub signed: SignedLeaf,
    /// The salt of the details' commitment.
    pub salt: [u8; 32],
    /// The details as they were encoded when they were committed to.
    pub details: Vec<u8>,
    /// The rows that changed.
    pub delta: Delta,
}

impl Leaf {
    /// Signs the leaf.
    #[must_use]
    pub fn sign(self, key: &SigningKey) -> SignedLeaf {
        let mut bytes = self.encode();
        let signature = key.sign(CONTEXT, &bytes);
        bytes.extend_from_slice(signature.as_bytes());
        SignedLeaf { leaf: self, bytes }
    }

    fn encode(&self) -> Vec<u8> {
        let mut w = Writer::new();
        w.u16(VERSION).array(&self.vault.0).u64(self.seq).array(&self.prev_root);
        w.u64(self.time.0.cast_unsigned()).array(&self.session.0).array(&self.operator.0).u16(self.action);
        w.u32(self.roster_version).array(&self.delta).array(&self.state_root).array(&self.details);
        w.into_bytes()
    }

    fn decode(body: &[u8]) -> Result<Self, CryptoError> {
        let mut r = Reader::new(body);
        if r.u16()? != VERSION {
            return Err(CryptoError::Malformed);
        }
        let leaf = Self {
            vault: VaultId(r.array()?),
            seq: r.u64()?,
            prev_root: r.array()?,
            time: Timestamp(r.u64()?.cast_signed()),
            session: SessionTag(r.array()?),
            operator: OperatorId(r.array()?),
            action: r.u16()?,
            roster_version: r.u32()?,
            delta: r.array()?,
            state_root: r.array()?,
            details: r.array()?,
        };
        r.finish()?;
        Ok(leaf)
    }
}

impl SignedLeaf {
    /// The bytes that are hashed into the tree: the body, then the 64 bytes of the signature.
    #[must_use]
    pub fn bytes(&self) -> &[u8] {
        &self.bytes
    }

    /// Reads a signed leaf; the signature is not checked yet.
    ///
    /// # Errors
    /// [`CryptoError::Malformed`] when the bytes do not follow the encoding.
    pub fn from_bytes(bytes: &[u8]) -> Result<Self, CryptoError> {
        let (body, _) = bytes.split_last_chunk::<SIGNATURE>().ok_or(CryptoError::Malformed)?;
        Ok(Self { leaf: Leaf::decode(body)?, bytes: bytes.to_vec() })
    }

    /// The leaf's hash in the tree.
    #[must_use]
    pub fn hash(&self) -> Hash {
        tree::leaf_hash(&self.bytes)
    }

    /// Checks the signature.
    ///
    /// # Errors
    /// [`CryptoError::BadSignature`] when it is not `key`'s.
    pub fn verify(&self, key: &VerifyingKey) -> Result<(), CryptoError> {
        let (body, signature) = self.bytes.split_last_chunk::<SIGNATURE>().ok_or(CryptoError::Malformed)?;
        key.verify(CONTEXT, body, &Signature::from_slice(signature)?)
    }
}

impl Details {
    /// The bytes that are committed to and stored.
    ///
    /// # Errors
    /// [`CryptoError::TooLong`] should never happen; the encoder reports it for texts beyond memory.
    pub fn encode(&self) -> Result<Vec<u8>, CryptoError> {
        postcard::to_allocvec(self).map_err(|_| CryptoError::Malformed)
    }

    /// Reads stored details.
    ///
    /// # Errors
    /// [`CryptoError::Malformed`] when the bytes do not follow the encoding.
    pub fn decode(bytes: &[u8]) -> Result<Self, CryptoError> {
        postcard::from_bytes(bytes).map_err(|_| CryptoError::Malformed)
    }

    /// SHA-256(salt ‖ details): binds without telling.
    #[must_use]
    pub fn commitment(salt: &[u8; 32], encoded: &[u8]) -> Hash {
        sha256(&[salt, encoded])
    }
}

impl Delta {
    /// The hash of the whole list.
    #[must_use]
    pub fn hash(&self) -> Hash {
        sha256(&[&self.encode()])
    }

    /// The list as bytes: for each row its table, id, hash before and hash after (empty where there is none).
    #[must_use]
    pub fn encode(&self) -> Vec<u8> {
        let mut w = Writer::new();
        for change in &self.0 {
            w.u8(change.table as u8).part(&change.id);
            w.part(change.before.as_ref().map_or(&[], |h| h)).part(change.after.as_ref().map_or(&[], |h| h));
        }
        w.into_bytes()
    }

    /// Reads a list.
    ///
    /// # Errors
    /// [`CryptoError::Malformed`] when the bytes do not follow the encoding or the rows are not in order.
    pub fn decode(bytes: &[u8]) -> Result<Self, CryptoError> {
        fn hash(part: &[u8]) -> Result<Option<Hash>, CryptoError> {
            if part.is_empty() {
                Ok(None)
            } else {
                part.try_into().map(Some).map_err(|_| CryptoError::Malformed)
            }
        }
        let mut r = Reader::new(bytes);
        let mut changes: Vec<RowChange> = Vec::new();
        while !r.is_empty() {
            let table = Table::from_number(r.u8()?).ok_or(CryptoError::Malformed)?;
            let id = r.part()?.to_vec();
            let change = RowChange { table, id, before: hash(r.part()?)?, after: hash(r.part()?)? };
            if changes.last().is_some_and(|last| (last.table, &last.id) >= (change.table, &change.id)) {
                return Err(CryptoError::Malformed);
            }
            changes.push(change);
        }
        Ok(Self(changes))
    }
}

impl Record {
    /// The record as bytes, to be sealed.
    #[must_use]
    pub fn encode(&self) -> Vec<u8> {
        let mut w = Writer::new();
        w.part(self.signed.bytes()).array(&self.salt).part(&self.details).part(&self.delta.encode());
        w.into_bytes()
    }

    /// Reads a record and checks that it holds together: the details and the rows are those the leaf commits to. The
    /// signature, the place in the tree and the right to sign are for [`super::verify`].
    ///
    /// # Errors
    /// [`CryptoError::Malformed`] when it does not.
    pub fn decode(bytes: &[u8]) -> Result<Self, CryptoError> {
        let mut r = Reader::new(bytes);
        let signed = SignedLeaf::from_bytes(r.part()?)?;
        let salt: [u8; 32] = r.array()?;
        let details = r.part()?.to_vec();
        let changes = r.part()?;
        let delta = Delta::decode(changes)?;
        r.finish()?;
        let holds = Details::commitment(&salt, &details) == signed.leaf.details
            && sha256(&[changes]) == signed.leaf.delta;
        if holds { Ok(Self { signed, salt, details, delta }) } else { Err(CryptoError::Malformed) }
    }

    /// The event it tells.
    ///
    /// # Errors
    /// [`CryptoError::Malformed`] when the action is unknown or the details do not follow the encoding.
    pub fn event(&self) -> Result<Event, CryptoError> {
        let leaf = &self.signed.leaf;
        let details = Details::decode(&self.details)?;
        Ok(Event {
            seq: leaf.seq,
            time: leaf.time,
            session: leaf.session,
            operator_id: leaf.operator,
            operator: details.operator,
            action: Action::from_number(leaf.action).ok_or(CryptoError::Malformed)?,
            object: details.object,
            outcome: details.outcome,
            severity: details.severity,
            reason: details.reason,
            changes: details.changes,
            host: details.host,
            os_user: details.os_user,
        })
    }
}

#[cfg(test)]
pub(crate) mod tests {
    use super::*;
    use crate::crypto::memory::SecretKey;

    pub(crate) fn record(seq: u64, key: &SigningKey) -> Record {
        let details = Details {
            object: Object::Vault,
            outcome: Outcome::Done,
            severity: Severity::Info,
            reason: "because".into(),
            changes: Vec::new(),
            operator: "m.ito".into(),
            host: "ws-14".into(),
            os_user: "mito".into(),
        };
        let (details, salt) = (details.encode().unwrap(), [5; 32]);
        let delta =
            Delta(vec![RowChange { table: Table::Key, id: vec![1; 16], before: None, after: Some([9; 32]) }]);
        let leaf = Leaf {
            vault: VaultId([1; 16]),
            seq,
            prev_root: [2; 32],
            time: Timestamp(-5),
            session: SessionTag([3; 16]),
            operator: OperatorId([4; 16]),
            action: Action::KeyCreate.number(),
            roster_version: 1,
            delta: delta.hash(),
            state_root: [6; 32],
            details: Details::commitment(&salt, &details),
        };
        Record { signed: leaf.sign(key), salt, details, delta }
    }

    #[test]
    fn a_record_reads_back_and_its_signature_verifies() {
        let key = SigningKey::from_seed(&SecretKey::from_bytes(&[7; 32]));
        let record = record(3, &key);
        let read = Record::decode(&record.encode()).unwrap();
        assert_eq!(read, record);
        assert_eq!(read.signed.verify(&key.public()), Ok(()));
        assert_eq!(read.event().unwrap().reason, "because");
    }

    #[test]
    fn no_bit_of_a_record_can_change_unseen() {
        let key = SigningKey::from_seed(&SecretKey::from_bytes(&[7; 32]));
        let (public, bytes) = (key.public(), record(3, &key).encode());
        for bit in 0..bytes.len() * 8 {
            let mut changed = bytes.clone();
            changed[bit / 8] ^= 1 << (bit % 8);
            let passes = Record::decode(&changed).is_ok_and(|r| r.signed.verify(&public).is_ok());
            assert!(!passes, "bit {bit}");
        }
    }
}
