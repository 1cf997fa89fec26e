//! Time zone and clock, as the workstation is set: every time on the screen follows at once, what is typed is read in the same
//! zone, and both are there again at the next start. One test, because the setting is one for the whole program.

#![allow(clippy::unwrap_used, clippy::panic, reason = "a test ends where the ground it stands on is missing")]
#![allow(unsafe_code, reason = "only the environment tells a program its zone, and no other thread runs yet")]

mod common;

use std::cell::RefCell;
use std::rc::Rc;
use std::sync::Arc;

use egui::vec2;
use keyroom::app::platform::clipboard::MemoryClipboard;
use keyroom::app::platform::dialogs::ScriptedDialogs;
use keyroom::app::platform::paths::Workstation;
use keyroom::app::{App, Snapshot};
use keyroom::model::Timestamp;
use keyroom::model::time::{Shown, shown};
use keyroom::ui::fixture;
use keyroom::ui::frame::{Intent, Page, SettingsSection};
use keyroom::ui::offscreen::Driver;
use keyroom::ui::shell::{Shell, ShellOptions};
use keyroom::ui::theme::{self, Theme};
use keyroom::vault::anchor::MemoryAnchor;
use keyroom::vault::clock::ManualClock;

use common::desk::services;
use common::window::{Draw, window};

struct Window {
    driver: Driver<Draw>,
    shell: Rc<RefCell<Shell>>,
}

impl Window {
    fn start(settings: &std::path::Path, (snapshot, now): (Snapshot, Timestamp)) -> Self {
        let clock = Arc::new(ManualClock::at(now));
        let services = services(clock, Arc::new(MemoryAnchor::new()), MemoryClipboard::new());
        let mut shell = Shell::new(ShellOptions {
            app: App::start(services, || {}).unwrap(),
            dialogs: Box::new(ScriptedDialogs::default()),
            workstation: Workstation::load(settings).workstation,
            workstation_path: Some(settings.to_owned()),
        });
        shell.pin(snapshot);
        let (shell, driver) = window(shell, vec2(1600.0, 900.0));
        theme::apply(driver.ctx(), Theme::Light);
        let mut window = Self { driver, shell };
        window.driver.settle(6);
        window
    }

    fn ask(&mut self, intent: Intent) {
        let ctx = self.driver.ctx().clone();
        self.shell.borrow_mut().ask(&ctx, intent);
        self.driver.settle(8);
    }

    fn sees(&mut self, page: Page, words: &str) {
        self.ask(Intent::Go(page));
        let all = self.driver.all();
        let said = |words: &str| {
            all.iter()
                .any(|f| f.label.contains(words) || f.value.as_deref().is_some_and(|v| v.contains(words)))
        };
        assert!(
            said(words),
            "{words} is not on {page:?}: {:?}",
            all.iter().map(|f| &f.label).collect::<Vec<_>>()
        );
    }

    fn choose(&mut self, words: &str) {
        self.ask(Intent::ShowSettings(SettingsSection::Appearance));
        self.driver.click(words).unwrap();
        self.driver.settle(8);
    }
}

#[test]
fn times_are_shown_and_read_in_the_zone_and_with_the_clock_the_workstation_is_set_to() {
    // SAFETY: this is the only test of the program, and nothing of it has started another thread yet.
    unsafe { std::env::set_var("TZ", "Asia/Kolkata") };
    if Timestamp(0).here().offset().local_minus_utc() != 19_800 {
        // A system without time zone data has no other zone to tell from UTC.
        return;
    }
    let made = fixture::unlocked(40);
    let folder = tempfile::tempdir().unwrap();
    let settings = folder.path().join("workstation.json");
    let mut window = Window::start(&settings, made.clone());
    // The fixture's session began at 08:41:22 on this workstation's clocks.
    window.sees(Page::Session, "16 Apr 08:41:22");
    window.sees(Page::Session, "Asia/Kolkata UTC+5:30");
    window.sees(Page::Audit, "08:41:22");
    window.sees(Page::Overview, "09:27");
    window.choose("UTC");
    window.sees(Page::Session, "16 Apr 03:11:22");
    window.sees(Page::Session, "Time zone UTC");
    window.sees(Page::Audit, "03:11:22");
    window.sees(Page::Overview, "03:57");
    assert_eq!(Timestamp::parse("2026-04-16"), Timestamp::parse("2026-04-16T00:00:00Z"));
    window.choose("12 h");
    window.sees(Page::Session, "16 Apr  3:11:22 am");
    window.sees(Page::Audit, "3:11:22 am");
    window.sees(Page::Overview, "3:57 am");
    drop(window);
    let mut window = Window::start(&settings, made.clone());
    assert_eq!(shown(), Shown { utc: true, twelve_hours: true });
    window.sees(Page::Session, "3:11:22 am");
    window.choose("This computer's");
    window.sees(Page::Session, "16 Apr  8:41:22 am");
    assert_eq!(Timestamp::parse("2026-04-16"), Timestamp::parse("2026-04-15T18:30:00Z"));
    window.choose("24 h");
    window.sees(Page::Session, "16 Apr 08:41:22");
    assert_eq!(Workstation::load(&settings).workstation.time, Shown::default());
}
