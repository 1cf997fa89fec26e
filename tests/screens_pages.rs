//! Overview, Rotation, Audit, Session and Settings: held still as pictures, and used by mouse and keyboard.

#![allow(clippy::unwrap_used, reason = "a test ends where the ground it stands on is missing")]

mod common;

use egui::accesskit::Role;
use egui::{Key, Modifiers, Rect, Ui, UiBuilder, pos2, vec2};
use egui_kittest::SnapshotResults;
use keyroom::app::{Command, Done, EventDetail, Reply};
use keyroom::ui::fixture::Stage;
use keyroom::ui::frame::{DialogRequest, Intent};
use keyroom::ui::offscreen::Driver;
use keyroom::ui::screens::{audit, overview, rotation, session, settings};
use keyroom::ui::theme::{self, Theme};
use keyroom::ui::widgets;
use keyroom::vault::VaultError;
use std::cell::RefCell;
use std::rc::Rc;
use std::sync::Arc;

#[derive(Clone, Copy, PartialEq, Debug)]
enum Which {
    Overview,
    Rotation,
    Audit,
    Session,
    Settings,
}

/// All five pages with what they remember.
struct Pages {
    stage: Stage,
    which: Which,
    overview: overview::State,
    rotation: rotation::State,
    audit: audit::State,
    session: session::State,
    settings: settings::State,
    intents: Vec<Intent>,
}

impl Pages {
    fn new(keys: usize, which: Which) -> Self {
        Self {
            stage: Stage::new(keys),
            which,
            overview: Default::default(),
            rotation: Default::default(),
            audit: Default::default(),
            session: Default::default(),
            settings: Default::default(),
            intents: Vec::new(),
        }
    }

    /// The page where the window puts it: right of the rail, between top bar and status bar.
    fn show(&mut self, ui: &mut Ui) {
        let t = theme::tokens(ui.ctx());
        let screen = ui.ctx().content_rect();
        ui.painter().rect_filled(screen, 0, t.bg);
        let rail = if screen.width() < 1180.0 { 56.0 } else { 200.0 };
        let panel = Rect::from_min_max(pos2(rail, 44.0), pos2(screen.right() + 1.0, screen.bottom() - 24.0));
        ui.painter().rect(panel, 8, t.surface, (1.0, t.hairline), egui::StrokeKind::Inside);
        let inner =
            Rect::from_min_max(panel.min + vec2(1.0, 1.0), pos2(screen.right(), panel.bottom() - 1.0));
        let mut page = ui.new_child(UiBuilder::new().max_rect(inner));
        page.set_clip_rect(inner);
        let frame = self.stage.frame();
        let out = match self.which {
            Which::Overview => overview::show(&mut page, &frame, &mut self.overview),
            Which::Rotation => rotation::show(&mut page, &frame, &mut self.rotation),
            Which::Audit => audit::show(&mut page, &frame, &mut self.audit),
            Which::Session => session::show(&mut page, &frame, &mut self.session),
            Which::Settings => settings::show(&mut page, &frame, &mut self.settings),
        };
        self.intents.extend(out);
    }

    /// What the worker does about `Command::Detail`.
    fn answer_detail(&mut self) {
        let Some(seq) = self.audit.selected() else { return };
        self.stage.change(|view| {
            let event = view.log.get(seq).unwrap().event();
            let detail = EventDetail {
                event,
                leaf_hash: [0xa9; 32],
                prev_root: [0x1f; 32],
                state_root: [0x07; 32],
                roster_version: 2,
                signed: true,
                checkpoint: Some(505),
                rows: vec![("keys", 1)],
            };
            view.detail = Some(Arc::new(detail));
        });
    }
}

fn driver(pages: Pages, theme: Theme, size: egui::Vec2) -> (Driver<impl FnMut(&mut Ui)>, Rc<RefCell<Pages>>) {
    let pages = Rc::new(RefCell::new(pages));
    let inside = Rc::clone(&pages);
    let mut driver = Driver::new(size, move |ui: &mut Ui| inside.borrow_mut().show(ui));
    theme::install(driver.ctx(), theme);
    widgets::install(driver.ctx(), None);
    driver.settle(4);
    (driver, pages)
}

/// What is on the page before the picture is taken.
fn stage(pages: &mut Pages, scene: &str) {
    use keyroom::app::{ClipboardState, Integrity};
    use std::time::Duration;
    let now = pages.stage.now;
    match scene {
        "failed" => pages.stage.change(|view| {
            let mut vault = (*view.view).clone();
            vault.session.failed_before = [29_520, 29_500, 29_490].map(|s| now.plus_ms(-s * 1000)).to_vec();
            view.view = std::sync::Arc::new(vault);
            view.last_backup = Some(now.plus_days(-12));
        }),
        "brush" | "error" => {
            let from = now.plus_days(-7).plus_ms(3 * 3_600_000);
            let query = "category:(secret, rotation, session) -operator:j.berg";
            let query = keyroom::audit::query::replace_time_range(query, from, from.plus_days(4));
            pages.audit.ask(&query);
        }
        "integrity" => pages.audit.show_integrity(),
        "broken" => pages.stage.change(|view| {
            let what = "event #212: the entry does not follow from the entries before it".to_owned();
            view.integrity = Integrity::Broken { what, seq: Some(212) };
        }),
        "policies" => pages.rotation.show_policies(),
        "clipboard" => {
            let clears_at = pages.stage.mono + Duration::from_secs(12);
            pages.stage.snapshot.clipboard =
                Some(ClipboardState { what: "payments-db v8".into(), clears_at });
            let mono = pages.stage.mono;
            pages.stage.change(|view| view.idle_deadline = mono + Duration::from_secs(27));
        }
        "about" => pages.settings.go_to(keyroom::ui::frame::SettingsSection::About),
        "vault" => pages.settings.go_to(keyroom::ui::frame::SettingsSection::Vault),
        "findings" => pages.session.show_findings(),
        "look" => pages.settings.go_to(keyroom::ui::frame::SettingsSection::Appearance),
        "keyboard" => pages.settings.go_to(keyroom::ui::frame::SettingsSection::Keyboard),
        _ => {}
    }
}

/// Scenes that need a hand on the mouse.
fn act(driver: &mut Driver<impl FnMut(&mut Ui)>, pages: &Rc<RefCell<Pages>>, scene: &str) {
    match scene {
        "brush" => {
            // To the burst in the night: the event that findings rest on.
            let burst = |seq| {
                let pages = pages.borrow();
                pages.stage.snapshot.unlocked().unwrap().findings.iter().any(|f| f.events.contains(&seq))
            };
            for _ in 0..60 {
                driver.click("Next event in the list").or_else(|_| driver.click("Next warning")).ok();
                driver.click("Next").ok();
                if pages.borrow().audit.selected().is_some_and(burst) {
                    break;
                }
            }
            pages.borrow_mut().answer_detail();
        }
        "error" => {
            let field = driver.find("Filter events").unwrap();
            driver.click_at(field.rect.center());
            driver.key(egui::Key::End, egui::Modifiers::NONE);
            driver.type_text(" actr:x");
            driver.pass_time(0.3);
        }
        "rules" => driver.click("Audit").unwrap(),
        "offered" => {
            let field = driver.find("Filter events").unwrap();
            driver.click_at(field.rect.center());
            driver.type_text("severity>=notice operator:");
            driver.key(Key::ArrowDown, Modifiers::NONE);
        }
        "help" => driver.click("How to write a filter").unwrap(),
        "range" => driver.click("From and to: choose a range of time").unwrap(),
        "numbers" => driver.click("Show the chart's numbers as a table").unwrap(),
        "proof" => {
            driver.key(Key::J, Modifiers::NONE);
            pages.borrow_mut().answer_detail();
            driver.settle(4);
            let tab = driver.find_role(Role::Tab, "Proof").unwrap().rect.center();
            driver.click_at(tab);
        }
        "history" => driver.click("History").unwrap(),
        "policies" => driver.click_at(pos2(300.0, 180.0)),
        "saving" => driver.click("10").unwrap(),
        "selected" => {
            for name in ["payments-db", "legacy-sftp"] {
                if let Some(cell) = driver.find(name) {
                    driver.click_at(pos2(cell.rect.left() - 24.0, cell.rect.center().y));
                }
            }
        }
        _ => {}
    }
    driver.settle(8);
}

const WIDE: egui::Vec2 = vec2(1360.0, 860.0);
const SMALL: egui::Vec2 = vec2(1024.0, 700.0);

fn open(keys: usize, which: Which) -> (Driver<impl FnMut(&mut Ui)>, Rc<RefCell<Pages>>) {
    driver(Pages::new(keys, which), Theme::Light, WIDE)
}

/// The intents since the last call.
fn intents(pages: &Rc<RefCell<Pages>>) -> Vec<Intent> {
    std::mem::take(&mut pages.borrow_mut().intents)
}

fn picture(which: Which, theme: Theme, size: egui::Vec2, name: &str) -> SnapshotResults {
    let mut pages = Pages::new(40, which);
    // Dates are local; the pictures are of a workstation on UTC.
    if pages.stage.now.local().offset().local_minus_utc() != 0 {
        return SnapshotResults::new();
    }
    stage(
        &mut pages,
        match which {
            Which::Overview => "failed",
            Which::Audit => "brush",
            _ => "",
        },
    );
    let mut harness = egui_kittest::Harness::builder()
        .with_size(size)
        .with_os(egui::os::OperatingSystem::Nix)
        .renderer(common::SnapshotRenderer::default())
        .with_context_setup(move |ctx| {
            theme::install(ctx, theme);
            widgets::install(ctx, None);
        })
        .build_ui_state(|ui, pages: &mut Pages| pages.show(ui), pages);
    harness.run_steps(4);
    if which == Which::Audit {
        harness.key_press(Key::J);
        harness.run_steps(3);
        harness.state_mut().answer_detail();
        harness.run_steps(3);
    }
    harness.snapshot(name);
    harness.take_snapshot_results()
}

#[test]
fn the_pages_look_right_in_light_and_dark() {
    let mut results = SnapshotResults::new();
    for (which, name) in [
        (Which::Overview, "overview"),
        (Which::Rotation, "rotation"),
        (Which::Audit, "audit"),
        (Which::Session, "session"),
        (Which::Settings, "settings"),
    ] {
        results.extend(picture(which, Theme::Light, WIDE, &format!("page-{name}-light")));
        results.extend(picture(which, Theme::Dark, WIDE, &format!("page-{name}-dark")));
    }
}

#[test]
fn the_audit_page_looks_right_in_a_small_window() {
    drop(picture(Which::Audit, Theme::Light, SMALL, "page-audit-1024-light"));
}

#[test]
fn a_brush_replaces_the_clause_about_time_and_leaves_the_rest() {
    let (mut driver, pages) = open(40, Which::Audit);
    pages.borrow_mut().audit.ask("operator:s.okafor time>=-14d");
    driver.settle(4);
    let all = pages.borrow().audit.shown();
    let chart = driver.find("Events over time").unwrap().rect;
    let at = |share: f32| pos2(chart.left() + 44.0 + (chart.width() - 44.0) * share, chart.center().y);
    driver.drag(at(0.20), at(0.35));
    let query = pages.borrow().audit.query().to_owned();
    assert!(query.starts_with("operator:s.okafor time:2026-03-"), "{query}");
    assert_eq!(query.matches("time").count(), 1, "{query}");
    let brushed = pages.borrow().audit.shown();
    assert!(0 < brushed && brushed < all, "{brushed} of {all}");
    driver.drag(at(0.80), at(0.90));
    let again = pages.borrow().audit.query().to_owned();
    assert_ne!(again, query);
    assert_eq!(again.matches("time:").count(), 1, "{again}");
}

#[test]
fn what_cannot_be_read_keeps_the_list_and_says_where_and_what_was_meant() {
    let (mut driver, pages) = open(40, Which::Audit);
    pages.borrow_mut().audit.ask("operator:m.ito");
    driver.settle(4);
    let before = pages.borrow().audit.shown();
    assert!(before > 0);
    driver.key(Key::F, Modifiers::COMMAND);
    driver.key(Key::End, Modifiers::NONE);
    driver.type_text(" actr:x");
    driver.pass_time(0.3);
    driver.settle(4);
    assert_eq!(pages.borrow().audit.query(), "operator:m.ito actr:x");
    assert_eq!(pages.borrow().audit.shown(), before);
    let said = |driver: &Driver<_>, words: &str| {
        driver
            .all()
            .iter()
            .any(|f| f.label.contains(words) || f.value.as_deref().is_some_and(|v| v.contains(words)))
    };
    assert!(said(&driver, "Did you mean"));
    driver.click("Use operator").unwrap();
    assert_eq!(pages.borrow().audit.query(), "operator:m.ito operator:x");
    assert!(!said(&driver, "Did you mean"));
}

#[test]
fn facets_chips_and_keys_all_edit_the_query() {
    let (mut driver, pages) = open(40, Which::Audit);
    let facet =
        driver.all().into_iter().find(|f| f.role == Role::CheckBox && f.label.starts_with("a.novak, "));
    driver.click(&facet.unwrap().label).unwrap();
    assert_eq!(pages.borrow().audit.query(), "operator:a.novak");
    driver.click("Remove filter operator is a.novak").unwrap();
    assert_eq!(pages.borrow().audit.query(), "");
    driver.key(Key::J, Modifiers::NONE);
    let first = pages.borrow().audit.selected().unwrap();
    driver.key(Key::J, Modifiers::NONE);
    let second = pages.borrow().audit.selected().unwrap();
    assert!(second < first, "J walks to older warnings");
    driver.key(Key::K, Modifiers::NONE);
    assert_eq!(pages.borrow().audit.selected(), Some(first));
    let asked = intents(&pages);
    assert!(asked.iter().any(|i| matches!(i, Intent::App(Command::Detail { seq }) if *seq == second)));
    driver.key(Key::I, Modifiers::NONE);
    assert!(pages.borrow().audit.query().starts_with("action:"), "{}", pages.borrow().audit.query());
}

#[test]
fn an_event_and_a_query_from_elsewhere_are_opened() {
    let (mut driver, pages) = open(40, Which::Audit);
    pages.borrow_mut().audit.open(3);
    driver.settle(4);
    assert_eq!(pages.borrow().audit.selected(), Some(3));
    assert!(driver.find("Close the event").is_some());
    pages.borrow_mut().audit.ask("session:current");
    driver.settle(4);
    let view = pages.borrow().stage.snapshot.unlocked().unwrap().clone();
    assert_eq!(pages.borrow().audit.shown(), view.sessions[0].events as usize);
}

#[test]
fn what_is_most_urgent_is_one_click_away() {
    let (mut driver, pages) = open(40, Which::Overview);
    driver.click("Rotate payments-db…").unwrap();
    let view = pages.borrow().stage.snapshot.unlocked().unwrap().clone();
    let id = view.view.find("payments-db").unwrap().id;
    let out = intents(&pages);
    assert!(matches!(out.as_slice(), [Intent::Open(DialogRequest::Rotate(key))] if *key == id));
    driver.click("Overdue: 3. 5 due within 7 days").unwrap();
    assert!(matches!(intents(&pages).as_slice(), [Intent::ShowKeys(query)] if query == "due:overdue"));
    let chart = driver.find("Activity of the last 30 days").unwrap().rect;
    driver.click_at(chart.center());
    assert!(
        matches!(intents(&pages).as_slice(), [Intent::ShowAudit(query)] if query.starts_with("time:2026-04-0")
        || query.starts_with("time:2026-03-"))
    );
}

#[test]
fn failed_unlocks_are_told_first_thing_and_lead_to_the_log() {
    let mut pages = Pages::new(40, Which::Overview);
    stage(&mut pages, "failed");
    let (mut driver, pages) = driver(pages, Theme::Light, WIDE);
    driver.click("3 failed unlock attempts").unwrap();
    let out = intents(&pages);
    assert!(
        matches!(out.as_slice(), [Intent::ShowAudit(q)] if q.starts_with("action:session.unlock_failed time:"))
    );
    driver.click("Close this notice").unwrap();
    assert!(driver.find("Close this notice").is_none());
    assert!(driver.find("3 failed unlock attempts").is_some(), "the line stays");
}

#[test]
fn an_empty_vault_says_what_to_do() {
    let (mut driver, pages) = open(0, Which::Overview);
    driver.click("New key…").unwrap();
    driver.click("Import…").unwrap();
    let out = intents(&pages);
    assert!(matches!(
        out.as_slice(),
        [Intent::Open(DialogRequest::NewKey), Intent::Open(DialogRequest::Import)]
    ));
}

#[test]
fn buckets_open_and_close_their_group_and_selected_keys_are_rotated_first_things_first() {
    let (mut driver, pages) = open(40, Which::Rotation);
    assert!(driver.find("15 keys shown").is_some() || driver.find("Overdue: 3").is_some());
    let has =
        |driver: &Driver<_>, name: &str| driver.all().iter().any(|f| f.role == Role::Cell && f.label == name);
    assert!(has(&driver, "legacy-sftp"));
    driver.click("Overdue: 3").unwrap();
    assert!(!has(&driver, "legacy-sftp"));
    driver.click("Unfold Overdue").unwrap();
    assert!(has(&driver, "legacy-sftp"));
    let cell = |driver: &Driver<_>, name: &str| {
        driver.all().into_iter().find(|f| f.role == Role::Cell && f.label == name).unwrap().rect
    };
    for name in ["legacy-sftp", "payments-db"] {
        let rect = cell(&driver, name);
        driver.click_at(pos2(217.0, rect.center().y));
    }
    driver.click("Rotate 2 keys…").unwrap();
    let view = pages.borrow().stage.snapshot.unlocked().unwrap().clone();
    let wanted = ["payments-db", "legacy-sftp"].map(|name| view.view.find(name).unwrap().id);
    let out = intents(&pages);
    assert!(
        out.iter().any(|i| matches!(i, Intent::Open(DialogRequest::RotateEach(keys)) if *keys == wanted))
    );
}

/// The last operation or password that was sent.
fn sent(out: &[Intent]) -> (Option<u64>, Option<u64>) {
    let act = out
        .iter()
        .find_map(|i| if let Intent::App(Command::Act { ticket, .. }) = i { Some(*ticket) } else { None });
    let up = out
        .iter()
        .find_map(|i| if let Intent::App(Command::StepUp { ticket, .. }) = i { Some(*ticket) } else { None });
    (act, up)
}

#[test]
fn a_weaker_limit_asks_for_the_password_says_what_it_is_and_is_then_sent() {
    let (mut driver, pages) = open(40, Which::Settings);
    driver.click("12 h").unwrap();
    assert_eq!(sent(&intents(&pages)), (None, None), "nothing is sent before the password");
    let words = "This weakens the vault";
    assert!(driver.all().iter().any(|f| f.label.contains(words)), "{words}");
    driver.type_text("correct horse");
    driver.key(Key::Enter, Modifiers::NONE);
    let (act, up) = sent(&intents(&pages));
    assert_eq!(act, None);
    let ticket = up.unwrap();
    let reply = Reply { ticket, result: Err(VaultError::WrongPassword) };
    pages.borrow_mut().stage.replies = vec![reply];
    driver.step();
    pages.borrow_mut().stage.replies.clear();
    driver.settle(4);
    assert!(driver.all().iter().any(|f| f.label.contains("Check the password")));
    driver.click("Your password").unwrap();
    driver.type_text("correct horse battery");
    driver.key(Key::Enter, Modifiers::NONE);
    let ticket = sent(&intents(&pages)).1.unwrap();
    pages.borrow_mut().stage.replies = vec![Reply { ticket, result: Ok(Done::Nothing) }];
    driver.step();
    pages.borrow_mut().stage.replies.clear();
    let ticket = sent(&intents(&pages)).0.unwrap();
    pages.borrow_mut().stage.replies = vec![Reply { ticket, result: Ok(Done::Nothing) }];
    driver.step();
    pages.borrow_mut().stage.replies.clear();
    driver.settle(4);
    assert!(intents(&pages).iter().any(|i| matches!(i, Intent::Toast(_, words) if words.contains("12 h"))));
    assert!(driver.find("Your password").is_none());
}

#[test]
fn settings_are_found_by_their_words() {
    let (mut driver, _) = open(40, Which::Settings);
    driver.click("Search settings").unwrap();
    driver.type_text("clipboard");
    assert!(driver.find("Clear the clipboard after").is_some());
    assert!(driver.find("Lock when idle").is_none());
    driver.type_text(" xyz");
    assert!(driver.find("Nothing found").is_some());
}

#[test]
fn the_session_page_leads_to_its_own_events() {
    let (mut driver, pages) = open(40, Which::Session);
    driver.click("reveals").unwrap();
    let out = intents(&pages);
    let query = "session:current action:secret.reveal";
    assert!(matches!(out.as_slice(), [Intent::ShowAudit(q)] if q == query));
    assert!(driver.find_role(Role::Table, "Sessions").is_some());
}

#[test]
fn the_log_is_verified_on_request_and_the_result_is_said() {
    let (mut driver, pages) = open(40, Which::Audit);
    driver.click("Details").unwrap();
    driver.click("Verify now").unwrap();
    let out = intents(&pages);
    let [Intent::App(Command::VerifyLog { ticket })] = out.as_slice() else { panic!("{}", out.len()) };
    let ticket = *ticket;
    pages.borrow_mut().stage.replies = vec![Reply { ticket, result: Err(VaultError::Cancelled) }];
    driver.step();
    assert!(matches!(intents(&pages).as_slice(), [Intent::Toast(_, words)] if words.contains("stopped")));
}

#[test]
fn the_context_menu_of_an_event_narrows_the_list() {
    let (mut driver, pages) = open(40, Which::Audit);
    let cell = driver.all().into_iter().find(|f| f.role == Role::Cell && f.label == "secret.reveal").unwrap();
    let pos = cell.rect.center();
    driver.hover(pos);
    for pressed in [true, false] {
        let (button, modifiers) = (egui::PointerButton::Secondary, Modifiers::NONE);
        driver.event(egui::Event::PointerButton { pos, button, pressed, modifiers });
        driver.step();
    }
    driver.settle(6);
    driver.click("Only action secret.reveal").unwrap();
    driver.settle(4);
    assert_eq!(pages.borrow().audit.query(), "action:secret.reveal");
}

#[test]
fn in_a_small_window_the_facets_are_a_popover_and_zoom_leaves_the_list_alone() {
    let (mut driver, pages) = driver(Pages::new(40, Which::Audit), Theme::Light, SMALL);
    let shown = pages.borrow().audit.shown();
    driver.click("Zoom in; the list stays").unwrap();
    driver.settle(4);
    assert_eq!(pages.borrow().audit.shown(), shown);
    assert!(!driver.find("Show all of the range").unwrap().disabled);
    driver.click("Facets").unwrap();
    driver.settle(6);
    let warn = driver.all().into_iter().find(|f| f.role == Role::CheckBox && f.label.starts_with("warn, "));
    driver.click(&warn.unwrap().label).unwrap();
    assert_eq!(pages.borrow().audit.query(), "severity:warn");
}

/// What the keyboard reaches, in order.
fn tab_stops(driver: &mut Driver<impl FnMut(&mut Ui)>) -> Vec<String> {
    let mut stops: Vec<String> = Vec::new();
    for _ in 0..120 {
        driver.key(Key::Tab, Modifiers::NONE);
        let Some(found) = driver.all().into_iter().find(|f| f.focused) else { continue };
        if stops.first() == Some(&found.label) && stops.len() > 3 {
            break;
        }
        stops.push(found.label);
    }
    stops
}

#[test]
fn the_keyboard_reaches_everything_that_matters() {
    let reached = [
        (
            Which::Overview,
            vec!["Rotate payments-db…", "Log verified.", "Activity of the last 30 days", "Open in Audit"],
        ),
        (Which::Rotation, vec!["Rotation", "Overdue: 3", "Keys by due date"]),
        (
            Which::Audit,
            vec!["Filter events", "Range", "Events over time", "Events", "Next warning", "Export…"],
        ),
        (Which::Session, vec!["Lock when idle", "Clipboard clears", "reveals", "Sessions", "Open in Audit"]),
        (Which::Settings, vec!["Search settings", "Vault", "Lock when idle"]),
    ];
    for (which, names) in reached {
        let (mut driver, _) = open(40, which);
        let stops = tab_stops(&mut driver);
        for name in names {
            assert!(stops.iter().any(|stop| stop == name), "{which:?}: {name} is not among {stops:?}");
        }
        assert!(stops.iter().all(|stop| !stop.is_empty()), "{which:?}: a stop without a name in {stops:?}");
    }
}

#[test]
fn everything_that_can_be_used_has_a_name() {
    let usable = [
        Role::Button,
        Role::Link,
        Role::CheckBox,
        Role::RadioButton,
        Role::Switch,
        Role::TextInput,
        Role::ComboBox,
        Role::Table,
        Role::Tab,
        Role::TabList,
        Role::RadioGroup,
        Role::GraphicsObject,
    ];
    for (which, scenes) in SCENES {
        for scene in scenes {
            let mut pages = Pages::new(40, which);
            stage(&mut pages, scene);
            let (mut driver, pages) = driver(pages, Theme::Light, WIDE);
            act(&mut driver, &pages, scene);
            for found in driver.all() {
                let named = !found.label.trim().is_empty() || found.rect == Rect::NOTHING;
                assert!(named || !usable.contains(&found.role), "{which:?} {scene}: {found:?}");
            }
        }
    }
}

const SCENES: [(Which, &[&str]); 5] = [
    (Which::Overview, &["", "failed"]),
    (Which::Rotation, &["", "selected", "policies", "history"]),
    (
        Which::Audit,
        &["", "brush", "error", "offered", "help", "range", "numbers", "proof", "integrity", "broken"],
    ),
    (Which::Session, &["", "clipboard", "saving", "findings"]),
    (Which::Settings, &["", "about", "vault", "look", "keyboard", "rules"]),
];

/// Writes pictures of every page into the folder that `KEYROOM_SHOTS` names, to be looked at.
#[test]
#[ignore = "only writes pictures"]
fn shots() {
    let Ok(folder) = std::env::var("KEYROOM_SHOTS") else { return };
    let only = std::env::var("KEYROOM_ONLY").unwrap_or_default();
    let themes = [("light", Theme::Light), ("dark", Theme::Dark), ("hc-dark", Theme::HighContrastDark)];
    let sizes = [("", vec2(1360.0, 860.0)), ("-1024", vec2(1024.0, 700.0))];
    for (which, scenes) in SCENES {
        for scene in scenes {
            for keys in [0, 1, 40, 10_000] {
                for (size_name, size) in sizes {
                    for (name, theme) in themes {
                        let file = format!("{which:?}-{scene}{size_name}-{keys}-{name}.png").to_lowercase();
                        if !only.split(',').any(|part| file.contains(part)) {
                            continue;
                        }
                        let mut pages = Pages::new(keys, which);
                        stage(&mut pages, scene);
                        let (mut driver, pages) = driver(pages, theme, size);
                        act(&mut driver, &pages, scene);
                        let out = std::fs::File::create(format!("{folder}/{file}")).unwrap();
                        driver.screenshot().write_png(out).unwrap();
                    }
                }
            }
        }
    }
}
