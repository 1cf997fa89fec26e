//! The rules by name, and what one of them says when it fires.

use super::answer::Answer;
use crate::model::{KeyRecord, Severity, Timestamp, UnusualLimits};

/// A rule of unusual activity.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug, PartialOrd, Ord)]
pub enum Rule {
    /// Many different secrets were read in a short time.
    ManySecretsRead,
    /// Someone worked at a time they never do.
    OffHours,
    /// An unlock succeeded after several that failed.
    UnlockAfterFailures,
    /// Someone worked on a workstation they never used.
    FirstTimeOnHost,
    /// A key nobody used for 90 days was read.
    DormantKeyRead,
    /// A key marked critical was read.
    CriticalKeyRead,
    /// Several things were refused in a short time.
    RefusedBurst,
    /// Several keys left the vault.
    SeveralKeysExported,
    /// A limit or a policy became weaker.
    SettingsWeakened,
    /// The workstation's clock was set back.
    ClockSetBack,
    /// A secret was read soon after the same person changed the settings.
    ReadAfterSettingsChange,
    /// A key that will be destroyed was read.
    ReadBeforeDestruction,
}

impl Rule {
    /// All rules.
    pub const ALL: [Self; 12] = [
        Self::ManySecretsRead,
        Self::OffHours,
        Self::UnlockAfterFailures,
        Self::FirstTimeOnHost,
        Self::DormantKeyRead,
        Self::CriticalKeyRead,
        Self::RefusedBurst,
        Self::SeveralKeysExported,
        Self::SettingsWeakened,
        Self::ClockSetBack,
        Self::ReadAfterSettingsChange,
        Self::ReadBeforeDestruction,
    ];

    /// Its name on a screen.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::ManySecretsRead => "Many secrets read",
            Self::OffHours => "Outside usual hours",
            Self::UnlockAfterFailures => "Unlock after failures",
            Self::FirstTimeOnHost => "First time on this workstation",
            Self::DormantKeyRead => "Unused key read",
            Self::CriticalKeyRead => "Critical key read",
            Self::RefusedBurst => "Many refusals",
            Self::SeveralKeysExported => "Several keys exported",
            Self::SettingsWeakened => "Settings weakened",
            Self::ClockSetBack => "Clock set back",
            Self::ReadAfterSettingsChange => "Read after a settings change",
            Self::ReadBeforeDestruction => "Read before destruction",
        }
    }

    /// Its name in exports and on the command line.
    #[must_use]
    pub fn word(self) -> &'static str {
        match self {
            Self::ManySecretsRead => "many-secrets-read",
            Self::OffHours => "off-hours",
            Self::UnlockAfterFailures => "unlock-after-failures",
            Self::FirstTimeOnHost => "first-time-on-host",
            Self::DormantKeyRead => "dormant-key-read",
            Self::CriticalKeyRead => "critical-key-read",
            Self::RefusedBurst => "refused-burst",
            Self::SeveralKeysExported => "several-keys-exported",
            Self::SettingsWeakened => "settings-weakened",
            Self::ClockSetBack => "clock-set-back",
            Self::ReadAfterSettingsChange => "read-after-settings-change",
            Self::ReadBeforeDestruction => "read-before-destruction",
        }
    }

    /// The rule with this word.
    #[must_use]
    pub fn from_word(word: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|rule| rule.word() == word)
    }

    /// What it looks for, with its numbers: for the settings page and the help.
    #[must_use]
    pub fn explanation(self, limits: &UnusualLimits) -> String {
        let UnusualLimits { burst_min, reads, exports, refusals, failures, dormant_days, .. } = limits;
        match self {
            Self::ManySecretsRead => {
                format!(
                    "{reads} different keys read within {burst_min} minutes; critical from {}.",
                    reads * 2
                )
            }
            Self::OffHours => {
                "Work at an hour that makes up less than 1 % of the operator's own last 30 days. \
                 Needs 20 sessions in 30 days and 14 days of history."
                    .to_owned()
            }
            Self::UnlockAfterFailures => {
                let least = if *failures == 1 {
                    "A failed unlock".to_owned()
                } else {
                    format!("{failures} or more failed unlocks")
                };
                format!("{least} within a day, then a success; critical from 10.")
            }
            Self::FirstTimeOnHost => {
                "The operator never used this workstation. Needs 14 days of history.".to_owned()
            }
            Self::DormantKeyRead => format!("A key that nobody read for {dormant_days} days was read."),
            Self::CriticalKeyRead => "A key marked critical was revealed, copied or exported.".to_owned(),
            Self::RefusedBurst => format!("{refusals} refusals within {burst_min} minutes."),
            Self::SeveralKeysExported => {
                format!("{exports} different keys exported within {burst_min} minutes, or several at once.")
            }
            Self::SettingsWeakened => "A limit was raised or a rotation policy made longer.".to_owned(),
            Self::ClockSetBack => {
                let minutes = limits.clock_back_min;
                let unit = if minutes == 1 { "minute" } else { "minutes" };
                format!(
                    "An event is more than {minutes} {unit} older than the one before it on the same workstation."
                )
            }
            Self::ReadAfterSettingsChange => {
                let minutes = limits.after_settings_min;
                format!("A secret was read within {minutes} minutes after its reader changed the settings.")
            }
            Self::ReadBeforeDestruction => "A key was read whose destruction is scheduled.".to_owned(),
        }
    }

    /// Whether it is told once per key rather than once per operator.
    pub(super) fn is_per_key(self) -> bool {
        matches!(self, Self::CriticalKeyRead | Self::ReadBeforeDestruction)
    }
}

/// What is known about an event beyond the log: from the key it is about.
#[derive(Clone, Copy, PartialEq, Eq, Default, Debug)]
pub struct Facts {
    /// The key's values will be destroyed then.
    pub destroy_at: Option<Timestamp>,
    /// The key was last read then, before this event.
    pub last_used: Option<Timestamp>,
    /// The key is here since then.
    pub created: Option<Timestamp>,
    /// The event changed the settings to something weaker. Without it, a settings event of severity warn says the same.
    pub weakens: bool,
}

impl Facts {
    /// What the key's record says; take it before the event changes the record.
    #[must_use]
    pub fn of(key: &KeyRecord) -> Self {
        let KeyRecord { destroy_at, last_used, created, .. } = *key;
        Self { destroy_at, last_used, created: Some(created), weakens: false }
    }
}

/// A rule that fired.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Finding {
    /// Which rule.
    pub rule: Rule,
    /// How much it matters.
    pub severity: Severity,
    /// When: the time of the event that made it fire.
    pub time: Timestamp,
    /// About whom.
    pub operator: String,
    /// Why, in one sentence with the numbers.
    pub why: String,
    /// The events it rests on, by their place in the log, oldest first.
    pub events: Vec<u64>,
    /// What an operator said about it.
    pub answer: Option<Answer>,
}

impl Finding {
    /// What an answer names it by: its rule and the event that made it fire.
    #[must_use]
    pub fn key(&self) -> Option<(Rule, u64)> {
        Some((self.rule, *self.events.last()?))
    }

    /// Whether somebody must still say something about it: nobody has, or somebody said that it was not expected.
    #[must_use]
    pub fn is_open(&self) -> bool {
        self.answer.as_ref().is_none_or(|answer| !answer.expected)
    }
}
