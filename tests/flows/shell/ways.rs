//! The ways through the window: keys, parts, menus, the palette, messages; and that it draws nothing without a reason.

use std::time::{Duration, Instant};

use egui::{Key, Modifiers, ViewportCommand};
use keyroom::app::Command;
use keyroom::app::platform::paths;
use keyroom::ui::frame::Page;

use super::{Bench, CTRL, PATIENCE, add_key};

#[test]
fn the_palette_finds_commands_runs_them_and_says_what_it_cannot() {
    let mut bench = Bench::unlocked();
    bench.key(Key::K, CTRL);
    bench.driver.settle(4);
    bench.driver.type_text("audit");
    bench.key(Key::Enter, Modifiers::NONE);
    assert_eq!(bench.shell().page(), Page::Audit);
    bench.key(Key::ArrowLeft, Modifiers::ALT);
    assert_eq!(bench.shell().page(), Page::Overview);
    bench.key(Key::K, CTRL);
    bench.driver.settle(4);
    bench.driver.type_text("theme: dark");
    bench.key(Key::Enter, Modifiers::NONE);
    assert_eq!(bench.workstation().theme, paths::Theme::Dark);
    assert!(bench.workstation().letters, "single letters are shortcuts unless somebody switches them off");
    bench.key(Key::Num6, CTRL);
    bench.driver.settle(4);
    bench.driver.click("Keyboard").unwrap();
    bench.driver.settle(4);
    bench.driver.click("Single-letter shortcuts").unwrap();
    bench.driver.settle(4);
    assert!(!bench.workstation().letters, "the workstation remembers it");
    bench.key(Key::L, CTRL);
    bench.until("Unlock");
    bench.unlock();
    bench.key(Key::Num4, CTRL);
    bench.driver.settle(4);
    bench.key(Key::Enter, Modifiers::ALT);
    bench.until("Close the event");
    bench.key(Key::I, Modifiers::NONE);
    bench.driver.settle(4);
    assert!(!bench.all().contains("Remove filter"), "nor does a lock bring them back: {}", bench.all());
    bench.key(Key::K, CTRL);
    bench.driver.settle(4);
    // It grows back with what is found.
    let high = |bench: &Bench| bench.driver.find("Command palette").unwrap().rect.height();
    let before = high(&bench);
    bench.driver.type_text("xyzzy");
    bench.driver.settle(8);
    assert!(high(&bench) < before, "it is as high as what it shows");
    bench.key(Key::A, CTRL);
    bench.key(Key::Delete, Modifiers::NONE);
    bench.driver.settle(8);
    assert!((high(&bench) - before).abs() < 1.0, "{} and {before}", high(&bench));
    bench.driver.type_text("clear the clip");
    assert!(bench.all().contains("Nothing of this vault is on the clipboard"), "{}", bench.all());
    bench.key(Key::Escape, Modifiers::NONE);
    assert!(!bench.sees("Command palette"));
}

#[test]
fn keys_move_between_pages_zoom_and_show_their_list() {
    let mut bench = Bench::unlocked();
    for (key, page) in [(Key::Num2, Page::Keys), (Key::Num5, Page::Session), (Key::Num6, Page::Settings)] {
        bench.key(key, CTRL);
        assert_eq!(bench.shell().page(), page);
    }
    bench.key(Key::Plus, CTRL);
    assert!((bench.workstation().zoom - 1.1).abs() < 0.01);
    bench.key(Key::Num0, CTRL);
    assert!((bench.workstation().zoom - 1.0).abs() < 0.01);
    bench.key(Key::F1, Modifiers::NONE);
    assert!(bench.sees("Lock now: Ctrl L"), "{}", bench.all());
    bench.key(Key::Escape, Modifiers::NONE);
    assert!(!bench.sees("Lock now: Ctrl L"));
    bench.key(Key::Q, CTRL);
    assert!(bench.driver.take_commands().contains(&ViewportCommand::Close));
}

/// What has the focus after each of so many keys.
fn stops(bench: &mut Bench, modifiers: Modifiers, count: usize) -> Vec<String> {
    let mut stops = Vec::new();
    for _ in 0..count {
        bench.key(Key::F6, modifiers);
        bench.driver.settle(6);
        let focused = bench.driver.all().into_iter().find(|found| found.focused);
        stops.push(focused.map_or_else(String::new, |found| found.label));
    }
    stops
}

#[test]
fn f6_goes_through_every_part_of_the_page_that_is_there_and_back() {
    let mut bench = Bench::unlocked();
    add_key(&mut bench, "payments-db");
    bench.key(Key::Num4, CTRL);
    bench.driver.settle(8);
    bench.driver.click("key.create").unwrap();
    bench.driver.settle(8);
    // The bar below is visited too: it has messages by now.
    // From where the click was: the list.
    let forth = stops(&mut bench, Modifiers::NONE, 8);
    assert!(!forth[0].is_empty() && forth[1].contains("message"), "{forth:?}");
    assert!(forth[2].starts_with("Vault "), "and from the beginning: {forth:?}");
    assert_eq!(forth[3], "Overview", "the rail's first item");
    assert_eq!(forth[5], "Events over time");
    assert_eq!(forth[6], "Operator", "the first of the facets");
    assert_eq!(forth[7], "Events");
    let back = stops(&mut bench, Modifiers::SHIFT, 3);
    assert_eq!(back[..2], ["Operator", "Events over time"], "{back:?}");
    // And from where Tab has gone.
    bench.driver.click("Filter events").unwrap();
    assert_eq!(stops(&mut bench, Modifiers::NONE, 1), ["Events over time"]);
    // Without the chart it is no stop.
    bench.key(Key::F8, Modifiers::NONE);
    let forth = stops(&mut bench, Modifiers::NONE, 7);
    assert!(!forth.contains(&"Events over time".to_owned()), "{forth:?}");
}

#[test]
fn f10_opens_the_main_menu_and_the_arrows_walk_it() {
    let mut bench = Bench::unlocked();
    bench.key(Key::F10, Modifiers::NONE);
    bench.driver.settle(4);
    assert!(bench.sees("Close this vault"), "{}", bench.all());
    bench.key(Key::ArrowDown, Modifiers::NONE);
    bench.driver.settle(2);
    let focused = bench.driver.all().into_iter().find(|found| found.focused).unwrap();
    assert_eq!(focused.label, "Open another vault…");
    bench.key(Key::Escape, Modifiers::NONE);
    bench.driver.settle(4);
    assert!(!bench.sees("Close this vault"), "{}", bench.all());
}

#[test]
fn messages_have_words_stay_in_a_list_and_are_gone_after_a_lock() {
    use keyroom::ui::widgets::Tone;
    let mut bench = Bench::unlocked();
    // An unlock says by itself when the session ends.
    bench.until_told("For safety this session ends at");
    for message in ["First.", "Second.", "Third.", "Fourth."] {
        bench.shell().toast(Tone::Ok, message);
    }
    bench.driver.settle(4);
    let shown = |bench: &Bench| ["First.", "Second.", "Third.", "Fourth."].map(|m| bench.sees(m));
    assert_eq!(shown(&bench), [false, true, true, true], "three at once: {}", bench.all());
    bench.driver.pass_time(7.0);
    bench.driver.settle(4);
    assert_eq!(shown(&bench), [false; 4], "{}", bench.all());
    bench.driver.click("5 messages").unwrap();
    bench.driver.settle(4);
    assert!(
        ["First.", "Fourth.", "whatever you do."].iter().all(|words| bench.all().contains(words)),
        "{}",
        bench.all()
    );
    bench.key(Key::L, CTRL);
    bench.until("Unlock");
    bench.unlock();
    assert!(!bench.all().contains("messages"), "{}", bench.all());
}

#[test]
fn the_palette_opens_a_key_and_shows_its_value() {
    let mut bench = Bench::unlocked();
    add_key(&mut bench, "payments-db");
    bench.key(Key::K, CTRL);
    bench.driver.settle(4);
    bench.driver.type_text("reveal");
    bench.driver.settle(4);
    bench.key(Key::A, CTRL);
    bench.driver.type_text("pay");
    bench.driver.take_commands();
    bench.driver.click("Reveal payments-db, Recorded, hides after 20 s").unwrap();
    let started = Instant::now();
    while !bench.shell().app().with_revealed(|revealed| revealed.is_some()) {
        assert!(started.elapsed() < PATIENCE, "{}", bench.all());
        bench.driver.step();
    }
    bench.driver.settle(8);
    assert_eq!(bench.shell().page(), Page::Keys);
    assert!(bench.driver.take_commands().contains(&ViewportCommand::ContentProtected(true)));
    assert!(!bench.all().contains("s3cret"), "the value is painted, never told");
    bench.pass(Duration::from_secs(21));
    assert!(bench.driver.take_commands().contains(&ViewportCommand::ContentProtected(false)));
}

#[test]
fn one_frame_a_second_counts_down_and_none_is_drawn_without_a_reason() {
    let mut bench = Bench::locked();
    bench.driver.settle(20);
    assert_eq!(bench.driver.settle(20), 1, "the unlock screen repaints itself");
    // Nor in a window that another one covers, newly locked.
    bench.unlock();
    bench.driver.set_window_focus(false);
    bench.shell().app().send(Command::Lock(keyroom::model::LockReason::Suspend));
    bench.until("Unlock");
    bench.driver.settle(60);
    assert_eq!(
        bench.driver.settle(20),
        1,
        "the unlock screen repaints itself while another window has the keyboard"
    );
    bench.driver.set_window_focus(true);
    bench.unlock();
    assert!(bench.driver.settle(30) < 30, "the unlocked window repaints itself");
}
