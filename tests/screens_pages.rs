//! Overview, Rotation, Audit, Session and Settings, used by mouse and keyboard.

#![allow(clippy::unwrap_used, reason = "a test ends where the ground it stands on is missing")]

use egui::accesskit::Role;
use egui::{Key, Modifiers, Rect, Ui, UiBuilder, pos2, vec2};
use keyroom::app::{Command, Done, Reply};
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

const WIDE: egui::Vec2 = vec2(1360.0, 860.0);
const SMALL: egui::Vec2 = vec2(1024.0, 700.0);

fn open(keys: usize, which: Which) -> (Driver<impl FnMut(&mut Ui)>, Rc<RefCell<Pages>>) {
    driver(Pages::new(keys, which), Theme::Light, WIDE)
}

/// The intents since the last call.
fn intents(pages: &Rc<RefCell<Pages>>) -> Vec<Intent> {
    std::mem::take(&mut pages.borrow_mut().intents)
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
    driver.type_text("actr:x");
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
    let now = pages.stage.now;
    pages.stage.change(|view| {
        let mut vault = (*view.view).clone();
        vault.session.failed_before = [29_520, 29_500, 29_490].map(|s| now.plus_ms(-s * 1000)).to_vec();
        view.view = Arc::new(vault);
    });
    let (mut driver, pages) = driver(pages, Theme::Light, WIDE);
    const TOLD: &str = "3 failed unlock attempts since then, ";
    let link = driver.all().into_iter().find(|found| found.label.starts_with(TOLD));
    driver.click_at(link.unwrap().rect.center());
    let out = intents(&pages);
    assert!(
        matches!(out.as_slice(), [Intent::ShowAudit(q)] if q.starts_with("action:session.unlock_failed time:"))
    );
    driver.click("Close this notice").unwrap();
    assert!(driver.find("Close this notice").is_none());
    assert!(driver.all().into_iter().any(|found| found.label.starts_with(TOLD)), "the line stays");
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
    driver.click("reveal").unwrap();
    let out = intents(&pages);
    let query = "session:current outcome:done action:secret.reveal";
    assert!(matches!(out.as_slice(), [Intent::ShowAudit(q)] if q == query));
    assert!(driver.find_role(Role::Table, "Sessions").is_some());
}

#[test]
fn the_history_is_a_chart_by_day_that_the_keyboard_walks_and_that_leads_to_a_session() {
    let (mut driver, pages) = open(40, Which::Session);
    driver.click("Lanes").unwrap();
    driver.settle(4);
    assert!(driver.find_role(Role::Table, "Sessions").is_none());
    let chart = driver.find("Sessions by day").unwrap();
    assert!(driver.find("Ended oddly").is_some(), "the shapes have their words");
    driver.click_at(chart.rect.left_top() + egui::vec2(20.0, 8.0));
    intents(&pages);
    driver.key(Key::End, Modifiers::NONE);
    let last = driver.find("Sessions by day").unwrap().value.unwrap();
    assert!(last.contains("OS user "), "{last}");
    driver.key(Key::ArrowLeft, Modifiers::NONE);
    let before = driver.find("Sessions by day").unwrap().value.unwrap();
    assert_ne!(before, last);
    driver.key(Key::Enter, Modifiers::NONE);
    let out = intents(&pages);
    assert!(matches!(out.as_slice(), [Intent::ShowAudit(q)] if q.starts_with("session:")), "{}", out.len());
    // The same under the pointer, said at it.
    driver.click("7 days").unwrap_err();
    driver.click("Table").unwrap();
    driver.settle(4);
    assert!(driver.find_role(Role::Table, "Sessions").is_some());
    let host =
        driver.all().into_iter().find(|f| f.role == Role::Cell && f.label.contains(", OS user ")).unwrap();
    driver.hover(host.rect.center());
    driver.settle(4);
    for _ in 0..10 {
        driver.pass_time(0.2);
    }
    let says =
        |f: &keyroom::ui::offscreen::Found| f.label == host.label || f.value.as_deref() == Some(&*host.label);
    assert!(driver.all().iter().any(|f| f.role != Role::Cell && says(f)), "no tooltip says the account");
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
            vec![
                "Rotate payments-db…",
                "Log verified: 505 events.",
                "Activity of the last 30 days",
                "Open in Audit",
            ],
        ),
        (Which::Rotation, vec!["Rotation", "Overdue: 3", "Keys by due date"]),
        (
            Which::Audit,
            vec!["Filter events", "Range", "Events over time", "Events", "Next warning", "Export…"],
        ),
        (Which::Session, vec!["Lock when idle", "Clipboard clears", "reveal", "Sessions", "Open in Audit"]),
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
