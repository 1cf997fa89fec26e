//! The screens. Each is `fn show(ui, &Frame, &mut State) -> Vec<Intent>`, and no screen knows another.

pub mod audit;
pub mod create;
pub mod keys;
pub mod overview;
mod pages;
pub mod palette;
pub mod rotation;
pub mod session;
pub mod settings;
pub mod shortcuts;
pub mod unlock;
pub mod welcome;
