//! `key make-current`, `key retire`, `key export`: acts on one version of a key.

use serde::Serialize;

use super::args::{KeyExport, KeyVersion};
use super::failure::Failure;
use super::open;
use super::output::Answer;
use super::secrets::told;
use crate::app::platform::files::NewFile;
use crate::model::Action;
use crate::operations::{ExportOne, MakeCurrent, RetireVersion, undelivered};

pub(super) fn make_current(args: &KeyVersion, json: bool) -> Result<Answer, Failure> {
    let (version, reason) = (args.version, args.reason.clone());
    let key = open::with(&args.open, |session| {
        let key = session.view().find(&args.key)?.id;
        session.perform(MakeCurrent { key, version, reason })?;
        told(session, key)
    })?;
    Answer::of(json, &key, |key| format!("made current: {}", key.line_words()))
}

pub(super) fn retire(args: &KeyVersion, json: bool) -> Result<Answer, Failure> {
    let (version, reason) = (args.version, args.reason.clone());
    let key = open::with(&args.open, |session| {
        let key = session.view().find(&args.key)?.id;
        session.perform(RetireVersion { key, version, reason })?;
        told(session, key)
    })?;
    Answer::of(json, &key, |key| format!("retired v{version} of {}", key.line_words()))
}

/// A value that was written to a file.
#[derive(Serialize)]
struct Exported {
    path: String,
    name: String,
    version: u32,
}

pub(super) fn export(args: &KeyExport, json: bool) -> Result<Answer, Failure> {
    // The file is made first: what has no place to go to is not handed out, and nothing is overwritten.
    let file = NewFile::create(&args.to)?;
    let (version, reason) = (args.version, args.reason.clone());
    let exported = open::with(&args.open, |session| {
        let key = session.view().find(&args.key)?.id;
        let value = session.perform(ExportOne { key, version, reason })?;
        let written = file.write(value.value.as_bytes());
        let failed = |error| undelivered(session.vault(), Action::SecretExport, key, value.version, error);
        let path = written.map_err(failed)?;
        Ok(Exported { path: path.display().to_string(), name: value.name, version: value.version })
    })?;
    Answer::of(json, &exported, |e| format!("wrote v{} of {} to {}", e.version, e.name, e.path))
}
