//! Input that was made to deceive, to be too large, or that is no input of this kind at all: refused in words with exit code
//! 1, and the vault is as it was.

use crate::desk::{Desk, names};

const MIB: usize = 1 << 20;

/// Characters that cannot be seen or turn others around, each with its code.
const DECEIVING: [(&str, &str); 7] = [
    ("\u{202e}", "U+202E"),
    ("\u{2066}", "U+2066"),
    ("\u{200b}", "U+200B"),
    ("\u{200d}", "U+200D"),
    ("\u{feff}", "U+FEFF"),
    ("\u{7}", "U+0007"),
    ("\u{3164}", "U+3164"),
];

#[test]
fn characters_that_deceive_are_named_by_their_code_wherever_they_stand() {
    let desk = Desk::with_vault();
    desk.vault("key add", "--name db --type password --generate").done();
    for (c, code) in DECEIVING {
        desk.vault("key add", &format!("--name pay{c}ments --type password --generate")).failed(1, code);
        desk.vault("key add", &format!("--name b --owner a{c}b --type password --generate")).failed(1, code);
        desk.vault("key edit", &format!("db --name d{c}b")).failed(1, code);
        desk.vault("key tag", &format!("db --add p{c}ci")).failed(1, code);
        desk.vault("key rotate", &format!("db --generate --reason a{c}b")).failed(1, code);
        desk.run(&format!("create w.keyroom --operator m{c}i --unlock-ms 1 --password-file password"))
            .failed(1, code);
        assert!(!desk.path("w.keyroom").exists(), "{code}");
    }
    assert_eq!(names(&desk.json("key list v.keyroom")), ["db"]);
    assert_eq!(desk.json("key show v.keyroom db")["version"], 1);
    // Looked for, they are no name of a key either.
    desk.vault("key show", "pay\u{202e}ments").failed(1, "no key named");
    desk.vault("audit verify", "").done();
}

#[test]
fn a_name_of_a_megabyte_is_refused_from_a_file_and_as_much_of_one_as_an_argument_can_be() {
    let desk = Desk::with_vault();
    let before = std::fs::read(desk.path("v.keyroom")).unwrap();
    let name = "n".repeat(MIB);
    desk.write("keys.csv", &format!("name,type,secret\n{name},text,a value\nb,text,{name}{name}\n"));
    let report = desk.vault("key import", "keys.csv --json");
    assert_eq!(report.code, 1, "{}", report.stderr);
    let rows = report.json()["rows"].as_array().unwrap().clone();
    let problem = |row: usize| rows[row]["problem"].as_str().unwrap().to_owned();
    assert_eq!(problem(0), "name is 1048576 bytes long; at most 256 fit");
    assert!(problem(1).contains("2097152 bytes long"), "{}", problem(1));
    assert!(report.stdout.len() < 4096, "the report repeats what it refuses");
    assert!(std::fs::read(desk.path("v.keyroom")).unwrap() == before, "the vault was written to");
    // The kernel hands no program a longer argument than 128 KiB.
    let name = "n".repeat((128 << 10) - 1);
    let long = desk.vault("key add", &format!("--name {name} --type password --generate"));
    let long = long.failed(1, "at most 256 fit");
    assert!(long.stderr.len() < 500, "the message repeats the name");
    assert!(desk.json("key list v.keyroom").as_array().unwrap().is_empty());
}

#[test]
fn names_and_values_without_a_byte_and_with_a_zero_byte_are_refused() {
    let desk = Desk::with_vault();
    // An empty argument, which `words` leaves out.
    let add = |name: &str| {
        let mut command = desk.command(
            env!("CARGO_BIN_EXE_keyroom"),
            "key add v.keyroom --type password --generate --password-file password --name",
        );
        desk.ran(command.arg(name).output().unwrap(), false)
    };
    add("").failed(1, "is empty");
    add(" \t ").failed(1, "is empty");
    std::fs::write(desk.path("none"), b"").unwrap();
    for kind in ["text", "password", "api-token", "file", "aes-256"] {
        desk.vault("key add", &format!("--name x --type {kind} --from none")).failed(1, "there is no value");
    }
    std::fs::write(desk.path("zero"), b"Abc\0defgh-123").unwrap();
    for kind in ["password", "api-token", "passphrase", "text"] {
        desk.vault("key add", &format!("--name x --type {kind} --from zero"))
            .failed(1, "a control character at position 4");
    }
    assert!(desk.json("key list v.keyroom").as_array().unwrap().is_empty());
    // A file may hold any byte, and gives it back.
    desk.vault("key add", "--name x --type file --from zero").done();
    let back = desk.vault("key reveal", "x --reason r --raw").done();
    assert_eq!(back.stdout, b"Abc\0defgh-123");
}

#[test]
fn a_file_that_is_no_csv_says_what_it_is_and_the_vault_is_not_touched() {
    let desk = Desk::with_vault();
    let before = std::fs::read(desk.path("v.keyroom")).unwrap();
    let utf16: Vec<u8> = "name,type,secret\n".encode_utf16().flat_map(u16::to_le_bytes).collect();
    let files: [(&str, Vec<u8>, &str); 9] = [
        ("nothing", Vec::new(), "the file is empty"),
        ("picture", b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR".to_vec(), "holds binary data"),
        ("workbook", b"PK\x03\x04\x14\0\x06\0".to_vec(), "this is a spreadsheet"),
        ("wide", [b"\xff\xfe".as_slice(), &utf16].concat(), "UTF-16"),
        ("latin", b"name,type,secret\nM\xfcller,text,x\n".to_vec(), "line 2 is not UTF-8"),
        ("prose", b"Dear all,\nthe keys are in the safe.\n".to_vec(), "names no column"),
        ("json", br#"[{"name": "a", "type": "text"}]"#.to_vec(), "names no column"),
        ("half", b"name,owner\na,b\n".to_vec(), "the header lacks the column"),
        ("twice", b"name,name,type,secret\na,b,text,x\n".to_vec(), "more than once"),
    ];
    for (name, bytes, words) in files {
        std::fs::write(desk.path(name), bytes).unwrap();
        desk.vault("key import", name).failed(1, words);
        let told = desk.vault("key import", &format!("{name} --json"));
        let object: serde_json::Value = serde_json::from_str(&told.stderr).unwrap();
        assert_eq!((told.code, &object["code"]), (1, &"bad_csv".into()), "{name}");
    }
    desk.vault("key import", ".").failed(1, "could not be read");
    // Its rows are no rows: each says why.
    desk.write("quote", "name,type,secret\na,text,\"begun\nb,text,never ended\n");
    let report = desk.vault("key import", "quote --json");
    assert_eq!((report.code, &report.json()["imported"]), (1, &0.into()));
    assert!(report.text().contains("never closed"), "{}", report.text());
    for (c, code) in DECEIVING {
        desk.write("names", &format!("name,type,secret\npay{c}ments,text,x\n"));
        let report = desk.vault("key import", "names");
        assert_eq!(report.code, 1);
        assert!(report.text().contains(code), "{}", report.text());
    }
    assert!(std::fs::read(desk.path("v.keyroom")).unwrap() == before, "the vault was written to");
}
