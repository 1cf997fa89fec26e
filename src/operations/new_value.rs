//! Where the value of a new version comes from, and what it is turned into before it is stored.

use crate::crypto::memory::SecretBuf;
use crate::formats::{self, GenerateOptions, encode};
use crate::model::{KeyType, Origin, Timestamp, VersionRecord, VersionState, text};
use crate::vault::{Transaction, VaultError};

/// The value of a new version. Has no `Debug`: it may hold one.
pub enum NewValue {
    /// Make it here, from the operating system's random numbers.
    Generate(GenerateOptions),
    /// What somebody typed or pasted.
    Entered(SecretBuf),
    /// What a file held.
    Imported {
        /// Its bytes.
        bytes: SecretBuf,
        /// Its name; a folder before it is left out.
        file: String,
    },
}

/// A value in the form it is stored in, and what is known about it.
pub(super) struct Material {
    pub value: SecretBuf,
    origin: Origin,
    description: formats::Description,
}

impl NewValue {
    /// Makes or reads the value.
    pub(super) fn resolve(self, key_type: KeyType) -> Result<Material, VaultError> {
        let format = formats::of(key_type);
        match self {
            Self::Generate(options) => {
                let value = format.generate(&options)?;
                let description = format.describe_generated(&value, &options);
                Ok(Material { value, origin: Origin::Generated, description })
            }
            Self::Entered(entered) => Material::parse(key_type, &entered, Origin::Entered),
            Self::Imported { bytes, file } => {
                let file = file.rsplit(['/', '\\']).next().unwrap_or_default();
                let file = text::name("the file's name", file)?;
                Material::parse(key_type, &bytes, Origin::Imported { file })
            }
        }
    }
}

impl Material {
    fn parse(key_type: KeyType, entered: &SecretBuf, origin: Origin) -> Result<Self, VaultError> {
        let value = encode::parse_entered(key_type, entered)?;
        Ok(Self::of(key_type, value, origin))
    }

    /// A value that was normalised and checked before.
    pub(super) fn of(key_type: KeyType, value: SecretBuf, origin: Origin) -> Self {
        let description = formats::of(key_type).describe(&value);
        Self { value, origin, description }
    }

    /// When the value ends by itself, where it says so.
    pub(super) fn expires(&self) -> Option<Timestamp> {
        self.description.expires
    }

    /// The record of the version this becomes: in use from now on.
    pub(super) fn record(
        &self,
        tx: &Transaction<'_>,
        number: u32,
        fingerprint: [u8; 16],
        reason: String,
    ) -> VersionRecord {
        let now: Timestamp = tx.now();
        VersionRecord {
            number,
            state: VersionState::Current,
            origin: self.origin.clone(),
            created: now,
            current_from: now,
            current_to: None,
            overlap_ends: None,
            // Values are at most 1 MiB long.
            length: u32::try_from(self.value.len()).unwrap_or(u32::MAX),
            description: self.description.text.clone(),
            check_value: self.description.check_value.clone(),
            fingerprint,
            by: tx.operator_name(),
            reason,
        }
    }
}
