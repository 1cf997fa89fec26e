//! The facets: what the keys found have in common, with counts; a tick edits the query.

use super::list::{FIELDS, List};
use super::paint::tokens;
use crate::model::search::FacetValue;
use crate::ui::widgets::{facet, facet_head, link_small};
use egui::{ScrollArea, Ui};

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
    ScrollArea::vertical().id_salt("facets").auto_shrink([false, true]).show(ui, |ui| {
        ui.spacing_mut().item_spacing.y = 0.0;
        for (i, (_, title)) in FIELDS.iter().enumerate() {
            let Some(values) = list.groups.get(i).filter(|values| !values.is_empty()) else { continue };
            if facet_head(ui, title, groups.open[i]).clicked() {
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
                    if facet(ui, value.on, &label, u64::from(value.facet.count), 0.0).clicked() {
                        query = Some(list.toggled(i, &value.facet.value));
                    }
                }
                if few < values.len() {
                    ui.horizontal(|ui| {
                        ui.set_height(24.0);
                        ui.add_space(24.0);
                        ui.visuals_mut().override_text_color = Some(tokens(ui).accent);
                        if link_small(ui, &format!("{} more…", values.len() - few)).clicked() {
                            groups.all[i] = true;
                        }
                    });
                }
            }
            ui.add_space(8.0);
        }
    });
    query
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
