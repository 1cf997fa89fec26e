//! Keyroom without a window: [`CpuRenderer`] draws egui's triangles into memory, [`Driver`] plays the person.
//!
//! `--demo` uses it on machines without a display, and the tests use it for pictures that are the same on every machine.
//! It opens no window, reads no clipboard and needs no graphics driver.

mod driver;
mod image;
mod raster;

pub use driver::{Driver, Found, NotThere};
pub use image::Image;
pub use raster::CpuRenderer;
