//! What the palette offers for a query: keys, what can be done with them, commands, settings.

use crate::app::UnlockedView;
use crate::model::due::due;
use crate::model::operator::Permission;
use crate::model::{KeyId, KeyRecord, Timestamp};
use crate::ui::frame::{Frame, SettingsSection};
use crate::ui::shell::commands::{TABLE, UiCommand};
use crate::ui::theme::{icons, icons::Icon};

use super::matching::matches;

/// Keys offered at once.
const KEYS: usize = 5;
/// Commands offered at once for a query.
const COMMANDS: usize = 8;
/// Settings offered at once.
const SETTINGS: usize = 4;

/// What a row does.
#[derive(Clone, PartialEq, Eq, Debug)]
pub(super) enum Target {
    Command(UiCommand),
    Key(KeyId),
    Rotate(KeyId),
    Reveal(KeyId),
    Activity(String),
    Events(String),
    Settings(SettingsSection),
}

/// A row.
#[derive(Clone, Debug)]
pub(super) struct Item {
    pub(super) icon: Icon,
    pub(super) title: String,
    /// The characters of the title that matched.
    pub(super) places: Vec<usize>,
    pub(super) detail: String,
    pub(super) shortcut: &'static str,
    /// Why it cannot be done.
    pub(super) reason: Option<&'static str>,
    pub(super) target: Target,
    score: i32,
}

/// A heading and its rows.
#[derive(Clone, Debug)]
pub(super) struct Section {
    pub(super) title: &'static str,
    pub(super) items: Vec<Item>,
}

/// Settings that can be found: section, words, other words.
const FOUND_SETTINGS: [(SettingsSection, &str, &str); 14] = [
    (SettingsSection::Security, "Lock when idle", "timeout minutes auto-lock session"),
    (SettingsSection::Security, "End the session after", "hard limit hours"),
    (SettingsSection::Security, "Clear the clipboard after", "copy seconds"),
    (SettingsSection::Security, "Hide a revealed secret after", "show seconds"),
    (SettingsSection::Security, "Ask for the password again", "step up reveal export"),
    (SettingsSection::Security, "Ask for a reason", "reveal copy"),
    (SettingsSection::Policies, "Rotation policies", "interval days overlap"),
    (SettingsSection::Vault, "Master password", "change"),
    (SettingsSection::Vault, "Backup", "copy every days"),
    (SettingsSection::Vault, "Genesis fingerprint", "recovery proof identity"),
    (SettingsSection::Appearance, "Theme", "dark light contrast"),
    (SettingsSection::Appearance, "Zoom", "text size"),
    (SettingsSection::Keyboard, "Keyboard", "shortcuts keys"),
    (SettingsSection::About, "About Keyroom", "version licences memory protection"),
];

/// Everything offered for `query`.
pub(super) fn sections(query: &str, frame: &Frame<'_>, chosen: Option<KeyId>) -> Vec<Section> {
    let query = query.trim();
    let mut sections = Vec::new();
    let unlocked = frame.unlocked();
    let keys = unlocked.map(|unlocked| keys(query, unlocked, frame.now)).unwrap_or_default();
    let mut commands = about_keys(unlocked, &keys);
    commands.extend(self::commands(query, frame, chosen));
    if let Some(events) = unlocked.filter(|_| !query.is_empty()).map(|_| events(query)) {
        commands.push(events);
    }
    let keys: Vec<Item> = keys.into_iter().map(|(item, _)| item).collect();
    sections.push(Section { title: "Keys", items: keys });
    let title = if query.is_empty() { "Suggested" } else { "Commands" };
    sections.push(Section { title, items: commands });
    if unlocked.is_some() && !query.is_empty() {
        sections.push(Section { title: "Settings", items: settings(query) });
    }
    sections.retain(|section| !section.items.is_empty());
    sections
}

fn keys<'a>(query: &str, unlocked: &'a UnlockedView, now: Timestamp) -> Vec<(Item, &'a KeyRecord)> {
    if query.is_empty() {
        return Vec::new();
    }
    let mut found: Vec<(i32, Vec<usize>, &KeyRecord)> = Vec::new();
    for key in unlocked.keys.iter() {
        let Some(fit) = matches(query, &key.name) else { continue };
        // What cannot be read any more stands behind what can, a long name behind a short one.
        let longer = i32::try_from(key.name.chars().count() / 4).unwrap_or(i32::MAX);
        let score = fit.score * 4 + 2 * i32::from(key.state.may_be_read()) - longer;
        let worst = found.last().map(|(score, ..)| *score);
        if found.len() == KEYS && worst.is_some_and(|worst| worst >= score) {
            continue;
        }
        let at = found.partition_point(|(other, ..)| *other >= score);
        found.insert(at, (score, fit.places, key));
        found.truncate(KEYS);
    }
    let item = |(score, places, key): (i32, Vec<usize>, &'a KeyRecord)| {
        let mut detail = key.key_type.title().to_owned();
        if !key.owner.is_empty() {
            detail = format!("{detail}, {}", key.owner);
        }
        let due = due(key, &unlocked.view.settings, now);
        if matches!(due, crate::model::due::Due::Late(_) | crate::model::due::Due::In(0..=30)) {
            detail = format!("{detail}, {}", due.words());
        }
        let item = Item {
            icon: icon_of(key),
            title: key.name.clone(),
            places,
            detail,
            shortcut: "",
            reason: None,
            target: Target::Key(key.id),
            score,
        };
        (item, key)
    };
    found.into_iter().map(item).collect()
}

/// What can be done with the key that fits best.
fn about_keys(unlocked: Option<&UnlockedView>, keys: &[(Item, &KeyRecord)]) -> Vec<Item> {
    let (Some(unlocked), Some((best, key))) = (unlocked, keys.first()) else { return Vec::new() };
    let role = unlocked.view.me.role;
    let may = |permission, words| (!role.may(permission)).then_some(words);
    let readable = (!key.state.may_be_read()).then_some("Its value cannot be read any more");
    let settings = &unlocked.view.settings;
    let offers = [
        (
            icons::ROTATE,
            "Rotate ",
            "…",
            String::new(),
            "",
            may(Permission::ManageKeys, "Your role may not change keys").or(readable),
            Target::Rotate(key.id),
        ),
        (
            icons::REVEAL,
            "Reveal ",
            "",
            format!("Recorded, hides after {} s", settings.reveal_s),
            "",
            may(Permission::ReadSecrets, "Your role may not read secrets").or(readable),
            Target::Reveal(key.id),
        ),
        (icons::AUDIT, "Show activity of ", "", String::new(), "", None, Target::Activity(key.name.clone())),
    ];
    offers
        .into_iter()
        .map(|(icon, before, after, detail, shortcut, reason, target)| {
            let title = format!("{before}{}{after}", key.name);
            let places = best.places.iter().map(|place| place + before.chars().count()).collect();
            Item { icon, title, places, detail, shortcut, reason, target, score: best.score }
        })
        .collect()
}

fn commands(query: &str, frame: &Frame<'_>, chosen: Option<KeyId>) -> Vec<Item> {
    let mut items: Vec<Item> = TABLE
        .iter()
        .filter(|row| !row.by_page && row.command != UiCommand::Palette)
        .filter_map(|row| {
            let reason = row.command.unavailable(frame, chosen.is_some());
            let fit = matches(query, row.title);
            let alias = row.aliases.split(' ').any(|word| {
                query.len() >= 2 && word.get(..query.len()).is_some_and(|w| w.eq_ignore_ascii_case(query))
            });
            let (score, places) = match (fit, alias) {
                (Some(fit), _) => (fit.score * 2 + 1, fit.places),
                (None, true) => (2, Vec::new()),
                (None, false) => return None,
            };
            let (icon, title) = (row.icon, row.title.to_owned());
            let target = Target::Command(row.command);
            Some(Item {
                icon,
                title,
                places,
                detail: String::new(),
                shortcut: row.shown,
                reason,
                target,
                score,
            })
        })
        .collect();
    if query.is_empty() {
        // What one is most likely here for: pages, and the few things done every day.
        items.retain(|item| item.reason.is_none());
        items.truncate(12);
    } else {
        items.sort_by_key(|item| (item.reason.is_some(), std::cmp::Reverse(item.score)));
        items.truncate(COMMANDS);
    }
    items
}

fn events(query: &str) -> Item {
    Item {
        icon: icons::AUDIT,
        title: format!("Search events for “{query}”"),
        places: Vec::new(),
        detail: String::new(),
        shortcut: "",
        reason: None,
        target: Target::Events(query.to_owned()),
        score: 0,
    }
}

fn settings(query: &str) -> Vec<Item> {
    let mut items: Vec<Item> = FOUND_SETTINGS
        .iter()
        .filter_map(|(section, title, aliases)| {
            let fit = matches(query, title);
            let alias = aliases.split(' ').any(|word| {
                query.len() >= 3 && word.get(..query.len()).is_some_and(|w| w.eq_ignore_ascii_case(query))
            });
            let fit = fit.or_else(|| alias.then(super::matching::Match::default))?;
            Some(Item {
                icon: icons::SETTINGS,
                title: (*title).to_owned(),
                places: fit.places,
                detail: section_name(*section).to_owned(),
                shortcut: "",
                reason: None,
                target: Target::Settings(*section),
                score: fit.score,
            })
        })
        .collect();
    items.sort_by_key(|item| std::cmp::Reverse(item.score));
    items.truncate(SETTINGS);
    items
}

fn section_name(section: SettingsSection) -> &'static str {
    match section {
        SettingsSection::Security => "Security",
        SettingsSection::Policies => "Policies",
        SettingsSection::Vault => "Vault",
        SettingsSection::Appearance => "Appearance",
        SettingsSection::Keyboard => "Keyboard",
        SettingsSection::About => "About",
    }
}

/// The glyph of a key's type.
fn icon_of(key: &KeyRecord) -> Icon {
    use crate::model::KeyType as T;
    match key.key_type {
        T::Password | T::Passphrase => icons::LOCK,
        T::ApiToken => icons::TOKEN,
        T::Aes256 | T::ChaCha20 => icons::KEY,
        T::HmacSha256 => icons::FINGERPRINT,
        T::Text => icons::DOCUMENT,
        T::File => icons::KEY_FILE,
    }
}
