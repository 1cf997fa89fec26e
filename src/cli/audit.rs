//! `audit list`, `audit verify`, `audit export`.

use serde::Serialize;

use super::args::{AuditExport, AuditList, Open};
use super::failure::Failure;
use super::keys::now;
use super::open::{self, anchor_words};
use super::output::Answer;
use super::tell::EventTold;
use crate::audit::index::LogIndex;
use crate::audit::query;
use crate::operations;
use crate::store::Walk;
use crate::vault::VaultError;

pub(super) fn list(args: &AuditList, json: bool) -> Result<Answer, Failure> {
    let events = open::with(&args.open, |session| {
        let context = query::Context { now: now(), session: Some(session.view().session.tag) };
        let query = query::parse_in(&args.query.join(" "), context);
        let query = query.map_err(|error| Failure::new("bad_query", error.sentence()))?;
        let mut index = LogIndex::default();
        session.vault().events(0, &mut |event| {
            index.push(&event);
            Walk::Continue(())
        })?;
        let wanted: Vec<u64> = index.rows(&query.select(&index)).map(|row| row.seq()).collect();
        // The index knows events without what they changed: those that are told are read again.
        let mut told = Vec::with_capacity(wanted.len());
        let mut wanted = wanted.into_iter().peekable();
        let Some(first) = wanted.peek().copied() else { return Ok(told) };
        session.vault().events(first, &mut |event| {
            if wanted.next_if_eq(&event.seq).is_some() {
                told.push(EventTold::of(&event));
            }
            if wanted.peek().is_some() { Walk::Continue(()) } else { Walk::Break(()) }
        })?;
        Ok(told)
    })?;
    Answer::of(json, &events, |events| match events.as_slice() {
        [] => "no events".to_owned(),
        events => EventTold::table(events),
    })
}

/// What a verification found to hold.
#[derive(Serialize)]
struct Verified {
    entries: u64,
    root: String,
    checkpoints: u64,
    genesis: String,
    /// `on`, `first` or `off`: whether a rollback would be noticed.
    anchor: &'static str,
    #[serde(skip)]
    anchor_words: String,
}

pub(super) fn verify(args: &Open, json: bool) -> Result<Answer, Failure> {
    let verified = open::with(args, |session| {
        let (anchor, anchor_words) = anchor_words(&session.view().anchor);
        let genesis = hex(&session.view().roster.genesis());
        let checked = operations::verify_log(session.vault(), &mut |_, _| Walk::Continue(()))?;
        let (entries, root, checkpoints) = (checked.entries, hex(&checked.root), checked.checkpoints);
        Ok(Verified { entries, root, checkpoints, genesis, anchor, anchor_words })
    })?;
    Answer::of(json, &verified, |v| {
        format!(
            "the log holds: {} entries, {} checkpoints\nroot     {}\ngenesis  {}\nrollback protection {}\n",
            v.entries, v.checkpoints, v.root, v.genesis, v.anchor_words
        )
    })
}

/// Where an export went.
#[derive(Serialize)]
struct Exported {
    dir: String,
    entries: u64,
    files: Vec<String>,
    withheld: bool,
}

pub(super) fn export(args: &AuditExport, json: bool) -> Result<Answer, Failure> {
    open::need_folder(&args.dir)?;
    let exported = open::with(&args.open, |session| {
        let exported = operations::export_log(session.vault(), &args.dir, !args.withhold);
        let operations::ExportReport { entries, files } = exported.map_err(|error| match error {
            VaultError::Export(_) => Failure::from(error).about(&args.dir),
            error => error.into(),
        })?;
        let files = files.iter().map(|f| f.display().to_string()).collect();
        Ok(Exported { dir: args.dir.display().to_string(), entries, files, withheld: args.withhold })
    })?;
    Answer::of(json, &exported, |e| {
        format!("{} entries exported to {}; check them with keyroom-verify {}", e.entries, e.dir, e.dir)
    })
}

pub(super) fn hex(bytes: &[u8]) -> String {
    data_encoding::HEXLOWER.encode(bytes)
}
