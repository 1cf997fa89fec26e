//! What a screen is given and what it gives back.
//!
//! A screen is `fn show(ui, &Frame, &mut State) -> Vec<Intent>`. It draws a [`Frame`] and never changes anything but its own
//! state; the [`Intent`]s are run in one place, after the frame.

use std::cell::Cell;
use std::collections::BTreeMap;
use std::path::PathBuf;
use std::time::Duration;

use crate::app::platform::paths::Columns;
use crate::app::{Command, Reply, Revealed, Snapshot, Ticket, UnlockedView};
use crate::guard::unusual::Rule;
use crate::model::time::Shown;
use crate::model::{KeyId, PolicyId, Timestamp};

use super::theme::Theme;
use super::widgets::Tone;

/// Everything a screen may look at.
pub struct Frame<'a> {
    /// What there is to draw.
    pub snapshot: &'a Snapshot,
    /// The time of day.
    pub now: Timestamp,
    /// The monotonic clock the snapshot's deadlines are on.
    pub mono: Duration,
    /// The value that is shown right now.
    pub revealed: Option<&'a Revealed>,
    /// Answers that came since the last frame.
    pub replies: &'a [Reply],
    /// Where tickets come from.
    pub tickets: &'a Cell<Ticket>,
}

impl<'a> Frame<'a> {
    /// The unlocked vault. Pages are shown only while there is one.
    #[must_use]
    pub fn unlocked(&self) -> Option<&'a UnlockedView> {
        self.snapshot.unlocked().map(AsRef::as_ref)
    }

    /// A ticket nobody else has.
    #[must_use]
    pub fn ticket(&self) -> Ticket {
        self.tickets.set(self.tickets.get() + 1);
        self.tickets.get()
    }

    /// The answer under `ticket`, if it came.
    #[must_use]
    pub fn reply(&self, ticket: Option<Ticket>) -> Option<&'a Reply> {
        self.replies.iter().find(|reply| Some(reply.ticket) == ticket)
    }

    /// How long until `deadline`, zero when it has passed.
    #[must_use]
    pub fn left(&self, deadline: Duration) -> Duration {
        deadline.saturating_sub(self.mono)
    }
}

/// The six destinations of the rail.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug, Default)]
pub enum Page {
    /// What needs me now.
    #[default]
    Overview,
    /// The inventory.
    Keys,
    /// What is due.
    Rotation,
    /// What happened.
    Audit,
    /// This session and those before.
    Session,
    /// Limits, policies, the vault itself, the look.
    Settings,
}

impl Page {
    /// All pages, in the order of the rail.
    pub const ALL: [Self; 6] =
        [Self::Overview, Self::Keys, Self::Rotation, Self::Audit, Self::Session, Self::Settings];

    /// The name on the rail.
    #[must_use]
    pub fn title(self) -> &'static str {
        match self {
            Self::Overview => "Overview",
            Self::Keys => "Keys",
            Self::Rotation => "Rotation",
            Self::Audit => "Audit",
            Self::Session => "Session",
            Self::Settings => "Settings",
        }
    }
}

/// What a screen wants to happen.
pub enum Intent {
    /// Something for the application.
    App(Command),
    /// Another page.
    Go(Page),
    /// The Keys page with this query.
    ShowKeys(String),
    /// The Keys page with this key open.
    ShowKey(KeyId),
    /// The Audit page with this query.
    ShowAudit(String),
    /// The Audit page with this event open.
    ShowEvent(u64),
    /// The Audit page on whether the log holds.
    ShowIntegrity,
    /// Verify the whole log, and tell how that went.
    VerifyLog,
    /// Look through the whole vault, and tell how that went.
    CheckVault,
    /// The Rotation page at a tab.
    ShowRotation(RotationTab),
    /// The Session page with the findings of the rules of unusual activity.
    ShowFindings,
    /// The events that wait on the Audit page, so as not to move its list.
    ShowNewerEvents,
    /// The Settings page at a section.
    ShowSettings(SettingsSection),
    /// A dialog.
    Open(DialogRequest),
    /// The command palette.
    OpenPalette,
    /// The list of shortcuts.
    OpenShortcuts,
    /// Another look.
    SetTheme(Theme),
    /// Other columns of the Keys table, to be remembered by this workstation.
    SetColumns(Columns),
    /// Another time zone or clock.
    SetTime(Shown),
    /// Whether single letters are shortcuts, to be remembered by this workstation.
    SetLetters(bool),
    /// Other keys of commands, to be remembered by this workstation.
    SetKeys(BTreeMap<String, Vec<String>>),
    /// Another zoom factor (1.0 is 100 %).
    SetZoom(f32),
    /// A short message at the bottom.
    Toast(Tone, String),
    /// The same with the act that compensates for what was done: its words, and the dialog that asks for it.
    Offer(String, String, DialogRequest),
    /// The create wizard.
    CreateVault,
    /// Choose and open a vault file.
    ChooseVault,
    /// Open a filled demonstration vault.
    OpenDemo,
    /// Forget a vault in the list of recent ones.
    ForgetRecent(PathBuf),
    /// Undo the last edit of what is known about a key.
    Undo,
    /// Do again what was undone last.
    Redo,
}

/// Tabs of the Rotation page that others lead to.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
pub enum RotationTab {
    /// Versions that were replaced and are still accepted.
    Overlap,
    /// The policies, with this one open where one is named.
    Policies(Option<PolicyId>),
}

/// Sections of the Settings page.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug, Default)]
pub enum SettingsSection {
    /// Limits of sessions, reveal, clipboard.
    #[default]
    Security,
    /// Password, backup, files.
    Vault,
    /// The log, and the rules of unusual activity.
    Audit,
    /// Theme and zoom.
    Appearance,
    /// Shortcuts.
    Keyboard,
    /// Version, measures of the process, licences.
    About,
}

/// What is done to several keys at once.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
pub enum Bulk {
    /// Give them a policy.
    Policy,
    /// Exempt them, with a reason.
    Exempt,
    /// Give them an owner.
    Owner,
    /// Put tags on and take tags off.
    Tags,
    /// Interrupt their use.
    Suspend,
    /// Take them into use again.
    Resume,
    /// End their use.
    Deactivate,
    /// Schedule the destruction of their values.
    Destroy,
    /// Retire their versions whose overlap has ended.
    RetireEnded,
}

impl Bulk {
    /// What runs, as a participle.
    #[must_use]
    pub fn title(self) -> &'static str {
        match self {
            Self::Policy | Self::Exempt | Self::Owner => "Editing keys",
            Self::Tags => "Tagging keys",
            Self::Suspend => "Suspending keys",
            Self::Resume => "Resuming keys",
            Self::Deactivate => "Deactivating keys",
            Self::Destroy => "Scheduling destructions",
            Self::RetireEnded => "Retiring versions",
        }
    }

    /// What is so once it is done.
    #[must_use]
    pub fn done(self) -> &'static str {
        match self {
            Self::Policy => "policy set",
            Self::Exempt => "exempt",
            Self::Owner => "owner set",
            Self::Tags => "tags changed",
            Self::Suspend => "suspended",
            Self::Resume => "active again",
            Self::Deactivate => "deactivated",
            Self::Destroy => "destruction scheduled",
            Self::RetireEnded => "retired",
        }
    }
}

/// A dialog and what it is about.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum DialogRequest {
    /// Put a new key in.
    NewKey,
    /// Change what is known about a key.
    EditKey(KeyId),
    /// Give a key a new version.
    Rotate(KeyId),
    /// Make an older version current again.
    MakeCurrent(KeyId, u32),
    /// Retire a version in overlap.
    RetireVersion(KeyId, u32),
    /// Activate a key.
    Activate(KeyId),
    /// Suspend a key.
    Suspend(KeyId),
    /// Resume a key.
    Resume(KeyId),
    /// Deactivate a key.
    Deactivate(KeyId),
    /// Mark a key as compromised.
    Compromised(KeyId),
    /// Schedule the destruction of a key's values.
    ScheduleDestroy(KeyId),
    /// Cancel a scheduled destruction.
    CancelDestroy(KeyId),
    /// Destroy a key's values.
    Destroy(KeyId),
    /// Destroy one version's value.
    DestroyVersion(KeyId, u32),
    /// Reveal a value, where a reason or the password is asked for.
    Reveal(KeyId, Option<u32>),
    /// Copy a value, where a reason or the password is asked for.
    Copy(KeyId, Option<u32>),
    /// Write a value to a file.
    Export(KeyId, Option<u32>),
    /// One act on several keys.
    Bulk(Bulk, Vec<KeyId>),
    /// Rotate several keys, one after the other.
    RotateEach(Vec<KeyId>),
    /// Write what is known about keys to a file, as CSV; never a value.
    ExportMetadata(Vec<KeyId>),
    /// Put keys in from a CSV file.
    Import,
    /// Put keys in from this CSV file.
    ImportFile(PathBuf),
    /// Put a new key in whose value is this file.
    NewFromFile(PathBuf),
    /// Export the log.
    ExportLog,
    /// Back the vault up.
    Backup,
    /// Change the password.
    ChangePassword,
    /// What an unlock costs.
    UnlockTime,
    /// The password was exposed.
    PasswordExposed,
    /// Say about the finding of this rule at this event whether it was as it should be.
    AnswerFinding(Rule, u64, bool),
}
