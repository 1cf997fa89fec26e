//! What of the pages survives a lock: query, order, selection and what was open, written into a buffer that is wiped. The
//! worker seals it into the operator's own draft; nothing of it stays in the window.

use serde::{Deserialize, Serialize};

use crate::crypto::memory::SecretBuf;
use crate::model::DraftId;
use crate::ui::screens::{audit, keys, rotation};

/// The draft it is kept under. Edits have random ids.
pub(super) const ID: DraftId = DraftId(*b"keyroom pages v1");

/// The draft of a policy that was changed and is not saved.
pub(super) const POLICY: DraftId = DraftId(*b"keyroom policy 1");

/// Room for everything but selections: queries are limited by their fields.
const ROOM: usize = 16 * 1024;
/// The most postcard takes for one selected row.
const ROW: usize = 10;

/// The layout that is written; another one is not read.
const LAYOUT: u8 = 1;

/// The pages as they were.
#[derive(Serialize, Deserialize)]
pub(super) struct Kept<'a> {
    layout: u8,
    #[serde(borrow)]
    pub keys: keys::Kept<'a>,
    #[serde(borrow)]
    pub audit: audit::Kept<'a>,
    pub rotation: rotation::Kept,
}

impl<'a> Kept<'a> {
    /// Of these pages.
    pub fn of(keys: &'a keys::State, audit: &'a audit::State, rotation: &rotation::State) -> Self {
        Self { layout: LAYOUT, keys: keys.keep(), audit: audit.keep(), rotation: rotation.keep() }
    }

    /// Writes it; `None` where it does not fit.
    pub fn write(&self) -> Option<SecretBuf> {
        let rows = self.keys.selected.len() + self.rotation.selected.len();
        let mut buf = SecretBuf::with_capacity(ROOM + rows * ROW);
        let length = postcard::to_slice(self, buf.room_mut()).ok()?.len();
        buf.set_len(length);
        Some(SecretBuf::from_slice(buf.as_bytes()))
    }

    /// Reads what [`Kept::write`] wrote.
    pub fn read(content: &'a SecretBuf) -> Option<Self> {
        postcard::from_bytes::<Self>(content.as_bytes()).ok().filter(|kept| kept.layout == LAYOUT)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_written_is_read_and_another_layout_is_not() {
        let mut keys = keys::State::default();
        keys.set_query("owner:a.novak due:overdue");
        let (audit, rotation) = (audit::State::default(), rotation::State::default());
        let mut kept = Kept::of(&keys, &audit, &rotation);
        kept.keys.selected = (0..10_000).map(|row| u64::MAX - row).collect();
        let written = kept.write().unwrap();
        let read = Kept::read(&written).unwrap();
        assert_eq!((read.keys.query, read.keys.selected.len()), ("owner:a.novak due:overdue", 10_000));
        kept.layout = LAYOUT + 1;
        assert!(Kept::read(&kept.write().unwrap()).is_none());
    }
}
