//! Nothing lost: a program that is killed at any moment leaves a file that opens in the last state it acknowledged.
//!
//! A child process (this test binary, started again) adds keys in a loop and writes each name to a pipe *after* the commit
//! returned. The parent kills it with SIGKILL after a random time. Then, each of the 200 times: the file opens (a journal that was
//! left behind is rolled back), the last acknowledged key and every one before it is there, the file's structure holds, and the
//! next writer unlocks it on the workstation it was killed on, which verifies every entry since the last, finds every key, and
//! goes on. Every 20th time the whole log is verified.
//!
//! What the workstation remembers is a file that both processes use: a kill may fall between a commit and it, too.
//!
//! SIGKILL ends a program, not the machine: what the kernel was given it still writes. That a power cut loses nothing rests on
//! `synchronous=EXTRA` and on the disk's honesty, which no test here can show.
//!
//! A child unlocks once (0.1 s at the KDF's floor) and then commits a few hundred times a second, so that the kill hits a
//! commit and not the KDF; the looks without a password need no KDF at all. The parent unlocks only where it verifies.

use std::io::{BufRead, BufReader, Write};
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::sync::Arc;
use std::time::{Duration, Instant};

use keyroom::crypto::kdf::KdfParams;
use keyroom::crypto::memory::SecretBuf;
use keyroom::formats::GenerateOptions;
use keyroom::model::{KeyType, VaultId};
use keyroom::operations::{self, CreateKey, EditKey, KeyDraft, NewValue, Rotate};
use keyroom::store::sqlite::SqliteStore;
use keyroom::store::{Store, Table, Walk};
use keyroom::vault::anchor::{AnchorError, AnchorStore};
use keyroom::vault::clock::SystemClock;
use keyroom::vault::{Environment, NewVault, Unlock, Vault};

/// The child's file; where it is not set, this is no child.
const FILE: &str = "KEYROOM_TEST_CRASH_FILE";
/// How many keys it must hold.
const KEYS: &str = "KEYROOM_TEST_CRASH_KEYS";
/// What the child says when it has unlocked and all is there; the second where the file was ahead of what the workstation
/// remembered.
const UNLOCKED: &str = "unlocked";
const AHEAD: &str = "unlocked-ahead";
const KILLS: u32 = 200;
const VERIFY_EVERY: u32 = 20;

fn password() -> SecretBuf {
    SecretBuf::from_slice(b"orbit-lantern-walrus-9-teapot-quilt-mango")
}

/// A keyring that is one file, changed whole or not at all.
struct FileAnchor(PathBuf);

impl AnchorStore for FileAnchor {
    fn load(&self, _: VaultId) -> Result<Option<Vec<u8>>, AnchorError> {
        Ok(std::fs::read(&self.0).ok())
    }

    fn save(&self, _: VaultId, bytes: &[u8]) -> Result<(), AnchorError> {
        // As long as a keyring takes at least; so that some kills fall between a commit and this.
        std::thread::sleep(Duration::from_millis(1));
        let next = self.0.with_extension("next");
        std::fs::write(&next, bytes).and_then(|()| std::fs::rename(&next, &self.0)).unwrap();
        Ok(())
    }

    fn describe(&self) -> &'static str {
        "a file of this test"
    }
}

fn environment(path: &Path) -> Environment {
    let anchor = Arc::new(FileAnchor(path.with_extension("anchor")));
    Environment { clock: Arc::new(SystemClock), anchor, host: "ws-14".into(), os_user: "mito".into() }
}

fn unlock(path: &Path) -> Vault {
    let password = password();
    let unlock = Unlock { password: &password, operator: None, accept_restored: None };
    let file = operations::open_vault(path).unwrap();
    file.unlock(environment(path), &unlock).map_err(|(_, error)| error).unwrap()
}

/// Every key that was ever added is there, and no other. Whether there were entries that the workstation had not come to
/// remember before the kill.
fn is_whole(vault: &Vault, keys: usize) -> bool {
    let view = vault.view();
    let mut names: Vec<_> = view.keys.all().iter().map(|k| k.name.clone()).collect();
    names.sort();
    let expected: Vec<_> = (0..keys).map(|n| format!("key-{n:06}")).collect();
    assert_eq!(names, expected);
    view.session.new_since_anchor.is_some_and(|new| new > 0)
}

/// Not a test of its own: what the child does. Looks whether all is there, then adds, edits and rotates until it is killed, and
/// acknowledges each.
#[test]
#[ignore = "the writer that the test below starts and kills"]
fn writer() {
    let Some(path) = std::env::var_os(FILE) else { return };
    let mut vault = unlock(Path::new(&path));
    let mut out = std::io::stdout().lock();
    let mut acknowledge = |what: &str| {
        out.write_all(format!("ack {what}\n").as_bytes()).unwrap();
        out.flush().unwrap();
    };
    let keys = std::env::var(KEYS).unwrap().parse().unwrap();
    acknowledge(if is_whole(&vault, keys) { AHEAD } else { UNLOCKED });
    for n in keys.. {
        let draft = KeyDraft::new(format!("key-{n:06}"), KeyType::Password);
        let name = draft.name.clone();
        let value = NewValue::Generate(GenerateOptions::default());
        let key = vault.perform(CreateKey { draft, value, activate: true }).unwrap();
        acknowledge(&format!("{} {name}", vault.view().log_size));
        if n % 3 == 0 {
            let draft =
                KeyDraft { note: "x".repeat(n % 4000), ..KeyDraft::new(name.clone(), KeyType::Password) };
            let edit = EditKey::of(vault.view().keys.get(key).unwrap(), draft);
            vault.perform(edit).unwrap();
            acknowledge(&format!("{} {name}", vault.view().log_size));
        }
        if n % 5 == 0 {
            let value = NewValue::Generate(GenerateOptions::default());
            vault
                .perform(Rotate {
                    key,
                    value,
                    reason: "test".into(),
                    overlap_days: None,
                    expires: None,
                    keep_schedule: false,
                    compromise: None,
                })
                .unwrap();
            acknowledge(&format!("{} {name}", vault.view().log_size));
        }
    }
}

/// What the child said before it was killed.
#[derive(Default)]
struct Acknowledged {
    /// The file was ahead of what the workstation remembered.
    ahead: bool,
    log_size: u64,
    keys: usize,
}

fn run_and_kill(path: &Path, keys: usize, after: Duration) -> Acknowledged {
    let mut child = Command::new(std::env::current_exe().unwrap())
        .args(["--exact", "crash::writer", "--ignored", "--nocapture", "--test-threads=1"])
        .env(FILE, path)
        .env(KEYS, keys.to_string())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    let mut lines = BufReader::new(child.stdout.take().unwrap()).lines().map_while(Result::ok);
    // The test harness writes lines of its own.
    let first = lines.find_map(|line| line.rsplit_once("ack ").map(|(_, what)| what.to_owned()));
    let first = first.unwrap_or_else(|| {
        let mut text = String::new();
        std::io::Read::read_to_string(&mut child.stderr.take().unwrap(), &mut text).unwrap();
        panic!("the writer did not unlock, or did not find all that was acknowledged: {text}")
    });
    assert!([UNLOCKED, AHEAD].contains(&first.as_str()), "{first}");
    let killer = std::thread::spawn(move || {
        std::thread::sleep(after);
        child.kill().unwrap();
        child.wait().unwrap();
    });
    let mut last = Acknowledged { ahead: first == AHEAD, ..Acknowledged::default() };
    for line in lines {
        // A line that was cut short was not acknowledged.
        let Some((size, name)) = line.strip_prefix("ack ").and_then(|rest| rest.split_once(' ')) else {
            continue;
        };
        let number = name
            .strip_prefix("key-")
            .filter(|digits| digits.len() == 6)
            .and_then(|n| n.parse::<usize>().ok());
        if let (Ok(size), Some(number)) = (size.parse(), number) {
            last = Acknowledged { log_size: size, keys: number + 1, ..last };
        }
    }
    killer.join().unwrap();
    last
}

/// What anyone can see without a password: how many entries and keys there are, and that the pages fit together.
fn look(path: &Path) -> (u64, usize) {
    let mut store = SqliteStore::open(path).unwrap();
    store.check_structure(&|| false).unwrap();
    let size = store.head().unwrap().unwrap().size;
    let (mut entries, mut keys) = (0, 0);
    store
        .log(0, &mut |row| {
            assert_eq!(row.seq, entries, "an entry is missing");
            entries += 1;
            Walk::Continue(())
        })
        .unwrap();
    assert_eq!(entries, size);
    assert_eq!(store.checkpoint_sizes().unwrap().last(), Some(&size));
    store
        .rows(Table::Key, &mut |_| {
            keys += 1;
            Walk::Continue(())
        })
        .unwrap();
    (size, keys)
}

/// Whether a journal was left that the next opener has to roll back: its header is written when the pages before the commit
/// are safe, so the kill fell between there and the commit's end.
fn is_hot(journal: &Path) -> bool {
    /// The first eight bytes of a rollback journal: <https://sqlite.org/fileformat2.html#rollbackjournal>.
    const MAGIC: [u8; 8] = [0xd9, 0xd5, 0x05, 0xf9, 0x20, 0xa1, 0x63, 0xd7];
    std::fs::read(journal).is_ok_and(|bytes| bytes.starts_with(&MAGIC))
}

#[test]
fn a_writer_killed_two_hundred_times_never_loses_what_it_acknowledged() {
    let dir = tempfile::tempdir().unwrap();
    let path = dir.path().join("v.keyroom");
    let password = password();
    let new = NewVault { name: "crash", operator: "m.ito", password: &password, params: KdfParams::FLOOR };
    drop(operations::create_vault(&path, environment(&path), &new, "").unwrap());
    let journal = dir.path().join("v.keyroom-journal");
    let (mut random, mut journals, mut hot, mut in_commits) = (0x2545_f491_4f6c_dd1d_u64, 0, 0, 0);
    let mut ahead = 0;
    let mut before = look(&path);
    let started = Instant::now();
    for round in 1..=KILLS {
        random ^= random << 13;
        random ^= random >> 7;
        random ^= random << 17;
        let last = run_and_kill(&path, before.1, Duration::from_micros(random % 80_000));
        journals += u32::from(journal.exists());
        hot += u32::from(is_hot(&journal));
        let now = look(&path);
        // One commit more than was acknowledged may have been made durable before the kill, never one less.
        assert!(
            now.0 >= last.log_size.max(before.0 + 1),
            "round {round}: {} entries, {} acknowledged",
            now.0,
            last.log_size
        );
        assert!(last.log_size == 0 || now.0 <= last.log_size + 1, "round {round}");
        assert!(
            now.1 >= last.keys.max(before.1),
            "round {round}: {} keys, {} acknowledged",
            now.1,
            last.keys
        );
        in_commits += u32::from(last.log_size > 0);
        ahead += u32::from(last.ahead);
        if round % VERIFY_EVERY == 0 || round == KILLS {
            let mut vault = unlock(&path);
            ahead += u32::from(is_whole(&vault, now.1));
            operations::verify_log(&mut vault, &mut |_, _| Walk::Continue(())).unwrap();
            assert!(vault.lock("exit", &[]).0.is_ok());
        }
        before = look(&path);
    }
    // The test would prove nothing if the writer had never got to write, or had never been killed within a commit.
    assert!(in_commits > KILLS / 5, "only {in_commits} of {KILLS} were killed while they wrote");
    assert!(hot > 0, "no kill fell into a commit");
    assert!(ahead > 0, "no kill fell between a commit and what the workstation remembers");
    println!(
        "{KILLS} kills in {:?}: {in_commits} while writing, {journals} left a journal, {hot} one to roll back, {ahead} left the anchor behind; {} entries, {} keys",
        started.elapsed(),
        before.0,
        before.1
    );
}
