use super::super::scale::{Axis, Scale};
use super::paint::LEAST;
use super::*;
use crate::ui::offscreen::Driver;
use crate::ui::theme::{self, Theme};
use egui::{Key, Modifiers};
use std::sync::{Arc, Mutex};

fn chart() -> (Driver<impl FnMut(&mut Ui)>, Arc<Mutex<HistogramState>>) {
    let shared = Arc::new(Mutex::new(HistogramState::default()));
    let inside = shared.clone();
    let bars = [Bar { counts: [30, 5, 1, 1], ..Bar::default() }; 10];
    let driver = Driver::new(vec2(240.0, 138.0), move |ui: &mut Ui| {
        let words = |bar: usize| format!("hour {bar}");
        Histogram::new("Events", &bars).words(&words).show(ui, &mut inside.lock().unwrap());
    });
    theme::install(driver.ctx(), Theme::Light);
    let mut driver = driver;
    driver.settle(4);
    (driver, shared)
}

fn brush(state: &Arc<Mutex<HistogramState>>) -> Option<Range<usize>> {
    state.lock().unwrap().brush.clone()
}

// The plot is 200 wide from x = 40: 20 points to a bar.
fn x(bar: usize) -> egui::Pos2 {
    pos2(50.0 + 20.0 * bar as f32, 60.0)
}

#[test]
fn dragging_brushes_and_handles_resize() {
    let (mut driver, state) = chart();
    driver.drag(x(2), x(4));
    assert_eq!(brush(&state), Some(2..5));
    driver.drag(pos2(140.0, 60.0), pos2(181.0, 60.0));
    assert_eq!(brush(&state), Some(2..7));
    driver.drag(x(4), x(5));
    assert_eq!(brush(&state), Some(3..8));
}

#[test]
fn a_click_chooses_a_bar_and_escape_lets_go() {
    let (mut driver, state) = chart();
    driver.click_at(x(6));
    assert_eq!(brush(&state), Some(6..7));
    driver.key(Key::Escape, Modifiers::NONE);
    assert_eq!(brush(&state), None);
    let chart = driver.find("Events").unwrap();
    assert!(chart.focused, "the chart keeps the focus");
}

#[test]
fn the_keyboard_does_all_the_mouse_does() {
    let (mut driver, state) = chart();
    driver.key(Key::Tab, Modifiers::NONE);
    driver.key(Key::ArrowRight, Modifiers::NONE);
    driver.key(Key::ArrowRight, Modifiers::NONE);
    driver.key(Key::Enter, Modifiers::NONE);
    assert_eq!(brush(&state), Some(1..2));
    driver.key(Key::ArrowRight, Modifiers::SHIFT);
    driver.key(Key::ArrowRight, Modifiers::SHIFT);
    assert_eq!(brush(&state), Some(1..4));
    driver.key(Key::ArrowLeft, Modifiers::SHIFT);
    assert_eq!(brush(&state), Some(1..3));
    let chart = driver.find("Events").unwrap();
    assert_eq!(chart.value.as_deref(), Some("hour 2: 37 events, 1 critical, 1 warn"));
}

#[test]
fn one_event_among_thousands_can_be_seen() {
    let plot = Rect::from_min_size(pos2(0.0, 0.0), vec2(100.0, 104.0));
    let bar = Bar { counts: [100_000, 0, 1, 1], ..Bar::default() };
    for scale in Scale::ALL {
        let segments = Histogram::segments(&bar, plot, Axis { top: 100_000.0, scale });
        assert_eq!(segments.len(), 3);
        assert!(segments.iter().all(|(_, upper, lower)| lower - upper >= LEAST), "{scale:?}");
        assert!(segments[2].1 >= plot.top(), "{scale:?}");
    }
}

#[test]
fn every_key_of_the_table_acts_and_is_shown() {
    use super::keys::{Move, ROWS};
    let zoom = Arc::new(Mutex::new(None));
    let state = Arc::new(Mutex::new(HistogramState::default()));
    let (inside, seen) = (state.clone(), zoom.clone());
    let bars = [Bar { counts: [30, 5, 1, 1], ..Bar::default() }; 10];
    let mut driver = Driver::new(vec2(240.0, 138.0), move |ui: &mut Ui| {
        let out = Histogram::new("Events", &bars).show(ui, &mut inside.lock().unwrap());
        if let Some(step) = out.zoom {
            *seen.lock().unwrap() = Some(step);
        }
    });
    theme::install(driver.ctx(), Theme::Light);
    driver.settle(4);
    driver.key(Key::Tab, Modifiers::NONE);
    for (modifiers, key, what) in ROWS.iter().flat_map(|row| row.keys) {
        *state.lock().unwrap() =
            HistogramState { brush: Some(3..6), cursor: Some(5), ..HistogramState::default() };
        *zoom.lock().unwrap() = None;
        driver.key(*key, *modifiers);
        let (state, zoom) = (state.lock().unwrap(), *zoom.lock().unwrap());
        let now = (state.brush.clone(), state.cursor, zoom);
        let expected = match what {
            Move::Walk(on) => (Some(3..6), Some(if *on { 6 } else { 4 }), None),
            Move::Extend(true) => (Some(3..7), Some(6), None),
            Move::Extend(false) => (Some(3..5), Some(4), None),
            Move::First => (Some(3..6), Some(0), None),
            Move::Last => (Some(3..6), Some(9), None),
            Move::Apply => (Some(3..6), Some(5), None),
            Move::Clear => (None, Some(5), None),
            Move::Zoom(step) => (Some(3..6), Some(5), Some(*step)),
        };
        assert_eq!(now, expected, "{key:?}");
    }
    let name = |key: Key| match key {
        Key::ArrowLeft => "Left",
        Key::ArrowRight => "Right",
        Key::ArrowUp => "Up",
        Key::ArrowDown => "Down",
        Key::Escape => "Esc",
        Key::Plus => "+",
        Key::Minus => "-",
        Key::Num0 => "0",
        key => key.name(),
    };
    for row in &ROWS {
        let shown: Vec<&str> = row.shown.split(' ').filter(|word| *word != "Shift").collect();
        let keys: Vec<&str> = row.keys.iter().map(|(_, key, _)| name(*key)).collect();
        assert_eq!(shown, keys, "{}", row.words);
        let shift = row.keys.iter().all(|(modifiers, ..)| modifiers.shift);
        assert_eq!(row.shown.starts_with("Shift"), shift, "{}", row.words);
    }
}
