use super::*;
use crate::ui::offscreen::Driver;
use crate::ui::theme::{self, Theme};
use egui::accesskit::Role;
use egui::{Key, Modifiers};
use std::sync::{Arc, Mutex};

#[derive(Default)]
struct Page {
    state: TableState,
    cells: usize,
    opened: Option<usize>,
    sort: Option<usize>,
    visible: Range<usize>,
}

fn page(rows: usize) -> (Driver<impl FnMut(&mut Ui)>, Arc<Mutex<Page>>) {
    let shared = Arc::new(Mutex::new(Page::default()));
    let inside = shared.clone();
    let mut driver = Driver::new(vec2(400.0, 312.0), move |ui: &mut Ui| {
        let page = &mut *inside.lock().unwrap();
        let columns =
            [Column::check(), Column::rest("Name").sortable(), Column::fixed("Ver", 60.0).right().sortable()];
        let mut cells = 0;
        let out =
            Table::new("Keys", &columns, rows).sort(Some((1, true))).show(ui, &mut page.state, |cell| {
                cells += 1;
                match cell.column() {
                    1 => cell.name(&format!("key {}", cell.row())),
                    2 => cell.mono("7"),
                    _ => {}
                }
            });
        page.cells = cells;
        page.opened = out.opened.or(page.opened);
        page.sort = out.sort.or(page.sort);
        page.visible = out.visible;
    });
    theme::install(driver.ctx(), Theme::Light);
    driver.settle(4);
    (driver, shared)
}

fn selected(page: &Arc<Mutex<Page>>) -> Vec<u64> {
    let mut keys: Vec<u64> = page.lock().unwrap().state.selected.iter().copied().collect();
    keys.sort_unstable();
    keys
}

#[test]
fn only_visible_rows_are_built_of_a_hundred_thousand() {
    let (_, page) = page(100_000);
    let page = page.lock().unwrap();
    assert!(page.cells <= 3 * 12, "{} cells", page.cells);
    assert_eq!(page.visible, 0..10);
}

#[test]
fn the_box_over_the_rows_counts_those_that_are_shown() {
    let key = |row: usize| row as u64;
    let columns = [Column::check()];
    let heads = |row: usize| row == 0;
    let table = Table::new("Keys", &columns, 3).key(&key).group(&heads);
    let mut state = TableState::default();
    for (selected, tick) in [
        (&[][..], Tick::Off),
        (&[70, 71, 72][..], Tick::Off),
        (&[1, 70][..], Tick::Mixed),
        (&[1, 2][..], Tick::On),
        (&[1, 2, 70][..], Tick::On),
    ] {
        state.selected = selected.iter().copied().collect();
        assert_eq!(state.tick(&table), tick, "{selected:?}");
    }
}

#[test]
fn one_tab_stop_and_the_arrows_move() {
    let (mut driver, page) = page(100_000);
    driver.key(Key::Tab, Modifiers::NONE);
    assert!(driver.find_role(Role::Table, "Keys").unwrap().focused);
    driver.key(Key::ArrowDown, Modifiers::NONE);
    driver.key(Key::ArrowDown, Modifiers::NONE);
    assert_eq!(selected(&page), vec![1]);
    driver.key(Key::ArrowDown, Modifiers::SHIFT);
    assert_eq!(selected(&page), vec![1, 2]);
    driver.key(Key::End, Modifiers::NONE);
    driver.settle(4);
    assert_eq!(selected(&page), vec![99_999]);
    assert_eq!(page.lock().unwrap().visible.end, 100_000, "the cursor is in view");
    driver.key(Key::PageUp, Modifiers::NONE);
    assert!(selected(&page)[0] < 99_995);
    driver.key(Key::Home, Modifiers::NONE);
    driver.key(Key::Enter, Modifiers::NONE);
    assert_eq!(page.lock().unwrap().opened, Some(0));
}

#[test]
fn control_moves_without_choosing_and_space_toggles() {
    let (mut driver, page) = page(20);
    driver.key(Key::Tab, Modifiers::NONE);
    driver.key(Key::ArrowDown, Modifiers::NONE);
    driver.key(Key::ArrowDown, Modifiers::COMMAND);
    assert_eq!(selected(&page), vec![0]);
    driver.key(Key::Space, Modifiers::NONE);
    assert_eq!(selected(&page), vec![0, 1]);
    driver.key(Key::A, Modifiers::COMMAND);
    assert_eq!(selected(&page).len(), 20);
}

#[test]
fn the_mouse_chooses_and_the_box_adds() {
    let (mut driver, page) = page(20);
    driver.click_at(pos2(120.0, 32.0 + 14.0));
    assert_eq!(selected(&page), vec![0]);
    driver.click_at(pos2(16.0, 32.0 + 28.0 + 14.0));
    assert_eq!(selected(&page), vec![0, 1]);
    driver.click_at(pos2(16.0, 16.0));
    assert_eq!(selected(&page).len(), 20);
}

#[test]
fn headers_sort_by_mouse_and_keyboard() {
    let (mut driver, page) = page(20);
    driver.click("Ver").unwrap();
    assert_eq!(page.lock().unwrap().sort.take(), Some(2));
    driver.key(Key::Tab, Modifiers::NONE);
    driver.key(Key::ArrowDown, Modifiers::NONE);
    driver.key(Key::ArrowUp, Modifiers::NONE);
    driver.key(Key::ArrowRight, Modifiers::NONE);
    driver.key(Key::Enter, Modifiers::NONE);
    assert_eq!(page.lock().unwrap().sort.take(), Some(1));
}

#[test]
fn rows_cells_and_headers_have_their_roles() {
    let (driver, _) = page(20);
    let all = driver.all();
    let count = |role| all.iter().filter(|f| f.role == role).count();
    assert_eq!(count(Role::Table), 1);
    assert_eq!(count(Role::ColumnHeader), 3);
    assert_eq!(count(Role::Row), 11, "ten visible rows and the header");
    assert!(driver.find_role(Role::Cell, "key 0").is_some());
}
