//! The session and the settings.

use std::sync::Arc;
use std::time::Duration;

use keyroom::app::ClipboardState;
use keyroom::guard::unusual::Answer;
use keyroom::ui::fixture;
use keyroom::ui::frame::{Intent, Page, SettingsSection};

use super::Shot::{Main, Top, Whole};
use super::{Scene, empty, scene, section};
use crate::stand::inventory;

/// In the order a person meets them.
pub const SCENES: &[Scene] = &[
    scene("session", Main, inventory, |stand| {
        stand.pin(|s| {
            let clears_at = fixture::MONO + Duration::from_secs(12);
            s.clipboard = Some(ClipboardState { what: "payments-db v8".to_owned(), clears_at, stuck: false });
        });
        stand.ask(Intent::Go(Page::Session));
    }),
    scene("session-findings", Whole, inventory, |stand| stand.ask(Intent::ShowFindings)),
    scene("session-findings-answered", Whole, inventory, |stand| {
        stand.change(|view| {
            let me = view.view.me.name.clone();
            let findings = Arc::make_mut(&mut view.findings);
            for (finding, expected) in findings.iter_mut().zip([false, true]) {
                let note = if expected { "The drill of May" } else { "I was at lunch" }.to_owned();
                finding.operator.clone_from(&me);
                finding.answer = Some(Answer { expected, by: me.clone(), at: fixture::now(), note });
            }
        });
        stand.ask(Intent::ShowFindings);
    }),
    scene("session-first", Whole, empty, |stand| stand.ask(Intent::Go(Page::Session))),
    scene("settings-security", Main, inventory, |stand| section(stand, SettingsSection::Security)),
    scene("settings-weaker", Whole, inventory, |stand| {
        section(stand, SettingsSection::Security);
        stand.click("12 h");
    }),
    scene("settings-vault", Whole, inventory, |stand| section(stand, SettingsSection::Vault)),
    scene("settings-audit", Whole, inventory, |stand| section(stand, SettingsSection::Audit)),
    // Below it are paths of the computer the picture is taken on.
    scene("settings-about", Top(440), inventory, |stand| section(stand, SettingsSection::About)),
    scene("settings-appearance", Whole, inventory, |stand| section(stand, SettingsSection::Appearance)),
    scene("settings-keyboard", Whole, inventory, |stand| section(stand, SettingsSection::Keyboard)),
];
