//! The log: its list, its chart, one event, and whether it holds.

use std::sync::Arc;

use egui::Key;
use keyroom::app::{EventDetail, Integrity};
use keyroom::ui::frame::{Intent, Page};

use super::Shot::{Main, Right, Top, Whole};
use super::{Scene, break_log, empty, scene};
use crate::stand::{CTRL, Stand, inventory};

/// In the order a person meets them.
pub const SCENES: &[Scene] = &[
    scene("audit", Main, inventory, |stand| event(stand, None)),
    scene("audit-changes", Right(364), inventory, |stand| event(stand, Some(1))),
    scene("audit-raw", Right(364), inventory, |stand| event(stand, Some(2))),
    scene("audit-proof", Right(364), inventory, |stand| event(stand, Some(3))),
    scene("audit-integrity", Whole, inventory, |stand| {
        stand.ask(Intent::Go(Page::Audit));
        stand.click("Details");
    }),
    scene("audit-broken", Whole, inventory, |stand| {
        stand.change(break_log);
        stand.ask(Intent::Go(Page::Audit));
        stand.click("Details");
    }),
    scene("audit-not-checked", Top(160), inventory, |stand| {
        stand.change(|view| view.integrity = Integrity::NotChecked);
        stand.ask(Intent::Go(Page::Audit));
    }),
    scene("audit-verifying", Top(160), inventory, |stand| {
        stand.change(|view| view.integrity = Integrity::Checking { done: 200, total: 640 });
        stand.ask(Intent::Go(Page::Audit));
    }),
    scene("audit-query-error", Top(260), inventory, |stand| {
        stand.ask(Intent::ShowAudit("operator:m.ito".to_owned()));
        stand.ask(Intent::ShowAudit("operator:m.ito actr:x".to_owned()));
    }),
    scene("audit-suggestions", Whole, inventory, |stand| {
        stand.ask(Intent::Go(Page::Audit));
        stand.key(CTRL, Key::F);
        stand.type_text("severity>=notice operator:");
    }),
    scene("audit-help-menu", Whole, inventory, |stand| {
        stand.ask(Intent::Go(Page::Audit));
        stand.click("How to write a filter");
    }),
    scene("audit-range-menu", Whole, inventory, |stand| {
        stand.ask(Intent::Go(Page::Audit));
        stand.click("From and to: choose a range of time");
    }),
    scene("audit-numbers", Whole, inventory, |stand| {
        stand.ask(Intent::Go(Page::Audit));
        stand.click("Show the chart's numbers as a table");
    }),
    scene("audit-none-match", Whole, inventory, |stand| {
        stand.ask(Intent::ShowAudit("operator:nobody".to_owned()));
    }),
    scene("audit-no-events", Whole, empty, |stand| stand.ask(Intent::Go(Page::Audit))),
];

fn event(stand: &mut Stand, tab: Option<usize>) {
    let unlocked = stand.unlocked();
    let seq = unlocked.findings.iter().find_map(|finding| finding.events.last().copied()).unwrap();
    stand.ask(Intent::ShowEvent(seq));
    let detail = EventDetail {
        event: unlocked.log.get(seq).unwrap().event(),
        leaf_hash: [0xa9; 32],
        prev_root: [0x1f; 32],
        state_root: [0x07; 32],
        roster_version: 2,
        signed: true,
        checkpoint: Some(505),
        rows: vec![("keys", 1)],
    };
    stand.change(|view| view.detail = Some(Arc::new(detail)));
    if let Some(tab) = tab {
        let tabs = stand.driver.all().into_iter().filter(|f| f.role == egui::accesskit::Role::Tab);
        let mut tabs: Vec<_> = tabs.filter(|f| f.rect.left() > 900.0).collect();
        tabs.sort_by(|a, b| a.rect.left().total_cmp(&b.rect.left()));
        stand.driver.click_at(tabs[tab].rect.center());
        stand.settle();
    }
}
