//! The roster: who the operators are, as a chain of signed versions. A version is signed by an administrator of the version
//! before it; the first signs itself, and its hash (the genesis fingerprint) is what a person keeps outside the file.
//!
//! Nothing is ever sealed to a public key, and no signature ever counts, that is not in here.

use crate::crypto::encoding::{Reader, Writer};
use crate::crypto::sign::{Signature, SigningKey, VerifyingKey};
use crate::crypto::{CryptoError, Hash, sha256};
use crate::model::{Operator, OperatorId, Role, Timestamp, VaultId};

/// What a roster's signature says it is (first part of the signed message).
const CONTEXT: &str = "keyroom/roster/1";

/// One version of the roster, signed.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct SignedRoster {
    /// Counts from 1.
    pub version: u32,
    /// The vault.
    pub vault: VaultId,
    /// The hash of the version before; zeros for the first.
    pub previous: Hash,
    /// Everyone who is or ever was an operator.
    pub operators: Vec<Operator>,
    /// Who signed.
    pub signed_by: OperatorId,
    bytes: Vec<u8>,
}

/// Why a chain of rosters is not believed.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum RosterError {
    /// There is no first version.
    #[error("the roster of operators is missing")]
    Missing,
    /// A version does not follow the encoding.
    #[error("version {0} of the roster of operators is damaged")]
    Malformed(u32),
    /// A version does not follow from the one before.
    #[error("version {0} of the roster of operators does not follow from the one before")]
    Broken(u32),
    /// A version was not signed by an administrator of the version before.
    #[error("version {0} of the roster of operators is not signed by an administrator")]
    NotSigned(u32),
    /// The first version is not the one this workstation remembers.
    #[error("the vault's first administrator is not the one this workstation remembers")]
    OtherGenesis,
}

impl SignedRoster {
    /// Signs a new version.
    #[must_use]
    pub fn sign(
        vault: VaultId,
        version: u32,
        previous: Hash,
        operators: Vec<Operator>,
        signed_by: OperatorId,
        key: &SigningKey,
    ) -> Self {
        let body = encode(vault, version, &previous, &operators, signed_by);
        let signature = key.sign(CONTEXT, &body);
        let bytes = [body.as_slice(), signature.as_bytes()].concat();
        Self { version, vault, previous, operators, signed_by, bytes }
    }

    /// The signed bytes: the body, then the 64 bytes of the signature.
    #[must_use]
    pub fn bytes(&self) -> &[u8] {
        &self.bytes
    }

    /// The hash the next version names; of the first version, the genesis fingerprint.
    #[must_use]
    pub fn hash(&self) -> Hash {
        sha256(&[&self.bytes])
    }

    /// The id of the row that holds it: version and hash, so that the entry of the log that puts the row there says which roster
    /// it is, and not only its number.
    #[must_use]
    pub fn row_id(&self) -> Vec<u8> {
        [&self.version.to_be_bytes()[..], &self.hash()].concat()
    }

    /// Whether a row with this id can hold it. The first vaults have the version alone.
    #[must_use]
    pub fn has_row_id(&self, id: &[u8]) -> bool {
        id == self.version.to_be_bytes() || id == self.row_id()
    }

    /// The version in the id of a row, whatever roster it is.
    #[must_use]
    pub fn version_of(id: &[u8]) -> Option<u32> {
        let (version, hash) = id.split_first_chunk::<4>()?;
        matches!(hash.len(), 0 | 32).then(|| u32::from_be_bytes(*version))
    }

    /// Reads a version; its signature is not checked yet.
    ///
    /// # Errors
    /// [`CryptoError::Malformed`] when the bytes do not follow the encoding.
    pub fn from_bytes(bytes: &[u8]) -> Result<Self, CryptoError> {
        let at = bytes.len().checked_sub(64).ok_or(CryptoError::Malformed)?;
        let mut r = Reader::new(&bytes[..at]);
        let (vault, version, previous) = (VaultId(r.array()?), r.u32()?, r.array()?);
        let signed_by = OperatorId(r.array()?);
        let mut operators = Vec::new();
        while !r.is_empty() {
            operators.push(decode_operator(&mut r)?);
        }
        Ok(Self { version, vault, previous, operators, signed_by, bytes: bytes.to_vec() })
    }

    /// The operator with this id.
    #[must_use]
    pub fn operator(&self, id: OperatorId) -> Option<&Operator> {
        self.operators.iter().find(|o| o.id == id)
    }

    fn signature_is_by(&self, signer: &Operator) -> bool {
        let at = self.bytes.len().saturating_sub(64);
        let (body, signature) = self.bytes.split_at(at);
        let key = VerifyingKey::from_bytes(&signer.verify_key);
        let signature = Signature::from_slice(signature);
        matches!((key, signature), (Ok(key), Ok(signature)) if key.verify(CONTEXT, body, &signature).is_ok())
    }
}

/// A verified chain of rosters.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Roster {
    versions: Vec<SignedRoster>,
}

impl Roster {
    /// Verifies a chain from its first version on.
    ///
    /// # Errors
    /// [`RosterError`] names the version that does not hold.
    pub fn verify(
        vault: VaultId,
        versions: Vec<SignedRoster>,
        genesis: Option<&Hash>,
    ) -> Result<Self, RosterError> {
        let mut chain = versions.into_iter();
        let first = chain.next().ok_or(RosterError::Missing)?;
        let signer = first.operator(first.signed_by).filter(|o| o.role == Role::Administrator);
        if first.version != 1 || first.previous != [0; 32] || first.vault != vault {
            return Err(RosterError::Broken(first.version));
        }
        if !signer.is_some_and(|s| first.signature_is_by(s)) {
            return Err(RosterError::NotSigned(1));
        }
        if genesis.is_some_and(|genesis| *genesis != first.hash()) {
            return Err(RosterError::OtherGenesis);
        }
        let mut roster = Self { versions: vec![first] };
        chain.try_for_each(|next| roster.extend(next))?;
        Ok(roster)
    }

    /// Appends the next version after checking it against the last.
    ///
    /// # Errors
    /// [`RosterError`] when it does not follow.
    pub fn extend(&mut self, next: SignedRoster) -> Result<(), RosterError> {
        let last = self.current();
        if next.version != last.version.wrapping_add(1)
            || next.previous != last.hash()
            || next.vault != last.vault
        {
            return Err(RosterError::Broken(next.version));
        }
        let signer = last.operator(next.signed_by);
        let signer = signer.filter(|o| o.role == Role::Administrator && o.removed.is_none());
        if !signer.is_some_and(|s| next.signature_is_by(s)) {
            return Err(RosterError::NotSigned(next.version));
        }
        // Nobody who ever signed may vanish or change their identity: old signatures must stay checkable.
        let kept = last.operators.iter().all(|old| next.operator(old.id).is_some());
        if !kept {
            return Err(RosterError::Broken(next.version));
        }
        self.versions.push(next);
        Ok(())
    }

    /// The version in force.
    #[must_use]
    pub fn current(&self) -> &SignedRoster {
        &self.versions[self.versions.len() - 1]
    }

    /// The version with this number.
    #[must_use]
    pub fn version(&self, number: u32) -> Option<&SignedRoster> {
        self.versions.get(usize::try_from(number).ok()?.checked_sub(1)?)
    }

    /// All versions, oldest first.
    #[must_use]
    pub fn versions(&self) -> &[SignedRoster] {
        &self.versions
    }

    /// The hash of the first version: what a person keeps to know the vault again.
    #[must_use]
    pub fn genesis(&self) -> Hash {
        self.versions[0].hash()
    }

    /// An operator who may sign under this version of the roster.
    #[must_use]
    pub fn signer(&self, version: u32, id: OperatorId) -> Option<&Operator> {
        self.version(version)?.operator(id).filter(|o| o.removed.is_none())
    }
}

fn encode(
    vault: VaultId,
    version: u32,
    previous: &Hash,
    operators: &[Operator],
    signed_by: OperatorId,
) -> Vec<u8> {
    let mut w = Writer::new();
    w.array(&vault.0).u32(version).array(previous).array(&signed_by.0);
    for o in operators {
        w.array(&o.id.0)
            .part(o.name.as_bytes())
            .u8(role_number(o.role))
            .part(&o.seal_key)
            .array(&o.verify_key);
        w.u64(o.added.0.cast_unsigned());
        match o.removed {
            Some(at) => w.u64(at.0.cast_unsigned()),
            None => w.part(&[]),
        };
    }
    w.into_bytes()
}

fn decode_operator(r: &mut Reader<'_>) -> Result<Operator, CryptoError> {
    let (id, name) =
        (OperatorId(r.array()?), std::str::from_utf8(r.part()?).map_err(|_| CryptoError::Malformed)?);
    let role = role_from(r.u8()?).ok_or(CryptoError::Malformed)?;
    let (seal_key, verify_key, added) = (r.part()?.to_vec(), r.array()?, Timestamp(r.u64()?.cast_signed()));
    let removed = match r.part()? {
        [] => None,
        bytes => {
            let bytes: [u8; 8] = bytes.try_into().map_err(|_| CryptoError::Malformed)?;
            Some(Timestamp(i64::from_be_bytes(bytes)))
        }
    };
    Ok(Operator { id, name: name.to_owned(), role, seal_key, verify_key, added, removed })
}

fn role_number(role: Role) -> u8 {
    match role {
        Role::Administrator => 1,
        Role::Custodian => 2,
        Role::Auditor => 3,
        Role::Recovery => 4,
    }
}

fn role_from(number: u8) -> Option<Role> {
    [Role::Administrator, Role::Custodian, Role::Auditor, Role::Recovery]
        .into_iter()
        .find(|r| role_number(*r) == number)
}

#[cfg(test)]
pub(crate) mod tests {
    use super::*;
    use crate::crypto::memory::SecretKey;

    pub(crate) fn signing(n: u8) -> SigningKey {
        SigningKey::from_seed(&SecretKey::from_bytes(&[n; 32]))
    }

    pub(crate) fn operator(n: u8, role: Role) -> Operator {
        let verify_key = *signing(n).public().as_bytes();
        Operator {
            id: OperatorId([n; 16]),
            name: format!("op{n}"),
            role,
            seal_key: vec![n; 8],
            verify_key,
            added: Timestamp(1),
            removed: None,
        }
    }

    const VAULT: VaultId = VaultId([1; 16]);

    fn first() -> SignedRoster {
        SignedRoster::sign(
            VAULT,
            1,
            [0; 32],
            vec![operator(1, Role::Administrator)],
            OperatorId([1; 16]),
            &signing(1),
        )
    }

    #[test]
    fn a_chain_signed_by_administrators_verifies_and_reads_back() {
        let one = first();
        let both = vec![operator(1, Role::Administrator), operator(2, Role::Auditor)];
        let two = SignedRoster::sign(VAULT, 2, one.hash(), both, OperatorId([1; 16]), &signing(1));
        let read = |r: &SignedRoster| SignedRoster::from_bytes(r.bytes()).unwrap();
        let roster = Roster::verify(VAULT, vec![read(&one), read(&two)], Some(&one.hash())).unwrap();
        assert_eq!(roster.current(), &two);
        assert!(roster.signer(1, OperatorId([2; 16])).is_none());
        assert!(roster.signer(2, OperatorId([2; 16])).is_some());
    }

    #[test]
    fn an_auditor_cannot_extend_the_roster_and_nobody_can_be_dropped_from_it() {
        let one = first();
        let both = vec![operator(1, Role::Administrator), operator(2, Role::Auditor)];
        let two = SignedRoster::sign(VAULT, 2, one.hash(), both.clone(), OperatorId([1; 16]), &signing(1));
        let mut roster = Roster::verify(VAULT, vec![one, two.clone()], None).unwrap();
        let by_auditor = SignedRoster::sign(VAULT, 3, two.hash(), both, OperatorId([2; 16]), &signing(2));
        assert_eq!(roster.extend(by_auditor), Err(RosterError::NotSigned(3)));
        let dropped = vec![operator(1, Role::Administrator)];
        let dropping = SignedRoster::sign(VAULT, 3, two.hash(), dropped, OperatorId([1; 16]), &signing(1));
        assert_eq!(roster.extend(dropping), Err(RosterError::Broken(3)));
    }

    #[test]
    fn no_bit_of_the_first_version_can_change_unseen() {
        let one = first();
        for bit in 0..one.bytes().len() * 8 {
            let mut bytes = one.bytes().to_vec();
            bytes[bit / 8] ^= 1 << (bit % 8);
            let accepted =
                SignedRoster::from_bytes(&bytes).is_ok_and(|r| Roster::verify(VAULT, vec![r], None).is_ok());
            assert!(!accepted, "bit {bit}");
        }
    }

    #[test]
    fn another_first_administrator_is_noticed_where_the_first_is_remembered() {
        assert_eq!(Roster::verify(VAULT, vec![first()], Some(&[9; 32])), Err(RosterError::OtherGenesis));
        assert_eq!(Roster::verify(VAULT, vec![], None), Err(RosterError::Missing));
    }
}
