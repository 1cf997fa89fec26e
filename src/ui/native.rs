//! The window on a desktop: eframe around [`Shell`]. Nothing else knows of eframe.

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::PathBuf;
use std::sync::Arc;

use eframe::{NativeOptions, Renderer};
use egui::{Context, IconData, Rect, ViewportBuilder, pos2, vec2};

use crate::app::platform::clipboard::{Clipboard, SystemClipboard};
use crate::app::platform::dialogs::NativeDialogs;
use crate::app::platform::paths::{FILE, Loaded, Workstation, config_dir};
use crate::app::{App, Services};
use crate::crypto::memory::SecretBuf;

use super::offscreen::CpuRenderer;
use super::shell::{Shell, ShellOptions};
use super::theme;
use super::widgets::{PasteSource, Tone, paint_mark};

/// The size of the window at the first start, in points.
const FIRST: [f32; 2] = [1360.0, 860.0];
/// The smallest window, in points.
const LEAST: [f32; 2] = [1024.0, 700.0];

/// What the window is to show.
pub struct WindowOptions {
    /// What the application needs of the workstation.
    pub services: Services,
    /// The vault to open.
    pub vault: Option<PathBuf>,
    /// A demonstration vault instead.
    pub demo: bool,
}

/// The window could not be shown.
#[derive(Debug, thiserror::Error)]
#[error(
    "the window cannot be shown: {reason}\nwithout one these work: keyroom screens DIR (pictures of every screen), keyroom \
     --help (commands)"
)]
pub struct WindowError {
    /// What is missing, in words.
    pub reason: String,
}

/// Shows the window until it is closed. Locks and ends the application before it returns.
///
/// # Errors
/// [`WindowError`] where there is no display, or no driver that can draw on it.
pub fn run_window(options: WindowOptions) -> Result<(), WindowError> {
    let path = config_dir().map(|folder| folder.join(FILE));
    let loaded = path.as_deref().map(Workstation::load).unwrap_or_default();
    let native = native_options(&loaded.workstation);
    // A missing driver may be told by a panic deep inside winit or glutin; the person gets two lines either way.
    let quiet = std::panic::take_hook();
    std::panic::set_hook(Box::new(|_| {}));
    let result = catch_unwind(AssertUnwindSafe(|| {
        eframe::run_native(
            "keyroom",
            native,
            Box::new(move |creation| {
                Window::new(&creation.egui_ctx, options, loaded, path)
                    .map(|window| Box::new(window) as Box<dyn eframe::App>)
                    .map_err(Into::into)
            }),
        )
    }));
    std::panic::set_hook(quiet);
    match result {
        Ok(Ok(())) => Ok(()),
        Ok(Err(error)) => Err(WindowError { reason: missing(&error.to_string()) }),
        Err(panic) => {
            let words = panic.downcast_ref::<String>().map(String::as_str);
            let words = words.or_else(|| panic.downcast_ref::<&str>().copied());
            Err(WindowError { reason: missing(words.unwrap_or("the desktop's libraries failed")) })
        }
    }
}

/// Whether this process could show a window at all.
#[must_use]
pub fn has_display() -> bool {
    let set = |name: &&str| std::env::var_os(name).is_some_and(|value| !value.is_empty());
    !cfg!(target_os = "linux") || ["DISPLAY", "WAYLAND_DISPLAY"].iter().any(set)
}

/// What an error of the desktop's libraries means to a person.
fn missing(error: &str) -> String {
    if !has_display() {
        return "there is no display (neither WAYLAND_DISPLAY nor DISPLAY is set)".to_owned();
    }
    let first = error.lines().next().unwrap_or_default().trim_end_matches('.');
    format!("this desktop's display or OpenGL 2.1 driver is missing ({first})")
}

fn native_options(workstation: &Workstation) -> NativeOptions {
    let size = workstation.window.unwrap_or(FIRST);
    let viewport = ViewportBuilder::default()
        .with_title("Keyroom")
        .with_app_id("keyroom")
        .with_inner_size(size)
        .with_min_inner_size(LEAST)
        .with_icon(Arc::new(icon()));
    NativeOptions {
        viewport,
        renderer: Renderer::Glow,
        persist_window: false,
        clipboard_shortcuts: false,
        ..NativeOptions::default()
    }
}

/// The window's icon: the mark, drawn by our own renderer.
fn icon() -> IconData {
    const SIDE: usize = 64;
    let ctx = Context::default();
    let side = SIDE as f32;
    let t = theme::Theme::Light.tokens(false);
    let input = egui::RawInput {
        screen_rect: Some(Rect::from_min_size(pos2(0.0, 0.0), vec2(side, side))),
        ..egui::RawInput::default()
    };
    let mut output = ctx.run_ui(input, |ui| {
        let rect = Rect::from_min_size(pos2(0.0, 0.0), vec2(side, side));
        paint_mark(ui.painter(), rect, t.accent, t.surface);
    });
    let mut renderer = CpuRenderer::new();
    renderer.apply(&output.textures_delta);
    let shapes = std::mem::take(&mut output.shapes);
    output.drop_without_applying_deltas();
    let primitives = ctx.tessellate(shapes, 1.0);
    let mut on = |background| renderer.render(&primitives, [SIDE, SIDE], 1.0, background).rgba;
    // Drawn on black and on white: where the two agree the mark is, where they differ one sees through.
    let black = theme::Theme::HighContrastDark.tokens(true).bg;
    let (mut rgba, white) = (on(black), on(egui::Color32::WHITE));
    for (pixel, other) in rgba.chunks_exact_mut(4).zip(white.chunks_exact(4)) {
        let through = other[0].saturating_sub(pixel[0]);
        pixel[3] = 255 - through;
        for channel in &mut pixel[..3] {
            let full = u16::from(*channel) * 255 / u16::from(255 - through).max(1);
            *channel = u8::try_from(full).unwrap_or(u8::MAX);
        }
    }
    IconData { rgba, width: SIDE as u32, height: SIDE as u32 }
}

/// Ctrl+V in a secret field: the desktop's clipboard, opened for one read and let go of.
struct Paste;

impl PasteSource for Paste {
    fn read_into(&mut self, buf: &mut SecretBuf) {
        // Without a clipboard, or with something else than text in it, nothing is pasted.
        let _ = SystemClipboard::new().read_into(buf);
    }
}

struct Window {
    shell: Shell,
    size: egui::Vec2,
}

impl Window {
    fn new(
        ctx: &Context,
        options: WindowOptions,
        loaded: Loaded,
        path: Option<PathBuf>,
    ) -> std::io::Result<Self> {
        let (wake, dialogs) = (ctx.clone(), ctx.clone());
        let app = App::start(options.services, move || wake.request_repaint())?;
        let mut shell = Shell::new(ShellOptions {
            app,
            dialogs: Box::new(NativeDialogs::new(move || dialogs.request_repaint())),
            workstation: loaded.workstation,
            workstation_path: path,
        });
        shell.install(ctx, Some(Box::new(Paste)));
        if let Some(notice) = loaded.notice {
            shell.toast(Tone::Warn, notice);
        }
        if options.demo {
            shell.open_demo();
        } else if let Some(vault) = options.vault {
            shell.open(&vault);
        }
        Ok(Self { shell, size: egui::Vec2::ZERO })
    }
}

impl eframe::App for Window {
    fn logic(&mut self, ctx: &Context, _frame: &mut eframe::Frame) {
        self.shell.logic(ctx);
    }

    fn ui(&mut self, ui: &mut egui::Ui, _frame: &mut eframe::Frame) {
        self.shell.ui(ui);
        let info = ui.ctx().input(|input| {
            let info = input.viewport();
            (info.maximized.unwrap_or(false), info.inner_rect.map(|rect| rect.size()))
        });
        if let (false, Some(size)) = info {
            self.size = size * ui.ctx().zoom_factor();
        }
    }

    fn on_exit(&mut self, _gl: Option<&eframe::glow::Context>) {
        if self.size.x > 0.0 {
            self.shell.remember_size(self.size);
        }
    }

    fn clear_color(&self, visuals: &egui::Visuals) -> [f32; 4] {
        visuals.panel_fill.to_normalized_gamma_f32()
    }
}
