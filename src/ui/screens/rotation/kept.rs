//! What of the page survives a lock, and how it is taken up again.

use std::hash::{DefaultHasher, Hash, Hasher};

use serde::{Deserialize, Serialize};

use super::{State, policy_form};
use crate::crypto::memory::SecretBuf;

/// Room for a policy as typed: its fields refuse more.
const POLICY: usize = 64 * 1024;

/// The page as it was.
#[derive(Serialize, Deserialize)]
pub struct Kept {
    tab: u8,
    open: [bool; 7],
    /// The numbers of the selected rows.
    pub selected: Vec<u64>,
}

impl State {
    /// What must survive a lock.
    #[must_use]
    pub fn keep(&self) -> Kept {
        let selected = self.due.table.selected.iter().copied().collect();
        Kept { tab: self.tab as u8, open: self.due.open, selected }
    }

    /// Goes on where the session before ended.
    pub fn take_up(&mut self, kept: &Kept) {
        self.tab = usize::from(kept.tab).min(3);
        self.due.open = kept.open;
        self.due.table.selected = kept.selected.iter().copied().collect();
    }

    /// A policy that was changed and is not saved, in a buffer that is wiped.
    #[must_use]
    pub fn keep_policy(&self) -> Option<SecretBuf> {
        let form = self.policies.changed()?;
        let mut buf = SecretBuf::with_capacity(POLICY);
        let length = postcard::to_slice(&form.keep(), buf.room_mut()).ok()?.len();
        buf.set_len(length);
        Some(SecretBuf::from_slice(buf.as_bytes()))
    }

    /// Goes on with a policy that was being changed; says whether it could be read.
    pub fn take_up_policy(&mut self, content: &SecretBuf) -> bool {
        let kept = postcard::from_bytes(content.as_bytes()).ok();
        let form = kept.as_ref().and_then(policy_form::Form::revived);
        form.map(|form| self.policies.take_up(form)).is_some()
    }

    /// Another number whenever [`State::keep_policy`] gives something else.
    #[must_use]
    pub fn policy_mark(&self) -> Option<u64> {
        let form = self.policies.changed()?;
        let mut hasher = DefaultHasher::new();
        form.hash_into(&mut hasher);
        Some(hasher.finish())
    }

    /// Another number whenever [`State::keep`] gives something else.
    #[must_use]
    pub fn mark(&self) -> u64 {
        let mut hasher = DefaultHasher::new();
        (self.tab, self.due.open).hash(&mut hasher);
        let rows =
            self.due.table.selected.iter().fold(0, |all, row| all ^ row.wrapping_mul(0x9E37_79B9_7F4A_7C15));
        (rows, self.due.table.selected.len()).hash(&mut hasher);
        hasher.finish()
    }
}
