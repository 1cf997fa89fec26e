//! What one guess of a password must cost at least: the vault's policy for every operator's slot.

use serde::{Deserialize, Serialize};

use crate::crypto::CryptoError;
use crate::crypto::kdf::KdfParams;

/// The least memory and passes. The default is the floor every file is held to, which is what a vault without a policy has.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct UnlockCost {
    /// Memory, in KiB.
    pub memory_kib: u32,
    /// Passes over the memory.
    pub passes: u32,
}

impl UnlockCost {
    /// No less than these.
    #[must_use]
    pub fn of(params: KdfParams) -> Self {
        Self { memory_kib: params.memory_kib, passes: params.passes }
    }

    /// As parameters of the KDF.
    #[must_use]
    pub fn params(self) -> KdfParams {
        KdfParams { memory_kib: self.memory_kib, passes: self.passes, ..KdfParams::FLOOR }
    }

    /// Whether a guess costs less than `other` asks for.
    #[must_use]
    pub fn is_weaker_than(self, other: Self) -> bool {
        self.params().is_weaker_than(&other.params())
    }

    /// Checks the bounds of the KDF.
    ///
    /// # Errors
    /// As [`KdfParams::check`].
    pub fn check(self) -> Result<(), CryptoError> {
        self.params().check()
    }

    /// In words: "256 MiB, 3 passes".
    #[must_use]
    pub fn words(self) -> String {
        let passes = if self.passes == 1 { "pass" } else { "passes" };
        format!("{} MiB, {} {passes}", self.memory_kib / 1024, self.passes)
    }
}

impl Default for UnlockCost {
    fn default() -> Self {
        Self::of(KdfParams::FLOOR)
    }
}
