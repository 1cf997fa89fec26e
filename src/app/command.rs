//! What the window may ask of the application, and the answers.

use std::path::PathBuf;
use std::sync::Arc;

use crate::crypto::kdf::{Calibration, KdfParams};
use crate::crypto::memory::SecretBuf;
use crate::model::{Event, KeyId, KeyType, LockReason};
use crate::operations::{NewPassword, WholeCheck};
use crate::vault::{Around, Checked, Operation, Vault, VaultError};

/// Tells the answer to one command from those to others. Chosen by the window.
pub type Ticket = u64;

/// One thing to do.
pub enum Command {
    /// Open a vault file and show its unlock screen.
    Open(PathBuf),
    /// Build a demonstration vault in a temporary folder and unlock it.
    OpenDemo,
    /// Leave the vault (locking it) and show the welcome screen.
    Close,
    /// Find KDF parameters that take about this long on this workstation. Answers [`Done::Calibrated`].
    Calibrate {
        /// Answered under this ticket.
        ticket: Ticket,
        /// How long an unlock should take, in milliseconds.
        target_ms: u64,
    },
    /// Make a vault and unlock it.
    Create {
        /// Answered under this ticket.
        ticket: Ticket,
        /// Where.
        path: PathBuf,
        /// The vault's name.
        name: String,
        /// Its first administrator.
        operator: String,
        /// Their password.
        password: NewPassword,
        /// How it is stretched.
        params: KdfParams,
    },
    /// Unlock the open file.
    Unlock {
        /// The password.
        password: SecretBuf,
        /// Whose, where the file has several operators.
        operator: Option<String>,
        /// Accept an older or different copy on purpose, for this reason.
        accept_restored: Option<String>,
    },
    /// Lock now.
    Lock(LockReason),
    /// There was real input to the focused window.
    Activity,
    /// The operator asked to stay unlocked.
    StayUnlocked,
    /// The password again; it then counts for a few minutes.
    StepUp {
        /// Answered under this ticket.
        ticket: Ticket,
        /// The password.
        password: SecretBuf,
    },
    /// An operation that hands out no value; see [`Command::act`].
    Act {
        /// Answered under this ticket.
        ticket: Ticket,
        /// The operation.
        act: Box<dyn Act>,
    },
    /// Several operations, one after the other: each is its own entry in the log, and one that fails stops no other.
    /// Answers [`Done::Each`].
    Batch {
        /// Answered under this ticket.
        ticket: Ticket,
        /// What is done, as a participle: "Editing keys".
        title: &'static str,
        /// The operations.
        acts: Vec<Box<dyn Act>>,
    },
    /// Show a value for a short time.
    Reveal {
        /// Answered under this ticket.
        ticket: Ticket,
        /// Which.
        read: Read,
    },
    /// Stop showing it.
    Hide,
    /// Put a value on the clipboard for a short time.
    Copy {
        /// Answered under this ticket.
        ticket: Ticket,
        /// Which.
        read: Read,
    },
    /// Take it off the clipboard now.
    ClearClipboard,
    /// Put plain text (never a secret) on the clipboard.
    CopyPlain(String),
    /// Write what is known about these keys, as CSV and never a value, to a new file that only its owner may read.
    ExportList {
        /// Answered under this ticket.
        ticket: Ticket,
        /// Which keys, in this order.
        keys: Vec<KeyId>,
        /// Where.
        path: PathBuf,
    },
    /// Write a value to a file that only its owner may read. Needs the password again.
    Export {
        /// Answered under this ticket.
        ticket: Ticket,
        /// Which.
        read: Read,
        /// Where.
        path: PathBuf,
    },
    /// A new password for the operator.
    ChangePassword {
        /// Answered under this ticket.
        ticket: Ticket,
        /// The old one.
        old: SecretBuf,
        /// The new one.
        new: NewPassword,
    },
    /// Another cost of every unlock, and the operator's slot wrapped anew with it.
    ChangeUnlockTime {
        /// Answered under this ticket.
        ticket: Ticket,
        /// The password.
        password: SecretBuf,
        /// What an unlock costs from now on.
        params: KdfParams,
    },
    /// The password or a device was exposed: replace everything the operator held.
    PasswordExposed {
        /// Answered under this ticket.
        ticket: Ticket,
        /// The old one.
        old: SecretBuf,
        /// The new one.
        new: NewPassword,
        /// What happened.
        reason: String,
    },
    /// Verify the whole log, in the background.
    VerifyLog {
        /// Answered under this ticket.
        ticket: Ticket,
    },
    /// Look through the whole vault, in the background: its structure, its log, its values. Answers [`Done::WholeChecked`].
    CheckVault {
        /// Answered under this ticket.
        ticket: Ticket,
    },
    /// Export the log for somebody without the password.
    ExportLog {
        /// Answered under this ticket.
        ticket: Ticket,
        /// An empty or new folder.
        dir: PathBuf,
        /// Whether the details go along.
        disclose: bool,
    },
    /// Copy the vault and verify the copy.
    Backup {
        /// Answered under this ticket.
        ticket: Ticket,
        /// Where.
        path: PathBuf,
    },
    /// Read rows of keys and tell what would come of each. Answers [`Done::Preview`]; writes nothing.
    ReadCsv {
        /// Answered under this ticket.
        ticket: Ticket,
        /// Where they come from.
        from: CsvFrom,
    },
    /// Put the keys in that were read last. Answers [`Done::Imported`].
    ImportCsv {
        /// Answered under this ticket.
        ticket: Ticket,
    },
    /// The rows that were read are not wanted.
    ForgetCsv,
    /// Open the whole of one event, for the detail drawer.
    Detail {
        /// Which.
        seq: u64,
    },
    /// Read these events whole, with what they changed. Answers [`Done::Events`].
    Events {
        /// Answered under this ticket.
        ticket: Ticket,
        /// Which, in this order.
        seqs: Vec<u64>,
    },
    /// Verify one event and its neighbours. Answers [`Done::Around`].
    VerifyEvent {
        /// Answered under this ticket.
        ticket: Ticket,
        /// Which.
        seq: u64,
    },
    /// Stop the job that runs.
    CancelJob,
    /// Look at the clocks now; for clocks that tests move by hand.
    Wake,
    /// Lock and end.
    Quit,
}

/// Where rows of keys come from.
pub enum CsvFrom {
    /// A file.
    File(PathBuf),
    /// What was pasted into a field for secrets.
    Pasted(SecretBuf),
}

/// What would come of rows of keys. It holds names and reasons, never a value.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Preview {
    /// The file's name.
    pub file: String,
    /// Every row, in the order of the file.
    pub rows: Vec<PreviewRow>,
    /// Columns that mean nothing here.
    pub ignored: Vec<String>,
    /// Columns that are called otherwise than ours, and what each is read as.
    pub mapped: Vec<(String, &'static str)>,
}

/// One row before it is imported.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct PreviewRow {
    /// The line it begins on, counted from 1.
    pub line: u64,
    /// The key's name; empty where the row could not be read.
    pub name: String,
    /// The key's type, where the row could be read.
    pub key_type: Option<KeyType>,
    /// Why it would be refused.
    pub problem: Option<String>,
}

/// One row after it was imported, or not.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct RowDone {
    /// The line it begins on, counted from 1.
    pub line: u64,
    /// The key's name; empty where the row could not be read.
    pub name: String,
    /// The key's type, where the row could be read.
    pub key_type: Option<KeyType>,
    /// The key, or why the row was refused.
    pub result: Result<KeyId, String>,
}

/// Which value to read, and why.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Read {
    /// Whose.
    pub key: KeyId,
    /// Which version; `None`: the one in use.
    pub version: Option<u32>,
    /// Why, where the settings ask for it.
    pub reason: String,
}

/// An operation as the worker runs it. Every [`Operation`] whose outcome turns into a [`Done`] is one.
pub trait Act: Send {
    /// Runs it.
    ///
    /// # Errors
    /// The operation's.
    fn run(self: Box<Self>, vault: &mut Vault) -> Result<Done, VaultError>;
}

impl<O> Act for O
where
    O: Operation + Send + 'static,
    Done: From<O::Outcome>,
{
    fn run(self: Box<Self>, vault: &mut Vault) -> Result<Done, VaultError> {
        vault.perform(*self).map(Done::from)
    }
}

/// What came of a command.
#[derive(Clone, Debug)]
pub enum Done {
    /// It was done; there is nothing to tell.
    Nothing,
    /// A key was made.
    Key(KeyId),
    /// A version was made.
    Version(u32),
    /// Rows were read.
    Preview(Arc<Preview>),
    /// Keys were imported: what came of each row, in the order of the file.
    Imported(Arc<Vec<RowDone>>),
    /// What came of each operation of a batch, in order; fewer than were asked for where it was stopped.
    Each(Arc<Vec<Result<(), VaultError>>>),
    /// Files were written.
    Written(Vec<PathBuf>),
    /// The log was verified.
    Checked(Checked),
    /// The whole vault was looked through.
    WholeChecked(WholeCheck),
    /// Events, whole.
    Events(Arc<Vec<Event>>),
    /// An event and its neighbours were verified.
    Around(Around),
    /// Parameters were found.
    Calibrated(Calibration),
}

impl From<()> for Done {
    fn from((): ()) -> Self {
        Self::Nothing
    }
}

impl From<KeyId> for Done {
    fn from(key: KeyId) -> Self {
        Self::Key(key)
    }
}

impl From<u32> for Done {
    fn from(version: u32) -> Self {
        Self::Version(version)
    }
}

/// The answer to a command with a ticket.
pub struct Reply {
    /// Whose answer.
    pub ticket: Ticket,
    /// What came of it.
    pub result: Result<Done, VaultError>,
}

impl Command {
    /// An operation under a ticket.
    pub fn act(ticket: Ticket, operation: impl Act + 'static) -> Self {
        Self::Act { ticket, act: Box::new(operation) }
    }

    /// Whether it ends the session, and with it what runs.
    pub(super) fn locks(&self) -> bool {
        matches!(self, Self::Lock(_) | Self::Close | Self::Quit)
    }
}
