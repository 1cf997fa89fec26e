//! The chart's numbers as a table: the same bars, for whoever reads rather than looks.

use super::super::pages::place;
use super::{State, picture};
use crate::ui::widgets::{Column, Severity, Table, thousands};
use egui::{Rect, Ui};

/// The table in `rect`. A row that is opened becomes the range.
pub(super) fn show(ui: &mut Ui, rect: Rect, state: &mut State) {
    let columns = [
        Column::rest("Time"),
        Column::fixed("Events", 84.0).right(),
        Column::fixed("Critical", 84.0).right(),
        Column::fixed("Warn", 84.0).right(),
        Column::fixed("Notice", 84.0).right(),
        Column::fixed("Info", 84.0).right(),
        Column::fixed("Usual", 104.0).right(),
    ];
    let found = &state.found;
    let count =
        |bar: usize, severity: Severity| found.bars.get(bar).map_or(0, |b| b.counts[severity as usize]);
    let table = Table::new("Events over time, as numbers", &columns, found.bars.len()).single();
    let numbers = &mut state.numbers;
    let response = place(ui, "numbers", rect, |ui| {
        table.show(ui, numbers, |cell| {
            let bar = cell.row();
            let number = |n: u64| thousands(n);
            match cell.column() {
                0 => {
                    cell.name(&found.bins.as_ref().map(|bins| picture::words(bins, bar)).unwrap_or_default())
                }
                1 => {
                    let all = Severity::ALL.into_iter().map(|s| u64::from(count(bar, s))).sum();
                    cell.mono(&number(all));
                }
                2 => cell.mono(&number(count(bar, Severity::Critical).into())),
                3 => cell.mono(&number(count(bar, Severity::Warn).into())),
                4 => cell.mono(&number(count(bar, Severity::Notice).into())),
                5 => cell.mono(&number(count(bar, Severity::Info).into())),
                _ => match found.bars.get(bar).and_then(|b| b.usual) {
                    Some(usual) => cell.mono(&number(usual.round() as u64)),
                    None => cell.text("not known"),
                },
            }
        })
    });
    if let Some(bar) = response.opened {
        state.chart.brush = Some(bar..bar + 1);
        picture::apply(state);
    }
}
