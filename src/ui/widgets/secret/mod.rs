//! Widgets that touch secrets. What they promise, and `tests` prove: no character of a secret reaches egui's memory,
//! a galley longer than one glyph, the accessibility tree, an undo history or an X11 selection.

mod edit;
mod glyphs;
mod label;
mod sink;

pub use edit::{SecretEdit, SecretResponse};
pub use glyphs::{curtain, warm_atlas};
pub use label::{masked_secret, secret_label};
pub use sink::{PasteSource, SecretSink};

#[cfg(test)]
mod tests;
