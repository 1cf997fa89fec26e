//! Every bit of the file and every length it can be cut to, read through the real store.

use std::collections::{BTreeSet, HashMap, HashSet};
use std::fs::{self, File, OpenOptions};
use std::os::unix::fs::FileExt;
use std::path::{Path, PathBuf};
use std::sync::Mutex;

use keyroom::crypto::Hash;
use keyroom::store::StoreError;
use keyroom::vault::VaultError;

use crate::base::{Change, Seen, THREADS, Verdict, base, folder, is_named, judge_all, root, seen, seen_in};

/// As many bytes of a sealed blob stand nowhere else in the file; an id of 16 or 20 stands in several.
const WINDOW: usize = 24;
/// By as many bytes a piece of a blob can seem longer than it is, at both ends: what stands beside it in the file (the number
/// of the page it goes on in, the head of a row) may happen to be the blob's next byte. Of three, once in 2^24.
const SEAM: usize = 3;
/// As many zeros stand nowhere in a row but where the file holds nothing: SQLite is told to wipe what it deletes.
const HOLE: usize = 48;
/// Bytes of holes, or of blobs, that are flipped together; where that does not read as it should, each by itself.
const TOGETHER: usize = 64;
/// SQLite's own header: a bit in it can make it convert the file, so the whole file is written anew afterwards.
const HEADER: usize = 100;

/// Of readings with another state root, how many share one full unlock.
const SOME: usize = 97;

/// What became of one changed copy, as far as the store tells.
enum Fate {
    /// The store would not read it, and said why.
    Refused(StoreError),
    /// It reads what it read before.
    Same,
    /// It reads the same but for as many bits of blobs as were flipped.
    ThoseBits,
    /// It reads something else.
    Other(Seen),
}

/// A copy of the file that is changed in place and read.
struct Copy {
    _dir: tempfile::TempDir,
    path: PathBuf,
    file: File,
}

impl Copy {
    fn new() -> Self {
        let dir = folder();
        let path = dir.path().join("copy.keyroom");
        fs::write(&path, &base().file).unwrap();
        let file = OpenOptions::new().write(true).open(&path).unwrap();
        Self { _dir: dir, path, file }
    }

    /// Flips bits of different bytes, reads, and flips them back.
    fn flip(&mut self, whole: &Seen, flips: &[(usize, usize)]) -> Fate {
        let put = |at: usize, byte: u8| self.file.write_all_at(&[byte], at as u64).unwrap();
        flips.iter().for_each(|(at, bit)| put(*at, base().file[*at] ^ (1 << bit)));
        let fate = fate(whole, &self.path, flips.len());
        if flips.iter().any(|(at, _)| *at < HEADER) {
            self.restore();
        } else {
            flips.iter().for_each(|(at, _)| put(*at, base().file[*at]));
        }
        fate
    }

    fn restore(&mut self) {
        for beside in ["copy.keyroom-journal", "copy.keyroom-wal", "copy.keyroom-shm"] {
            let _ = fs::remove_file(self.path.with_file_name(beside));
        }
        fs::write(&self.path, &base().file).unwrap();
    }
}

/// `flipped`: how many bits of the file were.
fn fate(whole: &Seen, path: &Path, flipped: usize) -> Fate {
    match seen(path) {
        Err(error) => Fate::Refused(error),
        Ok(now) if now == *whole => Fate::Same,
        Ok(now) if flipped > 0 && bits_apart(whole, &now) == u32::try_from(flipped).ok() => Fate::ThoseBits,
        Ok(now) => Fate::Other(now),
    }
}

/// In how many bits of blobs two readings differ; `None` where they differ in anything else.
fn bits_apart(a: &Seen, b: &Seen) -> Option<u32> {
    if (a.rows.len(), a.log.len(), a.checkpoints.len()) != (b.rows.len(), b.log.len(), b.checkpoints.len()) {
        return None;
    }
    let apart = |x: &[u8], y: &[u8]| -> Option<u32> {
        // Most are the same, and `==` is quicker by far.
        let bits = || x.iter().zip(y).map(|(x, y)| (x ^ y).count_ones()).sum();
        (x.len() == y.len()).then(|| if x == y { 0 } else { bits() })
    };
    let mut sum = 0;
    for (x, y) in a.rows.iter().zip(&b.rows) {
        if (x.table, &x.id, x.version, x.scope, x.epoch) != (y.table, &y.id, y.version, y.scope, y.epoch) {
            return None;
        }
        sum += apart(&x.data, &y.data)?;
    }
    for (x, y) in a.log.iter().zip(&b.log) {
        if (x.seq, x.epoch) != (y.seq, y.epoch) {
            return None;
        }
        sum += apart(&x.data, &y.data)? + apart(&x.leaf_hash, &y.leaf_hash)?;
    }
    for (x, y) in a.checkpoints.iter().zip(&b.checkpoints) {
        if (x.size, x.epoch) != (y.size, y.epoch) {
            return None;
        }
        sum += apart(&x.data, &y.data)?;
    }
    Some(sum)
}

/// Which bytes of the file are certainly bytes of a blob, and so read as nothing but themselves.
fn blob_bytes(whole: &Seen) -> HashSet<usize> {
    let blobs = whole.rows.iter().map(|r| r.data.as_slice());
    let blobs = blobs.chain(whole.log.iter().flat_map(|r| [r.data.as_slice(), r.leaf_hash.as_slice()]));
    let blobs = blobs.chain(whole.checkpoints.iter().map(|r| r.data.as_slice()));
    let windows: HashSet<&[u8]> = blobs.flat_map(|blob| blob.windows(WINDOW)).collect();
    let found = base().file.windows(WINDOW).enumerate().filter(|(_, window)| windows.contains(window));
    found.flat_map(|(at, _)| at + SEAM..at + WINDOW - SEAM).collect()
}

/// Which bytes of the file hold nothing.
fn holes() -> HashSet<usize> {
    let empty = |window: &&[u8]| window.iter().all(|byte| *byte == 0);
    let found = base().file.windows(HOLE).enumerate().filter(|(_, window)| empty(window));
    found.flat_map(|(at, _)| at..at + HOLE).collect()
}

/// The flips that are read together. A byte of a blob reads as itself and a byte of a hole as nothing, whichever of its bits is
/// flipped: one of them shows it, and some bytes do at once. Of structure every bit is flipped, alone.
fn flips(blobs: &HashSet<usize>, holes: &HashSet<usize>) -> Vec<Vec<(usize, usize)>> {
    let one = |at: &usize| (*at, (*at * 5) % 8);
    let (of_blobs, others): (Vec<usize>, Vec<usize>) =
        (0..base().file.len()).partition(|at| blobs.contains(at));
    let (empty, structure): (Vec<usize>, Vec<usize>) = others.into_iter().partition(|at| holes.contains(at));
    let alone = structure.into_iter().flat_map(|at| (0..8).map(move |bit| vec![(at, bit)]));
    let together = of_blobs.chunks(TOGETHER).chain(empty.chunks(TOGETHER));
    alone.chain(together.map(|bytes| bytes.iter().map(one).collect())).collect()
}

/// What became of all flips.
#[derive(Default)]
struct Tally {
    refused: usize,
    same: usize,
    one_bit: usize,
    other: usize,
    /// Different readings among the others.
    readings: HashMap<Hash, Other>,
}

impl Tally {
    fn add(tally: &Mutex<Self>, fate: Fate, (at, bit): (usize, usize), root_of_whole: &Hash) {
        match fate {
            Fate::Refused(error) => {
                assert!(is_told(&error), "byte {at} bit {bit}: {error:?}");
                tally.lock().unwrap().refused += 1;
            }
            Fate::Same => tally.lock().unwrap().same += 1,
            Fate::ThoseBits => tally.lock().unwrap().one_bit += 1,
            Fate::Other(reading) => {
                let digest = reading.digest();
                let mut tally = tally.lock().unwrap();
                tally.other += 1;
                let of_the_state = || root(&reading.rows) != *root_of_whole;
                tally.readings.entry(digest).or_insert_with(|| Other {
                    at,
                    bit,
                    of_the_state: of_the_state(),
                });
            }
        }
    }
}

#[test]
fn every_bit_of_the_file_is_named_harmless_or_one_bit_of_a_blob() {
    let whole = seen_in(&base().file);
    let (blobs, holes) = (blob_bytes(&whole), holes());
    let (all, root_of_whole) = (flips(&blobs, &holes), root(&whole.rows));
    let tally = Mutex::new(Tally::default());
    std::thread::scope(|scope| {
        for first in 0..THREADS {
            let (whole, blobs, all, tally, root_of_whole) = (&whole, &blobs, &all, &tally, &root_of_whole);
            scope.spawn(move || {
                let mut copy = Copy::new();
                for flips in all.iter().skip(first).step_by(THREADS) {
                    if flips.len() > 1 {
                        match (copy.flip(whole, flips), blobs.contains(&flips[0].0)) {
                            (Fate::Same, false) => {
                                tally.lock().unwrap().same += flips.len();
                                continue;
                            }
                            (Fate::ThoseBits, true) => {
                                tally.lock().unwrap().one_bit += flips.len();
                                continue;
                            }
                            _ => {}
                        }
                    }
                    for flip in flips {
                        let fate = copy.flip(whole, &[*flip]);
                        let words =
                            if let Fate::Refused(error) = &fate { error.to_string() } else { String::new() };
                        let reads_as_itself = matches!(fate, Fate::ThoseBits);
                        assert!(
                            !blobs.contains(&flip.0) || reads_as_itself,
                            "byte {} bit {} of a blob: {words}",
                            flip.0,
                            flip.1
                        );
                        Tally::add(tally, fate, *flip, root_of_whole);
                    }
                }
                assert!(fs::read(&copy.path).unwrap() == base().file, "reading changed the file");
            });
        }
    });
    let Tally { refused, same, one_bit, other, readings } = tally.into_inner().unwrap();
    let structure = base().file.len() - blobs.union(&holes).count();
    println!(
        "{} bytes: {} of blobs, {} empty, {structure} of structure",
        base().file.len(),
        blobs.len(),
        holes.len()
    );
    println!(
        "{refused} named by the store, {same} read the same, {one_bit} one bit of a blob, {other} something else"
    );
    assert!(one_bit > 20_000 && refused > 1_000 && same > 1_000, "{one_bit} {refused} {same}");
    // What reads as something else is judged with a full unlock: each kind of reading once.
    judge_others(readings.into_values().collect());
}

/// A flip that reads as something else.
struct Other {
    at: usize,
    bit: usize,
    /// Whether the ten tables differ.
    of_the_state: bool,
}

/// Different readings: where the ten tables differ, another state root, which the other modules show to be noticed; where only
/// the log or its checkpoints do, a full unlock for each. Of the first kind some are unlocked as well, so that nothing hangs on
/// the argument alone.
fn judge_others(readings: Vec<Other>) {
    let (state, log): (Vec<_>, Vec<_>) = readings.into_iter().partition(|other| other.of_the_state);
    println!("different readings: {} of another state, {} of another log", state.len(), log.len());
    let some = state.into_iter().filter(|other| (other.at * 8 + other.bit).is_multiple_of(SOME));
    let places: BTreeSet<(usize, usize)> = log.into_iter().chain(some).map(|o| (o.at, o.bit)).collect();
    all_told_or_harmless(&places.into_iter().collect::<Vec<_>>());
}

/// A flip that the store does not see may still matter when it writes: of every page's structure one bit of every byte that
/// reads the same, with a full unlock, whose session is written into the file.
#[test]
fn what_reads_the_same_is_written_to_without_harm() {
    let whole = seen_in(&base().file);
    let mut copy = Copy::new();
    let mut places = Vec::new();
    for page in (0..base().file.len()).step_by(crate::base::PAGE) {
        let start = if page == 0 { 0 } else { page };
        // SQLite's header on the first page; the head of the tree's page on all.
        let length = if page == 0 { HEADER + 12 } else { 12 };
        for at in start..start + length {
            let bit = (at * 5) % 8;
            if matches!(copy.flip(&whole, &[(at, bit)]), Fate::Same) {
                places.push((at, bit));
            }
        }
    }
    assert!(places.len() > 50, "{}", places.len());
    all_told_or_harmless(&places);
}

fn all_told_or_harmless(places: &[(usize, usize)]) {
    let change = |(at, bit): (usize, usize)| {
        move |path: &Path| {
            let mut bytes = base().file.clone();
            bytes[at] ^= 1 << bit;
            fs::write(path, bytes).unwrap();
        }
    };
    let changes: Vec<Change<'_>> = places
        .iter()
        .map(|place| (format!("byte {} bit {}", place.0, place.1), Box::new(change(*place)) as Box<_>))
        .collect();
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
    println!("{} unlocked: {harmless} harmless, the others named", changes.len());
}

#[test]
fn a_file_cut_to_any_length_is_named() {
    let whole = seen_in(&base().file);
    let others = Mutex::new(Vec::new());
    std::thread::scope(|scope| {
        for first in 0..THREADS {
            let (whole, others) = (&whole, &others);
            scope.spawn(move || {
                let copy = Copy::new();
                // Longest first: a file is cut further and further.
                for len in (0..base().file.len()).rev().skip(first).step_by(THREADS) {
                    copy.file.set_len(len as u64).unwrap();
                    match fate(whole, &copy.path, 0) {
                        Fate::Refused(error) => assert!(is_told(&error), "cut to {len}: {error:?}"),
                        _ => others.lock().unwrap().push(len),
                    }
                }
            });
        }
    });
    // What could be read (a cut through what is empty at the end) is judged with a full unlock: first, last and some between.
    let mut others = others.into_inner().unwrap();
    others.sort_unstable();
    println!("{} lengths, {} of them could be read", base().file.len(), others.len());
    let last = others.len().saturating_sub(1);
    let others: Vec<usize> = others
        .into_iter()
        .enumerate()
        .filter(|(i, _)| i % 24 == 0 || *i == last)
        .map(|(_, len)| len)
        .collect();
    let cut = |len: usize| move |path: &Path| fs::write(path, &base().file[..len]).unwrap();
    let changes: Vec<Change<'_>> =
        others.iter().map(|len| (format!("cut to {len}"), Box::new(cut(*len)) as Box<_>)).collect();
    for ((name, _), verdict) in changes.iter().zip(judge_all(&changes)) {
        match verdict {
            Verdict::Harmless => panic!("{name}: nobody noticed"),
            Verdict::Refused(error) | Verdict::Found(error) => assert!(is_named(&error), "{name}: {error:?}"),
        }
    }
}

/// Says that the file is damaged, is no vault, or may only be read.
fn is_told(error: &StoreError) -> bool {
    use StoreError::{Damaged, Newer, NotAVault, ReadOnly};
    matches!(error, Damaged(_) | NotAVault | Newer { .. } | ReadOnly)
}
