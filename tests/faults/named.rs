//! With a full unlock, every value read and the log verified: what was changed is noticed, and its name is told.

use std::collections::BTreeMap;
use std::path::Path;
use std::sync::Arc;

use keyroom::store::{Row, Table};
use keyroom::vault::VaultError;
use keyroom::vault::anchor::MemoryAnchor;

use crate::base::{Change, LOG_TABLES, all_are_named, base, delete, folder, name_of, put, rows, sql, unlock};

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
