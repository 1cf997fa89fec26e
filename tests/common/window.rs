//! A window without a desktop around it, that a test steps and listens to.

use std::cell::RefCell;
use std::rc::Rc;

use egui::{Ui, Vec2};
use keyroom::ui::offscreen::Driver;
use keyroom::ui::shell::Shell;

/// What draws it.
pub type Draw = Box<dyn FnMut(&mut Ui)>;

/// The shell in a window of this size, installed and not drawn yet.
pub fn window(shell: Shell, size: Vec2) -> (Rc<RefCell<Shell>>, Driver<Draw>) {
    let shell = Rc::new(RefCell::new(shell));
    let inside = Rc::clone(&shell);
    let draw: Draw = Box::new(move |ui| {
        let mut shell = inside.borrow_mut();
        shell.logic(ui.ctx());
        shell.ui(ui);
    });
    let driver = Driver::new(size, draw);
    shell.borrow().install(driver.ctx(), None);
    (shell, driver)
}
