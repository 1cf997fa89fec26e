//! Verifying a log of a million signed entries, from a real vault file: `cargo bench --bench log`. The figures stand in
//! `docs/PERFORMANCE.md`.
//!
//! The first run makes the vault, which takes up to twenty minutes and 700 MB below `target/tmp`; later runs use it again.
//! `KEYROOM_BENCH_LEAVES=100000` asks for another length.

#![allow(
    clippy::unwrap_used,
    clippy::print_stdout,
    reason = "a bench that cannot go on has nothing to measure"
)]

mod common;

use std::ops::ControlFlow;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::{Duration, Instant};

use keyroom::operations::{EditKey, KeyDraft, Reveal};
use keyroom::store::sqlite::SqliteStore;
use keyroom::vault::anchor::{AnchorStore, NoAnchor};
use keyroom::vault::{Checked, Vault, VaultError};

use common::{environment, new_vault, password, unlock};

/// Keys in the vault; every tenth entry changes one of them, the others are readings.
const KEYS: usize = 1_000;
const RUNS: usize = 3;

fn main() {
    common::as_the_program();
    let leaves = std::env::var("KEYROOM_BENCH_LEAVES").ok().and_then(|n| n.parse().ok()).unwrap_or(1_000_000);
    let path = Path::new(env!("CARGO_TARGET_TMPDIR")).join(format!("leaves-{leaves}.keyroom"));
    if !path.exists() {
        build(&path, leaves);
    }
    let anchor: Arc<dyn AnchorStore> = Arc::new(NoAnchor);
    let mut vault = unlock(&path, environment(anchor));
    println!("{} entries, {} keys, {} cores", vault.view().log_size, KEYS, cores());
    measure("verify, hashes only", &mut vault, |vault| {
        vault.verify_log_hashes(&mut |_, _| ControlFlow::Continue(()))
    });
    measure("verify, signatures and everything", &mut vault, |vault| {
        vault.verify_log(&mut |_, _| ControlFlow::Continue(()))
    });
    measure("the same in slices, as beside an open window", &mut vault, |vault| {
        let mut verification = vault.begin_verification();
        loop {
            if let Some(checked) = vault.verify_slice(&mut verification)? {
                return Ok(checked);
            }
        }
    });
}

fn measure(what: &str, vault: &mut Vault, verify: impl Fn(&mut Vault) -> Result<Checked, VaultError>) {
    let mut times: Vec<Duration> = (0..RUNS)
        .map(|_| {
            let began = Instant::now();
            verify(vault).unwrap();
            began.elapsed()
        })
        .collect();
    times.sort();
    let [least, middle, most] = [times[0], times[RUNS / 2], times[RUNS - 1]].map(|t| t.as_secs_f64());
    println!("{what}: {middle:.2} s (median of {RUNS}; {least:.2} to {most:.2} s)");
}

/// Makes the vault beside its place and moves it there whole.
fn build(path: &Path, leaves: u64) {
    let began = Instant::now();
    let unfinished: PathBuf = path.with_extension("unfinished");
    let _ = std::fs::remove_file(&unfinished);
    let mut store = SqliteStore::create(&unfinished).unwrap();
    store.relax_durability().unwrap();
    let password = password();
    let anchor: Arc<dyn AnchorStore> = Arc::new(NoAnchor);
    let mut vault =
        Vault::create(Box::new(store), environment(anchor), &new_vault(&password), Vec::new()).unwrap();
    common::fill(&mut vault, KEYS);
    while vault.view().log_size < leaves {
        let n = vault.view().log_size;
        let view = vault.view();
        let key = &view.keys.all()[n as usize % KEYS];
        if n.is_multiple_of(10) {
            let draft = KeyDraft { note: format!("note {n}"), ..KeyDraft::from_record(key) };
            vault.perform(EditKey::of(key, draft)).unwrap();
        } else {
            let reason = format!("CHG-{n}");
            vault.perform(Reveal { key: key.id, version: None, reason }).unwrap();
        }
    }
    drop(vault);
    std::fs::rename(&unfinished, path).unwrap();
    println!("made {} in {:.0} s", path.display(), began.elapsed().as_secs_f64());
}

fn cores() -> usize {
    std::thread::available_parallelism().map_or(1, usize::from)
}
