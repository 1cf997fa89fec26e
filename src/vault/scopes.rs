//! Scope keys and the grants that carry them to operators.
//!
//! Metadata and log keys are held for the whole session in all their epochs. Compartment keys are opened from their grants
//! when a value is needed and dropped at once.

use std::collections::BTreeMap;

use crate::crypto::CryptoError;
use crate::crypto::encoding::{Reader, Writer};
use crate::crypto::memory::SecretKey;
use crate::crypto::seal::{SealKeyPair, SealPublicKey, SealedTo};
use crate::model::{CompartmentId, OperatorId, VaultId};
use crate::store::{Row, Table};

use super::error::VaultError;
use super::position::{LOG, METADATA, Position};

/// What HPKE is told a grant is for.
const INFO: &[u8] = b"keyroom/grant/1";

/// All epochs of one scope's key.
#[derive(Default)]
pub struct Epochs(BTreeMap<u32, SecretKey>);

impl Epochs {
    /// The key of an epoch.
    ///
    /// # Errors
    /// [`VaultError::Tampered`] when no grant for it was opened: a row names an epoch nobody granted.
    pub fn get(&self, epoch: u32) -> Result<&SecretKey, VaultError> {
        self.0.get(&epoch).ok_or_else(|| {
            VaultError::tampered(format!("a row names epoch {epoch}, which nobody was granted"))
        })
    }

    /// The newest epoch and its key.
    ///
    /// # Errors
    /// [`VaultError::NoGrant`] when there is none.
    pub fn newest(&self) -> Result<(u32, &SecretKey), VaultError> {
        self.0.last_key_value().map(|(epoch, key)| (*epoch, key)).ok_or(VaultError::NoGrant)
    }

    /// Adds an epoch.
    pub fn insert(&mut self, epoch: u32, key: SecretKey) {
        self.0.insert(epoch, key);
    }

    /// Forgets an epoch.
    pub fn remove(&mut self, epoch: u32) {
        self.0.remove(&epoch);
    }

    /// All epochs, oldest first.
    pub fn iter(&self) -> impl Iterator<Item = (u32, &SecretKey)> {
        self.0.iter().map(|(epoch, key)| (*epoch, key))
    }
}

/// The scope keys an unlocked operator holds.
#[derive(Default)]
pub struct ScopeKeys {
    /// Metadata.
    pub metadata: Epochs,
    /// The log.
    pub log: Epochs,
    /// Which compartments there are grants for, and at which epochs.
    compartments: BTreeMap<CompartmentId, Vec<Row>>,
}

impl ScopeKeys {
    /// Opens the grants of `operator` among `rows`; compartments' are kept sealed.
    ///
    /// # Errors
    /// [`VaultError::Tampered`] when a grant of this operator does not open.
    pub fn open(
        vault: VaultId,
        rows: Vec<Row>,
        operator: OperatorId,
        keys: &SealKeyPair,
    ) -> Result<Self, VaultError> {
        let mut scopes = Self::default();
        for row in rows {
            let Some((scope, _, to)) = parts_of(&row.id) else {
                return Err(VaultError::tampered("a grant has a malformed id"));
            };
            if to != operator {
                continue;
            }
            match scope {
                METADATA => scopes.metadata.insert(row.epoch, open_grant(vault, &row, keys)?),
                LOG => scopes.log.insert(row.epoch, open_grant(vault, &row, keys)?),
                other => scopes.compartments.entry(CompartmentId(other)).or_default().push(row),
            }
        }
        Ok(scopes)
    }

    /// The key of a compartment at an epoch, opened now.
    ///
    /// # Errors
    /// [`VaultError::NoGrant`] when this operator holds none.
    pub fn compartment(
        &self,
        vault: VaultId,
        compartment: CompartmentId,
        epoch: u32,
        keys: &SealKeyPair,
    ) -> Result<SecretKey, VaultError> {
        let grants = self.compartments.get(&compartment).ok_or(VaultError::NoGrant)?;
        let grant = grants.iter().find(|row| row.epoch == epoch).ok_or(VaultError::NoGrant)?;
        open_grant(vault, grant, keys)
    }

    /// The newest epoch of a compartment this operator holds.
    ///
    /// # Errors
    /// [`VaultError::NoGrant`] when this operator holds none.
    pub fn newest_epoch(&self, compartment: CompartmentId) -> Result<u32, VaultError> {
        let grants = self.compartments.get(&compartment).ok_or(VaultError::NoGrant)?;
        grants.iter().map(|row| row.epoch).max().ok_or(VaultError::NoGrant)
    }

    /// The compartments this operator holds grants for.
    pub fn compartments(&self) -> impl Iterator<Item = CompartmentId> {
        self.compartments.keys().copied()
    }
}

/// Seals a scope's key to an operator.
///
/// # Errors
/// [`CryptoError`] when the public key is not one or the system gives no randomness.
pub fn grant(
    vault: VaultId,
    scope: [u8; 16],
    epoch: u32,
    key: &SecretKey,
    to: OperatorId,
    public: &SealPublicKey,
    version: u64,
) -> Result<Row, CryptoError> {
    let id = id_of(scope, epoch, to);
    let mut row = Row { table: Table::Grant, id, version, scope, epoch, data: Vec::new() };
    let sealed = public.seal(INFO, &Position::of(vault, &row).aad(), key.expose())?;
    let mut w = Writer::new();
    w.part(&sealed.encapsulated).part(&sealed.ciphertext);
    row.data = w.into_bytes();
    Ok(row)
}

/// The id of a grant: scope ‖ epoch ‖ operator.
#[must_use]
pub fn id_of(scope: [u8; 16], epoch: u32, to: OperatorId) -> Vec<u8> {
    [&scope[..], &epoch.to_be_bytes(), &to.0].concat()
}

/// Takes a grant's id apart.
#[must_use]
pub fn parts_of(id: &[u8]) -> Option<([u8; 16], u32, OperatorId)> {
    let (scope, rest) = id.split_first_chunk::<16>()?;
    let (epoch, to) = rest.split_first_chunk::<4>()?;
    Some((*scope, u32::from_be_bytes(*epoch), OperatorId::from_slice(to)?))
}

fn open_grant(vault: VaultId, row: &Row, keys: &SealKeyPair) -> Result<SecretKey, VaultError> {
    let open = || {
        let mut r = Reader::new(&row.data);
        let sealed = SealedTo { encapsulated: r.part()?.to_vec(), ciphertext: r.part()?.to_vec() };
        r.finish()?;
        let key = keys.open(INFO, &Position::of(vault, row).aad(), &sealed)?;
        SecretKey::try_from_slice(key.as_bytes())
    };
    open().map_err(|_| VaultError::tampered("a grant does not open: it was changed or moved"))
}
