//! What is due, what is in overlap, the policies, what was done.

use keyroom::ui::frame::{Intent, Page, RotationTab};

use super::Shot::{Main, Part, Whole};
use super::dialogs::end_overlaps;
use super::{Scene, empty, scene};
use crate::stand::inventory;

/// In the order a person meets them.
pub const SCENES: &[Scene] = &[
    scene("rotation", Main, inventory, |stand| stand.ask(Intent::Go(Page::Rotation))),
    scene("rotation-nothing-due", Whole, empty, |stand| stand.ask(Intent::Go(Page::Rotation))),
    scene("rotation-overlap", Whole, inventory, |stand| {
        stand.ask(Intent::ShowRotation(RotationTab::Overlap))
    }),
    scene("rotation-overlap-ended", Whole, inventory, |stand| {
        end_overlaps(stand);
        stand.ask(Intent::ShowRotation(RotationTab::Overlap));
    }),
    scene("rotation-overlaps-ended", Main, inventory, |stand| {
        end_overlaps(stand);
        stand.ask(Intent::Go(Page::Rotation));
    }),
    scene("rotation-policies", Whole, inventory, |stand| {
        stand.ask(Intent::ShowRotation(RotationTab::Policies(None)));
    }),
    scene("rotation-policy", Part(560, 44, 1024, 700), inventory, |stand| {
        let policy = stand.unlocked().view.settings.policies[0].id;
        stand.ask(Intent::ShowRotation(RotationTab::Policies(Some(policy))));
    }),
    scene("rotation-policy-long", Part(560, 44, 1024, 700), inventory, |stand| {
        let policy = stand.unlocked().view.settings.policies[0].id;
        stand.ask(Intent::ShowRotation(RotationTab::Policies(Some(policy))));
        stand.fill("Every, in days", "800");
    }),
    scene("rotation-history", Whole, inventory, |stand| {
        stand.ask(Intent::Go(Page::Rotation));
        stand.click("History");
    }),
];
