use super::*;

fn row(n: u8) -> Row {
    Row { table: Table::Key, id: vec![n; 16], version: 1, scope: [0; 16], epoch: 1, data: vec![n; 300] }
}

fn batch(seq: u64, puts: Vec<Row>) -> Batch {
    Batch {
        puts,
        deletes: Vec::new(),
        leaf: LogRow { seq, epoch: 1, leaf_hash: [seq as u8; 32], data: vec![1; 100] },
        checkpoint: CheckpointRow { size: seq + 1, epoch: 1, data: vec![2; 100] },
        drop_checkpoint: seq.checked_sub(1).map(|_| seq),
    }
}

fn made() -> (tempfile::TempDir, PathBuf, SqliteStore) {
    let dir = tempfile::tempdir().unwrap();
    let path = dir.path().join("a.keyroom");
    let store = SqliteStore::create(&path).unwrap();
    (dir, path, store)
}

#[test]
fn what_was_committed_is_read_back_by_another_connection() {
    let (_dir, path, mut store) = made();
    assert_eq!(store.begin().unwrap(), None);
    store.commit(&batch(0, vec![row(1), row(2)])).unwrap();
    let mut other = SqliteStore::open(&path).unwrap();
    assert_eq!(other.head().unwrap(), Some(Head { size: 1, last: [0; 32] }));
    let mut seen = Vec::new();
    other
        .rows(Table::Key, &mut |r| {
            seen.push(r.to_row());
            Walk::Continue(())
        })
        .unwrap();
    assert_eq!(seen, [row(1), row(2)]);
    assert_eq!(other.checkpoint_sizes().unwrap(), [1]);
}

#[test]
fn a_full_disk_changes_nothing_and_says_so() {
    let (_dir, _path, mut store) = made();
    store.begin().unwrap();
    store.commit(&batch(0, vec![row(1)])).unwrap();
    store.simulate_full_disk(true).unwrap();
    store.begin().unwrap();
    let large = Row { data: vec![9; 100_000], ..row(3) };
    assert_eq!(store.commit(&batch(1, vec![large])), Err(StoreError::Full));
    assert_eq!(store.row(Table::Key, &[3; 16]).unwrap(), None);
    assert_eq!(store.head().unwrap().unwrap().size, 1);
    store.simulate_full_disk(false).unwrap();
    store.begin().unwrap();
    store.commit(&batch(1, vec![row(3)])).unwrap();
}

#[test]
fn a_file_another_connection_holds_is_busy_and_nothing_of_it_is_changed() {
    let (_dir, path, mut store) = made();
    store.begin().unwrap();
    store.commit(&batch(0, vec![row(1)])).unwrap();
    let other = Connection::open(&path).unwrap();
    // In the middle of its own write: reading goes on, writing has to wait, and gives up.
    other.execute_batch("BEGIN IMMEDIATE").unwrap();
    assert_eq!(store.row(Table::Key, &[1; 16]).unwrap(), Some(row(1)));
    let started = std::time::Instant::now();
    assert_eq!(store.begin(), Err(StoreError::Busy));
    assert!(started.elapsed().as_millis() >= u128::from(BUSY_MS), "it did not wait");
    other.execute_batch("ROLLBACK; BEGIN EXCLUSIVE").unwrap();
    assert_eq!(store.row(Table::Key, &[1; 16]), Err(StoreError::Busy));
    assert_eq!(SqliteStore::open(&path).err(), Some(StoreError::Busy));
    drop(other);
    // Nothing was begun that would be in the way now.
    assert_eq!(store.begin().unwrap().unwrap().size, 1);
    store.commit(&batch(1, vec![row(2)])).unwrap();
}

#[test]
fn a_file_that_may_only_be_read_is_read_and_a_write_says_so() {
    let (_dir, path, mut store) = made();
    store.begin().unwrap();
    store.commit(&batch(0, vec![row(1)])).unwrap();
    drop(store);
    let before = std::fs::read(&path).unwrap();
    let mut store = SqliteStore::open(&path).unwrap();
    // As SQLite itself holds a file it may only read; permissions mean nothing to root.
    store.connection.execute_batch("PRAGMA query_only=ON").unwrap();
    assert_eq!(store.row(Table::Key, &[1; 16]).unwrap(), Some(row(1)));
    assert_eq!(store.begin(), Err(StoreError::ReadOnly));
    assert_eq!(store.add_attempt(1), Err(StoreError::ReadOnly));
    drop(store);
    assert!(std::fs::read(&path).unwrap() == before);
}

#[test]
fn files_that_are_no_vault_are_told_apart() {
    let dir = tempfile::tempdir().unwrap();
    let path = dir.path().join("x");
    let open = |path: &Path| SqliteStore::open(path).err();
    assert_eq!(open(&path), Some(StoreError::NotFound));
    std::fs::write(&path, b"").unwrap();
    assert_eq!(open(&path), Some(StoreError::NotAVault));
    std::fs::write(&path, vec![7; 5000]).unwrap();
    assert_eq!(open(&path), Some(StoreError::NotAVault));
    std::fs::remove_file(&path).unwrap();
    Connection::open(&path).unwrap().execute_batch("CREATE TABLE t(a)").unwrap();
    assert_eq!(open(&path), Some(StoreError::NotAVault));
    assert_eq!(open(dir.path()), Some(StoreError::NotAVault));
}

#[test]
fn a_newer_format_and_foreign_tables_are_refused() {
    let (_dir, path, store) = made();
    drop(store);
    Connection::open(&path).unwrap().execute_batch("CREATE TABLE extra(a)").unwrap();
    assert!(matches!(SqliteStore::open(&path).err(), Some(StoreError::Damaged(_))));
    Connection::open(&path).unwrap().execute_batch("DROP TABLE extra; PRAGMA user_version=2").unwrap();
    assert_eq!(SqliteStore::open(&path).err(), Some(StoreError::Newer { found: 2, known: 1 }));
}

#[test]
fn an_existing_file_is_never_overwritten() {
    let (_dir, path, _store) = made();
    assert_eq!(SqliteStore::create(&path).err(), Some(StoreError::Exists));
}

#[test]
fn a_deleted_row_leaves_no_copy_in_the_file() {
    let (_dir, path, mut store) = made();
    let needle = Row { data: b"0123456789abcdef-needle-".repeat(10), ..row(5) };
    store.begin().unwrap();
    store.commit(&batch(0, vec![needle.clone()])).unwrap();
    let holds = || std::fs::read(&path).unwrap().windows(24).any(|w| w == &needle.data[..24]);
    assert!(holds());
    store.begin().unwrap();
    store.commit(&Batch { deletes: vec![(Table::Key, needle.id.clone())], ..batch(1, vec![]) }).unwrap();
    assert!(!holds());
}

#[cfg(unix)]
#[test]
fn a_file_replaced_underneath_is_noticed_before_a_write() {
    let (dir, path, mut store) = made();
    let other = dir.path().join("b.keyroom");
    SqliteStore::create(&other).unwrap();
    std::fs::rename(&other, &path).unwrap();
    assert!(!store.is_same_file());
    assert!(store.begin().is_err());
}

#[test]
fn a_backup_is_a_vault_with_the_same_rows_and_a_cancelled_one_leaves_no_file() {
    let (dir, _path, mut store) = made();
    store.begin().unwrap();
    store.commit(&batch(0, (0..200).map(row).collect())).unwrap();
    let target = dir.path().join("copy.keyroom");
    store.backup(&target, &mut |_, _| Walk::Continue(())).unwrap();
    let mut copy = SqliteStore::open(&target).unwrap();
    assert_eq!(copy.row(Table::Key, &[9; 16]).unwrap(), Some(row(9)));
    let cancelled = dir.path().join("cancelled.keyroom");
    assert_eq!(store.backup(&cancelled, &mut |_, _| Walk::Break(())), Err(StoreError::Cancelled));
    assert!(!cancelled.exists());
}

#[cfg(unix)]
#[test]
fn a_new_vault_is_readable_by_its_owner_only() {
    use std::os::unix::fs::PermissionsExt;
    let (_dir, path, _store) = made();
    assert_eq!(std::fs::metadata(path).unwrap().permissions().mode() & 0o777, 0o600);
}

#[test]
fn a_look_through_the_structure_ends_where_it_is_told_to_and_finds_nothing_wrong_otherwise() {
    let (_dir, _path, mut store) = made();
    store.begin().unwrap();
    store.commit(&batch(0, vec![row(1)])).unwrap();
    assert_eq!(store.check_structure(&|| true), Err(StoreError::Cancelled));
    assert_eq!(store.check_structure(&|| false), Ok(()));
}

#[test]
fn rewriting_the_file_ends_in_the_middle_where_it_is_told_to_and_leaves_every_row() {
    let (_dir, path, mut store) = made();
    let rows = (0..40).map(|n| Row { data: vec![n; 1 << 20], ..row(n) }).collect();
    store.begin().unwrap();
    store.commit(&batch(0, rows)).unwrap();
    let before = std::fs::read(&path).unwrap();
    // Once more than it is asked before it begins: the statement runs then.
    let asked = std::cell::Cell::new(0);
    let stop = || asked.replace(asked.get() + 1) > 0;
    assert_eq!(store.compact(&stop), Err(StoreError::Cancelled));
    assert!(asked.get() > 1 && std::fs::read(&path).unwrap() == before);
    assert_eq!(store.compact(&|| false), Ok(()));
    let mut left = 0;
    store
        .rows(Table::Key, &mut |row| {
            left += usize::from(row.data.len() == 1 << 20);
            Walk::Continue(())
        })
        .unwrap();
    assert_eq!(left, 40);
}

#[test]
fn only_the_failed_unlocks_that_were_read_are_forgotten() {
    let (_dir, _path, mut store) = made();
    [3, 1, 2].into_iter().for_each(|at| store.add_attempt(at).unwrap());
    store.clear_attempts(2).unwrap();
    assert_eq!(store.attempts().unwrap(), [2], "the last one came since");
}

#[cfg(unix)]
#[test]
fn a_place_that_cannot_be_looked_at_is_no_other_file_and_an_empty_one_is() {
    let (dir, path, store) = made();
    let (share, away) = (dir.path().join("share"), dir.path().join("away"));
    std::fs::create_dir(&share).unwrap();
    let mounted = share.join("a.keyroom");
    drop(store);
    std::fs::rename(&path, &mounted).unwrap();
    let store = SqliteStore::open(&mounted).unwrap();
    assert!(store.is_same_file());
    std::fs::rename(&share, &away).unwrap();
    assert!(!store.is_same_file(), "nothing is there any more");
    // Looking ends in an error: as a network share that is away does.
    std::os::unix::fs::symlink("share", &share).unwrap();
    assert!(store.is_same_file());
}
