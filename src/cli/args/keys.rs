//! `key …`: putting keys in, finding and reading them, replacing their values, and the end of their life.

use std::path::PathBuf;

use clap::{ArgGroup, Args, Subcommand, ValueEnum};

use super::edits::{Around, KeyEdit, KeyExport, KeyExportList, KeyTag, KeyVersion};
use super::open::Open;
use super::words::{compromise_reason, day, key_type, moment};
use crate::model::state::CompromiseReason;
use crate::model::{KeyType, Timestamp};

#[derive(Subcommand, Debug)]
pub(in crate::cli) enum Key {
    /// Put a key in
    Add(KeyAdd),
    /// Put the keys of a CSV file in: name,type,secret,owner,system,tags
    Import(KeyImport),
    /// List keys
    List(KeyList),
    /// Write what is known about keys to a new CSV file that only you may read; never a value
    ExportList(KeyExportList),
    /// Show everything known about a key but its values
    Show(KeyOnly),
    /// Show a key's versions and what was done to it
    History(KeyOnly),
    /// Change what is known about a key; what is not named stays
    Edit(KeyEdit),
    /// Put tags on a key and take tags off
    Tag(KeyTag),
    /// Print a secret, alone, on standard output
    Reveal(KeyReveal),
    /// Write a secret to a new file that only you may read
    Export(KeyExport),
    /// Replace a key's value
    Rotate(KeyRotate),
    /// Make an older version current again
    MakeCurrent(KeyVersion),
    /// End the overlap of a replaced version
    Retire(KeyVersion),
    /// Change a key's state
    State(KeyState),
    /// Destroy a key's values, now or later
    Destroy(KeyDestroy),
}

/// A value for a key.
///
/// clap drops `requires` where what is required conflicts with something that stands on the line; so whatever belongs to one member
/// of an exclusive group conflicts with the others by itself, here and below.
#[derive(Args, Debug)]
#[command(group = ArgGroup::new("value").required(true).multiple(false))]
pub(in crate::cli) struct ValueFrom {
    /// Make the value here, at random
    #[arg(long, group = "value")]
    pub generate: bool,
    /// Read the value from FILE
    #[arg(long, value_name = "FILE", group = "value")]
    pub from: Option<PathBuf>,
    /// Read the value from standard input
    #[arg(long, group = "value")]
    pub stdin: bool,
    /// Characters of a generated password
    #[arg(long, value_name = "N", requires = "generate", conflicts_with_all = ["from", "stdin"])]
    pub length: Option<usize>,
    /// Words of a generated passphrase
    #[arg(long, value_name = "N", requires = "generate", conflicts_with_all = ["from", "stdin"])]
    pub words: Option<usize>,
}

#[derive(Args, Debug)]
pub(in crate::cli) struct KeyAdd {
    #[command(flatten)]
    pub open: Open,
    /// The key's name
    #[arg(long)]
    pub name: String,
    /// What kind of secret it is
    #[arg(long = "type", value_name = "TYPE", value_parser = key_type())]
    pub key_type: KeyType,
    #[command(flatten)]
    pub value: ValueFrom,
    /// The person who answers for it
    #[arg(long, default_value = "", hide_default_value = true)]
    pub owner: String,
    /// The application or system it belongs to
    #[arg(long, default_value = "", hide_default_value = true)]
    pub system: String,
    /// Where that runs
    #[arg(long, default_value = "", hide_default_value = true)]
    pub environment: String,
    /// What it is for
    #[arg(long, default_value = "", hide_default_value = true)]
    pub purpose: String,
    /// A word to find it by; may be given several times
    #[arg(long = "tag", value_name = "TAG")]
    pub tags: Vec<String>,
    /// Anything else worth knowing
    #[arg(long, default_value = "", hide_default_value = true)]
    pub note: String,
    /// Whom to ask about it or to tell when it changes
    #[arg(long, default_value = "", hide_default_value = true)]
    pub contact: String,
    /// Where its value is in use
    #[arg(long, default_value = "", hide_default_value = true)]
    pub deployed: String,
    /// The day its value ends by itself; what a web token says of itself where nothing is named
    #[arg(long, value_name = "DATE", value_parser = day)]
    pub expires: Option<Timestamp>,
    #[command(flatten)]
    pub around: Around,
    /// Every reading of it is worth a look
    #[arg(long)]
    pub critical: bool,
    /// The rotation policy by its name; the one for its type where nothing is said
    #[arg(long, value_name = "NAME", conflicts_with = "exempt")]
    pub policy: Option<String>,
    /// Never due by the calendar, for this reason
    #[arg(long, value_name = "REASON")]
    pub exempt: Option<String>,
    /// Keep it out of use until `key state … activate`
    #[arg(long)]
    pub pre_active: bool,
}

#[derive(Args, Debug)]
pub(in crate::cli) struct KeyImport {
    #[command(flatten)]
    pub open: Open,
    /// The CSV file
    pub file: PathBuf,
}

#[derive(Args, Debug)]
pub(in crate::cli) struct KeyList {
    #[command(flatten)]
    pub open: Open,
    /// Print everything known about each key as CSV for a spreadsheet, never a value; that is recorded
    #[arg(long, conflicts_with = "json")]
    pub csv: bool,
    /// A search as in the window, such as `due:overdue type:api-token`
    pub query: Vec<String>,
}

#[derive(Args, Debug)]
pub(in crate::cli) struct KeyOnly {
    #[command(flatten)]
    pub open: Open,
    /// The key's name, id, or the beginning of its id
    pub key: String,
}

#[derive(Args, Debug)]
pub(in crate::cli) struct KeyReveal {
    #[command(flatten)]
    pub open: Open,
    /// The key's name, id, or the beginning of its id
    pub key: String,
    /// Which version; the current one where nothing is said
    #[arg(long, value_name = "N")]
    pub version: Option<u32>,
    /// Why; it is recorded
    #[arg(long, value_name = "TEXT")]
    pub reason: String,
    /// Print the bytes as they are, not as hex
    #[arg(long)]
    pub raw: bool,
}

#[derive(Args, Debug)]
pub(in crate::cli) struct KeyRotate {
    #[command(flatten)]
    pub open: Open,
    /// The key's name, id, or the beginning of its id
    pub key: String,
    #[command(flatten)]
    pub value: ValueFrom,
    /// Why; it is recorded
    #[arg(long, value_name = "TEXT")]
    pub reason: String,
    /// Days the version before stays accepted; the policy's where nothing is said
    #[arg(long, value_name = "N")]
    pub overlap_days: Option<u32>,
    /// The next date by policy stays what it is; the interval begins anew where this is left out
    #[arg(long)]
    pub keep_schedule: bool,
    /// The day the new value ends by itself; what a web token says of itself where nothing is named
    #[arg(long, value_name = "DATE", value_parser = day)]
    pub expires: Option<Timestamp>,
    /// The version that is replaced is known or suspected to be in the wrong hands: it is marked so and gets no overlap.
    /// With the reason code; `key-compromise` where none is said
    #[arg(
        long,
        value_name = "CODE",
        num_args = 0..=1,
        default_missing_value = "key-compromise",
        value_parser = compromise_reason(),
        conflicts_with = "overlap_days"
    )]
    pub compromised: Option<CompromiseReason>,
    /// With --compromised: when it happened, as far as is known; now where nothing is said
    #[arg(long, value_name = "TIME", value_parser = moment, requires = "compromised", conflicts_with = "overlap_days")]
    pub occurred: Option<Timestamp>,
    /// With --compromised: when it was noticed; now where nothing is said
    #[arg(long, value_name = "TIME", value_parser = moment, requires = "compromised", conflicts_with = "overlap_days")]
    pub noticed: Option<Timestamp>,
}

/// What may be asked of a key's state.
#[derive(ValueEnum, Clone, Copy, PartialEq, Eq, Debug)]
pub(in crate::cli) enum Wish {
    /// Take it into use
    Activate,
    /// Interrupt its use; of a suspended key: let it stay so until another day
    Suspend,
    /// Take it into use again
    Resume,
    /// End its use
    Deactivate,
    /// Known or suspected to be in the wrong hands
    Compromised,
}

#[derive(Args, Debug)]
pub(in crate::cli) struct KeyState {
    #[command(flatten)]
    pub open: Open,
    /// The key's name, id, or the beginning of its id
    pub key: String,
    /// What to do
    pub wish: Wish,
    /// Why; it is recorded. For `compromised`: what happened
    #[arg(long, value_name = "TEXT")]
    pub reason: String,
    /// With `compromised`, which needs it: the reason code
    #[arg(long, value_name = "CODE", value_parser = compromise_reason())]
    pub code: Option<CompromiseReason>,
    /// With `compromised`, which needs it: when it happened, as far as is known; a day, a time, or `now`
    #[arg(long, value_name = "TIME", value_parser = moment)]
    pub occurred: Option<Timestamp>,
    /// With `compromised`: when it was noticed; now where nothing is said
    #[arg(long, value_name = "TIME", value_parser = moment)]
    pub noticed: Option<Timestamp>,
    /// With `suspend`: the day by which that is looked at again, a year from now at most; in 30 days where nothing is said
    #[arg(long, value_name = "DATE", value_parser = day)]
    pub review_by: Option<Timestamp>,
}

#[derive(Args, Debug)]
#[command(group = ArgGroup::new("when").multiple(false))]
pub(in crate::cli) struct KeyDestroy {
    #[command(flatten)]
    pub open: Open,
    /// The key's name, id, or the beginning of its id
    pub key: String,
    /// Why; it is recorded
    #[arg(long, value_name = "TEXT")]
    pub reason: String,
    /// Days until it happens, 7 to 120; the vault's setting where nothing is said
    #[arg(long = "in", value_name = "DAYS", group = "when")]
    pub days: Option<u32>,
    /// With --now: destroy the value of this version only; not the one in use
    #[arg(long, value_name = "N", requires = "now", conflicts_with_all = ["days", "cancel"])]
    pub version: Option<u32>,
    /// Destroy the values now; for keys whose destruction is due, that are compromised, or that were never in use
    #[arg(long, group = "when")]
    pub now: bool,
    /// Call a scheduled destruction off
    #[arg(long, group = "when")]
    pub cancel: bool,
}
