use super::*;
use crate::ui::offscreen::Driver;
use crate::ui::theme::{self, Theme};
use std::sync::{Arc, Mutex};

#[derive(Default)]
struct Page {
    text: String,
    state: QueryFieldState,
    settled: u32,
}

const FIELD: Rect = Rect { min: pos2(10.0, 10.0), max: pos2(590.0, 38.0) };

fn values(field: &str, each: &mut dyn FnMut(&str, Option<u64>) -> bool) {
    if field == "operator" {
        let _ = each("m.ito", Some(40)) && each("a.novak", Some(12));
    }
}

fn page() -> (Driver<impl FnMut(&mut Ui)>, Arc<Mutex<Page>>) {
    let shared = Arc::new(Mutex::new(Page::default()));
    let inside = shared.clone();
    let mut driver = Driver::new(vec2(600.0, 320.0), move |ui: &mut Ui| {
        let page = &mut *inside.lock().unwrap();
        let field = QueryField::new("Filter", &["operator", "object"], &values);
        let out = field.show(ui, FIELD, &mut page.text, &mut page.state);
        page.settled += u32::from(out.settled);
    });
    theme::install(driver.ctx(), Theme::Light);
    shared.lock().unwrap().state.focus = true;
    driver.settle(4);
    (driver, shared)
}

fn text(page: &Arc<Mutex<Page>>) -> String {
    page.lock().unwrap().text.clone()
}

#[test]
fn tab_takes_a_field_then_its_most_frequent_value_and_typing_goes_on() {
    let (mut driver, page) = page();
    driver.type_text("op");
    assert!(driver.find_role(Role::ListBoxOption, "operator:").is_some());
    driver.key(Key::Tab, Modifiers::NONE);
    assert_eq!(text(&page), "operator:");
    assert_eq!(page.lock().unwrap().settled, 0, "a field without a value is no query yet");
    driver.settle(3);
    assert!(driver.find_role(Role::ListBoxOption, "m.ito, 40 found").is_some());
    driver.key(Key::Tab, Modifiers::NONE);
    assert_eq!((text(&page).as_str(), page.lock().unwrap().settled), ("operator:m.ito", 1));
    driver.settle(3);
    assert!(driver.find_role(Role::ListBox, "Values").is_none(), "it is whole");
    driver.type_text(" ob");
    assert_eq!(text(&page), "operator:m.ito ob");
}

#[test]
fn arrows_choose_enter_takes_and_the_screen_reader_follows() {
    let (mut driver, page) = page();
    driver.type_text("operator:");
    driver.key(Key::ArrowDown, Modifiers::NONE);
    driver.key(Key::ArrowDown, Modifiers::NONE);
    let chosen = driver.find_role(Role::ListBoxOption, "a.novak, 12 found").unwrap();
    assert!(driver.find_role(Role::SearchInput, "Filter").unwrap().focused, "the text keeps the focus");
    assert!(chosen.rect.top() >= FIELD.bottom(), "what is typed is never covered");
    driver.key(Key::Enter, Modifiers::NONE);
    assert_eq!((text(&page).as_str(), page.lock().unwrap().settled), ("operator:a.novak", 1));
}

#[test]
fn escape_closes_the_list_and_nothing_else() {
    let (mut driver, page) = page();
    driver.type_text("operator:m");
    driver.key(Key::Escape, Modifiers::NONE);
    driver.settle(3);
    assert!(driver.find_role(Role::ListBox, "Values").is_none());
    assert!(driver.find_role(Role::SearchInput, "Filter").unwrap().focused);
    assert_eq!(text(&page), "operator:m");
    driver.key(Key::ArrowDown, Modifiers::NONE);
    driver.settle(3);
    assert!(driver.find_role(Role::ListBox, "Values").is_some(), "Down brings it back");
}

#[test]
fn a_click_takes_and_down_offers_every_field_where_nothing_is_typed() {
    let (mut driver, page) = page();
    driver.key(Key::ArrowDown, Modifiers::NONE);
    driver.settle(3);
    let option = driver.find_role(Role::ListBoxOption, "object:").unwrap();
    driver.click_at(option.rect.center());
    driver.settle(3);
    assert_eq!(text(&page), "object:");
    assert!(driver.find_role(Role::SearchInput, "Filter").unwrap().focused);
}

#[test]
fn what_is_being_typed_is_not_wrong_yet_but_what_lies_before_it_is() {
    use crate::audit::query::{QueryError, parse};
    let (mut driver, page) = page();
    let error = |text: &str| -> QueryError { parse(text, crate::model::Timestamp(0)).err().unwrap() };
    let said = |page: &Arc<Mutex<Page>>, error: &QueryError| {
        let page = page.lock().unwrap();
        page.state.said(&page.text, Some(error)).is_some()
    };
    driver.type_text("severity:warn operator:");
    let open = error("severity:warn operator:");
    assert!(!said(&page, &open), "the value is still to come");
    driver.type_text(" ");
    assert!(!said(&page, &open));
    let before = error("actr:x operator:m.ito");
    page.lock().unwrap().text = "actr:x operator:m.ito".to_owned();
    driver.settle(2);
    assert!(said(&page, &before), "that is done with");
    page.lock().unwrap().text = "severity:warn operator:".to_owned();
    driver.settle(2);
    driver.key(Key::Escape, Modifiers::NONE);
    driver.key(Key::Enter, Modifiers::NONE);
    driver.settle(2);
    assert!(said(&page, &open), "Enter says that it is whole");
}

#[test]
fn what_is_wrong_is_underlined_and_no_letter_is_lost() {
    let t = Theme::Light.tokens(false);
    for (text, range) in [("operator:x due:", 15..15), ("actr:x", 0..4), ("", 0..0), ("ä", 0..1), ("a", 0..9)]
    {
        let job = coloured(text, Some(&range), t);
        assert_eq!(job.text, text);
        let marked = job.sections.iter().any(|s| s.format.underline.width > 0.0);
        assert_eq!(marked, matches!(text, "operator:x due:" | "actr:x" | "a"), "{text}");
    }
}
