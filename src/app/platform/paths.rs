//! What this workstation remembers between starts: theme, zoom, time zone and clock, window size, vaults opened lately.
//!
//! One small JSON file, readable by its owner only. It never holds a security setting: those live in the vault, signed,
//! so that whoever can write this file can change how the window looks and nothing else. Everything read from it is
//! taken for hearsay: bounded, and replaced by the default where it makes no sense, with a word to say so.

use std::collections::BTreeMap;
use std::fs;
use std::io::{self, Read, Write};
use std::path::{Path, PathBuf};

use etcetera::BaseStrategy;
use serde::{Deserialize, Serialize};

use crate::model::time::Shown;

/// The file's name in [`config_dir`].
pub const FILE: &str = "workstation.json";

/// The largest file that is read, in bytes; one written here is far smaller.
pub const FILE_MAX: u64 = 64 * 1024;

/// Vaults remembered.
pub const RECENT_MAX: usize = 10;

/// Operators remembered for each vault.
pub const OPERATORS_MAX: usize = 8;

/// Zoom of the window, as a factor.
pub const ZOOM: std::ops::RangeInclusive<f32> = 0.75..=2.5;

/// Width and height of a window, in points.
pub const WINDOW: std::ops::RangeInclusive<f32> = 320.0..=16384.0;

/// Width of a column of a table, in points.
pub const COLUMN: std::ops::RangeInclusive<f32> = 40.0..=600.0;

/// Commands with keys of their own remembered.
pub const KEYS_MAX: usize = 256;

/// Columns remembered.
pub const COLUMNS_MAX: usize = 16;

/// The user's folder for settings of this program: `~/.config/keyroom` on Linux. `None` where there is no home.
#[must_use]
pub fn config_dir() -> Option<PathBuf> {
    Some(etcetera::choose_base_strategy().ok()?.config_dir().join("keyroom"))
}

/// The user's folder for what this program may lose: `~/.local/state/keyroom` on Linux. `None` where there is no home.
#[must_use]
pub fn state_dir() -> Option<PathBuf> {
    let base = etcetera::choose_base_strategy().ok()?;
    Some(base.state_dir().unwrap_or_else(|| base.data_dir()).join("keyroom"))
}

/// What is remembered.
#[derive(Clone, PartialEq, Debug, Serialize, Deserialize)]
#[serde(default)]
pub struct Workstation {
    /// Which of the themes.
    pub theme: Theme,
    /// Zoom of the window, within [`ZOOM`].
    pub zoom: f32,
    /// Width and height of the window in points, within [`WINDOW`]; `None` until one was closed.
    pub window: Option<[f32; 2]>,
    /// Vaults opened lately, latest first; at most [`RECENT_MAX`].
    pub recent: Vec<RecentVault>,
    /// The columns of the Keys table.
    pub key_columns: Columns,
    /// Time zone and clock.
    pub time: Shown,
    /// Whether single letters are shortcuts (WCAG 2.2, 2.1.4: they can be turned off).
    pub letters: bool,
    /// Keys of commands, where somebody changed them: both by the words of the window, which looks at what makes sense.
    pub keys: BTreeMap<String, Vec<String>>,
}

/// Columns of a table: which there are, and how wide. By the words of the table; no text of a vault is in it.
#[derive(Clone, PartialEq, Debug, Default, Serialize, Deserialize)]
#[serde(default)]
pub struct Columns {
    /// The columns beside the name; `None`: those the program shows by itself.
    pub shown: Option<Vec<String>>,
    /// Widths in points, within [`COLUMN`], where somebody changed them.
    pub widths: BTreeMap<String, f32>,
}

/// The look of the window.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Theme {
    /// As the desktop.
    #[default]
    System,
    /// Light.
    Light,
    /// Dark.
    Dark,
    /// Light with high contrast.
    HighContrastLight,
    /// Dark with high contrast.
    HighContrastDark,
}

/// A vault that was opened here.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct RecentVault {
    /// Where.
    pub path: PathBuf,
    /// The names of those who unlocked it here, latest first; at most [`OPERATORS_MAX`].
    #[serde(default)]
    pub operators: Vec<String>,
}

impl Default for Workstation {
    fn default() -> Self {
        Self {
            theme: Theme::System,
            zoom: 1.0,
            window: None,
            recent: Vec::new(),
            key_columns: Columns::default(),
            time: Shown::default(),
            letters: true,
            keys: BTreeMap::new(),
        }
    }
}

/// What was read, and what has to be said about it.
#[derive(Clone, PartialEq, Debug, Default)]
pub struct Loaded {
    /// What is remembered; the defaults where nothing sensible is.
    pub workstation: Workstation,
    /// A sentence for the person, where something was there and could not be used.
    pub notice: Option<&'static str>,
}

impl Workstation {
    /// Reads the file at `path`. Never fails: what cannot be used is replaced and said.
    #[must_use]
    pub fn load(path: &Path) -> Loaded {
        match read(path) {
            Ok(Some(text)) => Self::from_json(&text),
            Ok(None) => Loaded::default(),
            Err(_) => Loaded {
                notice: Some("The settings of this workstation could not be read. Defaults are in use."),
                ..Loaded::default()
            },
        }
    }

    fn from_json(text: &str) -> Loaded {
        let Ok(mut workstation) = serde_json::from_str::<Self>(text) else {
            return Loaded {
                notice: Some("The settings of this workstation are damaged. Defaults are in use."),
                ..Loaded::default()
            };
        };
        let read = workstation.clone();
        workstation.make_sensible();
        let notice = (workstation != read)
            .then_some("Some settings of this workstation made no sense and were replaced by defaults.");
        Loaded { workstation, notice }
    }

    /// Replaces the file at `path`, all or nothing; makes its folder where needed. Only its owner can read it.
    ///
    /// # Errors
    /// What the file system said. The old file is untouched then.
    pub fn save(&self, path: &Path) -> io::Result<()> {
        let folder = path.parent().ok_or(io::ErrorKind::InvalidInput)?;
        make_private_folder(folder)?;
        let mut sensible = self.clone();
        sensible.make_sensible();
        // Made with mode 0600 under a name nobody can guess, so that no one else's file or link is written through.
        let mut file = tempfile::Builder::new().prefix(".workstation-").tempfile_in(folder)?;
        file.write_all(&serde_json::to_vec_pretty(&sensible)?)?;
        file.as_file().sync_all()?;
        file.persist(path)?;
        Ok(())
    }

    /// Puts a vault that was just unlocked first. A path that is not Unicode is not remembered: JSON could not hold it.
    pub fn remember(&mut self, path: &Path, operator: &str) {
        let known = self.recent.iter().position(|vault| vault.path == path);
        let mut vault = known.map_or_else(
            || RecentVault { path: path.to_owned(), operators: Vec::new() },
            |at| self.recent.remove(at),
        );
        vault.operators.retain(|name| name != operator);
        vault.operators.insert(0, operator.to_owned());
        self.recent.insert(0, vault);
        self.make_sensible();
    }

    /// Forgets a vault and who opened it.
    pub fn forget(&mut self, path: &Path) {
        self.recent.retain(|vault| vault.path != path);
    }

    fn make_sensible(&mut self) {
        let columns = &mut self.key_columns;
        columns.widths.retain(|word, width| is_column(word) && COLUMN.contains(width));
        while columns.widths.len() > COLUMNS_MAX {
            columns.widths.pop_last();
        }
        if let Some(shown) = &mut columns.shown {
            shown.retain(|word| is_column(word));
            shown.truncate(COLUMNS_MAX);
        }
        self.keys.retain(|command, keys| {
            is_text(command) && keys.len() <= 4 && keys.iter().all(|key| is_text(key))
        });
        while self.keys.len() > KEYS_MAX {
            self.keys.pop_last();
        }
        if !ZOOM.contains(&self.zoom) {
            self.zoom = 1.0;
        }
        self.window = self.window.filter(|size| size.iter().all(|side| WINDOW.contains(side)));
        self.recent.retain(|vault| vault.path.to_str().is_some_and(is_text) && vault.path.is_absolute());
        self.recent.truncate(RECENT_MAX);
        for vault in &mut self.recent {
            vault.operators.retain(|name| is_text(name));
            vault.operators.truncate(OPERATORS_MAX);
        }
    }
}

/// A word a table has for a column.
fn is_column(word: &str) -> bool {
    word.len() <= 32 && word.bytes().all(|byte| byte.is_ascii_lowercase() || byte == b'-')
}

/// Something that can be shown on one line.
fn is_text(text: &str) -> bool {
    !text.trim().is_empty() && text.len() <= 4096 && !text.chars().any(char::is_control)
}

/// The text of the file, `None` where there is none. Refuses what is no file (a pipe would never end) and what is too long.
fn read(path: &Path) -> io::Result<Option<String>> {
    match fs::metadata(path) {
        Ok(about) if about.is_file() && about.len() <= FILE_MAX => {}
        Ok(_) => return Err(io::ErrorKind::InvalidData.into()),
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(None),
        Err(error) => return Err(error),
    }
    let mut text = String::new();
    fs::File::open(path)?.take(FILE_MAX).read_to_string(&mut text)?;
    Ok(Some(text))
}

fn make_private_folder(folder: &Path) -> io::Result<()> {
    let mut builder = fs::DirBuilder::new();
    builder.recursive(true);
    #[cfg(unix)]
    std::os::unix::fs::DirBuilderExt::mode(&mut builder, 0o700);
    builder.create(folder)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn folder() -> (tempfile::TempDir, PathBuf) {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("keyroom").join(FILE);
        (folder, path)
    }

    #[test]
    fn what_is_saved_is_read_back_and_only_its_owner_can_read_it() {
        let (_folder, path) = folder();
        assert_eq!(Workstation::load(&path), Loaded::default());
        let mut workstation = Workstation { theme: Theme::HighContrastDark, zoom: 1.5, ..Default::default() };
        workstation.remember(Path::new("/vaults/team.keyroom"), "Ada");
        workstation.save(&path).unwrap();
        workstation.window = Some([1280.0, 800.0]);
        workstation.save(&path).unwrap();
        assert_eq!(Workstation::load(&path), Loaded { workstation, notice: None });
        #[cfg(unix)]
        {
            use std::os::unix::fs::PermissionsExt;
            let mode = |path: &Path| fs::metadata(path).unwrap().permissions().mode() & 0o777;
            assert_eq!(mode(&path), 0o600);
            assert_eq!(mode(path.parent().unwrap()), 0o700);
        }
        let files = fs::read_dir(path.parent().unwrap()).unwrap().count();
        assert_eq!(files, 1, "a temporary file was left");
    }

    #[test]
    fn nonsense_gives_the_defaults_and_a_sentence() {
        let (_folder, path) = folder();
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        let long = "x".repeat(usize::try_from(FILE_MAX).unwrap() + 1);
        for nonsense in ["", "{", "[1]", r#"{"theme":"neon"}"#, r#"{"zoom":"big"}"#, "\0\0", &long] {
            fs::write(&path, nonsense).unwrap();
            let loaded = Workstation::load(&path);
            assert_eq!(loaded.workstation, Workstation::default(), "{}", &nonsense[..nonsense.len().min(20)]);
            assert!(loaded.notice.is_some());
        }
        fs::remove_file(&path).unwrap();
        fs::create_dir(&path).unwrap();
        assert!(Workstation::load(&path).notice.is_some());
        assert!(Workstation::default().save(&path).is_err());
    }

    #[test]
    fn values_out_of_bounds_are_replaced_one_by_one() {
        let loaded = Workstation::from_json(
            r#"{"theme":"dark","zoom":90,"window":[1e9,2],"future":true,
                "key_columns":{"widths":{"owner":1e9,"../x":80,"name":200},"shown":["name","a b"]},
                "recent":[{"path":"relative"},{"path":"/a\nb"},{"path":"/ok","operators":["", "Ada"]}]}"#,
        );
        assert!(loaded.notice.is_some());
        let read = loaded.workstation;
        assert_eq!((read.theme, read.zoom, read.window), (Theme::Dark, 1.0, None));
        assert_eq!(read.recent, [RecentVault { path: "/ok".into(), operators: vec!["Ada".into()] }]);
        assert_eq!(read.key_columns.widths.into_iter().collect::<Vec<_>>(), [("name".to_owned(), 200.0)]);
        assert_eq!(read.key_columns.shown, Some(vec!["name".to_owned()]));
        assert_eq!(Workstation::from_json("{}").notice, None);
    }

    #[test]
    fn the_latest_vault_and_its_latest_operator_come_first() {
        let mut workstation = Workstation::default();
        for i in 0..RECENT_MAX + 3 {
            workstation.remember(Path::new(&format!("/v{i}")), "Ada");
        }
        workstation.remember(Path::new("/v5"), "Ben");
        workstation.remember(Path::new("/v5"), "Ada");
        assert_eq!(workstation.recent.len(), RECENT_MAX);
        assert_eq!(workstation.recent[0].path, Path::new("/v5"));
        assert_eq!(workstation.recent[0].operators, ["Ada", "Ben"]);
        workstation.forget(Path::new("/v5"));
        assert!(workstation.recent.iter().all(|vault| vault.path != Path::new("/v5")));
    }
}
