//! A picture in memory and its way into a PNG file.

use std::io::{BufWriter, Write};

/// Opaque pixels, row by row from the top.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Image {
    /// Pixels in a row.
    pub width: usize,
    /// Rows.
    pub height: usize,
    /// Red, green, blue, alpha of each pixel: `4 * width * height` bytes.
    pub rgba: Vec<u8>,
}

impl Image {
    /// The colour of a pixel, or black outside.
    #[must_use]
    pub fn pixel(&self, x: usize, y: usize) -> [u8; 4] {
        if x >= self.width {
            return [0, 0, 0, 255];
        }
        let at = 4 * (y * self.width + x);
        self.rgba.get(at..at + 4).and_then(|px| px.try_into().ok()).unwrap_or([0, 0, 0, 255])
    }

    /// Writes the picture as PNG.
    ///
    /// # Errors
    /// What the writer says; or an invalid size.
    pub fn write_png(&self, to: impl Write) -> std::io::Result<()> {
        let size = |n: usize| u32::try_from(n).map_err(std::io::Error::other);
        let mut encoder = png::Encoder::new(BufWriter::new(to), size(self.width)?, size(self.height)?);
        encoder.set_color(png::ColorType::Rgba);
        encoder.set_depth(png::BitDepth::Eight);
        let mut writer = encoder.write_header().map_err(std::io::Error::other)?;
        writer.write_image_data(&self.rgba).map_err(std::io::Error::other)?;
        writer.finish().map_err(std::io::Error::other)
    }

    /// Writes the picture into a PNG file, replacing what was there.
    ///
    /// # Errors
    /// What the file system says.
    pub fn save(&self, path: &std::path::Path) -> std::io::Result<()> {
        self.write_png(std::fs::File::create(path)?)
    }
}
