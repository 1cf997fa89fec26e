//! The bodies of the fuzzer on seeds and on thousands of changed seeds: the same changes every time, those of a vault to one
//! that is made anew. What the fuzzer itself finds is put into `fuzz/seeds` and read here from then on.
#![allow(clippy::unwrap_used, clippy::panic, reason = "a test ends where the ground it stands on is missing")]

#[path = "../fuzz/bodies.rs"]
mod bodies;

#[path = "common/bench.rs"]
#[allow(dead_code, reason = "of the bench only the vault is wanted")]
mod bench;
#[path = "common/faulty.rs"]
#[allow(dead_code, reason = "the bench stands on it")]
mod faulty;

use std::path::{Path, PathBuf};
use std::sync::OnceLock;

use keyroom::audit::export::{SUMMED_FILES, SUMS_FILE};
use keyroom::operations::{self, Activate};
use keyroom::store::Walk;

use bench::{Bench, add};

/// Pieces that mean something to one reader or another.
const WORDS: [&str; 38] = [
    "owner:",
    "due<=",
    "state:active",
    "NOT ",
    " OR ",
    "(",
    ")",
    "\"",
    "\\",
    "*",
    "-7d",
    "2026-04-16",
    "..",
    "time:",
    "session:current",
    ",",
    ";",
    "\t",
    "\r\n",
    "\n\n",
    "name,type,secret\n",
    "aes-256",
    "password",
    "=",
    "\u{feff}",
    "\u{202e}",
    "é",
    "支",
    "\u{2014} ",
    "\0",
    "{\"",
    "\":",
    "[]",
    "null",
    "00",
    "ffffffff",
    "eyJ",
    "ghp_",
];

#[test]
fn vault_file() {
    run("vault_file", 1_500, bodies::vault_file);
}

#[test]
fn log_record() {
    run("log_record", 20_000, bodies::log_record);
}

#[test]
fn roster() {
    run("roster", 4_000, bodies::roster);
}

#[test]
fn checkpoint() {
    run("checkpoint", 20_000, bodies::checkpoint);
}

#[test]
fn query() {
    run("query", 20_000, bodies::query);
}

#[test]
fn import() {
    run("import", 5_000, bodies::import);
}

#[test]
fn value() {
    run("value", 600, bodies::value);
}

#[test]
fn nothing_but_the_export_that_was_written_verifies() {
    let genuine = &seeds("export")[0];
    let checked = bodies::export(genuine).unwrap();
    run("export", 1_000, |data| {
        if let Some(found) = bodies::export(data) {
            // What a reader of files may overlook: how lines end in the list of hashes, and what follows the last file.
            assert_eq!(found, checked, "another log verified");
        }
    });
}

/// Gives the fuzzer something to begin with.
#[test]
#[ignore = "writes fuzz/corpus, for the fuzzer"]
fn write_seeds() {
    for target in ["vault_file", "log_record", "roster", "checkpoint", "query", "import", "value", "export"] {
        let dir = fuzz_folder().join("corpus").join(target);
        std::fs::create_dir_all(&dir).unwrap();
        for (number, seed) in seeds(target).iter().enumerate() {
            std::fs::write(dir.join(format!("seed-{number}")), seed).unwrap();
        }
    }
}

/// Runs a body on every seed and on `count` changed ones. What breaks it is kept, to become a seed.
fn run(target: &str, count: u64, body: impl Fn(&[u8]) + std::panic::RefUnwindSafe) {
    let seeds = seeds(target);
    let hold = |what: String, data: &[u8]| {
        if std::panic::catch_unwind(|| body(data)).is_err() {
            let kept = std::env::temp_dir().join(format!("keyroom-fuzz-{target}"));
            std::fs::write(&kept, data).unwrap();
            panic!("{target} does not hold on {what}: see {}", kept.display());
        }
    };
    for (number, seed) in seeds.iter().enumerate() {
        hold(format!("seed {number}"), seed);
    }
    for number in 0..count {
        let mut chance = Chance(number);
        let mut data = seeds[chance.below(seeds.len())].clone();
        for _ in 0..=chance.below(4) {
            change(&mut data, &seeds, &mut chance);
        }
        hold(format!("change {number}"), &data);
    }
}

/// One change, as fuzzers make them.
fn change(data: &mut Vec<u8>, seeds: &[Vec<u8>], chance: &mut Chance) {
    let at = chance.below(data.len() + 1);
    let to = (at + 1 + chance.below(16)).min(data.len());
    match chance.below(8) {
        0 | 1 if at < data.len() => data[at] ^= 1 << chance.below(8),
        2 if at < data.len() => data[at] = [0, 1, 0x7f, 0x80, 0xff][chance.below(5)],
        3 => data.truncate(at),
        4 if at < to => drop(data.drain(at..to)),
        5 if at < to => {
            let again = data[at..to].to_vec();
            data.splice(at..at, again);
        }
        6 => {
            let other = &seeds[chance.below(seeds.len())];
            let from = chance.below(other.len() + 1);
            data.truncate(at);
            data.extend_from_slice(&other[from..]);
        }
        _ => drop(data.splice(at..at, WORDS[chance.below(WORDS.len())].bytes())),
    }
}

/// SplitMix64 (Steele, Lea and Flood, 2014): the same numbers on every machine.
struct Chance(u64);

impl Chance {
    fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let z = (self.0 ^ (self.0 >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        let z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        z ^ (z >> 31)
    }

    fn below(&mut self, count: usize) -> usize {
        usize::try_from(self.next() % count.max(1) as u64).unwrap()
    }
}

fn fuzz_folder() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("fuzz")
}

/// What a target begins with: what a vault made now holds, some by hand, and what was found before.
fn seeds(target: &str) -> Vec<Vec<u8>> {
    let text = |seeds: &[&str]| seeds.iter().map(|seed| seed.as_bytes().to_vec()).collect();
    let mut seeds: Vec<Vec<u8>> = match target {
        "vault_file" => vec![made().file.clone()],
        "log_record" => made().records.clone(),
        "roster" => made().rosters.clone(),
        "checkpoint" => {
            let (checkpoint, key) = bodies::genuine();
            vec![checkpoint.sign(&key).into_bytes(), made().note.clone()]
        }
        "query" => text(&[
            "state:active due<=30d",
            "owner:(a.novak, m.ito) -tag:pci \"payments db\"",
            "severity>=warn operator:m.ito -7d",
            "NOT (action:secret.* OR category:session) time:2026-04-01..2026-04-16",
            "session:current object:payments-db reason:\"incident 12\"",
            "name:pay* created>-90d version>=3",
        ]),
        "import" => text(&[
            "name,type,secret,owner,system,tags\ndb,password,\"a, \"\"b\"\" c\",a.novak,payments,\"pci prod\"\n",
            "title;kind;value\r\ntoken;api-token;ghp_012345678901234567890123456789012345\r\n",
            "\u{feff}name\ttype\tsecret\nk\taes-256\t000102030405060708090a0b0c0d0e0f101112131415161718191a1b1c1d1e1f\n",
        ]),
        "value" => text(&[
            "000102030405060708090a0b0c0d0e0f101112131415161718191a1b1c1d1e1f",
            "AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8=",
            "correct horse battery staple orbit lantern",
            "ghp_012345678901234567890123456789012345",
            "eyJhbGciOiJIUzI1NiJ9.eyJleHAiOjE4MDAwMDAwMDB9.c2lnbmF0dXJl",
            "Tr0ub4dor&3 with some more of it",
            "-----BEGIN SOMETHING-----\nAAEC\n-----END SOMETHING-----\n",
        ]),
        "export" => vec![made().export.clone()],
        _ => panic!("no target is called {target}"),
    };
    let kept = std::fs::read_dir(fuzz_folder().join("seeds").join(target)).into_iter().flatten();
    let mut kept: Vec<PathBuf> = kept.map(|entry| entry.unwrap().path()).collect();
    kept.sort();
    seeds.extend(kept.iter().map(|path| std::fs::read(path).unwrap()));
    seeds
}

/// What one small vault holds, as the readers get it.
struct Made {
    file: Vec<u8>,
    records: Vec<Vec<u8>>,
    rosters: Vec<Vec<u8>>,
    note: Vec<u8>,
    export: Vec<u8>,
}

fn made() -> &'static Made {
    static MADE: OnceLock<Made> = OnceLock::new();
    MADE.get_or_init(|| {
        let bench = Bench::new();
        let export = bench.dir.path().join("export");
        // Two keys and a refusal.
        let mut vault = bench.create();
        add(&mut vault, "disk", "a value");
        let key = add(&mut vault, "payments-db", "another value");
        vault.perform(Activate { key, reason: String::new() }).unwrap_err();
        let mut records = Vec::new();
        let size = vault.view().log_size;
        vault
            .export_log(0, size, &mut |export| {
                records.push(export.record.encode());
                Walk::Continue(())
            })
            .unwrap();
        let rosters = vault.roster().versions().iter().map(|version| version.bytes().to_vec()).collect();
        let note = vault.checkpoint_note().unwrap().into_bytes();
        operations::export_log(&mut vault, &export, true).unwrap();
        drop(vault);
        let mut files = Vec::new();
        for name in SUMMED_FILES.into_iter().chain([SUMS_FILE]) {
            files.extend(std::fs::read(export.join(name)).unwrap());
            files.push(0);
        }
        Made { file: std::fs::read(&bench.path).unwrap(), records, rosters, note, export: files }
    })
}
