//! Events as text for the clipboard: rows with tabs for a spreadsheet, or JSON.

use crate::app::{Command, Done, Ticket};
use crate::audit::index::Row;
use crate::model::Event;
use crate::ui::frame::{Frame, Intent};
use crate::ui::widgets::Tone;
use crate::ui::words::sentence;

/// The most events copied at once.
pub(super) const MOST: usize = 10_000;

/// Rows with tabs, the head first.
pub(super) fn tsv<'a>(events: impl Iterator<Item = Row<'a>>) -> String {
    let mut text =
        String::from("seq\ttime\tseverity\toperator\taction\tobject\toutcome\thost\tsession\treason\n");
    for event in events {
        let (session, object) = (event.session().short(), event.object_words());
        let cells = [
            &event.seq().to_string(),
            &event.time().iso(),
            event.severity().word(),
            event.operator(),
            event.action().name(),
            &object,
            event.outcome().word(),
            event.host(),
            &session,
            event.reason(),
        ];
        let cells: Vec<String> = cells.into_iter().map(cell).collect();
        text += &cells.join("\t");
        text.push('\n');
    }
    text
}

/// What a cell may hold: no tab or line break, and nothing that a spreadsheet would take for a formula.
fn cell(words: &str) -> String {
    let flat: String = words.chars().map(|c| if c.is_control() { ' ' } else { c }).collect();
    if flat.starts_with(['=', '+', '-', '@']) { format!("'{flat}") } else { flat }
}

/// Events that are being read whole, to be copied as JSON: the list holds no changes.
#[derive(Default)]
pub(super) struct Copying {
    asked: Option<Ticket>,
    /// What is said once they are on the clipboard.
    words: String,
}

impl Copying {
    /// Asks for these events; `words` say what was copied.
    pub fn ask(&mut self, frame: &Frame<'_>, seqs: Vec<u64>, words: String, out: &mut Vec<Intent>) {
        let ticket = frame.ticket();
        (self.asked, self.words) = (Some(ticket), words);
        out.push(Intent::App(Command::Events { ticket, seqs }));
    }

    /// Copies them once they are there.
    pub fn hear(&mut self, frame: &Frame<'_>, out: &mut Vec<Intent>) {
        let Some(reply) = frame.reply(self.asked) else { return };
        self.asked = None;
        match &reply.result {
            Ok(Done::Events(events)) => {
                out.push(Intent::App(Command::CopyPlain(json(events))));
                out.push(Intent::Toast(Tone::Ok, std::mem::take(&mut self.words)));
            }
            Ok(_) => {}
            Err(error) => {
                let words = format!("Nothing was copied. {}", sentence(&error.to_string()));
                out.push(Intent::Toast(Tone::Critical, words));
            }
        }
    }
}

/// A JSON array.
fn json(events: &[Event]) -> String {
    let values: Vec<serde_json::Value> = events.iter().map(value).collect();
    serde_json::to_string_pretty(&values).unwrap_or_default()
}

/// One event, in the order of its fields.
pub(super) fn value(event: &Event) -> serde_json::Value {
    let changes: Vec<serde_json::Value> = event
        .changes
        .iter()
        .map(|c| serde_json::json!({ "field": c.field, "before": c.before, "after": c.after }))
        .collect();
    serde_json::json!({
        "seq": event.seq,
        "time": event.time.iso(),
        "session": event.session.to_string(),
        "operator": event.operator,
        "operator_id": event.operator_id.to_string(),
        "action": event.action.name(),
        "number": event.action.number(),
        "object": event.object.words(),
        "outcome": event.outcome.word(),
        "severity": event.severity.word(),
        "reason": event.reason,
        "host": event.host,
        "os_user": event.os_user,
        "changes": changes,
    })
}

#[cfg(test)]
mod tests {
    use super::cell;

    #[test]
    fn a_cell_is_one_cell_and_no_formula() {
        assert_eq!(cell("a\tb\nc"), "a b c");
        assert_eq!(cell("=1+1"), "'=1+1");
        assert_eq!(cell("payments-db"), "payments-db");
    }
}
