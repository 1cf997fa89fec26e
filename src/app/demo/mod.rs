//! The demonstration vault (its builder is being merged).
use crate::crypto::memory::SecretBuf;
use crate::vault::VaultError;
use std::path::Path;
/// Who unlocks it.
pub const OPERATOR: &str = "m.ito";
/// Its password.
pub const PASSWORD: &str = "demo data, nothing is real";
/// What to build.
#[derive(Default)]
pub struct DemoOptions {}
/// Builds it.
///
/// # Errors
/// Always, until merged.
pub fn build(
    _: &Path,
    _: &SecretBuf,
    _: &DemoOptions,
    _: &mut dyn FnMut(u64, u64) -> crate::store::Walk,
) -> Result<(), VaultError> {
    Err(VaultError::Cancelled)
}
