//! The window, or a command.
fn main() {}
