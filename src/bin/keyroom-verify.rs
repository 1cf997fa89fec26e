//! Verifies an exported audit log.
fn main() {}
