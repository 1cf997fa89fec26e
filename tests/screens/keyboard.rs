//! The keys of the window on its real screens, and that the lists of keys say all of them.

use egui::accesskit::Role;
use egui::{Key, Modifiers};
use keyroom::app::{Phase, Snapshot};
use keyroom::ui::frame::{DialogRequest, Intent, Page, SettingsSection};
use keyroom::ui::shell::commands::{Group, PARTS, TABLE};
use keyroom::ui::theme::Theme;

use crate::stand::{CTRL, LARGE, NONE, SMALL, Stand, inventory};

const ALT: Modifiers = Modifiers::ALT;
const CTRL_SHIFT: Modifiers = Modifiers::COMMAND.plus(Modifiers::SHIFT);

fn stand() -> Stand {
    Stand::new(LARGE, Theme::Light, inventory(), Default::default())
}

impl Stand {
    fn sees(&self, name: &str) -> bool {
        self.driver.find(name).is_some()
    }

    #[track_caller]
    fn says(&self, words: &str) {
        let all: Vec<_> = self.driver.all().into_iter().map(|found| found.label).collect();
        assert!(all.iter().any(|label| label.contains(words)), "{words} is not among {all:?}");
    }
}

#[test]
fn control_w_closes_the_drawer_of_a_page_and_then_does_nothing() {
    let mut stand = stand();
    let key = stand.id("payments-db");
    stand.ask(Intent::ShowKey(key));
    assert!(stand.sees("More actions"));
    stand.key(CTRL, Key::W);
    assert!(!stand.sees("More actions"));
    stand.key(CTRL, Key::W);
    assert!(stand.driver.find_role(Role::Table, "Keys").is_some(), "the page itself stays");
    stand.ask(Intent::ShowEvent(490));
    assert!(stand.sees("Close the event"));
    stand.key(CTRL, Key::W);
    assert!(!stand.sees("Close the event"));
}

#[test]
fn control_w_leaves_a_dialog_as_escape_does_and_asks_where_something_was_typed() {
    let mut stand = stand();
    stand.ask(Intent::Open(DialogRequest::NewKey));
    stand.key(CTRL, Key::W);
    assert!(!stand.sees("Add key"));
    stand.dialog("payments-db", DialogRequest::EditKey);
    stand.fill("Purpose", "Another purpose");
    stand.key(CTRL, Key::W);
    stand.says("Discard what you typed?");
    stand.key(CTRL, Key::W);
    assert!(!stand.sees("Discard it") && stand.sees("Save changes"), "the safe answer keeps what was typed");
}

#[test]
fn the_wizard_goes_on_and_back_by_keys_and_their_letters_are_not_typed() {
    let nothing = Snapshot { phase: Phase::NoVault(None), ..inventory() };
    let mut stand = Stand::new(SMALL, Theme::Light, nothing, Default::default());
    stand.click("Create a vault");
    stand.type_text("prod-vault");
    stand.fill("Your name in it", "m.ito");
    stand.fill("File", "/srv/prod-vault.keyroom");
    stand.key(CTRL, Key::Enter);
    stand.says("Step 2 of 4");
    stand.key(ALT, Key::N);
    stand.says("Step 2 of 4");
    stand.type_text("velvet-otter-quilt-mango-pylon-sage");
    stand.fill("Repeat it", "velvet-otter-quilt-mango-pylon-sage");
    stand.key(ALT, Key::B);
    stand.says("Step 1 of 4");
    stand.key(ALT, Key::N);
    stand.says("Step 2 of 4");
    stand.key(ALT, Key::N);
    stand.says("Step 3 of 4");
}

#[test]
fn f7_and_f8_show_and_hide_the_facets_and_the_chart() {
    let mut stand = stand();
    stand.ask(Intent::Go(Page::Keys));
    let facet = |stand: &Stand| stand.driver.all().iter().any(|found| found.label.starts_with("overdue, "));
    assert!(facet(&stand));
    stand.key(NONE, Key::F7);
    assert!(!facet(&stand));
    stand.key(NONE, Key::F7);
    assert!(facet(&stand));
    stand.ask(Intent::Go(Page::Audit));
    assert!(stand.sees("Operator") && stand.sees("Events over time"));
    stand.key(NONE, Key::F7);
    stand.key(NONE, Key::F8);
    assert!(!stand.sees("all sessions…") && !stand.sees("Events over time"));
    stand.key(NONE, Key::F8);
    assert!(stand.sees("Events over time"));
}

#[test]
fn alt_enter_shows_and_hides_the_details_of_the_row_in_keys_and_audit() {
    let mut stand = stand();
    stand.ask(Intent::Go(Page::Keys));
    stand.key(ALT, Key::Enter);
    assert!(!stand.sees("More actions"), "no row has the cursor yet");
    let row = stand.driver.find_role(Role::Cell, "payments-db").unwrap().rect;
    stand.driver.click_at(row.center());
    assert!(stand.sees("More actions"));
    stand.key(ALT, Key::Enter);
    assert!(!stand.sees("More actions"));
    stand.key(NONE, Key::ArrowDown);
    assert!(!stand.sees("More actions"), "the cursor alone opens nothing");
    stand.key(ALT, Key::Enter);
    assert!(stand.sees("More actions"));
    stand.ask(Intent::Go(Page::Audit));
    assert!(!stand.sees("Close the event"));
    stand.key(ALT, Key::Enter);
    assert!(stand.sees("Close the event"), "without a choice it is the first event");
    stand.key(ALT, Key::Enter);
    assert!(!stand.sees("Close the event"));
    stand.key(ALT, Key::Enter);
    assert!(stand.sees("Close the event"));
}

#[test]
fn single_letters_are_shortcuts_until_they_are_switched_off() {
    let mut stand = stand();
    let chosen = |stand: &Stand| stand.sees("Close the event");
    stand.ask(Intent::Go(Page::Audit));
    stand.key(NONE, Key::J);
    assert!(chosen(&stand), "J goes to the next warning");
    let filters = |stand: &Stand| {
        stand.driver.all().iter().filter(|f| f.label.starts_with("Remove filter action")).count()
    };
    let before = filters(&stand);
    stand.key(NONE, Key::I);
    assert!(filters(&stand) > before, "I keeps the value of the cell");
    stand.key(CTRL, Key::W);
    stand.ask(Intent::ShowSettings(SettingsSection::Keyboard));
    stand.click("Single-letter shortcuts");
    stand.ask(Intent::Go(Page::Audit));
    let before = filters(&stand);
    for key in [Key::J, Key::K, Key::OpenBracket, Key::CloseBracket] {
        stand.key(NONE, key);
        assert!(!chosen(&stand), "{key:?}");
    }
    // What is no letter goes on working, and the switch takes it back.
    stand.key(ALT, Key::Enter);
    assert!(chosen(&stand));
    stand.key(NONE, Key::I);
    stand.key(NONE, Key::X);
    assert_eq!(filters(&stand), before);
    stand.key(CTRL, Key::W);
    stand.ask(Intent::ShowSettings(SettingsSection::Keyboard));
    stand.click("Single-letter shortcuts");
    stand.ask(Intent::Go(Page::Audit));
    stand.key(NONE, Key::J);
    assert!(chosen(&stand));
}

#[test]
fn f7_opens_the_facets_of_a_small_window() {
    let mut stand = Stand::new(SMALL, Theme::Light, inventory(), Default::default());
    for page in [Page::Keys, Page::Audit] {
        stand.ask(Intent::Go(page));
        let boxes = |stand: &Stand| stand.driver.all().iter().filter(|f| f.role == Role::CheckBox).count();
        let before = boxes(&stand);
        stand.key(NONE, Key::F7);
        assert!(boxes(&stand) > before + 4, "{page:?}");
        stand.key(NONE, Key::Escape);
        assert_eq!(boxes(&stand), before, "{page:?}");
    }
}

#[test]
fn control_shift_e_exports_the_log_and_is_not_control_e() {
    let mut stand = stand();
    let key = stand.id("payments-db");
    stand.ask(Intent::ShowKey(key));
    stand.key(CTRL_SHIFT, Key::E);
    stand.says("Export the log");
    assert!(!stand.sees("Save changes"));
}

#[test]
fn left_in_a_row_folds_its_group_and_the_arrows_work_on_the_heads() {
    let mut stand = stand();
    stand.ask(Intent::Go(Page::Rotation));
    assert!(stand.sees("Fold Overdue") && stand.sees("payments-db"));
    let row = stand.driver.find_role(Role::Cell, "payments-db").unwrap().rect;
    stand.driver.click_at(row.center());
    stand.key(NONE, Key::ArrowLeft);
    assert!(stand.sees("Unfold Overdue") && !stand.sees("payments-db"));
    for _ in 0..60 {
        if stand.driver.find("Unfold Overdue").is_some_and(|head| head.focused) {
            break;
        }
        stand.driver.key(Key::Tab, NONE);
    }
    stand.key(NONE, Key::ArrowRight);
    assert!(stand.sees("Fold Overdue") && stand.sees("payments-db"));
    stand.key(NONE, Key::ArrowRight);
    assert!(stand.sees("Fold Overdue"), "what is open stays open");
    stand.key(NONE, Key::ArrowLeft);
    assert!(stand.sees("Unfold Overdue"));
}

/// Tab until something named `so` has the focus; what had it on the way, by name.
fn tab_to(stand: &mut Stand, so: impl Fn(&str) -> bool) -> Vec<String> {
    let mut way = Vec::new();
    for _ in 0..120 {
        stand.key(NONE, Key::Tab);
        let name = focused(stand);
        if so(&name) {
            return way;
        }
        way.push(name);
    }
    panic!("not reached by Tab: {way:?}");
}

/// What has the focus.
fn focused(stand: &Stand) -> String {
    stand.driver.all().into_iter().find(|found| found.focused).map(|found| found.label).unwrap_or_default()
}

#[test]
fn a_facet_that_is_ticked_keeps_the_focus_although_a_chip_appears() {
    for (page, value) in [(Page::Keys, "API token, "), (Page::Audit, "secret.reveal, ")] {
        let mut stand = stand();
        stand.ask(Intent::Go(page));
        tab_to(&mut stand, |name| name.starts_with(value));
        for _ in 0..2 {
            stand.key(NONE, Key::Space);
            assert!(focused(&stand).starts_with(value), "{page:?}: {}", focused(&stand));
        }
    }
}

#[test]
fn tab_goes_through_keys_as_they_are_read_facets_then_list_then_drawer() {
    let mut stand = stand();
    let key = stand.id("payments-db");
    stand.ask(Intent::ShowKey(key));
    let way = tab_to(&mut stand, |name| name == "Close key");
    let place = |is: &dyn Fn(&str) -> bool| way.iter().rposition(|name| is(name)).unwrap_or(usize::MAX);
    let order =
        [place(&|n| n == "Filter keys"), place(&|n| n.starts_with("overdue, ")), place(&|n| n == "Keys")];
    assert!(order.is_sorted() && order[2] < usize::MAX, "{way:?}");
}

#[test]
fn settings_and_the_sheet_say_every_key_there_is() {
    let mut stand = stand();
    stand.ask(Intent::ShowSettings(SettingsSection::Keyboard));
    let told = |stand: &Stand| -> Vec<String> {
        stand.driver.nodes().iter().filter_map(|(_, n)| n.label().or(n.value()).map(str::to_owned)).collect()
    };
    let rows = TABLE.iter().filter(|row| !row.shown.is_empty()).map(|row| (row.shown, row.title));
    let parts = PARTS.iter().flat_map(|(_, keys)| keys.iter().copied());
    let all: Vec<(&str, &str)> = rows.chain(parts).collect();
    let settings = told(&stand);
    for (keys, words) in &all {
        assert!(settings.iter().any(|label| label == words), "{words}");
        assert!(settings.iter().any(|label| label == keys), "{keys}");
    }
    stand.key(NONE, Key::F1);
    let sheet = told(&stand);
    for (keys, words) in &all {
        assert!(sheet.contains(&format!("{words}: {keys}")), "{words}: {keys}");
    }
}

#[test]
fn the_chip_of_the_log_says_what_is_not_proved_and_details_open_integrity_whatever_tab_was_open() {
    let mut stand = stand();
    stand.ask(Intent::ShowAudit("operator:m.ito".to_owned()));
    stand.ask(Intent::Go(Page::Overview));
    stand.click("Log verified");
    stand.says("This does not show that every action was recorded.");
    stand.click("Details");
    stand.says("What this proves, and what not");
}

#[test]
fn the_document_says_every_key_there_is() {
    let document = std::fs::read_to_string("docs/KEYBOARD.md").unwrap();
    let mut wanted = String::new();
    let mut table = |title: &str, rows: &[(&str, &str)]| {
        wanted += &format!("\n## {title}\n\n| keys | |\n|---|---|\n");
        for (keys, words) in rows {
            wanted += &format!("| {keys} | {words} |\n");
        }
    };
    for group in Group::ALL {
        let rows = TABLE.iter().filter(|row| row.group == group && !row.shown.is_empty());
        table(group.title(), &rows.map(|row| (row.shown, row.title)).collect::<Vec<_>>());
    }
    for (title, keys) in PARTS {
        table(title, keys);
    }
    let (head, rest) = document.split_once("\n## ").unwrap();
    assert!(head.starts_with("# The keyboard"));
    assert_eq!(format!("\n## {rest}"), wanted, "docs/KEYBOARD.md is not the table of commands");
}
