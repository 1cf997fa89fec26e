//! What is asked over a page.

use std::path::PathBuf;
use std::sync::Arc;

use egui::Key;
use keyroom::app::{Done, Preview, PreviewRow, RowDone};
use keyroom::model::{KeyId, KeyState, KeyType, VersionState};
use keyroom::ui::frame::{Bulk, DialogRequest as D, Intent};
use keyroom::vault::VaultError;

use super::Shot::Dialog;
use super::keys::suspend;
use super::{Scene, scene};
use crate::stand::{NONE, Stand, inventory};

/// In the order a person meets them.
pub const SCENES: &[Scene] = &[
    scene("dialog-new-key", Dialog, inventory, |stand| stand.ask(Intent::Open(D::NewKey))),
    scene("dialog-new-key-paste", Dialog, inventory, |stand| {
        stand.ask(Intent::Open(D::NewKey));
        stand.type_text("payments-db");
        stand.click("Paste");
        stand.click("Value");
        stand.type_text("Zq7Xv9Kw3Jy5");
    }),
    scene("dialog-new-key-file", Dialog, inventory, |stand| {
        stand.ask(Intent::Open(D::NewFromFile(PathBuf::from("/home/mito/deploy-key.pem"))));
    }),
    scene("dialog-bulk-policy", Dialog, inventory, |stand| bulk(stand, Bulk::Policy)),
    scene("dialog-bulk-tags", Dialog, inventory, |stand| bulk(stand, Bulk::Tags)),
    scene("dialog-bulk-suspend", Dialog, inventory, |stand| bulk(stand, Bulk::Suspend)),
    scene("dialog-bulk-deactivate", Dialog, inventory, |stand| bulk(stand, Bulk::Deactivate)),
    scene("dialog-export-metadata", Dialog, inventory, |stand| {
        stand.dialog("payments-db", |key| D::ExportMetadata(vec![key]));
    }),
    scene("dialog-rotate-each", Dialog, inventory, |stand| {
        let keys = ["payments-db", "hsm-transport-kek", "legacy-sftp"].map(|name| stand.id(name));
        stand.ask(Intent::Open(D::RotateEach(keys.to_vec())));
    }),
    scene("dialog-import", Dialog, inventory, |stand| stand.ask(Intent::Open(D::Import))),
    scene("dialog-import-preview", Dialog, inventory, |stand| {
        stand.no_dialogs();
        stand.ask(Intent::Open(D::Import));
        stand.fill("CSV file", "/home/mito/keys.csv");
        stand.click("Look at the rows");
        stand.answer(Ok(Done::Preview(preview())));
    }),
    scene("dialog-imported", Dialog, inventory, |stand| {
        stand.no_dialogs();
        stand.ask(Intent::Open(D::Import));
        stand.fill("CSV file", "/home/mito/keys.csv");
        stand.click("Look at the rows");
        stand.answer(Ok(Done::Preview(preview())));
        stand.click("Import 2 keys");
        let good = |n: u8| Ok(KeyId([n; 16]));
        let rows = [
            ("ldap-bind", good(1)),
            ("ldap-bind", Err("a key named ldap-bind already exists".to_owned())),
            ("broken-kek", Err("not an AES-256 key: expected 32 bytes".to_owned())),
            ("stripe-live-sk", good(2)),
        ];
        let rows = rows.into_iter().zip(2..).map(|((name, result), line)| RowDone {
            line,
            name: name.to_owned(),
            key_type: Some(KeyType::Password),
            result,
        });
        let rows = rows.collect();
        stand.answer(Ok(Done::Imported(Arc::new(rows))));
    }),
    scene("dialog-edit", Dialog, inventory, |stand| stand.dialog("payments-db", D::EditKey)),
    scene("dialog-edit-more", Dialog, inventory, |stand| {
        stand.dialog("hsm-transport-kek", D::EditKey);
        // To the last field of the part that is open because it holds something.
        (0..19).for_each(|_| stand.key(NONE, Key::Tab));
    }),
    scene("dialog-edit-meanwhile", Dialog, inventory, |stand| {
        stand.dialog("payments-db", D::EditKey);
        stand.fill("Owner", "s.okafor");
        stand.change_key("payments-db", |key| (key.owner, key.system) = ("b.chen".into(), "billing".into()));
    }),
    scene("dialog-discard", Dialog, inventory, |stand| {
        stand.dialog("payments-db", D::EditKey);
        stand.fill("Purpose", "Another purpose");
        stand.key(NONE, Key::Escape);
    }),
    scene("dialog-rotate", Dialog, inventory, |stand| stand.dialog("payments-db", D::Rotate)),
    scene("dialog-rotate-compromise", Dialog, inventory, |stand| {
        stand.dialog("payments-db", D::Rotate);
        stand.click("Reason");
        stand.click("Suspected compromise");
    }),
    scene("dialog-rotate-keep", Dialog, inventory, |stand| {
        stand.dialog("stripe-live-sk", D::Rotate);
        stand.click("Keep schedule (next stays 21 Apr 2026)");
    }),
    scene("dialog-rotate-suspended", Dialog, inventory, |stand| {
        suspend(stand, "stripe-live-sk", 12);
        stand.dialog("stripe-live-sk", D::Rotate);
    }),
    scene("dialog-make-current", Dialog, inventory, |stand| {
        stand.dialog("payments-db", |key| D::MakeCurrent(key, 6))
    }),
    scene("dialog-retire", Dialog, inventory, |stand| {
        stand.dialog("payments-db", |key| D::RetireVersion(key, 6))
    }),
    scene("dialog-retire-ended", Dialog, inventory, |stand| {
        let ids = end_overlaps(stand);
        stand.ask(Intent::Open(D::Bulk(Bulk::RetireEnded, ids)));
    }),
    scene("dialog-activate", Dialog, inventory, |stand| stand.dialog("payments-db", D::Activate)),
    scene("dialog-suspend", Dialog, inventory, |stand| stand.dialog("stripe-live-sk", D::Suspend)),
    scene("dialog-suspend-late", Dialog, inventory, |stand| {
        stand.dialog("payments-db", D::Suspend);
        stand.fill("Review by", "2026-04-16");
    }),
    scene("dialog-keep-suspended", Dialog, inventory, |stand| {
        suspend(stand, "stripe-live-sk", -3);
        stand.dialog("stripe-live-sk", D::Suspend);
    }),
    scene("dialog-resume", Dialog, inventory, |stand| {
        suspend(stand, "stripe-live-sk", 12);
        stand.dialog("stripe-live-sk", D::Resume);
    }),
    scene("dialog-resume-over", Dialog, inventory, |stand| {
        suspend(stand, "payments-db", -3);
        stand.dialog("payments-db", D::Resume);
    }),
    scene("dialog-deactivate", Dialog, inventory, |stand| stand.dialog("payments-db", D::Deactivate)),
    scene("dialog-compromised", Dialog, inventory, |stand| stand.dialog("payments-db", D::Compromised)),
    scene("dialog-compromised-destroyed", Dialog, inventory, |stand| {
        stand.change_key("legacy-sftp", |key| key.state = KeyState::Destroyed);
        stand.dialog("legacy-sftp", D::Compromised);
    }),
    scene("dialog-compromised-errors", Dialog, inventory, |stand| {
        stand.dialog("payments-db", D::Compromised);
        stand.fill("Happened", "yesterday");
        stand.fill("Noticed", "2026-05-01");
    }),
    scene("dialog-schedule", Dialog, inventory, |stand| {
        stand.dialog("payments-db", D::ScheduleDestroy);
        stand.fill("Days until then", "3");
    }),
    scene("dialog-cancel-destruction", Dialog, inventory, |stand| {
        stand.dialog("payments-db", D::CancelDestroy)
    }),
    scene("dialog-destroy", Dialog, inventory, |stand| stand.dialog("payments-db", D::Destroy)),
    scene("dialog-destroy-compromised", Dialog, inventory, |stand| {
        stand.change_key("payments-db", |key| key.state = KeyState::Compromised);
        stand.dialog("payments-db", D::Destroy);
    }),
    scene("dialog-destroy-wrong-password", Dialog, inventory, |stand| {
        stand.dialog("payments-db", |key| D::DestroyVersion(key, 5));
        stand.fill("Reason", "Not needed any more");
        stand.fill("Your password", "a wrong one");
        stand.click("Destroy version 5");
        stand.answer(Err(VaultError::WrongPassword));
    }),
    scene("dialog-reveal-reason", Dialog, inventory, |stand| {
        asks_for_reasons(stand);
        stand.dialog("payments-db", |key| D::Reveal(key, None));
    }),
    scene("dialog-copy-reason", Dialog, inventory, |stand| {
        asks_for_reasons(stand);
        stand.dialog("payments-db", |key| D::Copy(key, Some(7)));
    }),
    scene("dialog-export", Dialog, inventory, |stand| {
        stand.dialog("payments-db", |key| D::Export(key, None))
    }),
    scene("dialog-export-log", Dialog, inventory, |stand| stand.ask(Intent::Open(D::ExportLog))),
    scene("dialog-backup", Dialog, inventory, |stand| stand.ask(Intent::Open(D::Backup))),
    scene("dialog-change-password", Dialog, inventory, |stand| stand.ask(Intent::Open(D::ChangePassword))),
    scene("dialog-change-password-weak", Dialog, inventory, |stand| {
        stand.ask(Intent::Open(D::ChangePassword));
        stand.fill("Password in use", "sixteen letters!");
        stand.fill("New password", "Tr0ub4dor&3");
        stand.fill("New password again", "Tr0ub4dor&3");
    }),
    scene("dialog-unlock-time", Dialog, inventory, |stand| stand.ask(Intent::Open(D::UnlockTime))),
    scene("dialog-unlock-time-measured", Dialog, inventory, |stand| {
        stand.ask(Intent::Open(D::UnlockTime));
        stand.answer_calibration();
    }),
    scene("dialog-password-exposed", Dialog, inventory, |stand| stand.ask(Intent::Open(D::PasswordExposed))),
    scene("dialog-answer-finding", Dialog, inventory, |stand| {
        let (rule, seq) = stand.unlocked().findings[0].key().unwrap();
        stand.ask(Intent::Open(D::AnswerFinding(rule, seq, false)));
    }),
];

fn asks_for_reasons(stand: &mut Stand) {
    stand.change_view(|view| {
        let mut settings = (*view.settings).clone();
        settings.reveal_needs_reason = true;
        settings.reveal_needs_password = true;
        view.settings = Arc::new(settings);
    });
}

fn preview() -> Arc<Preview> {
    let rows = [
        ("ldap-bind", None),
        ("ldap-bind", Some("the name stands in line 2 already")),
        ("broken-kek", Some("not an AES-256 key: expected 32 bytes")),
        ("stripe-live-sk", None),
    ];
    let rows = rows.into_iter().zip(2..).map(|((name, problem), line)| PreviewRow {
        line,
        name: name.to_owned(),
        key_type: Some(KeyType::Password),
        problem: problem.map(str::to_owned),
    });
    let mapped = vec![("Title".to_owned(), "name")];
    let ignored = vec!["last_changed".to_owned()];
    Arc::new(Preview { file: "keys.csv".to_owned(), rows: rows.collect(), ignored, mapped })
}

fn bulk(stand: &mut Stand, what: Bulk) {
    let keys = ["payments-db", "hsm-transport-kek", "legacy-sftp"].map(|name| stand.id(name));
    stand.ask(Intent::Open(D::Bulk(what, keys.to_vec())));
}

/// Lets the overlap of the version before the last one end, of three keys.
pub fn end_overlaps(stand: &mut Stand) -> Vec<KeyId> {
    let yesterday = keyroom::ui::fixture::now().plus_days(-1);
    let end = |name| {
        stand.change_key(name, |key| {
            let before = key.versions.len() - 2;
            let version = &mut key.versions[before];
            (version.state, version.overlap_ends) = (VersionState::Overlap, Some(yesterday));
        });
        stand.id(name)
    };
    ["payments-db", "stripe-live-sk", "ci-signing-hmac"].map(end).to_vec()
}
