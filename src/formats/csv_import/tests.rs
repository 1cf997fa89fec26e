//! Files as spreadsheets and password managers write them, and what is wrong with others.

use proptest::prelude::*;

use super::*;
use crate::model::text::TextError;

const HEADER: &str = "name,type,secret,owner,system,tags\n";

fn read(text: impl AsRef<[u8]>) -> Result<Import, ImportError> {
    parse(&SecretBuf::from_slice(text.as_ref()))
}

fn problem(row: &str) -> ImportProblem {
    let import = read(format!("{HEADER}{row}")).unwrap();
    import.rows.into_iter().next().unwrap().result.unwrap_err()
}

#[test]
fn a_file_of_keys_is_read_cell_by_cell() {
    let import = read(format!(
        "{HEADER}db,password,\"p,\"\"w\n\",a.novak,payments,pci;prod ;pci\r\n\r\n\
         hook,HMAC key,0102030405060708090a0b0c0d0e0f1011121314151617181920212223242531,,,\n\
         cert,file,AP8=,,,"
    ));
    // The quoted line break ends the cell; a password of one line loses it.
    let import = import.unwrap();
    let keys: Vec<_> = import.rows.iter().map(|row| (row.line, row.result.as_ref().unwrap())).collect();
    assert_eq!(keys.iter().map(|(line, _)| *line).collect::<Vec<_>>(), [2, 5, 6]);
    let (_, db) = keys[0];
    assert_eq!((db.name.as_str(), db.key_type, db.owner.as_str()), ("db", KeyType::Password, "a.novak"));
    assert_eq!(db.secret.as_str(), Some("p,\"w"));
    assert_eq!(db.tags, ["pci", "prod"]);
    assert_eq!((keys[1].1.key_type, keys[1].1.secret.len()), (KeyType::HmacSha256, 32));
    assert_eq!(keys[2].1.secret.as_bytes(), [0, 255]);
}

#[test]
fn tags_are_read_as_they_are_written_and_as_others_write_them() {
    let read = |cell: &str| tags(cell).map(str::to_owned).collect::<Vec<_>>();
    assert_eq!(read("a; two words;;b,c"), ["a", "two words", "b,c"]);
    assert_eq!(read("a, two words ,b"), ["a", "two words", "b"]);
    assert_eq!(read(" a  b\nc"), ["a", "b", "c"]);
    assert_eq!(read(""), Vec::<String>::new());
    for written in [&["one"][..], &["two words"], &["a,b"], &["a", "two words"], &["a b", "c,d"]] {
        let mut key = crate::model::key::tests::sample("k");
        key.tags = written.iter().map(|tag| (*tag).to_owned()).collect();
        let now = crate::model::Timestamp(1_775_000_000_000);
        let list = crate::formats::csv_export::csv(
            &[std::sync::Arc::new(key)],
            &crate::model::Settings::default(),
            now,
        );
        let mut list = csv::ReaderBuilder::new().from_reader(list.as_bytes());
        let row = list.records().next().unwrap().unwrap();
        assert_eq!(read(&row[7]), written);
    }
}

#[test]
fn columns_may_stand_in_any_order_and_unknown_ones_are_reported() {
    let import = read("\u{FEFF}Secret;URL;NAME;Type\r\nhunter2;https://x;login;password\r\n").unwrap();
    assert_eq!((import.delimiter, import.ignored_columns), (';', vec!["URL".to_owned()]));
    let key = import.rows[0].result.as_ref().unwrap();
    assert_eq!((key.name.as_str(), key.secret.as_str(), import.rows[0].line), ("login", Some("hunter2"), 2));
    let import = read("Title,Kind,Password,Username,Value\ndb,password,hunter2,sa,x\n").unwrap();
    assert_eq!(
        import.mapped_columns,
        [("Title", "name"), ("Kind", "type"), ("Password", "secret")]
            .map(|(theirs, ours)| (theirs.to_owned(), ours))
    );
    assert_eq!(import.ignored_columns, ["Username", "Value"]);
    assert_eq!(read("name\ttype\tsecret\na\ttext\tb\n").unwrap().delimiter, '\t');
}

#[test]
fn what_else_a_header_names_is_read_and_checked_as_if_typed() {
    let header = "name,type,secret,note,Shared with,Sponsor,environment\n";
    let import = read(format!("{header}db,text,x,\"two\nlines\",Acme, k.lind ,test\n")).unwrap();
    assert!(import.ignored_columns.is_empty());
    let further = &import.rows[0].result.as_ref().unwrap().further;
    let around = &further.around;
    assert_eq!((further.note.as_str(), further.environment.as_str()), ("two\nlines", "test"));
    assert_eq!((around.shared_with.as_str(), around.sponsor.as_str()), ("Acme", "k.lind"));
    let bad = read(format!("{header}db,text,x,,,k\u{200B}lind,\n")).unwrap();
    assert_eq!(
        bad.rows[0].result.as_ref().unwrap_err(),
        &ImportProblem::Text(TextError::Invisible { field: "the sponsor", code: 0x200B, position: 2 })
    );
    let twice = read("name,type,secret,note,NOTE\n").err();
    assert_eq!(twice, Some(ImportError::DuplicateColumn { column: "note" }));
}

#[test]
fn files_that_are_no_csv_of_keys_are_refused_as_what_they_are() {
    use ImportError as E;
    for (bytes, error) in [
        (&b""[..], E::Empty),
        (b"\xEF\xBB\xBF \n\n", E::Empty),
        (b"PK\x03\x04\x14\0", E::Spreadsheet),
        (b"\xFF\xFEn\0a\0", E::Utf16),
        (b"name,type,secret\na,text,\0", E::Binary { line: 2 }),
        (b"name,type,secret\n\na,text,\xE9", E::NotUtf8 { line: 3 }),
        (b"db,password,hunter2\n", E::NoHeader),
        (b"name,type,secret,\"note\ndb,password,hunter2,\"x\"\nmail,password,hunter3,y\n", E::HeaderQuote),
        (b"name,type,secret,\"note\ndb,password,hunter2,x\n", E::HeaderQuote),
        (b"{\"keys\": []}", E::NoHeader),
        (b"name,secret,owner\n", E::MissingColumns { missing: vec!["type"] }),
        (b"name\n", E::MissingColumns { missing: vec!["type", "secret"] }),
        (b"name,type,secret,Secret\n", E::DuplicateColumn { column: "secret" }),
    ] {
        assert_eq!(read(bytes).err(), Some(error), "{}", String::from_utf8_lossy(bytes));
    }
    assert!(read("name,type,secret\n").unwrap().rows.is_empty());
}

#[test]
fn files_beyond_the_limits_are_refused_whole() {
    assert_eq!(read(vec![b'a'; FILE_MAX + 1]).err(), Some(ImportError::TooLarge));
    let many = format!("name,type,secret\n{}", "a,text,b\n".repeat(ROWS_MAX + 1));
    assert_eq!(read(many).err(), Some(ImportError::TooManyRows));
}

#[test]
fn each_mistake_in_a_row_has_its_own_message() {
    use ImportProblem as P;
    assert_eq!(problem("a,text\n"), P::WrongColumnCount { found: 2, expected: 6 });
    assert_eq!(problem("a,secret,text,,,\n"), P::UnknownType);
    assert_eq!(problem("a,password,,,,\n"), P::Secret(FormatError::Empty));
    assert_eq!(problem(",text,x,,,\n"), P::Text(TextError::Empty { field: "name" }));
    assert_eq!(
        problem(&format!("{},text,x,,,", "n".repeat(257))),
        P::Text(TextError::TooLong { field: "name", len: 257, max: 256 })
    );
    assert_eq!(
        problem("a\u{202E}b,text,x,,,"),
        P::Text(TextError::Invisible { field: "name", code: 0x202E, position: 2 })
    );
    assert_eq!(
        problem("a,aes-256,abcd,,,"),
        P::Secret(FormatError::WrongLength { title: "AES key", found: 2, needed: 32 })
    );
    assert_eq!(problem("a,file,?,,,"), P::Secret(FormatError::FileNotBase64));
    assert_eq!(problem("a,text,\"b\"c,,,"), P::StrayQuote);
    assert_eq!(problem("a,text,\"b,,,\nc,text,d,,,\n"), P::QuoteNotClosed { lines: 2 });
}

#[test]
fn a_quote_inside_an_unquoted_cell_belongs_to_the_secret() {
    let import = read("name,type,secret\na,password,pa\"ss\n").unwrap();
    assert_eq!(import.rows[0].result.as_ref().unwrap().secret.as_str(), Some("pa\"ss"));
}

#[test]
fn one_bad_row_never_stops_the_others() {
    let import =
        read(format!("{HEADER}a,text,1,,,\nb\na,text,2,,,\n,,,,,\n\nc,nonsense,x,,,\nc,text,3,,,\n"))
            .unwrap();
    let rows: Vec<_> = import.rows.iter().map(|row| (row.line, row.result.is_ok())).collect();
    assert_eq!(rows, [(2, true), (3, false), (4, false), (7, false), (8, true)]);
    assert_eq!(import.rows[2].result.as_ref().err(), Some(&ImportProblem::DuplicateName { line: 2 }));
}

#[test]
fn no_message_holds_a_part_of_any_cell() {
    let cell = "Zq7Xv9Kw3Jy5";
    for row in [
        format!("{cell},{cell},{cell},{cell},{cell},{cell}"),
        format!("{cell},{cell}"),
        format!("{cell}\u{200B},text,{cell},,,"),
        format!("{cell},aes-256,{cell},,,"),
        format!("{cell},file,{cell}!,,,"),
        format!("{cell},api-token,{cell} {cell},,,"),
        format!("{cell},text,\"{cell}\"{cell},,,"),
        format!("{cell},text,\"{cell},,,"),
    ] {
        let said = format!("{:?} {0}", problem(&row));
        assert!(
            !cell.as_bytes().windows(4).any(|part| said.contains(std::str::from_utf8(part).unwrap())),
            "{said}"
        );
    }
    let said = format!("{:?}", read(format!("{HEADER}a,text,{cell},,,")).unwrap());
    assert!(!said.contains(cell), "{said}");
    let error = read(format!("db,password,{cell}\n")).unwrap_err();
    assert!(!format!("{error} {error:?}").contains(cell));
}

proptest! {
    #[test]
    fn no_bytes_make_it_panic(bytes in proptest::collection::vec(any::<u8>(), 0..300)) {
        let _ = read(&bytes);
        let _ = read([HEADER.as_bytes(), &bytes].concat());
    }

    #[test]
    fn no_text_makes_it_panic_and_no_row_is_lost(
        rows in proptest::collection::vec("[a-z\",;é]{1,12}[ ]?(,text,x){0,2}", 0..20),
    ) {
        let text = format!("{HEADER}{}\n", rows.join("\r\n"));
        let import = read(&text).unwrap();
        let covered: u64 = import.rows.iter().map(|row| match &row.result {
            Err(ImportProblem::QuoteNotClosed { lines }) => *lines,
            _ => 1,
        }).sum();
        let quoted = text.contains('"');
        let blank = rows.iter().filter(|row| row.trim().chars().all(|c| c == ',')).count() as u64;
        prop_assert!(quoted || covered == rows.len() as u64 - blank);
    }

    #[test]
    fn a_written_row_is_read_back(name in "[a-z]{1,20}", secret in "[ -~\u{e9}]{1,40}") {
        let mut writer = csv::Writer::from_writer(Vec::new());
        writer.write_record(["name", "type", "secret"]).unwrap();
        writer.write_record([name.as_str(), "password", secret.as_str()]).unwrap();
        let import = read(writer.into_inner().unwrap()).unwrap();
        let key = import.rows[0].result.as_ref().unwrap();
        prop_assert_eq!((key.name.as_str(), key.secret.as_str()), (name.as_str(), Some(secret.as_str())));
    }
}
