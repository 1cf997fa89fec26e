//! What the palette offers for a query: keys, what can be done with them, commands, settings.

use crate::app::UnlockedView;
use crate::guard::unusual::Rule;
use crate::model::due::{Due, due, policy_of};
use crate::model::operator::Permission;
use crate::model::{KeyId, KeyRecord, Timestamp};
use crate::ui::frame::{DialogRequest, Frame, Page, SettingsSection};
use crate::ui::screens::keys::{May, of_key};
use crate::ui::shell::commands::{Bindings, TABLE, UiCommand};
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
    Open(DialogRequest),
    Rotate(KeyId),
    Reveal(KeyId),
    Activity(String),
    Events(String),
    Settings(SettingsSection),
    Policies,
}

/// A row.
#[derive(Clone, Debug)]
pub(super) struct Item {
    pub(super) icon: Icon,
    pub(super) title: String,
    /// The characters of the title that matched.
    pub(super) places: Vec<usize>,
    pub(super) detail: String,
    pub(super) shortcut: String,
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

/// What one is most likely here for, before anything is typed.
const SUGGESTED: [UiCommand; 10] = [
    UiCommand::NewKey,
    UiCommand::Lock,
    UiCommand::VerifyLog,
    UiCommand::Backup,
    UiCommand::Go(Page::Overview),
    UiCommand::Go(Page::Keys),
    UiCommand::Go(Page::Rotation),
    UiCommand::Go(Page::Audit),
    UiCommand::Go(Page::Session),
    UiCommand::Go(Page::Settings),
];

/// Settings that can be found: section, words, other words.
const FOUND_SETTINGS: [(SettingsSection, &str, &str); 20] = [
    (SettingsSection::Security, "Lock when idle", "timeout minutes auto-lock session"),
    (SettingsSection::Security, "End the session after", "hard limit hours"),
    (SettingsSection::Security, "The password counts for", "window minutes again step up"),
    (SettingsSection::Security, "Destroy values after", "destruction window days schedule"),
    (SettingsSection::Security, "Clear the clipboard after", "copy seconds"),
    (SettingsSection::Security, "Hide a revealed secret after", "show seconds"),
    (SettingsSection::Security, "Password before a secret is revealed or copied", "step up ask again"),
    (SettingsSection::Security, "Reason before a secret is revealed, copied or exported", "ask why"),
    (SettingsSection::Vault, "Master password", "change"),
    (SettingsSection::Vault, "Unlock time", "kdf argon2 cost memory passes"),
    (SettingsSection::Vault, "Backup", "copy every days"),
    (SettingsSection::Vault, "Point out a missing backup after", "days warn"),
    (SettingsSection::Vault, "Rollback protection", "anchor keyring older copy"),
    (SettingsSection::Vault, "Genesis fingerprint", "proof identity compare"),
    (SettingsSection::Audit, "Rules of unusual activity", "findings alerts anomaly limits"),
    (SettingsSection::Appearance, "Theme", "dark light contrast"),
    (SettingsSection::Appearance, "Zoom", "text size"),
    (SettingsSection::Keyboard, "Keyboard", "shortcuts keys"),
    (SettingsSection::Keyboard, "Single-letter shortcuts", "letters off accessibility wcag"),
    (SettingsSection::About, "About Keyroom", "version licences memory protection"),
];

/// Everything offered for `query`.
pub(super) fn sections(
    query: &str,
    frame: &Frame<'_>,
    chosen: &[KeyId],
    bindings: &Bindings,
) -> Vec<Section> {
    let query = query.trim();
    let mut sections = Vec::new();
    let unlocked = frame.unlocked();
    let keys = unlocked.map(|unlocked| keys(query, unlocked, frame.now)).unwrap_or_default();
    let about = about_keys(unlocked, &keys);
    let mut commands = self::commands(query, frame, chosen, bindings);
    let acts = unlocked.map(|unlocked| acts(query, unlocked, frame.now, chosen)).unwrap_or_default();
    commands.splice(0..0, acts);
    // What is typed as a command's words is asked of the command, not of a key whose name has the same letters.
    let literal = |title: &str| title.to_lowercase().contains(&query.to_lowercase());
    let meant = !query.is_empty()
        && commands.iter().any(|item| item.reason.is_none() && literal(&item.title))
        && !keys.iter().any(|(item, _)| literal(&item.title));
    let place = if meant { commands.len() } else { 0 };
    commands.splice(place..place, about);
    if let Some(events) = unlocked.filter(|_| !query.is_empty()).map(|_| events(query)) {
        commands.push(events);
    }
    let keys: Vec<Item> = keys.into_iter().map(|(item, _)| item).collect();
    sections.push(Section { title: "Keys", items: keys });
    let title = if query.is_empty() { "Suggested" } else { "Commands" };
    sections.insert(usize::from(!meant), Section { title, items: commands });
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
        let near = due.is_soon(policy_of(key, &unlocked.view.settings));
        if near || matches!(due, Due::Late(_)) {
            detail = format!("{detail}, {}", due.words());
        }
        let item = Item {
            icon: icon_of(key),
            title: key.name.clone(),
            places,
            detail,
            shortcut: String::new(),
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
            let shortcut = String::from(shortcut);
            Item { icon, title, places, detail, shortcut, reason, target, score: best.score }
        })
        .collect()
}

/// What else can be done with the key that is chosen: what its menu has, and to see its value.
fn acts(query: &str, unlocked: &UnlockedView, now: Timestamp, chosen: &[KeyId]) -> Vec<Item> {
    let [id] = chosen else { return Vec::new() };
    let Some(key) = unlocked.keys.get(*id).filter(|_| !query.is_empty()) else { return Vec::new() };
    let may = May::of(unlocked);
    let reads = may.read && key.state.may_be_read();
    let reveal = reads.then_some((icons::REVEAL, "Reveal", Target::Reveal(key.id)));
    let menu = of_key(key, may, now).into_iter().flatten();
    let menu = menu.filter(|(_, _, command, _)| command.is_none());
    let menu = menu.map(|(glyph, label, _, request)| (glyph, label, Target::Open(request)));
    let found = reveal.into_iter().chain(menu).filter_map(|(icon, title, target)| {
        let fit = matches(query, title)?;
        Some(Item {
            icon,
            title: title.to_owned(),
            places: fit.places,
            detail: key.name.clone(),
            shortcut: String::new(),
            reason: None,
            target,
            score: fit.score * 2 + 1,
        })
    });
    let mut found: Vec<Item> = found.collect();
    found.sort_by_key(|item| std::cmp::Reverse(item.score));
    found
}

fn commands(query: &str, frame: &Frame<'_>, chosen: &[KeyId], bindings: &Bindings) -> Vec<Item> {
    let mut items: Vec<Item> = TABLE
        .iter()
        .filter(|row| !row.by_page && row.command != UiCommand::Palette)
        .filter_map(|row| {
            let reason = row.command.unavailable(frame, !chosen.is_empty());
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
                shortcut: bindings.shown(row),
                reason,
                target,
                score,
            })
        })
        .collect();
    if query.is_empty() {
        let place =
            |item: &Item| SUGGESTED.iter().position(|suggested| item.target == Target::Command(*suggested));
        items.retain(|item| item.reason.is_none() && place(item).is_some());
        items.sort_by_key(place);
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
        shortcut: String::new(),
        reason: None,
        target: Target::Events(query.to_owned()),
        score: 0,
    }
}

fn settings(query: &str) -> Vec<Item> {
    let at = |section| (section_name(section), Target::Settings(section));
    let fixed = FOUND_SETTINGS.iter().map(|(section, title, aliases)| (at(*section), *title, *aliases));
    let rules = Rule::ALL.iter().map(|rule| (at(SettingsSection::Audit), rule.name(), "unusual rule"));
    let policies = [(("Rotation", Target::Policies), "Rotation policies", "interval days overlap")];
    let mut items: Vec<Item> = fixed
        .chain(policies)
        .chain(rules)
        .filter_map(|((place, target), title, aliases)| {
            let fit = matches(query, title);
            let alias = aliases.split(' ').any(|word| {
                query.len() >= 3 && word.get(..query.len()).is_some_and(|w| w.eq_ignore_ascii_case(query))
            });
            let fit = fit.or_else(|| alias.then(super::matching::Match::default))?;
            Some(Item {
                icon: icons::SETTINGS,
                title: title.to_owned(),
                places: fit.places,
                detail: place.to_owned(),
                shortcut: String::new(),
                reason: None,
                target,
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
        SettingsSection::Vault => "Vault",
        SettingsSection::Audit => "Audit",
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

#[cfg(test)]
mod tests {
    use super::*;

    fn found(query: &str) -> Vec<(String, Target)> {
        settings(query).into_iter().map(|item| (item.title, item.target)).collect()
    }

    #[test]
    fn what_can_be_set_is_found_by_its_own_words() {
        use SettingsSection::{Audit, Security, Vault};
        for (query, title, section) in [
            ("unlock time", "Unlock time", Vault),
            ("password counts", "The password counts for", Security),
            ("destroy values", "Destroy values after", Security),
            ("destruction", "Destroy values after", Security),
            ("unusual", "Rules of unusual activity", Audit),
        ] {
            let hits = found(query);
            assert!(hits.contains(&(title.to_owned(), Target::Settings(section))), "{query}: {hits:?}");
        }
        for rule in Rule::ALL {
            let hits = found(rule.name());
            assert_eq!(hits.first(), Some(&(rule.name().to_owned(), Target::Settings(Audit))));
        }
        assert_eq!(found("rotation pol"), [("Rotation policies".to_owned(), Target::Policies)]);
    }
}
