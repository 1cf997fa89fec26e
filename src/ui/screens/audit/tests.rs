//! The page as it is used: by mouse, by keyboard, and while the log grows.

use super::*;
use crate::app::{Command, Done, Reply};
use crate::model::{Event, Timestamp};
use crate::ui::fixture::Stage;
use crate::ui::offscreen::Driver;
use crate::ui::theme::{self, Theme};
use crate::ui::widgets;
use crate::ui::widgets::thousands;
use egui::accesskit::Role;
use egui::{Key, Modifiers, Vec2};
use std::cell::RefCell;
use std::rc::Rc;
use std::sync::Arc;

struct Page {
    stage: Stage,
    state: State,
    out: Vec<Intent>,
}

type Shared = Rc<RefCell<Page>>;

fn page_of(size: Vec2) -> (Driver<impl FnMut(&mut Ui)>, Shared) {
    let page = Page { stage: Stage::new(40), state: State::default(), out: Vec::new() };
    let page = Rc::new(RefCell::new(page));
    let inside = Rc::clone(&page);
    let mut driver = Driver::new(size, move |ui: &mut Ui| {
        let Page { stage, state, out } = &mut *inside.borrow_mut();
        out.extend(show(ui, &stage.frame(), state));
        stage.replies.clear();
    });
    theme::install(driver.ctx(), Theme::Light);
    widgets::install(driver.ctx(), None);
    page.borrow_mut().state.ask("severity>=info");
    driver.settle(6);
    (driver, page)
}

fn page() -> (Driver<impl FnMut(&mut Ui)>, Shared) {
    page_of(vec2(1360.0, 860.0))
}

/// Lets `count` events happen now, each a copy of the newest.
fn happen(page: &Shared, count: u64) {
    page.borrow_mut().stage.change(|view| {
        let mut log = (*view.log).clone();
        let newest: Event = log.iter().next_back().unwrap().event();
        for n in 1..=count {
            assert!(log.push(&Event { seq: newest.seq + n, ..newest.clone() }));
        }
        view.log = Arc::new(log);
        let mut vault = (*view.view).clone();
        vault.log_size += count;
        view.view = Arc::new(vault);
    });
}

fn shown(page: &Shared) -> usize {
    page.borrow().state.shown()
}

fn query(page: &Shared) -> String {
    page.borrow().state.query().to_owned()
}

fn at(page: &Shared) -> Option<u64> {
    page.borrow().state.selected()
}

fn out(page: &Shared) -> Vec<Intent> {
    std::mem::take(&mut page.borrow_mut().out)
}

/// The table has the focus and its first row is chosen.
fn in_the_table(driver: &mut Driver<impl FnMut(&mut Ui)>) {
    let table = driver.find_role(Role::Table, "Events").unwrap().rect;
    driver.click_at(table.min + vec2(60.0, 32.0 + 14.0));
}

#[test]
fn what_happens_while_nobody_reads_is_shown_at_once_and_else_it_waits() {
    let (mut driver, page) = page();
    let all = shown(&page);
    happen(&page, 2);
    driver.settle(4);
    assert_eq!((shown(&page), page.borrow().state.status().newer), (all + 2, 0));

    in_the_table(&mut driver);
    let chosen = at(&page).unwrap();
    happen(&page, 3);
    driver.settle(4);
    assert_eq!((shown(&page), page.borrow().state.status().newer), (all + 2, 3), "no row moved");
    assert_eq!((at(&page), page.borrow().state.status().place), (Some(chosen), Some((1, all + 2))));
    happen(&page, 1);
    driver.settle(4);
    assert_eq!(page.borrow().state.status().newer, 4);

    page.borrow_mut().state.show_newer();
    driver.settle(4);
    assert_eq!((shown(&page), page.borrow().state.status().newer), (all + 6, 0));
}

#[test]
fn newer_events_that_do_not_fit_the_query_are_not_announced_and_a_new_query_finds_the_newest() {
    let (mut driver, page) = page();
    page.borrow_mut().state.ask("action:secret.reveal");
    driver.settle(4);
    let before = shown(&page);
    driver.key(Key::J, Modifiers::NONE);
    in_the_table(&mut driver);
    happen(&page, 2);
    driver.settle(4);
    let fits = page.borrow().state.status().newer;
    page.borrow_mut().state.show_newer();
    driver.settle(4);
    assert_eq!(shown(&page), before + fits, "as many come as were announced");
}

#[test]
fn time_sorts_both_ways_and_the_buttons_follow_the_list() {
    let (mut driver, page) = page();
    in_the_table(&mut driver);
    let newest = at(&page).unwrap();
    driver.click("Next event in the list").unwrap();
    assert!(at(&page).unwrap() < newest);
    driver.click("Time").unwrap();
    driver.key(Key::Home, Modifiers::NONE);
    in_the_table(&mut driver);
    driver.key(Key::Home, Modifiers::NONE);
    let oldest = at(&page).unwrap();
    assert!(oldest < newest);
    driver.click("Next event in the list").unwrap();
    assert!(at(&page).unwrap() > oldest);
}

#[test]
fn the_keyboard_narrows_by_the_cell_it_is_at_and_leaps_by_day_and_session() {
    let (mut driver, page) = page();
    in_the_table(&mut driver);
    let event = |page: &Shared| {
        let page = page.borrow();
        let seq = page.state.selected().unwrap();
        page.stage.snapshot.unlocked().unwrap().log.get(seq).unwrap().event()
    };
    let first = event(&page);
    driver.key(Key::OpenBracket, Modifiers::NONE);
    let earlier = event(&page);
    assert!(earlier.time.local().date_naive() < first.time.local().date_naive());
    driver.key(Key::CloseBracket, Modifiers::NONE);
    assert_eq!(event(&page).time.local().date_naive(), first.time.local().date_naive());
    driver.key(Key::OpenBracket, Modifiers::SHIFT);
    assert_ne!(event(&page).session, first.session);

    let operator = event(&page).operator;
    driver.key(Key::ArrowLeft, Modifiers::NONE);
    driver.key(Key::X, Modifiers::NONE);
    assert_eq!(query(&page), format!("severity>=info -operator:{operator}"));
}

#[test]
fn chosen_events_are_copied_as_rows_and_as_json() {
    let (mut driver, page) = page();
    in_the_table(&mut driver);
    driver.key(Key::ArrowDown, Modifiers::SHIFT);
    driver.key(Key::ArrowDown, Modifiers::SHIFT);
    out(&page);
    driver.key(Key::C, Modifiers::COMMAND);
    let copied = out(&page).into_iter().find_map(|intent| match intent {
        Intent::App(Command::CopyPlain(text)) => Some(text),
        _ => None,
    });
    let lines: Vec<String> = copied.unwrap().lines().map(str::to_owned).collect();
    assert_eq!(lines.len(), 4, "the head and three events");
    assert!(lines.iter().all(|line| line.split('\t').count() == 10), "{lines:?}");
    driver.key(Key::C, Modifiers::COMMAND | Modifiers::SHIFT);
    let asked = out(&page).into_iter().find_map(|intent| match intent {
        Intent::App(Command::Events { ticket, seqs }) => Some((ticket, seqs)),
        _ => None,
    });
    let (ticket, seqs) = asked.unwrap();
    let whole = |seq: u64| {
        let page = page.borrow();
        let log = &page.stage.snapshot.unlocked().unwrap().log;
        let event = log.event_row(log.row_of(seq).unwrap()).unwrap().event();
        Event {
            changes: crate::model::Change::of("owner", "a.novak", "m.ito").into_iter().collect(),
            ..event
        }
    };
    let result = Ok(Done::Events(Arc::new(seqs.iter().map(|seq| whole(*seq)).collect())));
    page.borrow_mut().stage.replies = vec![Reply { ticket, result }];
    driver.settle(3);
    let copied = out(&page).into_iter().find_map(|intent| match intent {
        Intent::App(Command::CopyPlain(text)) => Some(text),
        _ => None,
    });
    let events: serde_json::Value = serde_json::from_str(&copied.unwrap()).unwrap();
    assert_eq!(events.as_array().unwrap().len(), 3);
    assert_eq!(events[2]["changes"][0]["after"], "m.ito");
    assert_eq!(events[0]["seq"].as_u64().unwrap().to_string(), lines[1].split('\t').next().unwrap());
}

#[test]
fn a_range_is_typed_without_a_drag_and_what_is_no_moment_is_said() {
    let (mut driver, page) = page();
    driver.click("From and to: choose a range of time").unwrap();
    driver.settle(6);
    let clear = |driver: &mut Driver<_>| {
        driver.key(Key::A, Modifiers::COMMAND);
        driver.key(Key::Delete, Modifiers::NONE);
    };
    driver.click("From").unwrap();
    clear(&mut driver);
    driver.type_text("last week");
    driver.click("Show this range").unwrap();
    let wrong = driver.all().into_iter().any(|f| f.label.starts_with("Write a day"));
    assert!(wrong, "it says how");
    assert_eq!(query(&page), "severity>=info");
    driver.click("From").unwrap();
    clear(&mut driver);
    driver.type_text("-3d");
    driver.click("Show this range").unwrap();
    driver.settle(6);
    assert!(query(&page).starts_with("severity>=info time:"), "{}", query(&page));
    assert!(driver.find("Show this range").is_none(), "the popover closed");
}

#[test]
fn the_scale_is_named_and_chosen_and_the_numbers_are_the_chart() {
    let (mut driver, page) = page();
    driver.click("Scale: linear").unwrap();
    driver.settle(6);
    driver.click("Log").unwrap();
    driver.settle(6);
    assert!(driver.find("Scale: log").is_some());

    driver.click("Show the chart's numbers as a table").unwrap();
    driver.settle(6);
    let numbers = driver.find_role(Role::Table, "Events over time, as numbers").unwrap().rect;
    let total: u32 = page.borrow().state.found.bars.iter().flat_map(|bar| bar.counts).sum();
    assert_eq!(total as usize, shown(&page));
    driver.click_at(numbers.min + vec2(60.0, 32.0 + 14.0));
    driver.key(Key::Enter, Modifiers::NONE);
    driver.settle(6);
    assert!(query(&page).contains("time:"), "a row is a range: {}", query(&page));
}

#[test]
fn values_are_offered_with_how_often_they_occur_and_taken_at_once() {
    let (mut driver, page) = page();
    page.borrow_mut().state.ask("");
    driver.key(Key::F, Modifiers::COMMAND);
    driver.settle(4);
    driver.type_text("operator:");
    let count = page.borrow().state.found.facets.operator[0].clone();
    let name = format!("{}, {} found", count.value, thousands(count.count.into()));
    assert!(driver.find_role(Role::ListBoxOption, &name).is_some(), "{name}");
    driver.key(Key::Tab, Modifiers::NONE);
    driver.settle(4);
    assert_eq!(query(&page), format!("operator:{}", count.value));
    assert_eq!(shown(&page), count.count as usize, "the count was true");
}

#[test]
fn a_query_is_gone_on_with_and_enter_leads_to_what_it_found_and_the_chart_keeps_the_focus() {
    let (mut driver, page) = page();
    driver.key(Key::F, Modifiers::COMMAND);
    driver.settle(4);
    driver.type_text("action:session.lock");
    assert_eq!(query(&page), "severity>=info action:session.lock", "a word of its own");
    driver.key(Key::Escape, Modifiers::NONE);
    driver.key(Key::F, Modifiers::COMMAND);
    driver.settle(4);
    driver.key(Key::Enter, Modifiers::NONE);
    driver.settle(4);
    assert!(driver.find_role(Role::Table, "Events").unwrap().focused, "Enter goes on to the list");
    driver.key(Key::Home, Modifiers::NONE);
    driver.settle(4);
    let all: Vec<String> = driver.all().into_iter().map(|found| found.label).collect();
    assert!(all.iter().any(|label| label == "locked by operator"), "{all:?}");
    assert!(!all.iter().any(|label| label == "by-hand"), "the code is for the log");
    // A query that finds nothing keeps the place.
    page.borrow_mut().state.ask("");
    driver.settle(4);
    for _ in 0..80 {
        if !driver.find("Events over time").unwrap().focused {
            driver.key(Key::Tab, Modifiers::NONE);
        }
    }
    driver.key(Key::End, Modifiers::NONE);
    driver.key(Key::Enter, Modifiers::NONE);
    driver.settle(6);
    assert!(query(&page).contains("time:"), "{}", query(&page));
    assert!(driver.find("Events over time").unwrap().focused, "its keys go on");
}

#[test]
fn an_example_of_the_help_is_clicked_and_used() {
    let (mut driver, page) = page();
    driver.click("How to write a filter").unwrap();
    driver.settle(6);
    driver.click("severity>=warn, warn or critical").unwrap();
    driver.settle(6);
    assert_eq!(query(&page), "severity>=warn");
}

#[test]
fn one_event_is_verified_with_its_neighbours_on_request() {
    let (mut driver, page) = page();
    in_the_table(&mut driver);
    let seq = at(&page).unwrap();
    page.borrow_mut().stage.change(|view| {
        let event = view.log.get(seq).unwrap().event();
        let detail = crate::app::EventDetail {
            event,
            leaf_hash: [1; 32],
            prev_root: [2; 32],
            state_root: [3; 32],
            roster_version: 1,
            signed: true,
            checkpoint: Some(seq + 1),
            rows: Vec::new(),
        };
        view.detail = Some(Arc::new(detail));
    });
    let tab = driver.find_role(Role::Tab, "Proof").unwrap().rect.center();
    driver.click_at(tab);
    out(&page);
    driver.click("Verify this event and its neighbours").unwrap();
    let asked = out(&page).into_iter().find_map(|intent| match intent {
        Intent::App(Command::VerifyEvent { ticket, seq }) => Some((ticket, seq)),
        _ => None,
    });
    let (ticket, of) = asked.unwrap();
    assert_eq!(of, seq);
    let around = crate::vault::Around { seq, first: seq - 1, last: seq, from: 0, checkpoint: seq + 1 };
    page.borrow_mut().stage.replies = vec![Reply { ticket, result: Ok(Done::Around(around)) }];
    driver.settle(6);
    let words = format!("Events #{} to #{}", thousands(seq - 1), thousands(seq));
    assert!(driver.all().iter().any(|f| f.label.starts_with(&words) || f.value.as_deref().is_some_and(|v| v.starts_with(&words))));
}

#[test]
fn a_long_log_that_is_being_read_is_counted_in_larger_steps() {
    let mut log = crate::audit::index::LogIndex::default();
    let (stage, now) = crate::ui::fixture::unlocked(1);
    let one = stage.unlocked().unwrap().log.iter().next().unwrap().event();
    let push = |log: &mut crate::audit::index::LogIndex, to: u64| {
        while (log.len() as u64) < to {
            let seq = log.len() as u64;
            assert!(log.push(&Event { seq, time: Timestamp(now.0 - 1_000_000 + seq as i64), ..one.clone() }));
        }
    };
    let (mut driver, page) = page();
    let mut steps = Vec::new();
    for read in [60_000, 61_000, 70_000, 76_000, 80_000] {
        push(&mut log, read);
        let log = Arc::new(log.clone());
        page.borrow_mut().stage.change(|view| {
            let mut vault = (*view.view).clone();
            vault.log_size = 80_000;
            (view.log, view.view) = (log, Arc::new(vault));
        });
        driver.settle(4);
        steps.push(shown(&page));
    }
    assert_eq!(steps, [60_000, 60_000, 60_000, 76_000, 80_000]);
}

#[test]
fn the_column_of_actions_has_room_for_the_longest_name() {
    let (mut driver, _) = page();
    let room = list::ACTION_WIDTH - 2.0 * crate::ui::theme::size::CELL_PADDING;
    let bold = theme::font(crate::ui::theme::TextRole::BodyStrong);
    driver.settle(2);
    for action in crate::model::Action::ALL {
        let name = action.name().to_owned();
        let wide =
            driver.ctx().fonts_mut(|f| f.layout_no_wrap(name.clone(), bold.clone(), egui::Color32::WHITE));
        assert!(wide.size().x <= room, "{name} is {} wide", wide.size().x);
    }
}

#[test]
fn a_finding_is_marked_in_the_list_reached_by_j_and_answered_beside_it() {
    let (mut driver, page) = page();
    page.borrow_mut().stage.change(|view| {
        let event = view.log.iter().rev().find(|row| row.severity() == crate::model::Severity::Info).unwrap();
        let finding = crate::guard::unusual::Finding {
            rule: crate::guard::unusual::Rule::OffHours,
            severity: crate::model::Severity::Warn,
            time: event.time(),
            operator: view.view.me.name.clone(),
            why: "An hour nobody works at.".to_owned(),
            events: vec![event.seq()],
            answer: None,
        };
        let seq = event.seq();
        view.findings = Arc::new(vec![finding]);
        assert!(view.log.get(seq).is_some());
    });
    driver.settle(4);
    let seq = page.borrow().stage.snapshot.unlocked().unwrap().findings[0].events[0];
    assert!(driver.all().iter().any(|f| f.label == "info finding without an answer"), "the row is marked");
    for _ in 0..200 {
        driver.key(Key::J, Modifiers::NONE);
        if at(&page) == Some(seq) {
            break;
        }
    }
    assert_eq!(at(&page), Some(seq));
    out(&page);
    driver.click("It was not me…").unwrap();
    let rule = crate::guard::unusual::Rule::OffHours;
    let asked = DialogRequest::AnswerFinding(rule, seq, false);
    assert!(out(&page).iter().any(|intent| matches!(intent, Intent::Open(open) if *open == asked)));
}
