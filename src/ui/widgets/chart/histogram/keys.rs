//! The keys of the chart, once: the chart acts on them, and the list of shortcuts shows them.

use egui::{Key, Modifiers, Ui};

/// What a key does while the chart has the focus.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) enum Move {
    /// To the bar before (false) or after.
    Walk(bool),
    /// The same, and the range goes along.
    Extend(bool),
    First,
    Last,
    Apply,
    /// Without a range it is not the chart's: it lets go of the focus.
    Clear,
    /// As in [`super::HistogramResponse::zoom`].
    Zoom(i32),
}

/// A row of the table.
pub(super) struct Row {
    /// The keys as they are shown.
    pub shown: &'static str,
    pub words: &'static str,
    pub keys: &'static [(Modifiers, Key, Move)],
}

const NONE: Modifiers = Modifiers::NONE;
const SHIFT: Modifiers = Modifiers::SHIFT;

/// Every key. Those with Shift stand first: without, they would be taken for those below.
pub(super) const ROWS: [Row; 8] = [
    Row {
        shown: "Shift Left Right",
        words: "Extend the range",
        keys: &[(SHIFT, Key::ArrowLeft, Move::Extend(false)), (SHIFT, Key::ArrowRight, Move::Extend(true))],
    },
    Row {
        shown: "Left Right",
        words: "Walk the bars",
        keys: &[(NONE, Key::ArrowLeft, Move::Walk(false)), (NONE, Key::ArrowRight, Move::Walk(true))],
    },
    Row {
        shown: "Home End",
        words: "First, last bar",
        keys: &[(NONE, Key::Home, Move::First), (NONE, Key::End, Move::Last)],
    },
    Row {
        shown: "Enter Space",
        words: "Apply the range",
        keys: &[(NONE, Key::Enter, Move::Apply), (NONE, Key::Space, Move::Apply)],
    },
    Row { shown: "Esc", words: "Take the range away", keys: &[(NONE, Key::Escape, Move::Clear)] },
    Row { shown: "Backspace", words: "Undo the last zoom", keys: &[(NONE, Key::Backspace, Move::Zoom(-1))] },
    Row {
        shown: "Up Down",
        words: "Zoom in, out",
        keys: &[(NONE, Key::ArrowUp, Move::Zoom(1)), (NONE, Key::ArrowDown, Move::Zoom(-1))],
    },
    Row {
        shown: "+ - 0",
        words: "Zoom in, out, all",
        keys: &[
            (NONE, Key::Plus, Move::Zoom(1)),
            (NONE, Key::Minus, Move::Zoom(-1)),
            (NONE, Key::Num0, Move::Zoom(0)),
        ],
    },
];

/// The keys as lists of shortcuts show them, each with what it does.
pub const KEYS: &[(&str, &str)] = &shown();

const fn shown() -> [(&'static str, &'static str); ROWS.len()] {
    let mut all = [("", ""); ROWS.len()];
    let mut at = 0;
    while at < ROWS.len() {
        all[at] = (ROWS[at].shown, ROWS[at].words);
        at += 1;
    }
    all
}

/// Takes the first of the keys that was pressed. `may_clear`: there is a range that Esc takes away.
pub(super) fn pressed(ui: &Ui, may_clear: bool) -> Option<Move> {
    let all = ROWS.iter().flat_map(|row| row.keys);
    let mut wanted = all.filter(|(.., what)| *what != Move::Clear || may_clear);
    ui.input_mut(|input| {
        wanted.find(|(modifiers, key, _)| input.consume_key(*modifiers, *key)).map(|(.., what)| *what)
    })
}
