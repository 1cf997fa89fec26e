//! What may be typed: the grammar of the command line and nothing else. No password is ever an argument.

use std::path::PathBuf;
use std::sync::OnceLock;

use clap::builder::{PossibleValuesParser, TypedValueParser};
use clap::{ArgGroup, Args, Parser, Subcommand, ValueEnum};

use super::edit_args::{Around, KeyEdit, KeyExport, KeyExportList, KeyTag, KeyVersion, Policy, day};
use super::settings_args::{VaultSettings, VaultUnlockTime};
use crate::model::state::CompromiseReason;
use crate::model::{KeyType, Timestamp};

/// A desktop key vault for security administrators.
///
/// Without a command, the window opens, on VAULT where one is named.
#[derive(Parser, Debug)]
#[command(name = "keyroom", version, max_term_width = 100)]
pub(super) struct Line {
    /// The vault to open in the window
    pub vault: Option<PathBuf>,
    /// Open the window on a filled demo vault in a temporary folder
    #[arg(long, conflicts_with = "vault")]
    pub demo: bool,
    /// Print JSON with stable field names
    #[arg(long, global = true)]
    pub json: bool,
    #[command(subcommand)]
    pub command: Option<Verb>,
}

/// The commands.
#[derive(Subcommand, Debug)]
#[expect(clippy::large_enum_variant, reason = "there is one of them in a process")]
pub(super) enum Verb {
    /// Make a vault and its first operator
    Create(Create),
    /// Keys: add, import, list, export-list, show, history, edit, tag, reveal, export, rotate, make-current, retire, state, destroy
    #[command(subcommand)]
    Key(Key),
    /// Rotation policies
    #[command(subcommand)]
    Policy(Policy),
    /// The signed log: list, verify, export; findings, and answers to them
    #[command(subcommand)]
    Audit(Audit),
    /// Sessions
    #[command(subcommand)]
    Session(Session),
    /// The vault as a whole: info, check, passwd, backup, accept-restored, exposed
    #[command(subcommand)]
    Vault(Vault),
    /// Build a filled demo vault
    Demo(Demo),
    /// Render every screen to pictures, without a display
    Screens {
        /// The folder the pictures go to
        dir: PathBuf,
    },
}

/// Where the password comes from. A terminal is asked where nothing is said.
#[derive(Args, Debug, Default)]
#[command(group = ArgGroup::new("password").multiple(false))]
pub(super) struct PasswordFrom {
    /// Read the password from the first line of FILE; `-` is standard input
    #[arg(long, value_name = "FILE", group = "password")]
    pub password_file: Option<PathBuf>,
    /// Read the password from the first line of file descriptor N
    #[arg(long, value_name = "N", group = "password")]
    pub password_fd: Option<u32>,
}

/// Where a new password comes from. A terminal is asked twice where nothing is said.
#[derive(Args, Debug)]
#[command(group = ArgGroup::new("new_password").multiple(false))]
pub(super) struct NewPasswordFrom {
    /// Read the new password from the first line of FILE; `-` is standard input
    #[arg(long, value_name = "FILE", group = "new_password")]
    pub new_password_file: Option<PathBuf>,
    /// Read the new password from the first line of file descriptor N
    #[arg(long, value_name = "N", group = "new_password")]
    pub new_password_fd: Option<u32>,
}

/// A vault and who unlocks it.
#[derive(Args, Debug)]
pub(super) struct Open {
    /// The vault's file
    pub vault: PathBuf,
    /// Who unlocks, where the vault has several operators
    #[arg(long, value_name = "NAME")]
    pub operator: Option<String>,
    #[command(flatten)]
    pub password: PasswordFrom,
}

/// What is said about a new password.
#[derive(Args, Debug)]
pub(super) struct WeakBecause {
    /// Why the new password is used although it is weak; it is recorded with the strength
    #[arg(long, value_name = "TEXT", default_value = "", hide_default_value = true)]
    pub weak_because: String,
}

/// How long an unlock is meant to take.
#[derive(Args, Debug)]
pub(super) struct UnlockTime {
    /// Measure this machine so that an unlock takes about N milliseconds
    #[arg(long, value_name = "N", default_value_t = 750, value_parser = clap::value_parser!(u64).range(1..=60_000))]
    pub unlock_ms: u64,
}

#[derive(Args, Debug)]
pub(super) struct Create {
    /// The file to make
    pub vault: PathBuf,
    /// The first operator's name
    #[arg(long, value_name = "NAME")]
    pub operator: String,
    /// The vault's name; the file's without its extension where it is left out
    #[arg(long, value_name = "NAME")]
    pub name: Option<String>,
    #[command(flatten)]
    pub weak: WeakBecause,
    #[command(flatten)]
    pub unlock: UnlockTime,
    #[command(flatten)]
    pub password: PasswordFrom,
}

#[derive(Subcommand, Debug)]
pub(super) enum Key {
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
#[derive(Args, Debug)]
#[command(group = ArgGroup::new("value").required(true).multiple(false))]
pub(super) struct ValueFrom {
    /// Make the value here, at random
    #[arg(long, group = "value")]
    pub generate: bool,
    /// Read the value from FILE
    #[arg(long, value_name = "FILE", group = "value")]
    pub from: Option<PathBuf>,
    /// Read the value from standard input
    #[arg(long, group = "value")]
    pub stdin: bool,
    /// Characters of a generated password or token
    #[arg(long, value_name = "N", requires = "generate")]
    pub length: Option<usize>,
    /// Words of a generated passphrase
    #[arg(long, value_name = "N", requires = "generate")]
    pub words: Option<usize>,
}

#[derive(Args, Debug)]
pub(super) struct KeyAdd {
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
pub(super) struct KeyImport {
    #[command(flatten)]
    pub open: Open,
    /// The CSV file
    pub file: PathBuf,
}

#[derive(Args, Debug)]
pub(super) struct KeyList {
    #[command(flatten)]
    pub open: Open,
    /// Print everything known about each key as CSV for a spreadsheet, never a value; that is recorded
    #[arg(long, conflicts_with = "json")]
    pub csv: bool,
    /// A search as in the window, such as `due:overdue type:api-token`
    pub query: Vec<String>,
}

#[derive(Args, Debug)]
pub(super) struct KeyOnly {
    #[command(flatten)]
    pub open: Open,
    /// The key's name, id, or the beginning of its id
    pub key: String,
}

#[derive(Args, Debug)]
pub(super) struct KeyReveal {
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
pub(super) struct KeyRotate {
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
    #[arg(long, value_name = "TIME", value_parser = moment, requires = "compromised")]
    pub occurred: Option<Timestamp>,
    /// With --compromised: when it was noticed; now where nothing is said
    #[arg(long, value_name = "TIME", value_parser = moment, requires = "compromised")]
    pub noticed: Option<Timestamp>,
}

/// What may be asked of a key's state.
#[derive(ValueEnum, Clone, Copy, PartialEq, Eq, Debug)]
pub(super) enum Wish {
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
pub(super) struct KeyState {
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
pub(super) struct KeyDestroy {
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
    #[arg(long, value_name = "N", requires = "now")]
    pub version: Option<u32>,
    /// Destroy the values now; for keys whose destruction is due, that are compromised, or that were never in use
    #[arg(long, group = "when")]
    pub now: bool,
    /// Call a scheduled destruction off
    #[arg(long, group = "when")]
    pub cancel: bool,
}

#[derive(Subcommand, Debug)]
pub(super) enum Audit {
    /// List events
    List(AuditList),
    /// Verify the whole log: order, hashes, signatures, rights, states, checkpoints
    Verify(Open),
    /// Write the log to a folder that `keyroom-verify` checks without a password
    Export(AuditExport),
    /// List what the rules of unusual activity found
    Findings(AuditFindings),
    /// Answer a finding: it was you, or it was not
    Answer(AuditAnswer),
}

#[derive(Args, Debug)]
pub(super) struct AuditFindings {
    #[command(flatten)]
    pub open_with: Open,
    /// Only those that somebody must still say something about
    #[arg(long)]
    pub open: bool,
}

#[derive(Args, Debug)]
#[command(group = ArgGroup::new("whose").required(true).multiple(false))]
pub(super) struct AuditAnswer {
    #[command(flatten)]
    pub open: Open,
    /// The finding, as `audit findings` lists it: such as `off-hours#12`
    pub finding: String,
    /// It was you; about somebody else: it was expected
    #[arg(long, group = "whose")]
    pub mine: bool,
    /// It was not you, or was not expected: recorded as critical
    #[arg(long, group = "whose")]
    pub not_mine: bool,
    /// What is known about it; it is recorded
    #[arg(long, value_name = "TEXT")]
    pub note: String,
}

#[derive(Args, Debug)]
pub(super) struct AuditList {
    #[command(flatten)]
    pub open: Open,
    /// A query as in the window, such as `action:secret.*`; write `--` before one that begins with a hyphen
    pub query: Vec<String>,
}

#[derive(Args, Debug)]
pub(super) struct AuditExport {
    #[command(flatten)]
    pub open: Open,
    /// The folder to make
    pub dir: PathBuf,
    /// Leave out what each entry tells in words; the signatures still verify
    #[arg(long)]
    pub withhold: bool,
}

#[derive(Subcommand, Debug)]
pub(super) enum Session {
    /// List sessions, newest first, with how each ended
    List(Open),
}

#[derive(Subcommand, Debug)]
pub(super) enum Vault {
    /// Tell what the file says of itself; more with a password
    Info(VaultInfo),
    /// Check the file's structure, the log and the tables
    Check(Open),
    /// Change your password
    Passwd(VaultPasswd),
    /// Copy the vault to a new file and check the copy
    Backup(VaultBackup),
    /// Accept a file that is older than, or differs from, what this computer has seen
    AcceptRestored(VaultAccept),
    /// Your password or device was exposed: replace every key you held
    Exposed(VaultExposed),
    /// List the settings, or change some
    Settings(VaultSettings),
    /// Change how long an unlock takes, for every password of the vault
    UnlockTime(VaultUnlockTime),
}

#[derive(Args, Debug)]
pub(super) struct VaultInfo {
    #[command(flatten)]
    pub open: Open,
    /// Ask for the password and tell more
    #[arg(long, conflicts_with = "password")]
    pub unlock: bool,
}

#[derive(Args, Debug)]
pub(super) struct VaultPasswd {
    #[command(flatten)]
    pub open: Open,
    #[command(flatten)]
    pub new: NewPasswordFrom,
    #[command(flatten)]
    pub weak: WeakBecause,
    #[command(flatten)]
    pub unlock: UnlockTime,
}

#[derive(Args, Debug)]
pub(super) struct VaultExposed {
    #[command(flatten)]
    pub open: Open,
    /// What happened; it is recorded
    #[arg(long, value_name = "TEXT")]
    pub reason: String,
    #[command(flatten)]
    pub new: NewPasswordFrom,
    #[command(flatten)]
    pub weak: WeakBecause,
    #[command(flatten)]
    pub unlock: UnlockTime,
}

#[derive(Args, Debug)]
pub(super) struct VaultBackup {
    #[command(flatten)]
    pub open: Open,
    /// The file to make
    pub to: PathBuf,
}

#[derive(Args, Debug)]
pub(super) struct VaultAccept {
    #[command(flatten)]
    pub open: Open,
    /// Why; it is recorded
    #[arg(long, value_name = "TEXT")]
    pub reason: String,
}

#[derive(Args, Debug)]
pub(super) struct Demo {
    /// The file to make
    pub file: PathBuf,
    /// How many keys
    #[arg(long, value_name = "N", default_value_t = 24, value_parser = clap::value_parser!(u32).range(1..=200_000))]
    pub keys: u32,
    /// About how many entries in the log
    #[arg(long, value_name = "N", default_value_t = 600, value_parser = clap::value_parser!(u32).range(1..=2_000_000))]
    pub events: u32,
    /// The same seed tells the same story; ids and secrets are always new
    #[arg(long, value_name = "N", default_value_t = 1)]
    pub seed: u64,
    #[command(flatten)]
    pub password: PasswordFrom,
}

pub(super) fn key_type() -> impl TypedValueParser<Value = KeyType> {
    let words = PossibleValuesParser::new(KeyType::ALL.map(KeyType::word));
    words.try_map(|word| KeyType::from_word(&word).ok_or("no such type"))
}

fn compromise_reason() -> impl TypedValueParser<Value = CompromiseReason> {
    let words = PossibleValuesParser::new(CompromiseReason::ALL.map(CompromiseReason::word));
    words.try_map(|word| CompromiseReason::ALL.into_iter().find(|r| r.word() == word).ok_or("no such reason"))
}

fn moment(text: &str) -> Result<Timestamp, &'static str> {
    // The same moment wherever a command line says so.
    static NOW: OnceLock<Timestamp> = OnceLock::new();
    if text == "now" {
        return Ok(*NOW.get_or_init(super::keys::now));
    }
    Timestamp::parse(text).ok_or("write it as 2026-11-30 or 2026-11-30T14:05:00Z, or now")
}

#[cfg(test)]
mod tests {
    use clap::CommandFactory;

    use super::*;

    #[test]
    fn the_grammar_holds_together() {
        Line::command().debug_assert();
    }

    #[test]
    fn a_password_can_stand_in_no_argument_and_no_variable() {
        fn walk(command: &clap::Command) {
            for arg in command.get_arguments() {
                let id = arg.get_id().as_str();
                assert!(!id.contains("password") || id.ends_with("_file") || id.ends_with("_fd"), "{id}");
            }
            command.get_subcommands().for_each(walk);
        }
        walk(&Line::command());
    }

    #[test]
    fn every_line_of_the_manual_is_understood() {
        for line in [
            "keyroom",
            "keyroom a.keyroom",
            "keyroom --demo",
            "keyroom create v --operator m.ito --unlock-ms 1 --weak-because t",
            "keyroom vault passwd v --weak-because t",
            "keyroom vault exposed v --reason r --weak-because t",
            "keyroom --json key list v",
            "keyroom key list v due:overdue type:api-token --json",
            "keyroom key add v --name n --type aes-256 --generate --tag a --tag b",
            "keyroom key state v k compromised --reason r --code ca-compromise --occurred 2026-01-01",
            "keyroom key destroy v k --reason r --in 30",
            "keyroom key edit v k --owner o --critical no --default-policy",
            "keyroom key tag v k --add a --add b --remove c",
            "keyroom key tag v k --remove c",
            "keyroom key export v k out --version 2 --reason r",
            "keyroom key make-current v k --version 1 --reason r",
            "keyroom key retire v k --version 1 --reason r",
            "keyroom key destroy v k --now --version 1 --reason r",
            "keyroom key list v --csv due:overdue",
            "keyroom policy list v --json",
            "keyroom audit list v --json -- -7d action:secret.*",
            "keyroom audit findings v --open --json",
            "keyroom audit answer v off-hours#12 --not-mine --note t",
            "keyroom vault accept-restored v --reason r",
            "keyroom demo f --keys 5 --events 10",
        ] {
            Line::try_parse_from(line.split(' ')).unwrap_or_else(|e| panic!("{line}: {e}"));
        }
        for line in [
            "keyroom key add v --name n --type rsa --generate",
            "keyroom key add v --name n --type text",
            "keyroom audit answer v off-hours#12 --note t",
            "keyroom audit answer v off-hours#12 --mine --not-mine --note t",
            "keyroom audit answer v off-hours#12 --mine",
            "keyroom key tag v k",
            "keyroom key edit v k --policy p --exempt r",
        ] {
            assert!(Line::try_parse_from(line.split(' ')).is_err(), "{line}");
        }
    }
}
