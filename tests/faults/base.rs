//! The vault all tests start from, and the honest reader that judges what became of a changed copy.

use std::collections::BTreeMap;
use std::ops::ControlFlow;
use std::path::Path;
use std::sync::{Arc, OnceLock};

use keyroom::audit::state::StateTree;
use keyroom::crypto::kdf::KdfParams;
use keyroom::crypto::memory::SecretBuf;
use keyroom::crypto::{Hash, sha256};
use keyroom::formats::GenerateOptions;
use keyroom::model::{DraftId, KeyState, KeyType, Role, Settings, VersionState};
use keyroom::operations::{
    self, ChangeSettings, CreateKey, Destroy, EnrolOperator, KeyDraft, NewPassword, NewValue, Reveal, Rotate,
};
use keyroom::store::sqlite::SqliteStore;
use keyroom::store::{CheckpointRow, LogRow, Row, Store, StoreError, Table};
use keyroom::vault::anchor::{AnchorStore, MemoryAnchor};
use keyroom::vault::clock::SystemClock;
use keyroom::vault::{Draft, Environment, NewVault, Unlock, Vault, VaultError};
use rusqlite::{Connection, params};

/// The page size of every vault.
pub(crate) const PAGE: usize = 4096;
/// Threads that unlock side by side.
pub(crate) const THREADS: usize = 2;
/// The tables beside the ten whose rows make up the state.
pub(crate) const LOG_TABLES: [&str; 2] = ["log", "checkpoint"];

/// What an honest reader is told.
#[derive(Clone, PartialEq, Debug)]
pub(crate) struct Answer {
    pub(crate) keys: BTreeMap<String, (KeyState, Vec<VersionState>, String)>,
    pub(crate) settings: Settings,
    pub(crate) operators: Vec<(String, Role)>,
    pub(crate) compartments: Vec<String>,
}

/// The vault all tests start from, as bytes.
pub(crate) struct Base {
    pub(crate) file: Vec<u8>,
    /// The same vault some entries earlier.
    pub(crate) older: Vec<u8>,
    /// And with a single key, when its log was short.
    pub(crate) young: Vec<u8>,
    pub(crate) answer: Answer,
    /// By name and version.
    pub(crate) values: BTreeMap<(String, u32), Vec<u8>>,
}

/// What became of a changed file.
#[derive(Debug)]
pub(crate) enum Verdict {
    /// It was not opened, for this reason.
    Refused(VaultError),
    /// It was opened, gave the right answer, and this was found when a value was read or the log verified.
    Found(VaultError),
    /// Nobody noticed, and the answer is the right one.
    Harmless,
}

pub(crate) fn password() -> SecretBuf {
    SecretBuf::from_slice(b"orbit-lantern-walrus-9-teapot-quilt-mango")
}

pub(crate) fn environment(anchor: Arc<MemoryAnchor>) -> Environment {
    let anchor: Arc<dyn AnchorStore> = anchor;
    Environment { clock: Arc::new(SystemClock), anchor, host: "ws-14".into(), os_user: "mito".into() }
}

/// In memory where the system has a place for files there: what is durable is tested elsewhere.
pub(crate) fn folder() -> tempfile::TempDir {
    let memory = Path::new("/dev/shm");
    if memory.is_dir() { tempfile::tempdir_in(memory) } else { tempfile::tempdir() }.unwrap()
}

pub(crate) fn unlock(path: &Path, anchor: Arc<MemoryAnchor>) -> Result<Vault, VaultError> {
    let password = password();
    let unlock = Unlock { password: &password, operator: Some("m.ito"), accept_restored: None };
    operations::open_vault(path)?.unlock(environment(anchor), &unlock).map_err(|(_, error)| error)
}

pub(crate) fn answer(vault: &Vault) -> Answer {
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
pub(crate) fn values(vault: &mut Vault) -> Result<BTreeMap<(String, u32), Vec<u8>>, VaultError> {
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

pub(crate) fn base() -> &'static Base {
    static BASE: OnceLock<Base> = OnceLock::new();
    BASE.get_or_init(|| {
        let dir = folder();
        let path = dir.path().join("v.keyroom");
        let password = password();
        let new =
            NewVault { name: "small", operator: "m.ito", password: &password, params: KdfParams::FLOOR };
        let anchor = Arc::new(MemoryAnchor::new());
        let mut vault = operations::create_vault(&path, environment(anchor.clone()), &new, "").unwrap();
        let mut ids = Vec::new();
        let mut young = Vec::new();
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
            if young.is_empty() {
                young = std::fs::read(&path).unwrap();
            }
        }
        let older = std::fs::read(&path).unwrap();
        let value = NewValue::Generate(GenerateOptions::default());
        let reason = String::from("scheduled");
        vault
            .perform(Rotate {
                key: ids[0],
                value,
                reason: reason.clone(),
                overlap_days: None,
                expires: None,
                keep_schedule: false,
                compromise: None,
            })
            .unwrap();
        operations::step_up(&mut vault, &password).unwrap();
        let settings = Settings { clipboard_s: 9, ..vault.view().settings.as_ref().clone() };
        vault.perform(ChangeSettings::of(&vault.view().settings, settings, reason.as_str())).unwrap();
        let (name, role) = ("s.okafor".to_owned(), Role::Auditor);
        let own = NewPassword::strong(password.duplicate());
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
        Base { file, older, young, answer, values }
    })
}

/// Opens a changed file as an honest program would and looks at everything. Panics at a wrong answer.
pub(crate) fn judge(path: &Path) -> Verdict {
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
pub(crate) type Change<'a> = (String, Box<dyn Fn(&Path) + Send + Sync + 'a>);

/// Makes each change to a copy of its own and judges it.
pub(crate) fn judge_all(changes: &[Change<'_>]) -> Vec<Verdict> {
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
pub(crate) fn all_are_named(changes: &[Change<'_>]) {
    for ((name, _), verdict) in changes.iter().zip(judge_all(changes)) {
        match verdict {
            Verdict::Refused(error) | Verdict::Found(error) => assert!(is_named(&error), "{name}: {error}"),
            Verdict::Harmless => panic!("{name}: nobody noticed"),
        }
    }
}

/// Says that the file is not what was written, or, for a slot, what cannot be told from a wrong password.
pub(crate) fn is_named(error: &VaultError) -> bool {
    error.is_damage()
        || matches!(error, VaultError::WrongPassword | VaultError::NoSuchOperator)
        || matches!(error, VaultError::Store(StoreError::NotAVault | StoreError::Newer { .. }))
        || matches!(error, VaultError::NotRecorded { cause: StoreError::Damaged(_), .. })
}

pub(crate) fn sql(path: &Path) -> Connection {
    let connection = Connection::open(path).unwrap();
    connection.execute_batch("PRAGMA journal_mode=OFF; PRAGMA synchronous=OFF;").unwrap();
    connection
}

/// Everything the store reads out of a file.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub(crate) struct Seen {
    pub(crate) rows: Vec<Row>,
    pub(crate) log: Vec<LogRow>,
    pub(crate) checkpoints: Vec<CheckpointRow>,
}

impl Seen {
    /// Tells readings apart: of every column the length and the bytes.
    pub(crate) fn digest(&self) -> Hash {
        let mut text = Vec::new();
        let mut add = |numbers: &[u64], columns: &[&[u8]]| {
            let lengths = columns.iter().map(|column| column.len() as u64);
            numbers.iter().copied().chain(lengths).for_each(|n| text.extend(n.to_be_bytes()));
            columns.iter().for_each(|column| text.extend_from_slice(column));
        };
        for row in &self.rows {
            let columns = [row.table.name().as_bytes(), &row.id[..], &row.scope[..], &row.data[..]];
            add(&[0, row.version, row.epoch.into()], &columns);
        }
        for row in &self.log {
            add(&[1, row.seq, row.epoch.into()], &[&row.leaf_hash[..], &row.data[..]]);
        }
        for row in &self.checkpoints {
            add(&[2, row.size, row.epoch.into()], &[&row.data[..]]);
        }
        sha256(&[&text[..]])
    }
}

/// Reads a file as the vault does.
pub(crate) fn seen(path: &Path) -> Result<Seen, StoreError> {
    let mut store = SqliteStore::open(path)?;
    let mut seen = Seen::default();
    for table in Table::ALL {
        store.rows(table, &mut |row| {
            seen.rows.push(row.to_row());
            ControlFlow::Continue(())
        })?;
    }
    store.log(0, &mut |row| {
        seen.log.push(row);
        ControlFlow::Continue(())
    })?;
    for size in store.checkpoint_sizes()? {
        seen.checkpoints.extend(store.checkpoint(size)?);
    }
    Ok(seen)
}

/// What the store reads out of these bytes.
pub(crate) fn seen_in(file: &[u8]) -> Seen {
    let dir = folder();
    let path = dir.path().join("seen.keyroom");
    std::fs::write(&path, file).unwrap();
    seen(&path).unwrap()
}

/// Every row of the ten tables of a file.
pub(crate) fn rows(file: &[u8]) -> Vec<Row> {
    seen_in(file).rows
}

pub(crate) fn root(rows: &[Row]) -> Hash {
    let mut tree = StateTree::new();
    rows.iter().for_each(|row| tree.load(row));
    tree.finish();
    tree.root()
}

pub(crate) fn put(connection: &Connection, row: &Row) {
    let sql = format!("INSERT OR REPLACE INTO {} VALUES (?1, ?2, ?3, ?4, ?5)", row.table.name());
    let version = row.version as i64;
    connection.execute(&sql, params![row.id, version, row.scope, row.epoch, row.data]).unwrap();
}

pub(crate) fn delete(connection: &Connection, row: &Row) {
    let sql = format!("DELETE FROM {} WHERE id = ?1", row.table.name());
    assert_eq!(connection.execute(&sql, [&row.id]).unwrap(), 1);
}

pub(crate) fn name_of(row: &Row) -> String {
    format!("{} {}", row.table.name(), data_encoding::HEXLOWER.encode(&row.id))
}
