//! What may be typed: the grammar of the command line and nothing else, a group of commands a file. No password is ever an
//! argument.

use std::path::PathBuf;

use clap::{Args, Parser, Subcommand};

mod edits;
mod keys;
mod log;
mod open;
mod policies;
mod vault;
mod words;

pub(super) use edits::{KeyEdit, KeyExport, KeyExportList, KeyTag, KeyVersion};
pub(super) use keys::{
    Key, KeyAdd, KeyDestroy, KeyImport, KeyList, KeyOnly, KeyReveal, KeyRotate, KeyState, ValueFrom, Wish,
};
pub(super) use log::{Audit, AuditAnswer, AuditExport, AuditFindings, AuditList, Session};
pub(super) use open::{NewPasswordFrom, Open, PasswordFrom, UnlockTime, WeakBecause};
pub(super) use policies::{Policy, PolicyRemove, PolicySet};
pub(super) use vault::{
    Vault, VaultAccept, VaultBackup, VaultEnrol, VaultExposed, VaultInfo, VaultPasswd, VaultSettings,
    VaultUnlockTime,
};

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
    /// The vault as a whole: info, check, passwd, enrol, backup, accept-restored, exposed, settings, unlock-time
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
            "keyroom vault enrol v s.okafor --role auditor --unlock-ms 1",
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
            "keyroom key rotate v k --reason r --generate --compromised --occurred now --noticed now",
            "keyroom key add v --name n --type password --generate --length 64",
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
            "keyroom key destroy v k --reason r --in 30 --version 1",
            "keyroom key destroy v k --reason r --cancel --version 2",
            "keyroom key destroy v k --reason r --version 2",
            "keyroom key rotate v k --reason r --generate --overlap-days 3 --occurred now",
            "keyroom key rotate v k --reason r --generate --overlap-days 3 --noticed now",
            "keyroom key rotate v k --reason r --generate --occurred now",
            "keyroom key rotate v k --reason r --stdin --length 64",
            "keyroom key rotate v k --reason r --from f --words 6",
            "keyroom key add v --name n --type password --stdin --length 64",
            "keyroom key add v --name n --type passphrase --stdin --words 6",
            "keyroom key add v --name n --type password --from f --length 64",
            "keyroom key add v --name n --type passphrase --from f --words 6",
            "keyroom vault settings v --reason r",
        ] {
            assert!(Line::try_parse_from(line.split(' ')).is_err(), "{line}");
        }
    }
}
