//! The types secrets live in. No secret is ever held in a `String`, a `Vec` or an array of its own.
//!
//! None of these types is `Clone`, `Debug` or `Serialize`: a secret moves, it is not copied by accident.

mod buf;

pub use buf::{Full, SecretBuf};
