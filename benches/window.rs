//! What a frame costs, without a window: `cargo bench --bench window`. The figures stand in `docs/PERFORMANCE.md`.
//!
//! "Frame" is everything but the graphics card's part: the page, the layout, the accessible tree, the triangles. "Picture" adds
//! the triangles painted by the CPU renderer, 1360 by 860 pixels, which is more than any driver takes for them.

#![allow(clippy::unwrap_used, reason = "a bench that cannot go on has nothing to measure")]

mod common;

use std::cell::RefCell;
use std::hint::black_box;
use std::rc::Rc;
use std::sync::Arc;

use criterion::Criterion;
use egui::{Event, Modifiers, MouseWheelSource, MouseWheelUnit, TouchPhase, Ui, pos2, vec2};
use keyroom::audit::index::LogIndex;
use keyroom::ui::fixture::Stage;
use keyroom::ui::offscreen::Driver;
use keyroom::ui::screens::{audit, keys};
use keyroom::ui::theme::{self, Theme};
use keyroom::ui::widgets;

fn main() {
    common::as_the_program();
    let mut criterion = Criterion::default().configure_from_args().sample_size(20);
    keys_page(&mut criterion, 10_000);
    audit_page(&mut criterion, 1_000_000);
    criterion.final_summary();
}

fn keys_page(criterion: &mut Criterion, rows: usize) {
    let (stage, mut state) = (Stage::new(rows), keys::State::default());
    let mut driver = driver(move |ui| drop(keys::show(ui, &stage.frame(), &mut state)));
    criterion.bench_function(&format!("Keys page, {rows} rows: frame at rest"), |b| {
        b.iter(|| {
            driver.step();
            black_box(driver.triangles());
        });
    });
    driver.hover(pos2(600.0, 500.0));
    criterion.bench_function(&format!("Keys page, {rows} rows: frame while scrolling"), |b| {
        b.iter(|| {
            driver.event(Event::MouseWheel {
                unit: MouseWheelUnit::Line,
                delta: vec2(0.0, -3.0),
                phase: TouchPhase::Move,
                source: MouseWheelSource::Unknown,
                modifiers: Modifiers::NONE,
            });
            driver.step();
            black_box(driver.triangles());
        });
    });
    criterion.bench_function(&format!("Keys page, {rows} rows: picture"), |b| {
        b.iter(|| {
            driver.step();
            black_box(driver.screenshot());
        });
    });
}

fn audit_page(criterion: &mut Criterion, events: u64) {
    let mut stage = Stage::new(24);
    let log = Arc::new(LogIndex::from_events(&(0..events).map(common::event).collect::<Vec<_>>()));
    stage.change(|view| view.log = log);
    let state = Rc::new(RefCell::new(audit::State::default()));
    let inside = Rc::clone(&state);
    let mut driver = driver(move |ui| drop(audit::show(ui, &stage.frame(), &mut inside.borrow_mut())));
    let filters = ["severity>=warn operator:m.ito", "severity>=notice host:ws-3"];
    for (what, painted) in [("frame", false), ("picture", true)] {
        let mut n = 0;
        criterion.bench_function(&format!("Audit page, {events} events: filter to {what}"), |b| {
            b.iter(|| {
                n += 1;
                state.borrow_mut().ask(filters[n % 2]);
                driver.step();
                if painted {
                    black_box(driver.screenshot());
                } else {
                    black_box(driver.triangles());
                }
            });
        });
    }
    assert!(state.borrow().shown() > 0, "the filter found nothing");
}

fn driver(mut page: impl FnMut(&mut Ui)) -> Driver<impl FnMut(&mut Ui)> {
    let mut driver = Driver::new(vec2(1360.0, 860.0), move |ui: &mut Ui| page(ui));
    theme::install(driver.ctx(), Theme::Light);
    widgets::install(driver.ctx(), None);
    driver.settle(8);
    driver
}
