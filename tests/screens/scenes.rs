//! The list of screens, and how a person comes to each.

use std::path::PathBuf;
use std::sync::Arc;
use std::time::Duration;

use egui::{Key, Vec2};
use keyroom::app::platform::paths::{RecentVault, Workstation};
use keyroom::app::{
    ClipboardState, Done, EventDetail, Integrity, Job, LockedView, Phase, Preview, PreviewRow, RowDone,
    Snapshot,
};
use keyroom::audit::index::LogIndex;
use keyroom::crypto::kdf::KdfParams;
use keyroom::model::search::KeyIndex;
use keyroom::model::{KeyId, KeyType, LockReason};
use keyroom::ui::fixture;
use keyroom::ui::frame::{Bulk, DialogRequest as D, Intent, Page, SettingsSection};
use keyroom::ui::theme::Theme;
use keyroom::ui::widgets::Tone;
use keyroom::vault::{Keys, VaultError};

use crate::stand::{CTRL, LARGE, NONE, SMALL, Stand, inventory};

/// How much of the window a picture shows.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Shot {
    /// All of it in the large window, and in the small one in high contrast too: a main page.
    Main,
    /// All of the small window.
    Whole,
    /// The upper part of it, this many points high.
    Top(u16),
    /// The dialog and a margin.
    Dialog,
    /// What stands at the right, this many points wide.
    Right(u16),
}

pub struct Scene {
    pub name: &'static str,
    pub shot: Shot,
    start: fn() -> Snapshot,
    play: fn(&mut Stand),
}

impl Scene {
    /// The window the scene is played in.
    pub fn size(&self) -> Vec2 {
        match self.shot {
            Shot::Main | Shot::Right(_) => LARGE,
            Shot::Whole | Shot::Top(_) | Shot::Dialog => SMALL,
        }
    }

    pub fn stand(&self, size: Vec2, theme: Theme) -> Stand {
        let workstation = match self.name {
            "welcome-recent" => lately(),
            _ => Workstation::default(),
        };
        let mut stand = Stand::new(size, theme, (self.start)(), workstation);
        (self.play)(&mut stand);
        stand.settle();
        stand
    }
}

const fn scene(name: &'static str, shot: Shot, start: fn() -> Snapshot, play: fn(&mut Stand)) -> Scene {
    Scene { name, shot, start, play }
}

use Shot::{Dialog, Main, Right, Top, Whole};

/// Every screen, in the order a person meets them.
pub const SCENES: &[Scene] = &[
    // Before a vault is open.
    scene("welcome", Whole, nothing, |_| {}),
    scene("welcome-recent", Whole, nothing, |_| {}),
    scene(
        "welcome-failed",
        Whole,
        || no_vault(Some(VaultError::from(keyroom::store::StoreError::NotAVault))),
        |_| {},
    ),
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
    // At the locked door.
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
        |stand| stand.click("Accept this copy…"),
    ),
    scene(
        "unlock-damaged",
        Whole,
        || locked(|v| v.error = Some(VaultError::tampered("row 7 of keys"))),
        |_| {},
    ),
    scene("locked-idle", Whole, || locked(|v| v.reason = Some(LockReason::Idle { minutes: 5 })), |_| {}),
    // The frame around the pages.
    scene("overview", Main, inventory, |_| {}),
    scene("overview-failed-unlocks", Top(200), inventory, failed_unlocks),
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
    scene("palette", Top(560), inventory, |stand| {
        stand.key(CTRL, Key::K);
        stand.type_text("pay");
    }),
    scene("palette-start", Top(560), inventory, |stand| stand.key(CTRL, Key::K)),
    scene("palette-nothing", Top(560), inventory, |stand| {
        stand.key(CTRL, Key::K);
        stand.type_text("qqqq");
    }),
    scene("shortcuts", Whole, inventory, |stand| stand.key(NONE, Key::F1)),
    // Keys.
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
    scene("keys-menu", Right(420), inventory, |stand| {
        due_soon(stand);
        stand.click("More actions");
    }),
    scene("key-versions", Right(376), inventory, |stand| tab(stand, "hsm-transport-kek", "Versions")),
    scene("key-activity", Right(376), inventory, |stand| tab(stand, "payments-db", "Activity")),
    scene("key-policy", Right(376), inventory, |stand| tab(stand, "payments-db", "Policy")),
    scene("key-notes", Right(376), inventory, |stand| tab(stand, "payments-db", "Notes")),
    // Rotation.
    scene("rotation", Main, inventory, |stand| stand.ask(Intent::Go(Page::Rotation))),
    scene("rotation-nothing-due", Whole, empty, |stand| stand.ask(Intent::Go(Page::Rotation))),
    scene("rotation-policies", Whole, inventory, |stand| {
        stand.ask(Intent::ShowSettings(SettingsSection::Policies));
    }),
    scene("rotation-history", Whole, inventory, |stand| {
        stand.ask(Intent::Go(Page::Rotation));
        stand.click("History");
    }),
    // Audit.
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
    // Session and settings.
    scene("session", Main, inventory, |stand| {
        stand.pin(|s| {
            let clears_at = fixture::MONO + Duration::from_secs(12);
            s.clipboard = Some(ClipboardState { what: "payments-db v8".to_owned(), clears_at, stuck: false });
        });
        stand.ask(Intent::Go(Page::Session));
    }),
    scene("session-findings", Whole, inventory, |stand| stand.ask(Intent::ShowFindings)),
    scene("session-first", Whole, empty, |stand| stand.ask(Intent::Go(Page::Session))),
    scene("settings-security", Main, inventory, |stand| section(stand, SettingsSection::Security)),
    scene("settings-weaker", Whole, inventory, |stand| {
        section(stand, SettingsSection::Security);
        stand.click("12 h");
    }),
    scene("settings-vault", Whole, inventory, |stand| section(stand, SettingsSection::Vault)),
    scene("settings-appearance", Whole, inventory, |stand| section(stand, SettingsSection::Appearance)),
    scene("settings-keyboard", Whole, inventory, |stand| section(stand, SettingsSection::Keyboard)),
    // Names nobody would choose: 200 characters, other scripts, marks on marks.
    scene("names-keys", Whole, hard_names, |stand| {
        stand.ask(Intent::Go(Page::Keys));
        let id = longest(stand);
        stand.ask(Intent::ShowKey(id));
    }),
    scene("names-overview", Whole, hard_names, |_| {}),
    scene("names-rotation", Whole, hard_names, |stand| stand.ask(Intent::Go(Page::Rotation))),
    scene("names-dialog", Dialog, hard_names, |stand| {
        let id = longest(stand);
        stand.ask(Intent::Open(D::Rotate(id)));
    }),
    scene("names-dialog-destroy", Dialog, hard_names, |stand| {
        let id = longest(stand);
        stand.ask(Intent::Open(D::Destroy(id)));
    }),
    scene("one-key", Whole, || fixture::unlocked(1).0, |stand| stand.ask(Intent::Go(Page::Keys))),
    // Dialogs.
    scene("dialog-new-key", Dialog, inventory, |stand| stand.ask(Intent::Open(D::NewKey))),
    scene("dialog-new-key-paste", Dialog, inventory, |stand| {
        stand.ask(Intent::Open(D::NewKey));
        stand.type_text("payments-db");
        stand.click("Paste");
        stand.click("Value");
        stand.type_text("Zq7Xv9Kw3Jy5");
    }),
    scene("keys-columns", Whole, inventory, |stand| {
        stand.ask(Intent::Go(Page::Keys));
        stand.click("Columns");
    }),
    scene("dialog-bulk-policy", Dialog, inventory, |stand| bulk(stand, Bulk::Policy)),
    scene("dialog-bulk-tags", Dialog, inventory, |stand| bulk(stand, Bulk::Tags)),
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
    scene("dialog-make-current", Dialog, inventory, |stand| {
        stand.dialog("payments-db", |key| D::MakeCurrent(key, 6))
    }),
    scene("dialog-retire", Dialog, inventory, |stand| {
        stand.dialog("payments-db", |key| D::RetireVersion(key, 6))
    }),
    scene("dialog-activate", Dialog, inventory, |stand| stand.dialog("payments-db", D::Activate)),
    scene("dialog-suspend", Dialog, inventory, |stand| stand.dialog("payments-db", D::Suspend)),
    scene("dialog-resume", Dialog, inventory, |stand| stand.dialog("payments-db", D::Resume)),
    scene("dialog-deactivate", Dialog, inventory, |stand| stand.dialog("payments-db", D::Deactivate)),
    scene("dialog-compromised", Dialog, inventory, |stand| stand.dialog("payments-db", D::Compromised)),
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
    scene("dialog-password-exposed", Dialog, inventory, |stand| stand.ask(Intent::Open(D::PasswordExposed))),
];

fn nothing() -> Snapshot {
    no_vault(None)
}

fn no_vault(error: Option<VaultError>) -> Snapshot {
    let error = error.map(|error| (PathBuf::from("/srv/vaults/team.keyroom"), error));
    Snapshot { phase: Phase::NoVault(error), ..inventory() }
}

fn empty() -> Snapshot {
    let (mut snapshot, _) = fixture::unlocked(0);
    if let Phase::Unlocked(view) = &mut snapshot.phase {
        let view = Arc::make_mut(view);
        view.log = Arc::new(LogIndex::from_events(&[]));
        view.sessions = Arc::new(Vec::new());
        view.findings = Arc::new(Vec::new());
        view.last_backup = None;
        Arc::make_mut(&mut view.view).log_size = 0;
        view.integrity = Integrity::Verified { entries: 0, at: fixture::now(), checkpoints: 0 };
    }
    snapshot
}

/// The key with the longest name.
fn longest(stand: &Stand) -> KeyId {
    let unlocked = stand.unlocked();
    unlocked.view.keys.all().iter().max_by_key(|key| key.name.len()).unwrap().id
}

/// Six keys with names that no column was made for.
fn hard_names() -> Snapshot {
    let long = "production-payments-settlement-database-".repeat(5);
    let names = [
        long.as_str(),
        "支付数据库主密钥-生产环境-上海数据中心",
        "مفتاح قاعدة بيانات المدفوعات",
        "cle\u{301}-de-de\u{301}chiffrement-tre\u{300}s-secre\u{300}te",
        "k\u{335}\u{301}\u{302}\u{327}e\u{335}\u{301}\u{302}\u{327}y\u{335}\u{301}\u{302}\u{327}",
        "a",
    ];
    let (mut snapshot, _) = fixture::unlocked(names.len());
    if let Phase::Unlocked(unlocked) = &mut snapshot.phase {
        let unlocked = Arc::make_mut(unlocked);
        // The fixture's first key is the most overdue.
        let mut keys = unlocked.view.keys.all().to_vec();
        keys.sort_by_key(|key| key.versions.last().map(|version| version.current_from));
        for (key, name) in keys.iter_mut().zip(names) {
            let key = Arc::make_mut(key);
            key.name = name.to_owned();
            key.owner = name.to_owned();
            key.system = name.to_owned();
            key.tags = vec![name.to_owned()];
            key.purpose = name.to_owned();
        }
        let view = Arc::make_mut(&mut unlocked.view);
        view.keys = Keys::new(keys.clone());
        unlocked.keys = KeyIndex::new(Arc::clone(&view.settings), keys);
    }
    snapshot
}

fn locked(change: fn(&mut LockedView)) -> Snapshot {
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

/// A workstation on which vaults were opened before.
fn lately() -> Workstation {
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

fn failed_unlocks(stand: &mut Stand) {
    let now = fixture::now();
    stand.change_view(|view| {
        view.session.failed_before = [29_520, 29_500, 29_490].map(|s| now.plus_ms(-s * 1000)).to_vec();
    });
}

fn break_log(view: &mut keyroom::app::UnlockedView) {
    let what = "event #212: the entry does not follow from the entries before it".to_owned();
    view.integrity = Integrity::Broken { what, seq: Some(212) };
}

fn asks_for_reasons(stand: &mut Stand) {
    stand.change_view(|view| {
        let mut settings = (*view.settings).clone();
        settings.reveal_needs_reason = true;
        settings.reveal_needs_password = true;
        view.settings = Arc::new(settings);
    });
}

/// The design's picture: what is due within 30 days, the most overdue key open.
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

/// What a file with two good rows would come to.
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

/// A dialog about three keys at once.
fn bulk(stand: &mut Stand, what: Bulk) {
    let keys = ["payments-db", "hsm-transport-kek", "legacy-sftp"].map(|name| stand.id(name));
    stand.ask(Intent::Open(D::Bulk(what, keys.to_vec())));
}

/// Ticks the box of a row.
fn tick(stand: &mut Stand, name: &str) {
    let cell = stand.driver.find_role(egui::accesskit::Role::Cell, name).unwrap().rect;
    stand.driver.click_at(egui::pos2(cell.left() - 16.0, cell.center().y));
    stand.settle();
}

/// An event of the odd night is open, at a tab of its drawer.
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

fn section(stand: &mut Stand, section: SettingsSection) {
    stand.ask(Intent::ShowSettings(section));
}
