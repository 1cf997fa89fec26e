//! Between plain data and sealed rows: what each table's payload is and which key seals it.

use serde::Serialize;
use serde::de::DeserializeOwned;

use crate::crypto::CryptoError;
use crate::crypto::encoding::{Reader, Writer};
use crate::crypto::envelope::{self, Padding};
use crate::crypto::memory::{SecretBuf, SecretKey};
use crate::crypto::{hmac_sha256, kdf};
use crate::model::{CompartmentId, KeyId, KeyRecord, OperatorId, Settings, VaultId};
use crate::store::{Row, RowRef, Table};

use super::error::VaultError;
use super::position::{METADATA, NONE, Position};
use super::scopes::Epochs;

/// The id of the only header row.
pub const HEADER_ID: &[u8] = b"vault";
/// The id of the only settings row.
pub const SETTINGS_ID: &[u8] = b"settings";

/// Seals metadata into a row under the newest metadata key.
///
/// # Errors
/// [`VaultError::Crypto`] when the payload is too long or the system gives no randomness.
pub fn seal_metadata<T: Serialize>(
    vault: VaultId,
    table: Table,
    id: &[u8],
    version: u64,
    keys: &Epochs,
    payload: &T,
) -> Result<Row, VaultError> {
    let bytes = postcard::to_allocvec(payload).map_err(|_| CryptoError::Malformed)?;
    seal_metadata_bytes(vault, table, id, version, keys, &bytes)
}

/// Seals metadata that is already encoded.
///
/// # Errors
/// As [`seal_metadata`].
pub fn seal_metadata_bytes(
    vault: VaultId,
    table: Table,
    id: &[u8],
    version: u64,
    keys: &Epochs,
    bytes: &[u8],
) -> Result<Row, VaultError> {
    let (epoch, key) = keys.newest()?;
    let mut row = Row { table, id: id.to_vec(), version, scope: METADATA, epoch, data: Vec::new() };
    row.data = envelope::seal(key, &Position::of(vault, &row).aad(), bytes, Padding::Metadata)?;
    Ok(row)
}

/// Opens a metadata row.
///
/// # Errors
/// [`VaultError::Tampered`] names the row when it does not open or does not hold what it must.
pub fn open_metadata<'r, T: DeserializeOwned>(
    vault: VaultId,
    row: impl Into<RowRef<'r>>,
    keys: &Epochs,
) -> Result<T, VaultError> {
    let row = row.into();
    let bytes = open_metadata_bytes(vault, row, keys)?;
    postcard::from_bytes(bytes.as_bytes()).map_err(|_| changed(row))
}

/// Metadata to which fields were added after vaults were written without them, block after block. They follow the first ones,
/// so that a program that does not know them reads the rest, and a row ends after the block that was the last when it was
/// written.
pub trait Grown: Serialize + DeserializeOwned {
    /// Writes the blocks behind the first fields, in their order.
    ///
    /// # Errors
    /// They cannot be encoded.
    fn write_blocks(&self, bytes: Vec<u8>) -> postcard::Result<Vec<u8>>;

    /// Reads the blocks there are. Those a row ends before stay as they are: with the values that say what held then.
    ///
    /// # Errors
    /// A block is cut, or holds what it cannot.
    fn read_blocks(&mut self, bytes: &[u8]) -> postcard::Result<()>;
}

impl Grown for Settings {
    fn write_blocks(&self, bytes: Vec<u8>) -> postcard::Result<Vec<u8>> {
        let bytes = postcard::to_extend(&self.later, bytes)?;
        postcard::to_extend(&self.locks, bytes)
    }

    fn read_blocks(&mut self, bytes: &[u8]) -> postcard::Result<()> {
        let bytes = read_block(&mut self.later, bytes)?;
        read_block(&mut self.locks, bytes).map(|_| ())
    }
}

impl Grown for KeyRecord {
    fn write_blocks(&self, bytes: Vec<u8>) -> postcard::Result<Vec<u8>> {
        let bytes = postcard::to_extend(&self.later, bytes)?;
        let bytes = postcard::to_extend(&self.life, bytes)?;
        postcard::to_extend(&self.around, bytes)
    }

    fn read_blocks(&mut self, bytes: &[u8]) -> postcard::Result<()> {
        let bytes = read_block(&mut self.later, bytes)?;
        let bytes = read_block(&mut self.life, bytes)?;
        read_block(&mut self.around, bytes).map(|_| ())
    }
}

/// Reads the next block, unless the row ends before it; gives what follows.
fn read_block<'b, B: DeserializeOwned>(block: &mut B, bytes: &'b [u8]) -> postcard::Result<&'b [u8]> {
    if bytes.is_empty() {
        return Ok(bytes);
    }
    let (read, rest) = postcard::take_from_bytes(bytes)?;
    *block = read;
    Ok(rest)
}

/// As [`seal_metadata`], with what was added later.
///
/// # Errors
/// As [`seal_metadata`].
pub fn seal_grown<T: Grown>(
    vault: VaultId,
    table: Table,
    id: &[u8],
    version: u64,
    keys: &Epochs,
    payload: &T,
) -> Result<Row, VaultError> {
    let malformed = |_| CryptoError::Malformed;
    let bytes = postcard::to_allocvec(payload).map_err(malformed)?;
    let bytes = payload.write_blocks(bytes).map_err(malformed)?;
    seal_metadata_bytes(vault, table, id, version, keys, &bytes)
}

/// As [`open_metadata`], with what was added later.
///
/// # Errors
/// As [`open_metadata`].
pub fn open_grown<'r, T: Grown>(
    vault: VaultId,
    row: impl Into<RowRef<'r>>,
    keys: &Epochs,
) -> Result<T, VaultError> {
    let row = row.into();
    let bytes = open_metadata_bytes(vault, row, keys)?;
    let first = postcard::take_from_bytes::<T>(bytes.as_bytes());
    let (mut payload, blocks) = first.map_err(|_| changed(row))?;
    payload.read_blocks(blocks).map_err(|_| changed(row))?;
    Ok(payload)
}

/// Seals the settings.
///
/// # Errors
/// As [`seal_metadata`].
pub fn seal_settings(
    vault: VaultId,
    version: u64,
    keys: &Epochs,
    settings: &Settings,
) -> Result<Row, VaultError> {
    seal_grown(vault, Table::Settings, SETTINGS_ID, version, keys, settings)
}

/// Opens a metadata row without reading its payload.
///
/// # Errors
/// [`VaultError::Tampered`] names the row when it does not open.
pub fn open_metadata_bytes<'r>(
    vault: VaultId,
    row: impl Into<RowRef<'r>>,
    keys: &Epochs,
) -> Result<SecretBuf, VaultError> {
    let row = row.into();
    if row.scope != METADATA {
        return Err(changed(row));
    }
    envelope::open(keys.get(row.epoch)?, &Position::of(vault, row).aad(), row.data).map_err(|_| changed(row))
}

/// The id of a version's row: key id ‖ number.
#[must_use]
pub fn version_id(key: KeyId, number: u32) -> Vec<u8> {
    [&key.0[..], &number.to_be_bytes()].concat()
}

/// Seals a version's value under a fresh data key, and that under the compartment's key.
///
/// # Errors
/// [`VaultError::Crypto`] when the value is too long or the system gives no randomness.
pub fn seal_value(
    vault: VaultId,
    (key, number): (KeyId, u32),
    compartment: CompartmentId,
    (epoch, compartment_key): (u32, &SecretKey),
    value: &SecretBuf,
) -> Result<Row, VaultError> {
    let mut row = Row {
        table: Table::Version,
        id: version_id(key, number),
        version: 1,
        scope: compartment.0,
        epoch,
        data: Vec::new(),
    };
    let data_key = SecretKey::generate()?;
    let sealed =
        envelope::seal(&data_key, &value_place(vault, &row).aad(), value.as_bytes(), Padding::Secret)?;
    row.data = join(&wrap(vault, &row, compartment_key, &data_key)?, &sealed);
    Ok(row)
}

/// Opens a version's value.
///
/// # Errors
/// [`VaultError::Tampered`] when the row does not open.
pub fn open_value(vault: VaultId, row: &Row, compartment_key: &SecretKey) -> Result<SecretBuf, VaultError> {
    let (wrapped, sealed) = split(row)?;
    let data_key = unwrap(vault, row, compartment_key, wrapped)?;
    envelope::open(&data_key, &value_place(vault, row).aad(), sealed).map_err(|_| changed(row))
}

/// Wraps a version's data key again, for a new epoch of its compartment; the sealed value itself stays as it is.
///
/// # Errors
/// [`VaultError::Tampered`] when the row does not open under the old key.
pub fn rewrap_value(
    vault: VaultId,
    row: &Row,
    old: &SecretKey,
    (epoch, new): (u32, &SecretKey),
) -> Result<Row, VaultError> {
    let (wrapped, sealed) = split(row)?;
    let data_key = unwrap(vault, row, old, wrapped)?;
    let mut next = Row { version: row.version + 1, epoch, data: Vec::new(), ..row.clone() };
    next.data = join(&wrap(vault, &next, new, &data_key)?, sealed);
    Ok(next)
}

/// The keyed fingerprint of a value: tells within a compartment whether a value was used before, and nothing to anybody
/// without the compartment's key.
#[must_use]
pub fn fingerprint(compartment_key: &SecretKey, value: &SecretBuf) -> [u8; 16] {
    let key = kdf::derive_labelled(compartment_key, "keyroom/fingerprint/1", &[]);
    let mac = hmac_sha256(&key, &[value.as_bytes()]);
    std::array::from_fn(|i| mac[i])
}

/// Seals a draft of an operator.
///
/// # Errors
/// [`CryptoError`] when it is too long.
pub fn seal_draft(
    vault: VaultId,
    operator: OperatorId,
    id: &[u8; 16],
    key: &SecretKey,
    content: &SecretBuf,
) -> Result<Row, CryptoError> {
    let id = [&operator.0[..], id].concat();
    let mut row = Row { table: Table::Draft, id, version: 1, scope: NONE, epoch: 0, data: Vec::new() };
    row.data = envelope::seal(key, &Position::of(vault, &row).aad(), content.as_bytes(), Padding::Secret)?;
    Ok(row)
}

/// Opens a draft.
///
/// # Errors
/// [`CryptoError::Sealed`] when it is another operator's, or was changed.
pub fn open_draft(vault: VaultId, row: &Row, key: &SecretKey) -> Result<SecretBuf, CryptoError> {
    envelope::open(key, &Position::of(vault, row).aad(), &row.data)
}

/// The error that names a row as changed.
#[must_use]
pub fn changed<'r>(row: impl Into<RowRef<'r>>) -> VaultError {
    let row = row.into();
    VaultError::tampered(format!(
        "a row of the table {} was changed or moved ({})",
        row.table.name(),
        short(row.id)
    ))
}

/// A row's id as a person may compare it.
#[must_use]
pub fn short(id: &[u8]) -> String {
    data_encoding::HEXLOWER.encode(&id[..id.len().min(8)])
}

/// A value's place has neither epoch nor row version: it is bound to those through its data key, which is used for nothing
/// else, so that a new epoch costs one wrap and not a copy of every value.
fn value_place<'a>(vault: VaultId, row: &'a Row) -> Position<'a> {
    Position { vault, place: "version/value", id: &row.id, version: 0, scope: row.scope, epoch: 0 }
}

fn wrap_place<'a>(vault: VaultId, row: &'a Row) -> Position<'a> {
    Position { place: "version/wrap", ..Position::of(vault, row) }
}

fn wrap(vault: VaultId, row: &Row, key: &SecretKey, data_key: &SecretKey) -> Result<Vec<u8>, CryptoError> {
    envelope::seal(key, &wrap_place(vault, row).aad(), data_key.expose(), Padding::Metadata)
}

fn unwrap(vault: VaultId, row: &Row, key: &SecretKey, wrapped: &[u8]) -> Result<SecretKey, VaultError> {
    let opened = envelope::open(key, &wrap_place(vault, row).aad(), wrapped).map_err(|_| changed(row))?;
    Ok(SecretKey::try_from_slice(opened.as_bytes())?)
}

fn join(wrapped: &[u8], sealed: &[u8]) -> Vec<u8> {
    let mut w = Writer::new();
    w.part(wrapped).part(sealed);
    w.into_bytes()
}

fn split(row: &Row) -> Result<(&[u8], &[u8]), VaultError> {
    let mut r = Reader::new(&row.data);
    let mut part = || r.part().map_err(|_| changed(row));
    Ok((part()?, part()?))
}

#[cfg(test)]
mod tests {
    use super::*;

    const VAULT: VaultId = VaultId([1; 16]);

    #[test]
    fn settings_of_a_vault_that_knew_no_later_ones_still_open_and_newer_ones_stay() {
        let mut keys = Epochs::default();
        keys.insert(1, SecretKey::generate().unwrap());
        let mut settings = Settings { vault_name: "old".into(), ..Settings::default() };
        let first = postcard::to_allocvec(&settings).unwrap();
        let old = seal_metadata_bytes(VAULT, Table::Settings, SETTINGS_ID, 1, &keys, &first).unwrap();
        assert_eq!(open_grown::<Settings>(VAULT, &old, &keys), Ok(settings.clone()));
        settings.later.unlock_cost.passes = 9;
        settings.later.unusual.off.push("off-hours".into());
        // A row that ends after the first block.
        let one = postcard::to_extend(&settings.later, first.clone()).unwrap();
        let one = seal_metadata_bytes(VAULT, Table::Settings, SETTINGS_ID, 2, &keys, &one).unwrap();
        assert_eq!(open_grown::<Settings>(VAULT, &one, &keys), Ok(settings.clone()));
        settings.locks.minimised = true;
        let new = seal_settings(VAULT, 2, &keys, &settings).unwrap();
        assert_eq!(open_grown::<Settings>(VAULT, &new, &keys), Ok(settings.clone()));
        let cut = [&first[..], &[9]].concat();
        let cut = seal_metadata_bytes(VAULT, Table::Settings, SETTINGS_ID, 3, &keys, &cut).unwrap();
        assert_eq!(open_grown::<Settings>(VAULT, &cut, &keys), Err(changed(&cut)));
    }

    /// A key with something in every block, and where its encoding may end: after the first fields and after each block.
    fn whole_key() -> (KeyRecord, Vec<u8>, [usize; 4]) {
        let mut key = crate::model::key::tests::sample("db");
        let now = key.created;
        key.later.contact = "oncall@example.org".into();
        (key.later.expires, key.later.uses) = (Some(now.plus_days(90)), 300);
        (key.life.suspended_at, key.life.review_by) = (Some(now), Some(now.plus_days(30)));
        key.life.compromised_after_destruction = true;
        key.count_from(1, Some(now.plus_days(-60)));
        key.around.sponsor = "a.novak".into();
        (key.around.process_until, key.around.replaces) = (Some(now.plus_days(900)), Some(KeyId([7; 16])));
        let first = postcard::to_allocvec(&key).unwrap();
        let second = postcard::to_extend(&key.later, first.clone()).unwrap();
        let third = postcard::to_extend(&key.life, second.clone()).unwrap();
        let whole = key.write_blocks(first.clone()).unwrap();
        let ends = [first.len(), second.len(), third.len(), whole.len()];
        (key, whole, ends)
    }

    #[test]
    fn a_key_row_ends_after_any_block_and_what_it_lacks_is_as_it_was_then() {
        let mut keys = Epochs::default();
        keys.insert(1, SecretKey::generate().unwrap());
        let (key, whole, ends) = whole_key();
        let without_around = KeyRecord { around: Default::default(), ..key.clone() };
        let without_life = KeyRecord { life: Default::default(), ..without_around.clone() };
        let bare = KeyRecord { later: Default::default(), ..without_life.clone() };
        for (end, expected) in ends.into_iter().zip([&bare, &without_life, &without_around, &key]) {
            let row = seal_metadata_bytes(VAULT, Table::Key, &key.id.0, 1, &keys, &whole[..end]).unwrap();
            assert_eq!(open_grown::<KeyRecord>(VAULT, &row, &keys).as_ref(), Ok(expected), "{end} bytes");
        }
        let row = seal_grown(VAULT, Table::Key, &key.id.0, 2, &keys, &key).unwrap();
        assert_eq!(open_grown::<KeyRecord>(VAULT, &row, &keys), Ok(key));
    }

    #[test]
    fn a_key_row_cut_inside_its_fields_or_a_block_is_named_as_changed() {
        let mut keys = Epochs::default();
        keys.insert(1, SecretKey::generate().unwrap());
        let (key, whole, ends) = whole_key();
        for end in (0..whole.len()).filter(|end| !ends.contains(end)) {
            let row = seal_metadata_bytes(VAULT, Table::Key, &key.id.0, 1, &keys, &whole[..end]).unwrap();
            assert_eq!(open_grown::<KeyRecord>(VAULT, &row, &keys), Err(changed(&row)), "{end} bytes");
        }
    }

    #[test]
    fn a_value_survives_a_new_epoch_and_opens_under_no_other_key_or_place() {
        let (old, new) = (SecretKey::generate().unwrap(), SecretKey::generate().unwrap());
        let value = SecretBuf::from_slice(b"the value");
        let row = seal_value(VAULT, (KeyId([2; 16]), 1), CompartmentId([3; 16]), (1, &old), &value).unwrap();
        assert!(open_value(VAULT, &row, &old).unwrap() == value);
        let next = rewrap_value(VAULT, &row, &old, (2, &new)).unwrap();
        assert!(open_value(VAULT, &next, &new).unwrap() == value);
        assert!(open_value(VAULT, &next, &old).is_err());
        let moved = Row { id: version_id(KeyId([2; 16]), 2), ..next.clone() };
        assert!(open_value(VAULT, &moved, &new).is_err());
        // The old wrap with the new value part, and the other way round: a mix of two rows opens nothing.
        assert!(open_value(VAULT, &Row { data: row.data.clone(), ..next }, &new).is_err());
    }

    #[test]
    fn equal_values_have_equal_fingerprints_within_a_compartment_only() {
        let (a, b) = (SecretKey::generate().unwrap(), SecretKey::generate().unwrap());
        let value = SecretBuf::from_slice(b"same");
        assert_eq!(fingerprint(&a, &value), fingerprint(&a, &value));
        assert_ne!(fingerprint(&a, &value), fingerprint(&b, &value));
    }
}
