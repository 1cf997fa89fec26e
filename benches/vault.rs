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

mod common;

use std::hint::black_box;
use std::ops::ControlFlow;
use std::path::Path;
use std::sync::Arc;

use criterion::{BatchSize, Criterion};
use keyroom::audit::chart;
use keyroom::audit::index::{LogIndex, Selection};
use keyroom::audit::query;
use keyroom::crypto::kdf::{self, KdfParams};
use keyroom::model::Timestamp;
use keyroom::model::search::{self, KeyIndex, Sort};
use keyroom::operations::{EditKey, KeyDraft, create_vault};
use keyroom::vault::anchor::MemoryAnchor;

use common::{event, memory_kib, password, unlock};

fn main() {
    common::as_the_program();
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
    let environment = || common::environment(anchor.clone());
    let password = password();
    let mut vault = create_vault(&path, environment(), &common::new_vault(&password), "").unwrap();
    common::fill(&mut vault, keys);
    drop(vault);
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
            let key = vault.view().keys.get(key.id).unwrap().clone();
            let draft = KeyDraft { note: format!("note {n}"), ..KeyDraft::from_record(&key) };
            vault.perform(EditKey::of(&key, draft)).unwrap();
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
    println!("file with {keys} keys: {} bytes; resident: {} KiB", file_size(&path), memory_kib("VmRSS"));
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

fn file_size(path: &Path) -> u64 {
    std::fs::metadata(path).map_or(0, |m| m.len())
}
