//! The session and the settings.

use std::sync::Arc;
use std::time::Duration;

use keyroom::app::{ClipboardState, LastCheck};
use keyroom::audit::sessions::Ending;
use keyroom::guard::unusual::Answer;
use keyroom::model::LockReason;
use keyroom::operations::WholeCheck;
use keyroom::ui::fixture;
use keyroom::ui::frame::{Intent, Page, SettingsSection};
use keyroom::vault::{Checked, Values};

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
    scene("session-lanes", Main, inventory, |stand| {
        stand.change(|view| {
            let sessions = Arc::make_mut(&mut view.sessions);
            for (at, session) in sessions.iter_mut().enumerate().skip(1) {
                // As long as a morning, and ended in every way there is.
                session.ended = session.ended.map(|end| end.plus_ms((at as i64 % 4) * 3_600_000));
                session.how = match at {
                    3 => Ending::Open,
                    5 | 16 => Ending::Crashed,
                    11 => Ending::Locked(LockReason::FileReplaced),
                    _ => session.how,
                };
            }
        });
        stand.ask(Intent::Go(Page::Session));
        stand.click("Lanes");
    }),
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
    scene("settings-vault-checked", Whole, inventory, |stand| {
        stand.change(|view| view.last_check = Some(checked(Ok(()))));
        section(stand, SettingsSection::Vault);
    }),
    scene("settings-vault-damaged", Whole, inventory, |stand| {
        stand.change(|view| view.last_check = Some(checked(Err(()))));
        section(stand, SettingsSection::Vault);
    }),
    scene("settings-audit", Whole, inventory, |stand| section(stand, SettingsSection::Audit)),
    // Below it are paths of the computer the picture is taken on.
    scene("settings-about", Top(440), inventory, |stand| section(stand, SettingsSection::About)),
    scene("settings-appearance", Whole, inventory, |stand| section(stand, SettingsSection::Appearance)),
    scene("settings-keyboard", Whole, inventory, |stand| section(stand, SettingsSection::Keyboard)),
];

/// A check of the whole vault that found nothing wrong, or a value that is.
fn checked(well: Result<(), ()>) -> LastCheck {
    let log = Checked { entries: 1_004_318, root: [0; 32], checkpoints: 246 };
    let found = WholeCheck { log, values: Values { stored: 2_911, opened: 2_911 } };
    let damage = "the vault file was changed outside Keyroom: the value of version 7 of payments-db was changed or moved";
    let found = well.map(|()| found).map_err(|()| damage.to_owned());
    LastCheck { at: fixture::now(), took: Duration::from_millis(20_400), found }
}
