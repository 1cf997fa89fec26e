//! The inventory and the drawer of a key.

use std::sync::Arc;

use keyroom::model::search::KeyIndex;
use keyroom::model::{KeyRecord, PolicyChoice};
use keyroom::ui::fixture;
use keyroom::ui::frame::{Intent, Page};
use keyroom::vault::Keys;

use super::Shot::{Main, Part, Right, Top, Whole};
use super::{Scene, empty, scene};
use crate::stand::{NONE, Stand, inventory};

/// In the order a person meets them.
pub const SCENES: &[Scene] = &[
    scene("keys", Main, inventory, due_soon),
    scene("keys-all", Whole, inventory, |stand| stand.ask(Intent::Go(Page::Keys))),
    scene("keys-empty", Whole, empty, |stand| stand.ask(Intent::Go(Page::Keys))),
    scene("keys-none-match", Whole, inventory, |stand| {
        stand.ask(Intent::ShowKeys("owner:nobody".to_owned()))
    }),
    scene("keys-query-error", Top(260), inventory, |stand| {
        stand.ask(Intent::ShowKeys("owner:m.ito due:".to_owned()))
    }),
    scene("keys-selected", Whole, inventory, |stand| {
        stand.ask(Intent::Go(Page::Keys));
        stand.driver.event(egui::Event::ModifiersChanged(NONE));
        tick(stand, "payments-db");
        tick(stand, "legacy-sftp");
    }),
    scene("keys-menu", Right(640), inventory, |stand| {
        due_soon(stand);
        stand.click("More actions");
    }),
    scene("keys-bulk-menu", Part(420, 300, 1024, 700), inventory, |stand| {
        stand.ask(Intent::Go(Page::Keys));
        stand.driver.event(egui::Event::ModifiersChanged(NONE));
        tick(stand, "payments-db");
        tick(stand, "legacy-sftp");
        stand.click("More");
    }),
    scene("key-version-menu", Right(640), inventory, |stand| {
        tab(stand, "payments-db", "Versions");
        let more = stand.driver.all().into_iter().find(|found| found.label.contains("version 6"));
        stand.driver.click_at(more.unwrap().rect.center());
        stand.settle();
    }),
    scene("keys-facets-menu", Part(600, 0, 1024, 640), inventory, |stand| {
        stand.ask(Intent::Go(Page::Keys));
        stand.click("Facets");
    }),
    scene("key-revealed", Right(376), inventory, |stand| {
        due_soon(stand);
        stand.reveal("payments-db", "velvet-otter-quilt-mango-pylon-sage");
    }),
    scene("key-on-evidence", Right(376), inventory, |stand| {
        let key = stand.id("deploy-bot-token");
        stand.change_view(|view| {
            let evidence = view.settings.policies.iter().find(|policy| policy.interval_days.is_none());
            let policy = PolicyChoice::Named(evidence.unwrap().id);
            let mut keys = view.keys.all().to_vec();
            let changed = keys.iter_mut().find(|other| other.id == key).unwrap();
            *changed = Arc::new(KeyRecord { policy, ..KeyRecord::clone(changed) });
            view.keys = Keys::new(keys);
        });
        stand.change(|unlocked| {
            let keys = unlocked.view.keys.all().to_vec();
            unlocked.keys = KeyIndex::new(Arc::clone(&unlocked.view.settings), keys);
        });
        stand.ask(Intent::ShowKey(key));
    }),
    scene("key-versions", Right(376), inventory, |stand| tab(stand, "hsm-transport-kek", "Versions")),
    scene("key-activity", Right(376), inventory, |stand| tab(stand, "payments-db", "Activity")),
    scene("key-policy", Right(376), inventory, |stand| tab(stand, "payments-db", "Policy")),
    scene("key-notes", Right(376), inventory, |stand| tab(stand, "payments-db", "Notes")),
    scene("keys-columns", Whole, inventory, |stand| {
        stand.ask(Intent::Go(Page::Keys));
        stand.click("Columns");
    }),
    scene("one-key", Whole, || fixture::unlocked(1).0, |stand| stand.ask(Intent::Go(Page::Keys))),
];

fn due_soon(stand: &mut Stand) {
    stand.ask(Intent::ShowKeys("state:active due<=30d".to_owned()));
    let id = stand.id("payments-db");
    stand.ask(Intent::ShowKey(id));
}

fn tab(stand: &mut Stand, name: &str, tab: &str) {
    let id = stand.id(name);
    stand.ask(Intent::ShowKey(id));
    stand.click(tab);
}

fn tick(stand: &mut Stand, name: &str) {
    let cell = stand.driver.find_role(egui::accesskit::Role::Cell, name).unwrap().rect;
    stand.driver.click_at(egui::pos2(cell.left() - 16.0, cell.center().y));
    stand.settle();
}
