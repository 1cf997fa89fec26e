//! From a password to an operator's keys: slot → root key → key pairs.
//!
//! A password change rewrites one slot row and nothing else. The root key is held only as long as it takes to open the
//! bundle; the session keeps the key pairs and a key for drafts.

use crate::crypto::encoding::{Reader, Writer};
use crate::crypto::envelope::{self, Padding};
use crate::crypto::kdf::{self, KdfParams};
use crate::crypto::memory::{SecretBuf, SecretKey};
use crate::crypto::seal::SealKeyPair;
use crate::crypto::sign::SigningKey;
use crate::crypto::{CryptoError, random_bytes, sha256};
use crate::model::{OperatorId, VaultId};
use crate::store::{Row, RowRef, Table};

use super::error::VaultError;
use super::position::{NONE, Position};

/// The kind of slot that a password alone opens. Others (key file, device secret) get their own numbers.
const KIND_PASSWORD: u8 = 1;

/// A password slot as it is stored: parameters in clear, the root key sealed.
pub struct Slot {
    /// Its row id.
    pub id: [u8; 16],
    /// Whose it is.
    pub operator: OperatorId,
    /// How the password becomes a key.
    pub params: KdfParams,
    handle: [u8; 16],
    salt: [u8; 16],
    salt2: [u8; 32],
    sealed: Vec<u8>,
    version: u64,
}

/// What an unlocked operator holds. Wiped on drop, part by part.
pub struct Keys {
    /// Who.
    pub operator: OperatorId,
    /// Opens grants.
    pub seal: SealKeyPair,
    /// Signs leaves, checkpoints and rosters.
    pub sign: SigningKey,
    /// Seals drafts.
    pub draft: SecretKey,
}

/// The random root of an operator's keys: what a slot holds.
pub struct Root(SecretKey);

impl Slot {
    /// Makes a slot that opens `root` with `password`.
    ///
    /// # Errors
    /// [`CryptoError`] when the parameters are out of bounds or memory is short.
    pub fn seal(
        vault: VaultId,
        operator: OperatorId,
        name: &str,
        password: &SecretBuf,
        params: KdfParams,
        root: &Root,
        replaces: Option<&Self>,
    ) -> Result<Self, CryptoError> {
        let mut slot = Self {
            id: match replaces {
                Some(old) => old.id,
                None => random_bytes()?,
            },
            operator,
            params,
            handle: handle(vault, name),
            salt: random_bytes()?,
            salt2: random_bytes()?,
            sealed: Vec::new(),
            version: replaces.map_or(1, |old| old.version + 1),
        };
        let key = slot.key(vault, password)?;
        slot.sealed = envelope::seal(&key, &slot.aad(vault), root.0.expose(), Padding::Metadata)?;
        Ok(slot)
    }

    /// The version of its row.
    pub(super) fn version(&self) -> u64 {
        self.version
    }

    /// Opens the slot: runs the KDF, after its bounds were checked.
    ///
    /// # Errors
    /// [`VaultError::WrongPassword`], or [`VaultError::Crypto`] for parameters out of bounds.
    pub fn open(&self, vault: VaultId, password: &SecretBuf) -> Result<Root, VaultError> {
        let key = self.key(vault, password)?;
        let root =
            envelope::open(&key, &self.aad(vault), &self.sealed).map_err(|_| VaultError::WrongPassword)?;
        Ok(Root(SecretKey::try_from_slice(root.as_bytes())?))
    }

    /// Whether this slot is the one of the operator with this name.
    #[must_use]
    pub fn is_named(&self, vault: VaultId, name: &str) -> bool {
        self.handle == handle(vault, name)
    }

    /// The slot as a row.
    #[must_use]
    pub fn to_row(&self) -> Row {
        let mut w = Writer::new();
        w.u8(KIND_PASSWORD).array(&self.operator.0).array(&self.handle);
        w.u32(self.params.memory_kib).u32(self.params.passes).u32(self.params.lanes);
        w.array(&self.salt).array(&self.salt2).part(&self.sealed);
        let (id, data) = (self.id.to_vec(), w.into_bytes());
        Row { table: Table::Slot, id, version: self.version, scope: NONE, epoch: 0, data }
    }

    /// Reads a slot from its row. Its parameters are not judged yet.
    ///
    /// # Errors
    /// [`CryptoError::Malformed`] when the row does not follow the encoding.
    pub fn from_row<'r>(row: impl Into<RowRef<'r>>) -> Result<Self, CryptoError> {
        let row = row.into();
        let mut r = Reader::new(row.data);
        if r.u8()? != KIND_PASSWORD {
            return Err(CryptoError::Malformed);
        }
        let (operator, handle) = (OperatorId(r.array()?), r.array()?);
        let params = KdfParams { memory_kib: r.u32()?, passes: r.u32()?, lanes: r.u32()? };
        let (salt, salt2, sealed) = (r.array()?, r.array()?, r.part()?.to_vec());
        r.finish()?;
        let id = row.id.try_into().map_err(|_| CryptoError::Malformed)?;
        Ok(Self { id, operator, params, handle, salt, salt2, sealed, version: row.version })
    }

    fn key(&self, vault: VaultId, password: &SecretBuf) -> Result<SecretKey, CryptoError> {
        let stretched = kdf::derive(password, &self.salt, self.params)?;
        let mut w = Writer::new();
        w.array(&vault.0).array(&self.id).array(&self.operator.0).u8(KIND_PASSWORD);
        w.u32(self.params.memory_kib).u32(self.params.passes).u32(self.params.lanes);
        kdf::slot_key(&stretched, &self.salt2, &w.into_bytes())
    }

    fn aad(&self, vault: VaultId) -> Vec<u8> {
        Position {
            vault,
            place: Table::Slot.name(),
            id: &self.id,
            version: self.version,
            scope: NONE,
            epoch: 0,
        }
        .aad()
    }
}

impl Root {
    /// A new root.
    ///
    /// # Errors
    /// [`CryptoError::Random`] when the system gives no randomness.
    pub fn generate() -> Result<Self, CryptoError> {
        Ok(Self(SecretKey::generate()?))
    }

    /// Makes new key pairs for `operator` and the bundle row that holds them.
    ///
    /// # Errors
    /// [`CryptoError`] when the system gives no randomness.
    pub fn make_keys(
        &self,
        vault: VaultId,
        operator: OperatorId,
        version: u64,
    ) -> Result<(Keys, Row), CryptoError> {
        let (seal_seed, sign_seed) = (SecretKey::generate()?, SecretKey::generate()?);
        let mut seeds = SecretBuf::with_capacity(64);
        let fits = seeds.push(seal_seed.expose()).and_then(|()| seeds.push(sign_seed.expose()));
        fits.map_err(|_| CryptoError::Malformed)?;
        let mut row = Row {
            table: Table::Bundle,
            id: operator.0.to_vec(),
            version,
            scope: NONE,
            epoch: 0,
            data: Vec::new(),
        };
        row.data =
            envelope::seal(&self.0, &Position::of(vault, &row).aad(), seeds.as_bytes(), Padding::Metadata)?;
        Ok((self.keys(operator, &seal_seed, &sign_seed)?, row))
    }

    /// Opens the bundle row of `operator`.
    ///
    /// # Errors
    /// [`CryptoError::Sealed`] when the row was changed.
    pub fn open_keys(&self, vault: VaultId, operator: OperatorId, row: &Row) -> Result<Keys, CryptoError> {
        let seeds = envelope::open(&self.0, &Position::of(vault, row).aad(), &row.data)?;
        let (seal, sign) = seeds.as_bytes().split_at_checked(32).ok_or(CryptoError::Malformed)?;
        self.keys(operator, &SecretKey::try_from_slice(seal)?, &SecretKey::try_from_slice(sign)?)
    }

    fn keys(&self, operator: OperatorId, seal: &SecretKey, sign: &SecretKey) -> Result<Keys, CryptoError> {
        let draft = kdf::derive_labelled(&self.0, "keyroom/draft/1", &operator.0);
        Ok(Keys { operator, seal: SealKeyPair::from_seed(seal)?, sign: SigningKey::from_seed(sign), draft })
    }
}

/// What a slot keeps of an operator's name: a hash under the vault's id, so that a file tells no names but a typed name
/// finds its slot.
fn handle(vault: VaultId, name: &str) -> [u8; 16] {
    let hash = sha256(&[b"keyroom/login/1", &vault.0, name.trim().to_lowercase().as_bytes()]);
    std::array::from_fn(|i| hash[i])
}

#[cfg(test)]
mod tests {
    use super::*;

    const VAULT: VaultId = VaultId([1; 16]);
    const WHO: OperatorId = OperatorId([2; 16]);

    fn password(text: &str) -> SecretBuf {
        SecretBuf::from_slice(text.as_bytes())
    }

    #[test]
    fn the_right_password_opens_a_slot_and_its_bundle_and_no_other_does() {
        let root = Root::generate().unwrap();
        let slot =
            Slot::seal(VAULT, WHO, "M.Ito", &password("right"), KdfParams::FLOOR, &root, None).unwrap();
        let slot = Slot::from_row(&slot.to_row()).unwrap();
        let (keys, bundle) = root.make_keys(VAULT, WHO, 1).unwrap();
        let opened = slot.open(VAULT, &password("right")).unwrap().open_keys(VAULT, WHO, &bundle).unwrap();
        assert_eq!(opened.sign.public(), keys.sign.public());
        assert!(opened.seal.public() == keys.seal.public());
        assert!(matches!(slot.open(VAULT, &password("wrong")), Err(VaultError::WrongPassword)));
        assert!(slot.is_named(VAULT, "m.ito ") && !slot.is_named(VAULT, "a.novak"));
    }

    #[test]
    fn parameters_out_of_bounds_are_refused_before_the_kdf_runs() {
        let root = Root::generate().unwrap();
        let mut slot = Slot::seal(VAULT, WHO, "x", &password("p"), KdfParams::FLOOR, &root, None).unwrap();
        slot.params = KdfParams { memory_kib: u32::MAX, passes: u32::MAX, lanes: 1 };
        let started = std::time::Instant::now();
        assert!(matches!(
            slot.open(VAULT, &password("p")),
            Err(VaultError::Crypto(CryptoError::KdfAboveCeiling { .. }))
        ));
        slot.params = KdfParams { memory_kib: 8, passes: 1, lanes: 1 };
        assert!(matches!(
            slot.open(VAULT, &password("p")),
            Err(VaultError::Crypto(CryptoError::KdfBelowFloor { .. }))
        ));
        assert!(started.elapsed().as_millis() < 50);
    }
}
