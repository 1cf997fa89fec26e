//! `session list`: who was here, from when to when, and how it ended.

use super::args::Open;
use super::failure::Failure;
use super::keys::now;
use super::open;
use super::output::Answer;
use super::tell::SessionTold;
use crate::audit::index::LogIndex;
use crate::audit::sessions;
use crate::store::Walk;

pub(super) fn list(args: &Open, json: bool) -> Result<Answer, Failure> {
    let sessions = open::with(args, |session| {
        let mut index = LogIndex::default();
        session.vault().events(0, &mut |event| {
            index.push(&event);
            Walk::Continue(())
        })?;
        let now = now();
        Ok(sessions::history(&index).iter().map(|s| SessionTold::of(s, now)).collect::<Vec<_>>())
    })?;
    Answer::of(json, &sessions, |sessions| SessionTold::table(sessions))
}
