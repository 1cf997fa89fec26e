//! Above the due list: what no bucket shows. Compromised keys, versions past the end of their overlap, keys that no policy
//! covers, and that nothing is due.

use super::super::pages::stock::{Stock, WITHOUT_POLICY};
use super::super::pages::when;
use crate::model::due::DueBucket;
use crate::ui::frame::{Bulk, DialogRequest, Frame, Intent};
use crate::ui::theme::icons;
use crate::ui::widgets::{Banner, Tone};
use crate::ui::words::{ago, plural};
use egui::Ui;

/// Shows them over the width there is, one below the other. `overlaps` is set where the tab of the overlaps is asked for.
pub(super) fn show(
    ui: &mut Ui,
    frame: &Frame<'_>,
    stock: &Stock,
    overlaps: &mut bool,
    out: &mut Vec<Intent>,
) {
    ui.spacing_mut().item_spacing.y = 8.0;
    if stock.compromised > 0 {
        let (is, it, its, show) = match stock.compromised {
            1 => ("is", "It is", "its", "Show it"),
            _ => ("are", "They are", "their", "Show them"),
        };
        let keys = plural(stock.compromised, "key", "keys");
        let words =
            format!("{keys} {is} compromised. {it} never due: destroy {its} values once nothing needs them.");
        if ui.vertical(|ui| Banner::new(Tone::Critical, &words).action(show).show(ui)).inner.is_some() {
            out.push(Intent::ShowKeys("state:compromised".to_owned()));
        }
    }
    match stock.overlap_ended.as_slice() {
        [] => {}
        [(key, version, at)] => {
            let words =
                format!("v{version} of {} ended its overlap {}. Retire it?", key.name, ago(*at, frame.now));
            let label = format!("Retire v{version}…");
            let banner = Banner::new(Tone::Warn, &words).icon(icons::CLOCK).action(&label);
            if ui.vertical(|ui| banner.show(ui)).inner.is_some() {
                out.push(Intent::Open(DialogRequest::RetireVersion(key.id, *version)));
            }
        }
        ended => {
            let words =
                format!("The overlap of {} versions has ended. They are still accepted.", ended.len());
            let banner = Banner::new(Tone::Warn, &words).icon(icons::CLOCK);
            let banner = banner.action("Show versions").action("Retire all…");
            match ui.vertical(|ui| banner.show(ui)).inner {
                Some(0) => *overlaps = true,
                Some(_) => {
                    let request = DialogRequest::Bulk(Bulk::RetireEnded, stock.keys_to_settle());
                    out.push(Intent::Open(request));
                }
                None => {}
            }
        }
    }
    if stock.without_policy > 0 {
        let one = stock.without_policy == 1;
        let words = format!(
            "{} {} no rotation policy, so {} never {} as due.",
            plural(stock.without_policy, "key", "keys"),
            if one { "has" } else { "have" },
            if one { "it" } else { "they" },
            if one { "appears" } else { "appear" },
        );
        let banner = Banner::new(Tone::Info, &words).icon(icons::NONE).action("Show keys");
        if ui.vertical(|ui| banner.show(ui)).inner.is_some() {
            out.push(Intent::ShowKeys(WITHOUT_POLICY.to_owned()));
        }
    }
}

/// Whether there is anything to show.
pub(super) fn any(stock: &Stock) -> bool {
    stock.compromised > 0 || !stock.overlap_ended.is_empty() || stock.without_policy > 0
}

/// "Nothing is due in the next 30 days. Next: payments-db on 3 May.", where that is so.
pub(super) fn nothing_due(stock: &Stock) -> Option<String> {
    let near = [DueBucket::Overdue, DueBucket::Today, DueBucket::Days7, DueBucket::Days14, DueBucket::Days30];
    if near.into_iter().any(|bucket| stock.bucket(bucket) > 0) {
        return None;
    }
    let next = stock.items.iter().find(|item| item.due.bucket() == DueBucket::Later);
    let next = next.and_then(|item| Some((item, item.date?)));
    let next = next.map(|(item, date)| format!(" Next: {} on {}.", item.key.name, when::date(date)));
    Some(format!("Nothing is due in the next 30 days.{}", next.unwrap_or_default()))
}
