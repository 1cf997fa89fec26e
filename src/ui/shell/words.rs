//! Times and places as the frame of the window says them.

use std::path::Path;
use std::time::Duration;

use crate::model::Timestamp;
use crate::model::time::shown;

/// What is left of a deadline: `4:32`, `7:44:58`. Counts down to `0:00`; a started second counts.
#[must_use]
pub fn countdown(left: Duration) -> String {
    let seconds = left.as_millis().div_ceil(1000);
    let (hours, minutes, seconds) = (seconds / 3600, seconds / 60 % 60, seconds % 60);
    if hours > 0 { format!("{hours}:{minutes:02}:{seconds:02}") } else { format!("{minutes}:{seconds:02}") }
}

/// How long until [`countdown`] says something else.
#[must_use]
pub fn until_next_second(left: Duration) -> Duration {
    let over = u64::from(left.subsec_nanos());
    Duration::from_nanos(if over == 0 { 1_000_000_000 } else { over }).max(Duration::from_millis(20))
}

/// A path with `~` for the home folder, so that it is short and names nobody.
#[must_use]
pub fn short_path(path: &Path) -> String {
    let home = std::env::var_os("HOME").filter(|home| home.len() > 1);
    match home.and_then(|home| path.strip_prefix(home).ok()) {
        Some(rest) => format!("~/{}", rest.display()),
        None => path.display().to_string(),
    }
}

/// `path` in at most `most` characters: its first folders, `…`, its file. Where even that is too long, its middle goes.
#[must_use]
pub fn elide_path(path: &str, most: usize) -> String {
    if path.chars().count() <= most {
        return path.to_owned();
    }
    let Some((folders, file)) = path.rsplit_once('/') else {
        return crate::ui::widgets::middle_elide(path, most);
    };
    let room = most.saturating_sub(file.chars().count() + 3);
    let mut head = String::new();
    for folder in folders.split('/') {
        if head.chars().count() + folder.chars().count() > room {
            break;
        }
        head.push_str(folder);
        head.push('/');
    }
    let short = format!("{head}…/{file}");
    if head.is_empty() || short.chars().count() > most {
        crate::ui::widgets::middle_elide(path, most)
    } else {
        short
    }
}

/// The time zone moments are shown in: its name, where known, and its offset at `now`.
#[must_use]
pub fn time_zone(now: Timestamp) -> (Option<String>, String) {
    if shown().utc {
        return (None, "UTC".to_owned());
    }
    let seconds = now.local().offset().local_minus_utc();
    let (hours, minutes) = (seconds.abs() / 3600, seconds.abs() / 60 % 60);
    let sign = if seconds < 0 { '-' } else { '+' };
    let offset = match (hours, minutes) {
        (0, 0) => "UTC".to_owned(),
        (_, 0) => format!("UTC{sign}{hours}"),
        _ => format!("UTC{sign}{hours}:{minutes:02}"),
    };
    (zone_name().filter(|name| name.contains('/') && !name.starts_with("Etc/")), offset)
}

fn zone_name() -> Option<String> {
    if let Ok(zone) = std::env::var("TZ") {
        return Some(zone.trim_start_matches(':').to_owned());
    }
    let target = std::fs::read_link("/etc/localtime").ok()?;
    let (_, name) = target.to_str()?.split_once("zoneinfo/")?;
    Some(name.to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_started_second_counts_until_it_is_over() {
        assert_eq!(countdown(Duration::from_millis(271_001)), "4:32");
        assert_eq!(countdown(Duration::from_secs(272)), "4:32");
        assert_eq!(countdown(Duration::ZERO), "0:00");
        assert_eq!(countdown(Duration::from_secs(7 * 3600 + 44 * 60 + 58)), "7:44:58");
        assert_eq!(until_next_second(Duration::from_millis(1250)), Duration::from_millis(250));
        assert_eq!(until_next_second(Duration::from_secs(3)), Duration::from_secs(1));
    }

    #[test]
    fn a_path_keeps_its_first_folders_and_its_file() {
        let path = "~/vaults/platform/berlin/2026/q2/prod-vault.keyroom";
        assert_eq!(elide_path(path, 40), "~/vaults/platform/…/prod-vault.keyroom");
        assert_eq!(elide_path(path, 90), path);
        assert!(elide_path("/a-very-long-name-without-any-folder.keyroom", 20).chars().count() <= 20);
        for most in 1..60 {
            assert!(elide_path(path, most).chars().count() <= most.max(1));
        }
    }
}
