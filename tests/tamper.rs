//! Nothing rewritten unseen: a small vault is changed in every way somebody with the file could change it. Each change is named
//! at the next open or by the next verification of the log, or it is harmless and gives the same right answer. None gives a
//! wrong answer, none panics.
//!
//! **The arithmetic.** The ten tables of the vault hold 150,000 bits, its file 800,000. Unlocking costs 0.1 s at the KDF's
//! floor, and there is no cheaper way in for tests either, so one unlock for each bit would take a day. Therefore in two steps:
//!
//! 1. *Exhaustive, without unlocking.* Every bit of every column of every row of the ten tables, and every pair of rows with
//!    their contents exchanged: the state root is another one each time. (Every bit of a log record, of an envelope, of a roster
//!    is flipped in the unit tests of `audit` and `crypto`, under keys they own.)
//! 2. *Sampled, with a full unlock, every value read and the log verified.* That another state root, or anything else, is really
//!    noticed and really named: some bits of every column of every table, every row deleted and duplicated, rows of an older copy,
//!    exchanges between all tables, a stratified sample of raw bits of the file, and cuts around every page boundary.
#![allow(
    clippy::unwrap_used,
    clippy::panic,
    clippy::print_stdout,
    reason = "the helpers of a test are part of it"
)]

use std::collections::BTreeMap;
use std::ops::ControlFlow;
use std::path::Path;
use std::sync::{Arc, OnceLock};

use keyroom::audit::state::StateTree;
use keyroom::crypto::kdf::KdfParams;
use keyroom::crypto::memory::SecretBuf;
use keyroom::formats::GenerateOptions;
use keyroom::model::{DraftId, KeyState, KeyType, Role, Settings, VersionState};
use keyroom::operations::{
    self, ChangeSettings, CreateKey, Destroy, EnrolOperator, KeyDraft, NewValue, Reveal, Rotate,
};
use keyroom::store::sqlite::SqliteStore;
use keyroom::store::{Row, Store, StoreError, Table};
use keyroom::vault::anchor::{AnchorStore, MemoryAnchor};
use keyroom::vault::clock::SystemClock;
use keyroom::vault::{Draft, Environment, NewVault, Unlock, Vault, VaultError};
use rusqlite::{Connection, params};

/// The page size of every vault.
const PAGE: usize = 4096;
/// Threads that unlock side by side.
const THREADS: usize = 2;
/// The tables beside the ten whose rows make up the state.
const LOG_TABLES: [&str; 2] = ["log", "checkpoint"];

/// What an honest reader is told.
#[derive(Clone, PartialEq, Debug)]
struct Answer {
    keys: BTreeMap<String, (KeyState, Vec<VersionState>, String)>,
    settings: Settings,
    operators: Vec<(String, Role)>,
    compartments: Vec<String>,
}

/// The vault all tests start from, as bytes.
struct Base {
    file: Vec<u8>,
    /// The same vault some entries earlier.
    older: Vec<u8>,
    answer: Answer,
    /// By name and version.
    values: BTreeMap<(String, u32), Vec<u8>>,
}

/// What became of a changed file.
#[derive(Debug)]
enum Verdict {
    /// It was not opened, for this reason.
    Refused(VaultError),
    /// It was opened, gave the right answer, and this was found when a value was read or the log verified.
    Found(VaultError),
    /// Nobody noticed, and the answer is the right one.
    Harmless,
}

fn password() -> SecretBuf {
    SecretBuf::from_slice(b"orbit-lantern-walrus-9")
}

fn environment(anchor: Arc<MemoryAnchor>) -> Environment {
    let anchor: Arc<dyn AnchorStore> = anchor;
    Environment { clock: Arc::new(SystemClock), anchor, host: "ws-14".into(), os_user: "mito".into() }
}

/// In memory where the system has a place for files there: what is durable is tested elsewhere.
fn folder() -> tempfile::TempDir {
    let memory = Path::new("/dev/shm");
    if memory.is_dir() { tempfile::tempdir_in(memory) } else { tempfile::tempdir() }.unwrap()
}

fn unlock(path: &Path, anchor: Arc<MemoryAnchor>) -> Result<Vault, VaultError> {
    let password = password();
    let unlock = Unlock { password: &password, operator: Some("m.ito"), accept_restored: None };
    operations::open_vault(path)?.unlock(environment(anchor), &unlock).map_err(|(_, error)| error)
}

fn answer(vault: &Vault) -> Answer {
    let view = vault.view();
    let told = |k: &keyroom::model::KeyRecord| {
        let versions = k.versions.iter().map(|v| v.state).collect();
        (k.name.clone(), (k.state, versions, format!("{} {:?} {}", k.owner, k.tags, k.note)))
    };
    Answer {
        keys: view.keys.all().iter().map(|k| told(k)).collect(),
        settings: view.settings.as_ref().clone(),
        operators: view.roster.current().operators.iter().map(|o| (o.name.clone(), o.role)).collect(),
        compartments: view.compartments.iter().map(|c| c.name.clone()).collect(),
    }
}

/// Every value that can be read.
fn values(vault: &mut Vault) -> Result<BTreeMap<(String, u32), Vec<u8>>, VaultError> {
    let mut values = BTreeMap::new();
    for key in vault.view().keys.all() {
        for version in key.versions.iter().filter(|v| v.state != VersionState::Destroyed) {
            let reveal = Reveal { key: key.id, version: Some(version.number), reason: String::new() };
            let value = vault.perform(reveal)?.value.as_bytes().to_vec();
            values.insert((key.name.clone(), version.number), value);
        }
    }
    Ok(values)
}

fn base() -> &'static Base {
    static BASE: OnceLock<Base> = OnceLock::new();
    BASE.get_or_init(|| {
        let dir = folder();
        let path = dir.path().join("v.keyroom");
        let password = password();
        let new =
            NewVault { name: "small", operator: "m.ito", password: &password, params: KdfParams::FLOOR };
        let anchor = Arc::new(MemoryAnchor::new());
        let mut vault = operations::create_vault(&path, environment(anchor.clone()), &new).unwrap();
        let mut ids = Vec::new();
        for (name, key_type) in
            [("db", KeyType::Password), ("disk", KeyType::Aes256), ("gone", KeyType::ApiToken)]
        {
            let draft = KeyDraft {
                owner: "a.novak".into(),
                tags: vec!["pci".into()],
                note: "n".repeat(ids.len() * 300),
                ..KeyDraft::new(name, key_type)
            };
            let value = NewValue::Generate(GenerateOptions::default());
            ids.push(vault.perform(CreateKey { draft, value, activate: name != "gone" }).unwrap());
        }
        let older = std::fs::read(&path).unwrap();
        let value = NewValue::Generate(GenerateOptions::default());
        let reason = String::from("scheduled");
        vault.perform(Rotate { key: ids[0], value, reason: reason.clone(), overlap_days: None }).unwrap();
        operations::step_up(&mut vault, &password).unwrap();
        let settings = Settings { clipboard_s: 9, ..vault.view().settings.as_ref().clone() };
        vault.perform(ChangeSettings { settings, reason: reason.clone() }).unwrap();
        let (name, role) = ("s.okafor".to_owned(), Role::Auditor);
        let own = password.duplicate();
        let enrol =
            EnrolOperator { name, role, password: own, params: KdfParams::FLOOR, compartments: Vec::new() };
        vault.perform(enrol).unwrap();
        vault.perform(Destroy { key: ids[2], reason }).unwrap();
        let values = values(&mut vault).unwrap();
        let answer = answer(&vault);
        let draft = Draft { id: DraftId([7; 16]), content: SecretBuf::from_slice(b"half a sentence") };
        vault.lock("idle-5min", &[draft]).0.unwrap();
        let file = std::fs::read(&path).unwrap();
        assert_eq!(values.len(), 3);
        Base { file, older, answer, values }
    })
}

/// Opens a changed file as an honest program would and looks at everything. Panics at a wrong answer.
fn judge(path: &Path) -> Verdict {
    let base = base();
    let mut vault = match unlock(path, Arc::new(MemoryAnchor::new())) {
        Ok(vault) => vault,
        Err(error) => return Verdict::Refused(error),
    };
    assert_eq!(answer(&vault), base.answer, "a wrong answer");
    match values(&mut vault) {
        Ok(values) => assert!(values == base.values, "a wrong value"),
        Err(error) => return Verdict::Found(error),
    }
    match operations::check(&mut vault, &mut |_, _| ControlFlow::Continue(())) {
        Ok(_) => Verdict::Harmless,
        Err(error) => Verdict::Found(error),
    }
}

/// One change to the file: its name, and how it is made.
type Change<'a> = (String, Box<dyn Fn(&Path) + Send + Sync + 'a>);

/// Makes each change to a copy of its own and judges it.
fn judge_all(changes: &[Change<'_>]) -> Vec<Verdict> {
    let next = std::sync::atomic::AtomicUsize::new(0);
    let work = || {
        let dir = folder();
        let mut done = Vec::new();
        loop {
            let i = next.fetch_add(1, std::sync::atomic::Ordering::Relaxed);
            let Some((name, change)) = changes.get(i) else { return done };
            let path = dir.path().join(format!("{i}.keyroom"));
            std::fs::write(&path, &base().file).unwrap();
            change(&path);
            let judged = std::panic::catch_unwind(|| judge(&path));
            done.push((i, judged.unwrap_or_else(|_| panic!("{name}"))));
            std::fs::remove_file(&path).unwrap();
        }
    };
    let mut verdicts = std::thread::scope(|scope| {
        let threads: Vec<_> = (0..THREADS).map(|_| scope.spawn(work)).collect();
        threads.into_iter().flat_map(|t| t.join().unwrap()).collect::<Vec<_>>()
    });
    verdicts.sort_by_key(|(i, _)| *i);
    verdicts.into_iter().map(|(_, verdict)| verdict).collect()
}

/// Every one of them must be noticed and named.
fn all_are_named(changes: &[Change<'_>]) {
    for ((name, _), verdict) in changes.iter().zip(judge_all(changes)) {
        match verdict {
            Verdict::Refused(error) | Verdict::Found(error) => assert!(is_named(&error), "{name}: {error}"),
            Verdict::Harmless => panic!("{name}: nobody noticed"),
        }
    }
}

/// Says that the file is not what was written, or, for a slot, what cannot be told from a wrong password.
fn is_named(error: &VaultError) -> bool {
    error.is_damage()
        || matches!(error, VaultError::WrongPassword | VaultError::WhichOperator)
        || matches!(error, VaultError::Store(StoreError::NotAVault | StoreError::Newer { .. }))
        || matches!(error, VaultError::NotRecorded { cause: StoreError::Damaged(_), .. })
}

fn sql(path: &Path) -> Connection {
    let connection = Connection::open(path).unwrap();
    connection.execute_batch("PRAGMA journal_mode=OFF; PRAGMA synchronous=OFF;").unwrap();
    connection
}

/// Every row of the ten tables of a file.
fn rows(file: &[u8]) -> Vec<Row> {
    let dir = folder();
    let path = dir.path().join("rows.keyroom");
    std::fs::write(&path, file).unwrap();
    let mut store = SqliteStore::open(&path).unwrap();
    let mut rows = Vec::new();
    for table in Table::ALL {
        store
            .rows(table, &mut |row| {
                rows.push(row.to_row());
                ControlFlow::Continue(())
            })
            .unwrap();
    }
    rows
}

fn root(rows: &[Row]) -> keyroom::crypto::Hash {
    let mut tree = StateTree::new();
    rows.iter().for_each(|row| tree.load(row));
    tree.finish();
    tree.root()
}

fn put(connection: &Connection, row: &Row) {
    let sql = format!("INSERT OR REPLACE INTO {} VALUES (?1, ?2, ?3, ?4, ?5)", row.table.name());
    let version = row.version as i64;
    connection.execute(&sql, params![row.id, version, row.scope, row.epoch, row.data]).unwrap();
}

fn delete(connection: &Connection, row: &Row) {
    let sql = format!("DELETE FROM {} WHERE id = ?1", row.table.name());
    assert_eq!(connection.execute(&sql, [&row.id]).unwrap(), 1);
}

fn name_of(row: &Row) -> String {
    format!("{} {}", row.table.name(), data_encoding::HEXLOWER.encode(&row.id))
}

#[test]
fn the_vault_itself_is_read_without_complaint() {
    let changes: [Change<'_>; 1] = [("nothing".into(), Box::new(|_: &Path| {}))];
    assert!(matches!(judge_all(&changes)[..], [Verdict::Harmless]));
    assert!(rows(&base().file).len() > 20);
}

#[test]
fn every_bit_of_every_row_changes_the_state_root() {
    let rows = rows(&base().file);
    let mut bits = 0_u64;
    for row in &rows {
        let hash = row.hash();
        let mut check = |changed: &Row, what: &str, bit: usize| {
            bits += 1;
            assert_ne!(changed.hash(), hash, "{}, {what}, bit {bit}", name_of(row));
        };
        for bit in 0..row.data.len() * 8 {
            let mut changed = row.clone();
            changed.data[bit / 8] ^= 1 << (bit % 8);
            check(&changed, "data", bit);
        }
        for bit in 0..row.id.len() * 8 {
            let mut changed = row.clone();
            changed.id[bit / 8] ^= 1 << (bit % 8);
            check(&changed, "id", bit);
        }
        for bit in 0..128 {
            let mut changed = row.clone();
            changed.scope[bit / 8] ^= 1 << (bit % 8);
            check(&changed, "scope", bit);
        }
        for bit in 0..64 {
            check(&Row { version: row.version ^ (1 << bit), ..row.clone() }, "version", bit);
        }
        for bit in 0..32 {
            check(&Row { epoch: row.epoch ^ (1 << bit), ..row.clone() }, "epoch", bit);
        }
        for table in Table::ALL.into_iter().filter(|t| *t != row.table) {
            check(&Row { table, ..row.clone() }, "table", 0);
        }
    }
    println!("{bits} bits of {} rows", rows.len());
    assert!(bits > 100_000, "{bits}");
    // A row's hash is what the root is made of: one changed hash, a missing row and an added row each give another root.
    let whole = root(&rows);
    for i in 0..rows.len() {
        let mut changed = rows.clone();
        changed[i].version += 1;
        assert_ne!(root(&changed), whole);
        let row = changed.remove(i);
        assert_ne!(root(&changed), whole);
        changed.extend([rows[i].clone(), Row { id: [&row.id[..], &[0]].concat(), ..row }]);
        assert_ne!(root(&changed), whole);
    }
}

#[test]
fn every_exchange_of_two_rows_contents_changes_the_state_root() {
    let rows = rows(&base().file);
    let mut tree = StateTree::new();
    rows.iter().for_each(|row| tree.load(row));
    tree.finish();
    let whole = tree.root();
    let mut pairs = 0;
    for (i, a) in rows.iter().enumerate() {
        for b in &rows[i + 1..] {
            // Once the blob alone, once everything but the id.
            let blobs =
                (Row { data: b.data.clone(), ..a.clone() }, Row { data: a.data.clone(), ..b.clone() });
            let (table_a, table_b) = (a.table, b.table);
            let all = (
                Row { id: a.id.clone(), table: table_a, ..b.clone() },
                Row { id: b.id.clone(), table: table_b, ..a.clone() },
            );
            for (x, y) in [blobs, all] {
                tree.set(x.table, &x.id, Some(x.hash()));
                tree.set(y.table, &y.id, Some(y.hash()));
                assert_ne!(tree.root(), whole, "{} and {}", name_of(a), name_of(b));
                tree.set(a.table, &a.id, Some(a.hash()));
                tree.set(b.table, &b.id, Some(b.hash()));
                assert_eq!(tree.root(), whole);
                pairs += 1;
            }
        }
    }
    assert!(pairs > 400, "{pairs}");
}

#[test]
fn a_bit_of_any_column_of_any_table_is_noticed_and_named() {
    let mut seen = BTreeMap::new();
    let mut changes: Vec<Change<'_>> = Vec::new();
    for row in rows(&base().file) {
        // Two rows of each table; of the first, three places of the blob.
        let nth = seen.entry(row.table).or_insert(0);
        *nth += 1;
        let places: &[usize] = match *nth {
            1 => &[0, row.data.len() / 2, row.data.len() - 1],
            2 => &[row.data.len() * 2 / 3],
            _ => continue,
        };
        for at in places {
            let mut changed = row.clone();
            changed.data[*at] ^= 1 << (at % 8);
            changes.push((format!("{} data {at}", name_of(&row)), Box::new(move |p| put(&sql(p), &changed))));
        }
        if *nth == 1 {
            let mut scope = row.clone();
            scope.scope[3] ^= 4;
            let mut id = row.clone();
            id.id[1] ^= 1;
            let (version, epoch) = (
                Row { version: row.version + 1, ..row.clone() },
                Row { epoch: row.epoch ^ 1, ..row.clone() },
            );
            for (what, changed) in [("scope", scope), ("version", version), ("epoch", epoch)] {
                changes
                    .push((format!("{} {what}", name_of(&row)), Box::new(move |p| put(&sql(p), &changed))));
            }
            let name = format!("{} id", name_of(&row));
            changes.push((
                name,
                Box::new(move |p| {
                    let connection = sql(p);
                    delete(&connection, &row);
                    put(&connection, &id);
                }),
            ));
        }
    }
    for statement in [
        "UPDATE log SET leaf_hash = zeroblob(32) WHERE seq = 3",
        "UPDATE log SET leaf_hash = zeroblob(32) WHERE seq = (SELECT max(seq) FROM log)",
        "UPDATE log SET epoch = 2 WHERE seq = 3",
        "UPDATE log SET epoch = 2 WHERE seq = (SELECT max(seq) FROM log)",
        "UPDATE log SET data = substr(data, 1, length(data) - 1) WHERE seq = 4",
        "UPDATE log SET data = zeroblob(length(data)) WHERE seq = (SELECT max(seq) FROM log)",
        "UPDATE log SET seq = seq + 1 WHERE seq = (SELECT max(seq) FROM log)",
        "UPDATE log SET seq = -1 WHERE seq = 0",
        "UPDATE log SET seq = 9223372036854775807 WHERE seq = 5",
        "UPDATE checkpoint SET epoch = 2",
        "UPDATE checkpoint SET size = size + 1",
        "UPDATE checkpoint SET data = zeroblob(400)",
        "DELETE FROM checkpoint",
        "DELETE FROM log",
        "INSERT INTO checkpoint SELECT 2, epoch, data FROM checkpoint",
        "PRAGMA user_version = 2",
        "PRAGMA user_version = 0",
        "PRAGMA application_id = 1",
        "CREATE TABLE more(x)",
        "CREATE TRIGGER t AFTER INSERT ON log BEGIN DELETE FROM log; END",
        "CREATE VIEW v AS SELECT 1",
        "CREATE INDEX i ON log(leaf_hash)",
        "DROP TABLE draft",
        "UPDATE settings SET data = zeroblob(10000000)",
        "UPDATE slot SET data = zeroblob(0)",
    ] {
        changes.push((statement.into(), Box::new(|p: &Path| sql(p).execute_batch(statement).unwrap())));
    }
    all_are_named(&changes);
}

#[test]
fn a_row_deleted_doubled_or_taken_from_an_older_copy_is_noticed_and_named() {
    let (now, older) = (rows(&base().file), rows(&base().older));
    let mut changes: Vec<Change<'_>> = Vec::new();
    for row in &now {
        changes.push((format!("{} deleted", name_of(row)), Box::new(|p| delete(&sql(p), row))));
    }
    for table in Table::ALL {
        let row = now.iter().find(|r| r.table == table).unwrap().clone();
        let mut double = row.clone();
        *double.id.last_mut().unwrap() ^= 0x5a;
        changes.push((format!("{} doubled", name_of(&row)), Box::new(move |p| put(&sql(p), &double))));
    }
    let changed: Vec<_> = older.iter().filter(|old| !now.contains(old)).collect();
    // Settings, the rotated key, the destroyed key and its value.
    assert!(changed.len() >= 4, "{}", changed.len());
    for old in changed {
        changes.push((format!("{} of an older copy", name_of(old)), Box::new(|p| put(&sql(p), old))));
    }
    for seq in [0, 2, 5] {
        let statement = format!("DELETE FROM log WHERE seq = {seq}");
        changes.push((statement.clone(), Box::new(move |p| sql(p).execute_batch(&statement).unwrap())));
    }
    let last = "DELETE FROM log WHERE seq = (SELECT max(seq) FROM log)";
    changes.push((last.into(), Box::new(|p| sql(p).execute_batch(last).unwrap())));
    all_are_named(&changes);
}

#[test]
fn exchanges_within_and_between_tables_are_noticed_and_named() {
    let names = Table::ALL.map(Table::name).into_iter().chain(LOG_TABLES);
    let key = |table: &str| match table {
        "log" => "seq",
        "checkpoint" => "size",
        _ => "id",
    };
    let mut places: Vec<(&str, usize, &str)> = Vec::new();
    for name in names {
        let rows = rows(&base().file).iter().filter(|r| r.table.name() == name).count();
        // The first row and, where there is another, the last.
        places.push((name, 0, key(name)));
        if rows > 1 || name == "log" {
            places.push((name, if name == "log" { 4 } else { rows - 1 }, key(name)));
        }
    }
    let mut changes: Vec<Change<'_>> = Vec::new();
    for (i, a) in places.iter().copied().enumerate() {
        // Within a table, and between the first rows of all.
        let partners = |b: &&(&str, usize, &str)| b.0 == a.0 || (a.1, b.1) == (0, 0);
        for b in places[i + 1..].iter().filter(partners).copied() {
            let change = move |path: &Path| {
                let connection = sql(path);
                let read = |(table, nth, key): (&str, usize, &str)| -> Vec<u8> {
                    let sql = format!("SELECT data FROM {table} ORDER BY {key} LIMIT 1 OFFSET {nth}");
                    connection.query_row(&sql, [], |r| r.get(0)).unwrap()
                };
                let write = |(table, nth, key): (&str, usize, &str), data: &[u8]| {
                    let sql = format!(
                        "UPDATE {table} SET data = ?1 WHERE {key} = (SELECT {key} FROM {table} ORDER BY {key} LIMIT 1 OFFSET {nth})"
                    );
                    assert_eq!(connection.execute(&sql, [data]).unwrap(), 1);
                };
                let (x, y) = (read(a), read(b));
                write(a, &y);
                write(b, &x);
            };
            changes.push((format!("{a:?} with {b:?}"), Box::new(change)));
        }
    }
    assert!(changes.len() > 70, "{}", changes.len());
    all_are_named(&changes);
}

#[test]
fn bits_of_the_raw_file_are_named_or_harmless() {
    let file = &base().file;
    let mut places: Vec<usize> = (0..100).collect();
    // Of every page: its header, the first cell pointers, and a few places that look random.
    for page in 0..file.len() / PAGE {
        let start = page * PAGE;
        places.extend([0, 3, 5, 8].map(|at| start + at + if page == 0 { 100 } else { 0 }));
        places.extend((1..=3_usize).map(|n| start + (n * 947 + page * 613) % PAGE));
    }
    places.sort_unstable();
    places.dedup();
    let flip = |at: usize| {
        move |path: &Path| {
            let mut bytes = base().file.clone();
            bytes[at] ^= 1 << ((at * 5 + at / 8) % 8);
            std::fs::write(path, bytes).unwrap();
        }
    };
    let changes: Vec<Change<'_>> =
        places.iter().map(|at| (format!("byte {at}"), Box::new(flip(*at)) as Box<_>)).collect();
    let mut harmless = 0;
    for ((name, _), verdict) in changes.iter().zip(judge_all(&changes)) {
        match verdict {
            // `judge` has looked at every answer, every value and the whole log.
            Verdict::Harmless => harmless += 1,
            // A write version that SQLite does not know makes the file read-only; that is what it says then.
            Verdict::Refused(VaultError::NotRecorded { cause: StoreError::ReadOnly, .. }) => {}
            Verdict::Refused(error) | Verdict::Found(error) => assert!(is_named(&error), "{name}: {error:?}"),
        }
    }
    println!("{} bits flipped in {} bytes: {harmless} harmless, the others named", changes.len(), file.len());
    assert!(harmless < changes.len() / 2);
}

#[test]
fn a_file_cut_anywhere_is_named_or_whole() {
    let file = &base().file;
    let boundaries = (0..file.len() / PAGE).map(|page| page * PAGE + page % 3);
    let around = [1, 15, 16, 99, 100, PAGE - 1, PAGE, PAGE + 1, file.len() - PAGE, file.len() - 1];
    let cut = |len: usize| move |path: &Path| std::fs::write(path, &base().file[..len]).unwrap();
    let changes: Vec<Change<'_>> =
        boundaries.chain(around).map(|len| (format!("cut to {len}"), Box::new(cut(len)) as Box<_>)).collect();
    for ((name, _), verdict) in changes.iter().zip(judge_all(&changes)) {
        match verdict {
            Verdict::Harmless => panic!("{name}: nobody noticed"),
            Verdict::Refused(error) | Verdict::Found(error) => assert!(is_named(&error), "{name}: {error:?}"),
        }
    }
}

#[test]
fn an_older_copy_of_the_whole_file_is_named_where_the_newer_was_seen() {
    let dir = folder();
    let path = dir.path().join("v.keyroom");
    let anchor = Arc::new(MemoryAnchor::new());
    std::fs::write(&path, &base().file).unwrap();
    drop(unlock(&path, anchor.clone()).unwrap());
    std::fs::write(&path, &base().older).unwrap();
    assert!(matches!(unlock(&path, anchor), Err(VaultError::RolledBack { .. })));
    // Whoever has not seen the newer one cannot know: said in the manual, and shown as "this computer had not seen it".
    assert!(unlock(&path, Arc::new(MemoryAnchor::new())).is_ok());
}
