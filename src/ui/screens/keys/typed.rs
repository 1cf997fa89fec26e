//! Letters typed while the table has the focus go to the next key whose name begins with them.

use egui::{Event, Ui};

use super::{State, table};
use crate::app::UnlockedView;

/// Seconds after which what was typed is over and the next letter begins anew.
const PAUSE: f64 = 1.0;

/// What was typed lately.
#[derive(Default)]
pub(super) struct Typed {
    letters: String,
    at: f64,
}

/// Takes the letters of this frame; says whether the cursor moved. Call it only while the table has the focus.
pub(super) fn follow(ui: &Ui, view: &UnlockedView, state: &mut State) -> bool {
    let (letters, now) = ui.input_mut(|input| {
        let mut letters = String::new();
        if !input.modifiers.command && !input.modifiers.alt {
            input.events.retain(|event| match event {
                // Space selects.
                Event::Text(text) if !text.trim().is_empty() => {
                    letters.push_str(&text.to_lowercase());
                    false
                }
                _ => true,
            });
        }
        (letters, input.time)
    });
    if letters.is_empty() {
        return false;
    }
    let typed = &mut state.typed;
    if now - typed.at > PAUSE {
        typed.letters.clear();
    }
    typed.at = now;
    let first = typed.letters.is_empty();
    typed.letters.push_str(&letters);
    let (hits, wanted) = (&state.list.hits, &typed.letters);
    let here = state.table.cursor.unwrap_or(0);
    // The same letter again goes on to the next one; more letters stay where they still fit.
    let from = if first { here + 1 } else { here };
    let rows = (from..hits.len()).chain(0..from.min(hits.len()));
    let fits = |row: &usize| {
        table::record(view, hits, *row)
            .is_some_and(|key| key.name.to_lowercase().starts_with(wanted.as_str()))
    };
    let Some(row) = rows.into_iter().find(fits) else { return false };
    let Some(key) = table::record(view, hits, row) else { return false };
    let number = table::number(key.id);
    state.table.go_to(row, number);
    true
}
