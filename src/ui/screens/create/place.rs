//! Step 1: the vault's name, its first administrator, and where its file is kept.

use std::path::{Path, PathBuf};

use egui::{Ui, vec2};

use crate::app::platform::dialogs::VAULT_EXTENSION;
use crate::app::platform::places::{free_space, place_warning};
use crate::ui::screens::welcome::expand;
use crate::ui::shell::words::short_path;
use crate::ui::theme::{TextRole, icons, tokens};
use crate::ui::widgets::{Banner, Button, TextField, Tone, entered, text_in};

/// The longest name.
const NAME_MAX: usize = 64;

/// What was entered.
pub(super) struct State {
    pub(super) name: String,
    pub(super) operator: String,
    path: String,
    /// The path was typed or chosen: it no longer follows the name.
    own_path: bool,
    folder: PathBuf,
    no_dialog: bool,
    looked: Looked,
}

/// What the file system says about a path: asked once for each path.
#[derive(Default)]
struct Looked {
    path: String,
    error: Option<&'static str>,
    warning: Option<String>,
    free: Option<u64>,
}

impl State {
    pub(super) fn new(folder: Option<&Path>, user: String) -> Self {
        let folder = folder.filter(|folder| folder.is_dir()).map_or_else(|| expand("~"), Path::to_owned);
        let operator = if user == crate::app::platform::host::UNKNOWN { String::new() } else { user };
        let mut state = Self {
            name: String::new(),
            operator,
            path: String::new(),
            own_path: false,
            folder,
            no_dialog: false,
            looked: Looked::default(),
        };
        state.follow_name();
        state
    }

    pub(super) fn file_name(&self) -> String {
        let name = self.name.trim();
        let name = if name.is_empty() { "vault" } else { name };
        let safe = |c: char| if c.is_alphanumeric() || "-_. ".contains(c) { c } else { '-' };
        format!("{}.{VAULT_EXTENSION}", name.chars().map(safe).collect::<String>())
    }

    pub(super) fn set_path(&mut self, path: &Path) {
        let mut path = path.to_owned();
        if path.extension().is_none() {
            path.set_extension(VAULT_EXTENSION);
        }
        self.path = short_path(&path);
        self.own_path = true;
        self.look();
    }

    pub(super) fn say_no_dialog(&mut self) {
        self.no_dialog = true;
    }

    pub(super) fn path(&self) -> PathBuf {
        expand(&self.path)
    }

    pub(super) fn block(&self) -> Option<&'static str> {
        if self.name.trim().is_empty() {
            Some("Give the vault a name first.")
        } else if self.operator.trim().is_empty() {
            Some("Say who you are first.")
        } else {
            self.looked.error
        }
    }

    fn follow_name(&mut self) {
        if !self.own_path {
            self.path = short_path(&self.folder.join(self.file_name()));
        }
        self.look();
    }

    fn look(&mut self) {
        if self.looked.path == self.path {
            return;
        }
        let path = self.path();
        let folder = path.parent().map(Path::to_owned).unwrap_or_default();
        let error = if path.file_name().is_none() || self.path.ends_with('/') {
            Some("Name the file, not only its folder.")
        } else if path.is_dir() {
            Some("This is a folder. Name a file in it.")
        } else if path.exists() {
            Some("A file stands there already. Choose another name.")
        } else if !folder.is_dir() {
            Some("This folder does not exist. Choose another one, or make it first.")
        } else {
            None
        };
        let (warning, free) = (place_warning(&path), free_space(&folder));
        self.looked = Looked { path: self.path.clone(), error, warning, free };
    }
}

/// Shows the fields; says whether Enter was pressed in one.
pub(super) fn show(ui: &mut Ui, arrived: bool, state: &mut State, wants_place: &mut bool) -> bool {
    let t = tokens(ui.ctx());
    let mut onward = false;
    let enter = |ui: &Ui, response: &egui::Response| entered(ui.ctx()) == Some(response.id);
    let name = TextField::new("Name of the vault", &mut state.name)
        .large()
        .limit(NAME_MAX)
        .hint("prod-vault")
        .help("Shown on every screen and in the log.")
        .show(ui);
    if arrived {
        name.request_focus();
    }
    if name.changed() {
        state.follow_name();
    }
    onward |= enter(ui, &name);
    ui.add_space(20.0);
    let operator = TextField::new("Your name in it", &mut state.operator)
        .large()
        .limit(NAME_MAX)
        .help("You are its first administrator. Every entry in the log carries this name.")
        .show(ui);
    onward |= enter(ui, &operator);
    ui.add_space(20.0);

    let width = ui.available_width();
    let help = match (state.no_dialog, state.looked.free) {
        (true, _) => "This desktop offers no file dialog: type the path.".to_owned(),
        (false, Some(free)) => {
            format!("{} free there. A vault of 10,000 keys takes about 20 MB.", size(free))
        }
        (false, None) => "A vault of 10,000 keys takes about 20 MB.".to_owned(),
    };
    let error = state.looked.error;
    let browse = if state.no_dialog { 0.0 } else { 120.0 };
    ui.horizontal_top(|ui| {
        ui.spacing_mut().item_spacing = vec2(8.0, 0.0);
        let field = TextField::new("File", &mut state.path)
            .large()
            .mono()
            .width(width - browse)
            .help(&help)
            .error(error)
            .show(ui);
        if field.changed() {
            state.own_path = true;
            state.look();
        }
        onward |= enter(ui, &field);
        if state.no_dialog {
            return;
        }
        ui.vertical(|ui| {
            ui.add_space(24.0);
            let browse = Button::secondary("Browse…").icon(icons::FOLDER).large().min_width(112.0);
            *wants_place |= browse.show(ui).clicked();
        });
    });
    if let Some(warning) = &state.looked.warning {
        ui.add_space(12.0);
        Banner::new(Tone::Warn, warning).show(ui);
    }
    if state.own_path && !state.path.ends_with(&format!(".{VAULT_EXTENSION}")) {
        ui.add_space(8.0);
        text_in(ui, TextRole::Small, t.text_2, format!("Vaults usually end with .{VAULT_EXTENSION}."));
    }
    onward
}

/// `12.4 GB`, as file managers count.
fn size(bytes: u64) -> String {
    let gigabytes = bytes as f64 / 1e9;
    if gigabytes >= 1.0 { format!("{gigabytes:.1} GB") } else { format!("{:.0} MB", bytes as f64 / 1e6) }
}

pub(super) fn aside(ui: &mut Ui) {
    super::advice_head(ui, "A good place");
    super::advice(ui, true, "A disk of this computer");
    super::advice(ui, true, "Backed up, with the copies kept apart");
    super::advice(ui, false, "A folder that a service synchronises");
    super::advice(ui, false, "A drive that is taken away");
}
