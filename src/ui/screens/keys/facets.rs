//! The facets: what the keys found have in common, with counts; a tick edits the query.

use super::list::{FIELDS, List};
use super::paint::{put, tokens};
use crate::model::search::FacetValue;
use crate::ui::theme::TextRole;
use crate::ui::widgets::{facet, facet_head};
use egui::{Role, ScrollArea, Sense, Ui, WidgetInfo, pos2, vec2};

/// How many values a group shows before "more".
const FEW: usize = 5;

/// Which groups are open, and which show everything.
pub(super) struct Groups {
    open: [bool; FIELDS.len()],
    all: [bool; FIELDS.len()],
}

impl Default for Groups {
    fn default() -> Self {
        Self { open: [true, true, true, true, false, false], all: [false; FIELDS.len()] }
    }
}

/// Shows the facets in all the room there is; returns the query as it is after a tick.
pub(super) fn show(ui: &mut Ui, list: &List, groups: &mut Groups) -> Option<String> {
    let mut query = None;
    let width = ui.available_width().min(160.0);
    ScrollArea::vertical().id_salt("facets").auto_shrink([false, true]).show(ui, |ui| {
        ui.spacing_mut().item_spacing.y = 0.0;
        ui.set_max_width(width);
        for (i, (field, title)) in FIELDS.iter().enumerate() {
            let Some(values) = list.groups.get(i).filter(|values| !values.is_empty()) else { continue };
            if facet_head(ui, title, groups.open[i]) {
                groups.open[i] = !groups.open[i];
            }
            if groups.open[i] {
                // One more than few is shown at once: "1 more" takes the same room.
                let few = if i == 0 || groups.all[i] || values.len() <= FEW + 1 { values.len() } else { FEW };
                for (at, value) in values.iter().enumerate() {
                    if at >= few && !value.on {
                        continue;
                    }
                    let label = label(i, &value.facet);
                    let (of, count) = ((*field, value.facet.value.as_str()), u64::from(value.facet.count));
                    if facet(ui, of, value.on, &label, count, 0.0).clicked() {
                        query = Some(list.toggled(i, &value.facet.value));
                    }
                }
                if few < values.len() && more(ui, values.len() - few) {
                    groups.all[i] = true;
                }
            }
            ui.add_space(8.0);
        }
    });
    query
}

/// The line that shows the rest of a group.
fn more(ui: &mut Ui, count: usize) -> bool {
    let t = tokens(ui);
    let (rect, response) = ui.allocate_exact_size(vec2(ui.available_width(), 24.0), Sense::click());
    let words = format!("{count} more…");
    response.widget_info(|| WidgetInfo::labeled(Role::Button, true, &words));
    if response.hovered() {
        ui.painter().rect_filled(rect, 4, t.hover);
    }
    let at = pos2(rect.left() + 24.0, rect.center().y);
    put(ui.painter(), at, TextRole::Small, t.accent, &words, rect.width());
    response.clicked()
}

/// As the list says it: buckets as the days they hold.
fn label(group: usize, value: &FacetValue) -> String {
    let words = match (group, value.value.as_str()) {
        (0, "overdue") => "overdue",
        (0, "today") => "today",
        (0, "7d") => "1 to 7 days",
        (0, "14d") => "8 to 14 days",
        (0, "30d") => "15 to 30 days",
        (0, "later") => "later",
        (0, "none") => "no date",
        _ => &value.label,
    };
    words.to_owned()
}
