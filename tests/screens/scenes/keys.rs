//! The inventory and the drawer of a key.

use keyroom::model::key::Compromise;
use keyroom::model::state::CompromiseReason;
use keyroom::model::{KeyState, PolicyChoice, VersionRecord, VersionState};
use keyroom::ui::fixture;
use keyroom::ui::frame::{Intent, Page};

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
        let policies = stand.unlocked().view.settings.policies.clone();
        let evidence = policies.iter().find(|policy| policy.interval_days.is_none()).unwrap().id;
        stand.change_key("deploy-bot-token", |key| key.policy = PolicyChoice::Named(evidence));
        show(stand, "deploy-bot-token");
    }),
    scene("key-suspended", Right(376), inventory, |stand| {
        suspend(stand, "stripe-live-sk", 12);
        show(stand, "stripe-live-sk");
    }),
    scene("key-suspended-over", Right(376), inventory, |stand| {
        suspend(stand, "payments-db", -3);
        show(stand, "payments-db");
    }),
    scene("key-suspended-notes", Right(376), inventory, |stand| {
        suspend(stand, "stripe-live-sk", 12);
        tab(stand, "stripe-live-sk", "Notes");
    }),
    scene("key-kept-schedule", Right(376), inventory, |stand| {
        stand.change_key("stripe-live-sk", |key| {
            let (from, rotated) = (key.last_rotated(), key.last_rotated().plus_days(75));
            let next = VersionRecord {
                number: key.next_number(),
                current_from: rotated,
                ..key.versions[key.versions.len() - 1].clone()
            };
            for version in key.versions.iter_mut().filter(|v| v.state == VersionState::Current) {
                (version.state, version.current_to) = (VersionState::Retired, Some(rotated));
            }
            key.count_from(next.number, Some(from));
            key.versions.push(next);
        });
        tab(stand, "stripe-live-sk", "Policy");
    }),
    scene("key-destroyed-compromised", Right(376), inventory, |stand| {
        lose(stand, "legacy-sftp");
        show(stand, "legacy-sftp");
    }),
    scene("keys-destroyed", Whole, inventory, |stand| {
        lose(stand, "legacy-sftp");
        stand.ask(Intent::ShowKeys("state:destroyed ever:compromised".to_owned()));
    }),
    scene("key-versions", Right(376), inventory, |stand| tab(stand, "hsm-transport-kek", "Versions")),
    scene("key-activity", Right(376), inventory, |stand| tab(stand, "payments-db", "Activity")),
    scene("key-policy", Right(376), inventory, |stand| tab(stand, "payments-db", "Policy")),
    scene("key-notes", Right(376), inventory, |stand| tab(stand, "payments-db", "Notes")),
    scene("key-around", Right(376), inventory, |stand| tab(stand, "hsm-transport-kek", "Notes")),
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

fn show(stand: &mut Stand, name: &str) {
    let id = stand.id(name);
    stand.ask(Intent::ShowKey(id));
}

fn tab(stand: &mut Stand, name: &str, tab: &str) {
    show(stand, name);
    stand.click(tab);
}

/// Suspends a key of the inventory, to be reviewed so many days from now.
pub fn suspend(stand: &mut Stand, name: &str, review: i64) {
    let now = fixture::now();
    stand.change_key(name, |key| {
        key.state = KeyState::Suspended;
        key.suspended = Some("A login from a country nobody is in".to_owned());
        key.life.suspended_at = Some(now.plus_days(review - 14));
        key.life.review_by = Some(now.plus_days(review));
    });
}

/// Destroys a key of the inventory, which turns out to be compromised afterwards.
fn lose(stand: &mut Stand, name: &str) {
    let now = fixture::now();
    stand.change_key(name, |key| {
        key.state = KeyState::Destroyed;
        key.destroyed = Some(now.plus_days(-30));
        key.versions.iter_mut().for_each(|version| version.state = VersionState::Destroyed);
        key.life.compromised_after_destruction = true;
        key.compromise = Some(Compromise {
            reason: CompromiseReason::KeyCompromise,
            occurred: now.plus_days(-45),
            noticed: now.plus_days(-2),
            note: "An old copy of the configuration was sold".to_owned(),
        });
    });
}

fn tick(stand: &mut Stand, name: &str) {
    let cell = stand.driver.find_role(egui::accesskit::Role::Cell, name).unwrap().rect;
    stand.driver.click_at(egui::pos2(cell.left() - 16.0, cell.center().y));
    stand.settle();
}
