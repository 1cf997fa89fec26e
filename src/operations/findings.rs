//! What the rules of unusual activity find in the log, with the answers that were given.
//!
//! Reads the whole log and writes nothing. The window hears each event as it comes instead, and finds the same.

use crate::guard::unusual::{Answer, Facts, Finding, Watch};
use crate::store::Walk;
use crate::vault::{Vault, VaultError};

/// Every finding, newest first, under the rules as they are set now.
///
/// # Errors
/// Any [`VaultError`] of reading the log.
pub fn findings(vault: &mut Vault) -> Result<Vec<Finding>, VaultError> {
    let view = vault.view();
    let mut watch = Watch::new(view.settings.later.unusual.clone());
    let mut found: Vec<Finding> = Vec::new();
    vault.events(0, &mut |event| {
        let key = event.object.key_id().and_then(|id| view.keys.get(id));
        found.extend(watch.observe(&event, &key.map(|key| Facts::of(key)).unwrap_or_default()));
        Answer::apply(&event, &mut found);
        Walk::Continue(())
    })?;
    found.sort_by_key(|finding| std::cmp::Reverse(finding.time));
    Ok(found)
}
