//! What this program is, what it could protect itself with here, and what it cannot protect against.

use super::super::pages::{pair, t};
use super::form::Form;
use crate::app::platform::paths;
use crate::ui::frame::Frame;
use crate::ui::theme::{TextRole, icons};
use crate::ui::widgets as w;
use egui::Ui;

/// Whether the system keeps a window out of pictures of the screen that asks for it: egui's `ContentProtected` has no effect
/// elsewhere.
const CAPTURE_REFUSED: bool = cfg!(any(windows, target_os = "macos"));

pub(super) fn show(ui: &mut Ui, form: &mut Form, frame: &Frame<'_>) {
    let version = format!("Keyroom {}", env!("CARGO_PKG_VERSION"));
    let licence = format!(
        "Licence: {}. Fonts: Noto Sans (OFL), Hack (MIT). Icons: Lucide (ISC). No network, no telemetry.",
        env!("CARGO_PKG_LICENSE")
    );
    form.row(ui, &version, &licence, 0.0, |_| {});
    let status = &frame.snapshot.status;
    form.block(ui, &["memory process core dumps tracing keyring sleep screen lock capture measures"], |ui| {
        let t = t(ui);
        w::text(ui, TextRole::Body, "This process, as measured at its start");
        let (glyph, colour) =
            if status.memory_ok { (icons::VERIFIED, t.ok) } else { (icons::WARNING, t.warn) };
        w::icon_text(ui, glyph, &status.memory, colour);
        ui.add_space(4.0);
        ui.spacing_mut().item_spacing.y = 4.0;
        for (name, words) in &status.details {
            pair(ui, 220.0, name, |ui| w::text(ui, TextRole::Body, words));
        }
        pair(ui, 220.0, "Capture of the screen", |ui| {
            if CAPTURE_REFUSED {
                w::icon_text(ui, icons::CHECK, "refused while a secret is revealed", t.ok)
            } else {
                w::icon_text(ui, icons::WARNING, "not refused: there is no such protection on Linux", t.warn)
            }
        });
        let noticed = [
            ("Sleep of the computer", status.notices_sleep),
            ("Lock of the screen", status.notices_screen_lock),
        ];
        for (name, on) in noticed {
            pair(ui, 220.0, name, |ui| {
                if on {
                    w::icon_text(ui, icons::CHECK, "noticed: the vault locks", t.ok)
                } else {
                    w::icon_text(ui, icons::WARNING, "not noticed here: only the idle limit locks", t.warn)
                }
            });
        }
    });
    form.block(ui, &["data paths files where workstation drafts backup"], |ui| {
        w::text(ui, TextRole::Body, "Where data is");
        ui.add_space(2.0);
        ui.spacing_mut().item_spacing.y = 4.0;
        if let Some(open) = frame.unlocked() {
            let path = open.path.display().to_string();
            pair(ui, 220.0, "This vault, with its drafts", |ui| w::text(ui, TextRole::Body, path));
        }
        let window = paths::config_dir().map_or_else(
            || "nowhere: this user has no home folder".to_owned(),
            |folder| folder.join(paths::FILE).display().to_string(),
        );
        pair(ui, 220.0, "Look and recent vaults", |ui| w::text(ui, TextRole::Body, window));
        pair(ui, 220.0, "End of the log", |ui| w::text(ui, TextRole::Body, status.anchor.as_str()));
    });
    form.block(ui, &["protects encryption lock log threat"], |ui| {
        w::text(ui, TextRole::Body, "What it protects");
        ui.add_space(2.0);
        for words in [
            "Who gets the file without the password learns neither names nor secrets, only its size.",
            "After a lock no secret is left in this process: not in memory, not on the screen, not on the clipboard.",
            "A change of the file outside Keyroom is named at the next unlock; an older copy is, where rollback protection \
             is on.",
            "Nothing is done and no secret is shown before its entry is in the log.",
        ] {
            line(ui, true, words);
        }
    });
    form.block(ui, &["does not protect against malware keylogger administrator screen limits"], |ui| {
        w::text(ui, TextRole::Body, "What it does not protect");
        ui.add_space(2.0);
        for words in [
            "From a program that runs as you while the vault is open: it can read the screen, the keys you press, and the \
             clipboard.",
            "From the administrator of this computer, who can replace this program.",
            "A secret once it was copied, exported or read by somebody's eyes.",
            "A weak password: guessing it is slow, not impossible. Without a password nobody can open the vault.",
        ] {
            line(ui, false, words);
        }
    });
}

fn line(ui: &mut Ui, good: bool, words: &str) {
    let t = t(ui);
    ui.horizontal_top(|ui| {
        ui.spacing_mut().item_spacing.x = 8.0;
        let (glyph, colour) = if good { (icons::CHECK, t.ok) } else { (icons::MINUS, t.text_3) };
        super::super::pages::paint::glyph(ui, glyph, 14.0, colour);
        ui.vertical(|ui| w::text_in(ui, TextRole::Body, t.text, words));
    });
}
