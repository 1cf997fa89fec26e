//! Vault files that are not what was written, one of each kind, made from a whole one: what window and command line say of
//! them, each in its own words.

use std::path::Path;

use rusqlite::{Connection, params};

/// A way to spoil a file.
pub struct Bad {
    /// What it is called.
    pub name: &'static str,
    /// Spoils the vault at this path, which has two keys at least.
    pub make: fn(&Path),
    /// Whether it is told before a password is asked for.
    pub at_the_door: bool,
    /// What is said.
    pub words: &'static str,
}

/// All kinds.
pub fn files() -> [Bad; 11] {
    let door = |name, make, words| Bad { name, make, at_the_door: true, words };
    let inside = |name, make, words| Bad { name, make, at_the_door: false, words };
    [
        door("a newer format", newer, "this version of Keyroom reads format 1. Update Keyroom to open it"),
        door(
            "an unknown suite",
            unknown_suite,
            "an unknown set of algorithms (153). Update Keyroom to open it",
        ),
        door("tables of another program", foreign_table, "its tables are not those of a vault"),
        door("no slots", |path| sql(path, "DELETE FROM slot"), "its password slots are missing"),
        inside(
            "a password that costs too much",
            costs_too_much,
            "asks for more than this program will spend",
        ),
        inside("a password that costs too little", costs_too_little, "protection stored here is too weak"),
        inside("a changed row", changed, "a row of the table key was changed"),
        inside("a deleted row", deleted, "a row of the table key was deleted"),
        inside("a copied row", copied, "a row of the table key was added"),
        inside("two swapped rows", swapped, "a row of the table key was changed"),
        inside("a flipped bit of a page", flipped, "a row of the table version was changed"),
    ]
}

/// Runs statements on the file, past everything the product would say to them.
pub fn sql(path: &Path, statements: &str) {
    Connection::open(path).unwrap().execute_batch(statements).unwrap();
}

fn newer(path: &Path) {
    sql(path, "PRAGMA user_version = 2");
}

fn foreign_table(path: &Path) {
    sql(path, "CREATE TABLE notes(words)");
}

/// Changes the only row of a table; where its blob does not hold `from`, the format is another one.
fn replace_in(path: &Path, table: &str, from: &[u8], to: &[u8]) {
    let connection = Connection::open(path).unwrap();
    let data: Vec<u8> =
        connection.query_row(&format!("SELECT data FROM {table}"), [], |row| row.get(0)).unwrap();
    let at = data.windows(from.len()).position(|window| window == from).unwrap();
    let data = [&data[..at], to, &data[at + from.len()..]].concat();
    connection.execute(&format!("UPDATE {table} SET data = ?1"), [data]).unwrap();
}

/// Format 1, suite 1 become format 1, suite 153.
fn unknown_suite(path: &Path) {
    replace_in(
        path,
        "header",
        &[0, 0, 0, 2, 0, 1, 0, 0, 0, 2, 0, 1],
        &[0, 0, 0, 2, 0, 1, 0, 0, 0, 2, 0, 153],
    );
}

/// KiB of memory and passes, as a slot holds them.
fn cost(memory_kib: u32, passes: u32) -> Vec<u8> {
    [memory_kib, passes].iter().flat_map(|n| [4_u32.to_be_bytes(), n.to_be_bytes()]).flatten().collect()
}

fn costs_too_much(path: &Path) {
    replace_in(path, "slot", &cost(64 << 10, 3), &cost(u32::MAX, u32::MAX));
}

fn costs_too_little(path: &Path) {
    replace_in(path, "slot", &cost(64 << 10, 3), &cost(8, 1));
}

/// The ids of two keys.
fn two(connection: &Connection) -> [Vec<u8>; 2] {
    let mut statement = connection.prepare("SELECT id FROM key ORDER BY id LIMIT 2").unwrap();
    let ids: Vec<Vec<u8>> = statement.query_map([], |row| row.get(0)).unwrap().map(Result::unwrap).collect();
    ids.try_into().unwrap()
}

fn changed(path: &Path) {
    let connection = Connection::open(path).unwrap();
    let [id, _] = two(&connection);
    let mut data: Vec<u8> =
        connection.query_row("SELECT data FROM key WHERE id = ?1", [&id], |row| row.get(0)).unwrap();
    let middle = data.len() / 2;
    data[middle] ^= 1;
    connection.execute("UPDATE key SET data = ?1 WHERE id = ?2", params![data, id]).unwrap();
}

fn deleted(path: &Path) {
    let connection = Connection::open(path).unwrap();
    let [id, _] = two(&connection);
    connection.execute("DELETE FROM key WHERE id = ?1", [id]).unwrap();
}

fn copied(path: &Path) {
    let connection = Connection::open(path).unwrap();
    let [id, _] = two(&connection);
    let copy = "INSERT INTO key SELECT zeroblob(16), version, scope, epoch, data FROM key WHERE id = ?1";
    connection.execute(copy, [id]).unwrap();
}

fn swapped(path: &Path) {
    let connection = Connection::open(path).unwrap();
    let [one, other] = two(&connection);
    let swap = "UPDATE key SET data = (SELECT data FROM key AS k WHERE k.id = CASE key.id WHEN ?1 THEN ?2 ELSE ?1 END)
                WHERE id IN (?1, ?2)";
    assert_eq!(connection.execute(swap, [one, other]).unwrap(), 2);
}

/// One bit of the file itself, in the middle of where a version's sealed value lies; SQLite knows nothing of it.
fn flipped(path: &Path) {
    let data: Vec<u8> = Connection::open(path)
        .unwrap()
        .query_row("SELECT data FROM version ORDER BY id LIMIT 1", [], |row| row.get(0))
        .unwrap();
    let mut file = std::fs::read(path).unwrap();
    let part = &data[data.len() / 2..data.len() / 2 + 16];
    let at = file.windows(16).position(|window| window == part).unwrap();
    file[at] ^= 1 << 5;
    std::fs::write(path, file).unwrap();
}
