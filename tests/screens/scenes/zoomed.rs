//! A window of 1440 x 900 at 200 %: nothing is cut, and everything is still reached.

use egui::Key;
use keyroom::ui::frame::{DialogRequest, Intent, Page, SettingsSection};

use super::Shot::Zoomed;
use super::entrance::{locked, nothing};
use super::{Scene, scene, section};
use crate::stand::{CTRL, inventory};

/// In the order a person meets them.
pub const SCENES: &[Scene] = &[
    scene("zoomed-unlock", Zoomed, || locked(|_| {}), |_| {}),
    scene("zoomed-create-place", Zoomed, nothing, |stand| stand.click("Create a vault")),
    scene("zoomed-overview", Zoomed, inventory, |_| {}),
    scene("zoomed-keys", Zoomed, inventory, |stand| stand.ask(Intent::Go(Page::Keys))),
    scene("zoomed-key", Zoomed, inventory, |stand| {
        let id = stand.id("payments-db");
        stand.ask(Intent::ShowKey(id));
    }),
    scene("zoomed-rotation", Zoomed, inventory, |stand| stand.ask(Intent::Go(Page::Rotation))),
    scene("zoomed-audit", Zoomed, inventory, |stand| stand.ask(Intent::Go(Page::Audit))),
    scene("zoomed-session", Zoomed, inventory, |stand| stand.ask(Intent::Go(Page::Session))),
    scene("zoomed-settings", Zoomed, inventory, |stand| section(stand, SettingsSection::Vault)),
    scene("zoomed-dialog-new-key", Zoomed, inventory, |stand| stand.ask(Intent::Open(DialogRequest::NewKey))),
    scene("zoomed-dialog-rotate", Zoomed, inventory, |stand| {
        stand.dialog("payments-db", DialogRequest::Rotate)
    }),
    scene("zoomed-dialog-compromised", Zoomed, inventory, |stand| {
        stand.dialog("payments-db", DialogRequest::Compromised);
    }),
    scene("zoomed-palette", Zoomed, inventory, |stand| stand.key(CTRL, Key::K)),
];
