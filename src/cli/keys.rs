//! `key list`, `key export-list`, `key show`, `key history`: what is known about keys, never a value.

use std::sync::Arc;

use serde::Serialize;

use super::args::{KeyExportList, KeyList, KeyOnly};
use super::failure::Failure;
use super::open;
use super::output::Answer;
use super::tell::{EventTold, KeyFull, KeyLine, VersionTold};
use crate::app::platform::files::NewFile;
use crate::model::search::{self, KeyIndex, Sort, SortBy};
use crate::model::{Action, Event, KeyId, KeyRecord, Timestamp};
use crate::operations::{self, ExportList};
use crate::store::Walk;
use crate::vault::View;
use crate::vault::clock::{Clock, SystemClock};

/// What a list is told as.
enum Found {
    Keys(Vec<KeyLine>),
    Csv(String),
}

/// The keys a search finds, by name.
fn found(view: &View, words: &[String]) -> Result<Vec<Arc<KeyRecord>>, Failure> {
    let query = search::parse_in(&words.join(" "), now(), &view.settings);
    let query = query.map_err(|error| Failure::new("bad_query", error.sentence()))?;
    let index = KeyIndex::new(view.settings.clone(), view.keys.all().iter().cloned());
    let hits = index.search(&query, Sort { by: SortBy::Name, descending: false });
    Ok(index.records(&hits).cloned().collect())
}

/// A list of keys that was written to a file.
#[derive(Serialize)]
struct Written {
    path: String,
    keys: usize,
}

pub(super) fn export_list(args: &KeyExportList, json: bool) -> Result<Answer, Failure> {
    let to = args.to.file_name().unwrap_or_default().to_string_lossy();
    let written = open::with(&args.open, |session| {
        let keys: Vec<KeyId> = found(&session.view(), &args.query)?.iter().map(|key| key.id).collect();
        let list = ExportList { keys: &keys, to: &to };
        let write = |file: NewFile, text: &str| file.write(text.as_bytes());
        let path = operations::export_list(session.vault(), list, || NewFile::create(&args.to), write)?;
        Ok(Written { path: path.display().to_string(), keys: keys.len() })
    })?;
    Answer::of(json, &written, |w| {
        let keys = if w.keys == 1 { "key" } else { "keys" };
        format!("wrote what is known about {} {keys} to {}", w.keys, w.path)
    })
}

pub(super) fn list(args: &KeyList, json: bool) -> Result<Answer, Failure> {
    let found = open::with(&args.open, |session| {
        let (view, now) = (session.view(), now());
        let keys = found(&view, &args.query)?;
        if args.csv {
            let ids: Vec<KeyId> = keys.iter().map(|key| key.id).collect();
            let text = session.perform(ExportList { keys: &ids, to: "standard output" })?;
            // Standard output gets plain line breaks, as everything there.
            return Ok(Found::Csv(text.replace('\r', "")));
        }
        Ok(Found::Keys(keys.iter().map(|key| KeyLine::of(key, &view.settings, now)).collect()))
    })?;
    match found {
        Found::Csv(text) => Ok(Answer::Text(text)),
        Found::Keys(keys) => Answer::of(json, &keys, |keys| match keys.as_slice() {
            [] => "no keys".to_owned(),
            keys => KeyLine::table(keys),
        }),
    }
}

pub(super) fn show(args: &KeyOnly, json: bool) -> Result<Answer, Failure> {
    let key = open::with(&args.open, |session| {
        let view = session.view();
        Ok(KeyFull::of(view.find(&args.key)?, &view, now()))
    })?;
    Answer::of(json, &key, KeyFull::words)
}

/// A key's versions and the events about it.
#[derive(Serialize)]
struct History {
    #[serde(flatten)]
    key: KeyFull,
    events: Vec<EventTold>,
}

pub(super) fn history(args: &KeyOnly, json: bool) -> Result<Answer, Failure> {
    let history = open::with(&args.open, |session| {
        let view = session.view();
        let record = view.find(&args.key)?;
        let (id, key) = (record.id, KeyFull::of(record, &view, now()));
        let (mut events, mut import) = (Vec::new(), None::<Event>);
        session.vault().events(0, &mut |event| {
            if is_about(&event, id) {
                events.push(event);
            } else if record.may_come_from(event.action, event.outcome, event.time)
                && import.as_ref().is_none_or(|nearest| event.time < nearest.time)
            {
                import = Some(event);
            }
            Walk::Continue(())
        })?;
        // One entry stands for all keys of a file, and names none of them as what it is about.
        let is_added = events.iter().any(|event| event.action == Action::KeyCreate);
        let import = import.filter(|_| !is_added);
        let events = import.iter().chain(&events).map(EventTold::of).collect();
        Ok(History { key, events })
    })?;
    Answer::of(json, &history, |h| {
        format!("{}\n{}", VersionTold::table(&h.key.versions), EventTold::table(&h.events))
    })
}

fn is_about(event: &Event, key: KeyId) -> bool {
    event.object.key_id() == Some(key)
}

/// This moment.
pub(super) fn now() -> Timestamp {
    SystemClock.wall()
}
