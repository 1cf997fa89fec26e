//! `key state` and `key destroy`.

use super::args::{KeyDestroy, KeyState, Wish};
use super::failure::Failure;
use super::keys::now;
use super::open::{self, Session};
use super::output::Answer;
use super::secrets::told;
use super::tell::KeyFull;
use crate::model::KeyId;
use crate::operations::{
    Activate, CancelDestroy, Deactivate, Destroy, DestroyVersion, MarkCompromised, Resume, ScheduleDestroy,
    Suspend,
};

pub(super) fn state(args: &KeyState, json: bool) -> Result<Answer, Failure> {
    let compromised = args.wish == Wish::Compromised;
    if !compromised && (args.occurred.is_some() || args.noticed.is_some()) {
        return Err(Failure::usage("--occurred and --noticed are for compromised only"));
    }
    if args.wish != Wish::Suspend && args.review_by.is_some() {
        return Err(Failure::usage("--review-by is for suspend only"));
    }
    let key = open::with(&args.open, |session| {
        let key = session.view().find(&args.key)?.id;
        change(session, key, args)?;
        told(session, key)
    })?;
    Answer::of(json, &key, KeyFull::line_words)
}

fn change(session: &mut Session, key: KeyId, args: &KeyState) -> Result<(), Failure> {
    let reason = args.reason.clone();
    match args.wish {
        Wish::Activate => session.perform(Activate { key, reason }),
        Wish::Suspend => session.perform(Suspend { key, reason, review_by: args.review_by }),
        Wish::Resume => session.perform(Resume { key, reason }),
        Wish::Deactivate => session.perform(Deactivate { key, reason }),
        Wish::Compromised => {
            let noticed = args.noticed.unwrap_or_else(now);
            let occurred = args.occurred.unwrap_or(noticed);
            session.perform(MarkCompromised { key, reason: args.code, occurred, noticed, note: reason })
        }
    }
}

pub(super) fn destroy(args: &KeyDestroy, json: bool) -> Result<Answer, Failure> {
    let key = open::with(&args.open, |session| {
        let key = session.view().find(&args.key)?.id;
        let reason = args.reason.clone();
        if let Some(version) = args.version {
            session.perform(DestroyVersion { key, version, reason })?;
        } else if args.now {
            session.perform(Destroy { key, reason })?;
        } else if args.cancel {
            session.perform(CancelDestroy { key, reason })?;
        } else {
            session.perform(ScheduleDestroy { key, days: args.days, reason })?;
        }
        told(session, key)
    })?;
    Answer::of(json, &key, KeyFull::line_words)
}
