//! Before a vault is open, and at its locked door.

use std::path::PathBuf;
use std::sync::Arc;
use std::time::Duration;

use egui::Key;
use keyroom::app::platform::paths::{RecentVault, Workstation};
use keyroom::app::{LockedView, Phase, Snapshot};
use keyroom::crypto::kdf::KdfParams;
use keyroom::model::{Action, LockReason};
use keyroom::store::StoreError;
use keyroom::ui::fixture;
use keyroom::vault::VaultError;

use super::Shot::{Dialog, Main, Whole};
use super::{Scene, scene};
use crate::stand::{NONE, Stand, inventory};

/// In the order a person meets them.
pub const SCENES: &[Scene] = &[
    scene("welcome", Whole, nothing, |_| {}),
    scene("welcome-recent", Whole, nothing, |_| {}),
    scene("welcome-failed", Whole, || no_vault(Some(VaultError::from(StoreError::NotAVault))), |_| {}),
    scene("welcome-path", Dialog, nothing, |stand| {
        stand.no_dialogs();
        stand.click("Open existing…");
        stand.type_text("/no/such/team.keyroom");
        stand.key(NONE, Key::Enter);
    }),
    scene("create-1-place", Whole, nothing, to_place),
    scene("create-1-place-error", Whole, nothing, |stand| {
        to_place(stand);
        stand.fill("File", "/no-such-folder/prod-vault.keyroom");
    }),
    scene("create-2-password", Whole, nothing, |stand| {
        to_password(stand);
        stand.type_text("velvet-otter-quilt-mango-pylon-sage");
        stand.fill("Repeat it", "velvet-otter-quilt-mango-pylon-sage");
    }),
    scene("create-2-password-weak", Whole, nothing, |stand| {
        to_password(stand);
        stand.type_text("password1");
    }),
    scene("create-2-password-because", Whole, nothing, |stand| {
        to_password(stand);
        stand.type_text("Tr0ub4dor&3");
        stand.fill("Use it anyway because", "It opens a test bench");
        stand.fill("Repeat it", "Tr0ub4dor&3");
    }),
    scene("create-3-time", Whole, nothing, |stand| {
        to_time(stand);
        stand.answer_calibration();
    }),
    scene("create-3-time-measuring", Whole, nothing, to_time),
    scene("create-4-recovery", Whole, nothing, |stand| {
        to_time(stand);
        stand.answer_calibration();
        stand.click("Continue");
    }),
    scene("unlock", Main, || locked(|_| {}), |stand| stand.type_text("sixteen letters!")),
    scene(
        "unlock-wrong",
        Whole,
        || locked(|v| (v.error, v.failed) = (Some(VaultError::WrongPassword), 2)),
        |_| {},
    ),
    scene(
        "unlock-waiting",
        Whole,
        || {
            locked(|v| {
                (v.error, v.failed) = (Some(VaultError::WrongPassword), 5);
                v.wait_until = Some(fixture::MONO + Duration::from_secs(14 * 60 + 59));
            })
        },
        |_| {},
    ),
    scene(
        "unlock-deriving",
        Whole,
        || locked(|v| v.opening_since = Some(fixture::MONO - Duration::from_millis(640))),
        |_| {},
    ),
    scene("unlock-operator", Whole, || locked(|v| v.needs_operator = true), |_| {}),
    scene(
        "unlock-rolled-back",
        Whole,
        || locked(|v| v.error = Some(VaultError::RolledBack { file: 1_204, seen: 1_377 })),
        |stand| stand.click("Accept this copy"),
    ),
    scene(
        "unlock-damaged",
        Whole,
        || locked(|v| v.error = Some(VaultError::tampered("row 7 of keys"))),
        |_| {},
    ),
    scene(
        "locked-full-disk",
        Whole,
        || {
            locked(|v| {
                let (action, cause) = (Action::SessionLock, StoreError::Full);
                v.lock_error = Some(VaultError::NotRecorded { action, cause });
                (v.reason, v.unsaved) = (Some(LockReason::ByHand), true);
            })
        },
        |_| {},
    ),
    scene("locked-idle", Whole, || locked(|v| v.reason = Some(LockReason::Idle { minutes: 5 })), |_| {}),
];

pub(super) fn nothing() -> Snapshot {
    no_vault(None)
}

fn no_vault(error: Option<VaultError>) -> Snapshot {
    let error = error.map(|error| (PathBuf::from("/srv/vaults/team.keyroom"), error));
    Snapshot { phase: Phase::NoVault(error), ..inventory() }
}

pub(super) fn locked(change: fn(&mut LockedView)) -> Snapshot {
    let mut view = LockedView {
        path: "/srv/vaults/platform/berlin/2026/second-quarter/prod-vault.keyroom".into(),
        name: "prod-vault".into(),
        needs_operator: false,
        params: KdfParams::DEFAULT,
        failed: 0,
        wait_until: None,
        reason: None,
        opening_since: None,
        error: None,
        lock_error: None,
        unsaved: false,
    };
    change(&mut view);
    Snapshot { phase: Phase::Locked(Arc::new(view)), ..inventory() }
}

pub(super) fn lately() -> Workstation {
    let vault = |path: &str| RecentVault { path: path.into(), operators: vec!["m.ito".to_owned()] };
    let recent = [
        "/srv/vaults/prod-vault.keyroom",
        "/srv/vaults/staging.keyroom",
        "/srv/vaults/platform/berlin/2026/second-quarter/with-a-rather-long-name-of-its-own.keyroom",
    ];
    Workstation { recent: recent.map(vault).to_vec(), ..Workstation::default() }
}

fn to_place(stand: &mut Stand) {
    stand.click("Create a vault");
    stand.type_text("prod-vault");
    stand.fill("Your name in it", "m.ito");
    stand.no_dialogs();
    stand.click("Browse…");
    stand.fill("File", "/srv/prod-vault.keyroom");
}

fn to_password(stand: &mut Stand) {
    to_place(stand);
    stand.click("Continue");
}

fn to_time(stand: &mut Stand) {
    to_password(stand);
    stand.type_text("velvet-otter-quilt-mango-pylon-sage");
    stand.fill("Repeat it", "velvet-otter-quilt-mango-pylon-sage");
    stand.click("Continue");
}
