//! The vault: opening it, the session, who may do what, and the one door through which everything happens.
//!
//! [`Vault::perform`] is that door. It checks the session, the role and the password given again, takes the write lock,
//! looks whether another program added to the log, lets the [`Operation`] stage its changes in a [`Transaction`], signs and
//! commits one leaf with them, and publishes a new [`View`]. A refusal is itself recorded. There is no other way to write
//! and no way to read a value but the operations that say so.
//!
//! A [`Vault`] exists only while unlocked: locking drops it, and with it every key it held.

pub mod anchor;
mod anchored;
mod around;
mod catch_up;
pub mod clock;
mod commit;
mod copy;
mod create;
mod drafts;
mod error;
mod examined;
mod file;
mod identity;
mod load;
mod log;
mod operators;
mod perform;
mod position;
mod rows;
mod scopes;
mod slot_upgrade;
mod transaction;
mod unlock;
mod values;
mod verification;
mod view;

use std::collections::BTreeMap;
use std::sync::Arc;
use std::time::Duration;

pub use around::Around;
pub use copy::OpenStore;
pub use create::NewVault;
pub use drafts::{Draft, Returned};
pub use error::VaultError;
pub use file::VaultFile;
pub use log::Export;
pub use perform::{Needs, Operation};
pub use transaction::{Entry, Transaction};
pub use unlock::Unlock;
pub use values::{Values, ValuesCheck};
pub use verification::{Checked, Verification};
pub use view::{AnchorStatus, Keys, SessionInfo, View};

use crate::audit::roster::Roster;
use crate::audit::state::StateTree;
use crate::audit::tree::Frontier;
use crate::model::{Timestamp, VaultId};
use crate::store::Store;

use anchor::AnchorStore;
use clock::Clock;
use scopes::ScopeKeys;

/// What the vault needs of its surroundings. Tests own every part.
#[derive(Clone)]
pub struct Environment {
    /// The time of day and the time since some fixed moment.
    pub clock: Arc<dyn Clock>,
    /// Where the end of the log is remembered outside the file.
    pub anchor: Arc<dyn AnchorStore>,
    /// The workstation's name.
    pub host: String,
    /// The account on the workstation.
    pub os_user: String,
}

/// An unlocked vault.
pub struct Vault {
    store: Box<dyn Store>,
    env: Environment,
    id: VaultId,
    keys: identity::Keys,
    scopes: ScopeKeys,
    roster: Roster,
    state: StateTree,
    frontier: Frontier,
    last_leaf: Option<crate::crypto::Hash>,
    /// Until when, on the monotonic clock, a password given again counts.
    step_up_until: Option<Duration>,
    /// Wrong passwords in a row since the unlock.
    wrong_passwords: usize,
    /// The drafts this session took over, as they stood in the file: what its lock replaces.
    drafts_taken: BTreeMap<Vec<u8>, crate::crypto::Hash>,
    /// Whether a lock is near, which remembers the end of the log: a commit does not wait for the keyring.
    hurried: bool,
    view: Arc<View>,
}

impl Vault {
    /// What it shows of itself now.
    #[must_use]
    pub fn view(&self) -> Arc<View> {
        Arc::clone(&self.view)
    }

    /// Whether the file it was opened from still stands at its place.
    #[must_use]
    pub fn is_same_file(&self) -> bool {
        self.store.is_same_file()
    }

    /// Whether a password given again counts at this moment.
    #[must_use]
    pub fn is_stepped_up(&self) -> bool {
        self.step_up_until.is_some_and(|until| self.env.clock.monotonic() < until)
    }

    /// How often in a row the password was asked for again and was wrong.
    #[must_use]
    pub fn wrong_passwords(&self) -> usize {
        self.wrong_passwords
    }

    fn now(&self) -> Timestamp {
        self.env.clock.wall()
    }

    fn view_mut(&mut self) -> &mut View {
        Arc::make_mut(&mut self.view)
    }
}

#[cfg(test)]
pub(crate) mod tests;
