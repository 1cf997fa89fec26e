//! The overview, and the frame around every page.

use std::time::Duration;

use egui::Key;
use keyroom::app::Job;
use keyroom::ui::fixture;
use keyroom::ui::frame::Intent;
use keyroom::ui::widgets::Tone;

use super::Shot::{Main, Part, Top, Whole};
use super::{Scene, break_log, empty, keys, scene};
use crate::stand::{CTRL, NONE, Stand, inventory};

/// In the order a person meets them.
pub const SCENES: &[Scene] = &[
    scene("overview", Main, inventory, |_| {}),
    scene("overview-failed-unlocks", Top(200), inventory, failed_unlocks),
    scene("overview-reviews", Whole, inventory, |stand| {
        keys::suspend(stand, "stripe-live-sk", -3);
    }),
    scene("overview-empty", Whole, empty, |_| {}),
    scene("banner-idle", Top(160), inventory, |stand| {
        stand.change(|view| view.idle_deadline = fixture::MONO + Duration::from_secs(27));
    }),
    scene("banner-limit", Top(160), inventory, |stand| {
        stand.change(|view| view.hard_deadline = fixture::MONO + Duration::from_secs(240));
    }),
    scene("banner-broken-log", Top(160), inventory, |stand| stand.change(break_log)),
    scene("banner-demo", Top(160), inventory, |stand| stand.change(|view| view.is_demo = true)),
    scene("job", Whole, inventory, |stand| {
        stand.pin(|s| {
            s.job = Some(Job { title: "Backing up", done: 622_677, total: 1_004_318, cancellable: true });
        });
    }),
    scene("toasts", Whole, inventory, |stand| {
        stand.ask(Intent::Toast(Tone::Ok, "payments-db was changed.".to_owned()));
        stand.ask(Intent::Toast(Tone::Warn, "payments-db is marked as compromised.".to_owned()));
    }),
    scene("messages", Part(400, 480, 1024, 700), inventory, |stand| {
        stand.ask(Intent::Toast(Tone::Ok, "payments-db was changed.".to_owned()));
        stand.ask(Intent::Toast(Tone::Warn, "payments-db is marked as compromised.".to_owned()));
        // The toasts themselves are gone by then.
        stand.driver.pass_time(20.0);
        stand.settle();
        stand.click("2 messages");
    }),
    scene("integrity-menu", Part(480, 0, 1024, 260), inventory, |stand| stand.click("Log verified")),
    scene("palette", Top(560), inventory, |stand| {
        stand.key(CTRL, Key::K);
        stand.type_text("pay");
    }),
    scene("palette-start", Top(560), inventory, |stand| stand.key(CTRL, Key::K)),
    scene("palette-settings", Top(560), inventory, |stand| {
        stand.key(CTRL, Key::K);
        stand.type_text("unusual");
    }),
    scene("palette-nothing", Top(560), inventory, |stand| {
        stand.key(CTRL, Key::K);
        stand.type_text("qqqq");
    }),
    scene("shortcuts", Whole, inventory, |stand| stand.key(NONE, Key::F1)),
];

fn failed_unlocks(stand: &mut Stand) {
    let now = fixture::now();
    stand.change_view(|view| {
        view.session.failed_before = [29_520, 29_500, 29_490].map(|s| now.plus_ms(-s * 1000)).to_vec();
    });
}
