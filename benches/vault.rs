//! What a person waits for, on vaults of 10,000 and 100,000 keys: `cargo bench`. The figures and how they were taken stand in
//! `docs/PERFORMANCE.md`.
//!
//! `KEYROOM_BENCH_KEYS=10000` limits the run to one size. The KDF is measured by itself, at the floor, so that it can be
//! taken off the unlock that contains it.

#![allow(
    clippy::unwrap_used,
    clippy::print_stdout,
    reason = "a bench that cannot go on has nothing to measure"
)]

use std::hint::black_box;
use std::ops::ControlFlow;
use std::path::Path;
use std::sync::Arc;

use criterion::{BatchSize, Criterion};
use keyroom::audit::chart;
use keyroom::audit::index::{LogIndex, Selection};
use keyroom::audit::query;
use keyroom::crypto::kdf::{self, KdfParams};
use keyroom::crypto::memory::SecretBuf;
use keyroom::formats::csv_import::ImportedKey;
use keyroom::model::search::{self, KeyIndex, Sort};
use keyroom::model::{Action, Event, KeyId, KeyType, Object, OperatorId, Outcome, SessionTag, Timestamp};
use keyroom::operations::{EditKey, ImportKeys, KeyDraft, create_vault, open_vault};
use keyroom::vault::anchor::MemoryAnchor;
use keyroom::vault::clock::SystemClock;
use keyroom::vault::{Environment, NewVault, Unlock, Vault};

fn main() {
    let mut criterion = Criterion::default().configure_from_args().sample_size(10);
    let only = std::env::var("KEYROOM_BENCH_KEYS").ok().and_then(|n| n.parse::<usize>().ok());
    criterion.bench_function("kdf at the floor", |b| {
        b.iter(|| kdf::derive(&password(), &[7; 16], KdfParams::FLOOR).unwrap());
    });
    for keys in [10_000, 100_000].into_iter().filter(|n| only.is_none_or(|only| only == *n)) {
        vault(&mut criterion, keys);
    }
    log(&mut criterion, 1_000_000);
    criterion.final_summary();
}

fn vault(criterion: &mut Criterion, keys: usize) {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("bench.keyroom");
    let anchor = Arc::new(MemoryAnchor::new());
    let environment = || Environment {
        clock: Arc::new(SystemClock),
        anchor: anchor.clone(),
        host: "bench".into(),
        os_user: "bench".into(),
    };
    drop(filled(&path, environment(), keys));
    criterion.bench_function(&format!("unlock with the kdf at the floor, {keys} keys"), |b| {
        b.iter_batched(|| (), |()| unlock(&path, environment()), BatchSize::PerIteration);
    });
    let mut vault = unlock(&path, environment());
    let view = vault.view();
    let key = view.keys.all()[keys / 2].clone();
    let mut n = 0;
    criterion.bench_function(&format!("one edit, durable, {keys} keys"), |b| {
        b.iter(|| {
            n += 1;
            let draft = KeyDraft { note: format!("note {n}"), ..KeyDraft::from_record(&key) };
            vault.perform(EditKey { key: key.id, draft }).unwrap();
        });
    });
    let view = vault.view();
    let index = KeyIndex::new(Arc::clone(&view.settings), view.keys.all().iter().cloned());
    let now = Timestamp(1_790_000_000_000);
    for text in ["payments-0042", "e", "owner:a.novak state:active due<=30d"] {
        criterion.bench_function(&format!("search `{text}`, {keys} keys"), |b| {
            b.iter(|| {
                let query = search::parse_in(text, now, &view.settings).unwrap();
                black_box(index.search(&query, Sort::default()).len())
            });
        });
    }
    criterion.bench_function(
        &format!("verify the log, {} entries, {keys} keys", vault.view().log_size),
        |b| {
            b.iter(|| vault.verify_log(&mut |_, _| ControlFlow::Continue(())).unwrap());
        },
    );
    println!("file with {keys} keys: {} bytes; resident: {} KiB", file_size(&path), resident_kib());
}

fn log(criterion: &mut Criterion, events: u64) {
    let index = LogIndex::from_events(&(0..events).map(event).collect::<Vec<_>>());
    let now = Timestamp(1_790_000_000_000);
    let everything = Selection::all(&index);
    let (from, to) = index.time_range().unwrap();
    criterion.bench_function(&format!("audit: filter to histogram, {events} events"), |b| {
        b.iter(|| {
            let query = query::parse("severity>=warn operator:m.ito", now).unwrap();
            let selection = query.select(&index);
            black_box(chart::histogram(&index, &selection, from, to, 120))
        });
    });
    criterion.bench_function(&format!("audit: histogram of everything, {events} events"), |b| {
        b.iter(|| black_box(chart::histogram(&index, &everything, from, to, 120)));
    });
}

fn password() -> SecretBuf {
    SecretBuf::from_slice(b"correct horse battery staple")
}

fn filled(path: &Path, environment: Environment, keys: usize) -> Vault {
    let password = password();
    let new = NewVault { name: "bench", operator: "m.ito", password: &password, params: KdfParams::FLOOR };
    let mut vault = create_vault(path, environment, &new).unwrap();
    let owners = ["a.novak", "m.ito", "s.okafor"];
    let row = |n: usize| ImportedKey {
        name: format!("payments-{n:06}"),
        key_type: if n.is_multiple_of(3) { KeyType::ApiToken } else { KeyType::Password },
        secret: SecretBuf::from_slice(format!("secret value number {n}").as_bytes()),
        owner: owners[n % 3].to_owned(),
        system: format!("system-{}", n % 97),
        tags: vec!["prod".to_owned()],
    };
    for start in (0..keys).step_by(10_000) {
        let rows = (start..keys.min(start + 10_000)).map(row).collect();
        vault.perform(ImportKeys { rows, file: "bench.csv".into() }).unwrap();
    }
    vault
}

fn unlock(path: &Path, environment: Environment) -> Vault {
    let password = password();
    let unlock = Unlock { password: &password, operator: None, accept_restored: None };
    open_vault(path).unwrap().unlock(environment, &unlock).map_err(|(_, error)| error).unwrap()
}

fn event(seq: u64) -> Event {
    let actions = [Action::SessionUnlock, Action::SecretReveal, Action::KeyEdit, Action::SecretExport];
    let action = actions[(seq % 4) as usize];
    Event {
        seq,
        time: Timestamp(1_760_000_000_000 + seq as i64 * 20_000),
        session: SessionTag([(seq / 500) as u8; 16]),
        operator_id: OperatorId([(seq % 12) as u8; 16]),
        operator: if seq % 12 == 3 { "m.ito".into() } else { format!("operator-{}", seq % 12) },
        action,
        object: Object::Key {
            id: KeyId([(seq % 251) as u8; 16]),
            name: format!("key-{}", seq % 1204),
            version: Some(1),
        },
        outcome: Outcome::Done,
        severity: action.severity(),
        reason: String::new(),
        changes: Vec::new(),
        host: format!("ws-{}", seq % 7),
        os_user: "mito".into(),
    }
}

fn file_size(path: &Path) -> u64 {
    std::fs::metadata(path).map_or(0, |m| m.len())
}

/// Resident memory of this process, from the kernel; 0 where it does not tell.
fn resident_kib() -> u64 {
    let status = std::fs::read_to_string("/proc/self/status").unwrap_or_default();
    let line = status.lines().find(|l| l.starts_with("VmRSS:")).unwrap_or_default();
    line.split_whitespace().nth(1).and_then(|n| n.parse().ok()).unwrap_or(0)
}
