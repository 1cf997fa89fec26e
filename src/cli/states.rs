//! `key state` and `key destroy`.

use super::args::{KeyDestroy, KeyState, Wish};
use super::failure::Failure;
use super::keys::now;
use super::open::{self, Session};
use super::output::Answer;
use super::secrets::told;
use super::tell::KeyFull;
use crate::model::KeyId;
use crate::model::state::CompromiseReason;
use crate::operations::{
    Activate, CancelDestroy, Deactivate, Destroy, DestroyVersion, MarkCompromised, Resume, ScheduleDestroy,
    Suspected, Suspend,
};

pub(super) fn state(args: &KeyState, json: bool) -> Result<Answer, Failure> {
    let compromised = args.wish == Wish::Compromised;
    let said = args.code.is_some() || args.occurred.is_some() || args.noticed.is_some();
    if !compromised && said {
        return Err(Failure::usage("--code, --occurred and --noticed are for compromised only"));
    }
    let suspected = if compromised { Some(suspected(args)?) } else { None };
    if args.wish != Wish::Suspend && args.review_by.is_some() {
        return Err(Failure::usage("--review-by is for suspend only"));
    }
    let key = open::with(&args.open, |session| {
        let key = session.view().find(&args.key)?.id;
        change(session, key, args, suspected)?;
        told(session, key)
    })?;
    Answer::of(json, &key, KeyFull::line_words)
}

/// What must be known of a compromise: why and since when. Nothing is assumed, because it cannot be changed afterwards.
fn suspected(args: &KeyState) -> Result<Suspected, Failure> {
    let (Some(reason), Some(occurred)) = (args.code, args.occurred) else {
        let codes = CompromiseReason::ALL.map(CompromiseReason::word).join(", ");
        return Err(Failure::usage(format!(
            "compromised needs --code and --occurred; the codes are {codes}; --occurred is a day, a time, or now"
        )));
    };
    Ok(Suspected { reason, occurred, noticed: args.noticed.unwrap_or_else(now) })
}

fn change(
    session: &mut Session,
    key: KeyId,
    args: &KeyState,
    suspected: Option<Suspected>,
) -> Result<(), Failure> {
    let reason = args.reason.clone();
    if let Some(Suspected { reason: code, occurred, noticed }) = suspected {
        return session.perform(MarkCompromised { key, reason: code, occurred, noticed, note: reason });
    }
    match args.wish {
        Wish::Activate => session.perform(Activate { key, reason }),
        Wish::Suspend => session.perform(Suspend { key, reason, review_by: args.review_by }),
        Wish::Resume => session.perform(Resume { key, reason }),
        Wish::Deactivate => session.perform(Deactivate { key, reason }),
        // Done above: there is always something known of it.
        Wish::Compromised => Ok(()),
    }
}

pub(super) fn destroy(args: &KeyDestroy, json: bool) -> Result<Answer, Failure> {
    let key = open::with(&args.open, |session| {
        let key = session.view().find(&args.key)?.id;
        let reason = args.reason.clone();
        // Nothing but --now ends a value for good.
        if args.now {
            match args.version {
                Some(version) => session.perform(DestroyVersion { key, version, reason })?,
                None => session.perform(Destroy { key, reason })?,
            }
        } else if args.cancel {
            session.perform(CancelDestroy { key, reason })?;
        } else {
            session.perform(ScheduleDestroy { key, days: args.days, reason })?;
        }
        told(session, key)
    })?;
    Answer::of(json, &key, KeyFull::line_words)
}
