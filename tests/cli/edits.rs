//! What is known about keys, and what becomes of their versions.

use serde_json::Value;

use crate::desk::Desk;

#[test]
fn what_is_known_about_a_key_is_edited_tagged_and_listed_for_a_spreadsheet() {
    let desk = Desk::with_vault();
    desk.vault("key add", "--name db --type api-token --generate --owner a.novak --tag pci").done();
    desk.vault("key add", "--name =cmd --type password --generate").done();
    desk.vault("key edit", "db").failed(2, "name what is to be changed");
    desk.vault("key edit", "db --policy nope").failed(1, "Token 90 d");
    desk.vault("key edit", "db --name =cmd").failed(1, "already");
    let edited =
        desk.vault("key edit", "db --owner m.ito --critical yes --policy yearly --json").done().json();
    assert_eq!(
        (&edited["owner"], &edited["critical"], &edited["policy"]),
        (&"m.ito".into(), &true.into(), &"Yearly".into())
    );
    assert_eq!(
        (&edited["tags"][0], &edited["name"]),
        (&"pci".into(), &"db".into()),
        "what was not named stays"
    );
    let exempt = desk.vault("key edit", "db --exempt frozen-until-audit --json").done().json();
    assert_eq!((&exempt["policy"], &exempt["exempt"]), (&Value::Null, &"frozen-until-audit".into()));
    assert_eq!(desk.vault("key edit", "db --default-policy --json").done().json()["policy"], "Token 90 d");
    desk.vault("key edit", "db --expires soon").failed(2, "write a day as");
    let set =
        desk.vault("key edit", "db --expires 2031-05-01 --contact ops@example.org --deployed ws-14 --json");
    let set = set.done().json();
    assert!(set["expires"].as_str().unwrap().starts_with("2031-05-01"), "{set}");
    assert_eq!((&set["contact"], &set["deployed"]), (&"ops@example.org".into(), &"ws-14".into()));
    assert_eq!(desk.vault("key list", "ops@example.org --json").done().json().as_array().unwrap().len(), 1);
    around(&desk);
    let rotated = "db --reason due --generate --expires 2030-01-31";
    desk.vault("key rotate", rotated).done();
    assert!(
        desk.vault("key show", "db --json").done().json()["expires"]
            .as_str()
            .unwrap()
            .starts_with("2030-01-31")
    );
    desk.vault("key edit", "db --expires=").done();
    assert_eq!(desk.vault("key show", "db --json").done().json()["expires"], Value::Null);
    let tagged = desk.vault("key tag", "db --add prod --add eu --remove pci --json").done().json();
    assert_eq!(tagged["tags"], serde_json::json!(["eu", "prod"]));
    desk.vault("key tag", "db --add a\u{202e}b").failed(1, "U+202E");
    let csv = desk.vault("key list", "--csv").done();
    let rows: Vec<&str> = csv.text().lines().collect();
    assert_eq!(rows.len(), 5, "{rows:?}");
    assert!(rows[1].starts_with("'=cmd,password,active"), "{rows:?}");
    assert!(rows[2].starts_with("db,api-token,active,m.ito"), "{rows:?}");
    assert!(
        rows[2].contains(",\"eu;prod\",") && rows[0].ends_with(",compromise code,compromise note"),
        "{rows:?}"
    );
    let before = desk.vault("audit list", "action:key.export_list --json").done().json();
    assert_eq!(before[0]["changes"][0]["after"], "standard output", "a list for a spreadsheet is recorded");
    let wrote = desk.vault("key export-list", "keys.csv type:api-token --json").done().json();
    assert_eq!((&wrote["keys"], &wrote["path"]), (&1.into(), &"keys.csv".into()));
    let text = std::fs::read_to_string(desk.path("keys.csv")).unwrap();
    assert!(text.lines().nth(1).unwrap().starts_with("db,api-token"), "{text}");
    assert_eq!(text.lines().count(), 2);
    desk.vault("key export-list", "keys.csv").failed(1, "exists already");
    desk.vault("key export-list", "new.csv due:soonish").failed(1, "soonish");
    assert!(!desk.path("new.csv").exists());
    let events = desk.vault("audit list", "action:key.export_list --json").done().json();
    let events: Vec<_> = events.as_array().unwrap().iter().map(|e| (&e["object"], &e["outcome"])).collect();
    let (done, failed) = (Value::from("done"), Value::from("failed"));
    assert_eq!(events, [(&"4 keys".into(), &done), (&"1 key".into(), &done), (&"4 keys".into(), &failed)]);
    let policies = desk.vault("policy list", "--json").done().json();
    let token = policies.as_array().unwrap().iter().find(|p| p["name"] == "Token 90 d").unwrap().clone();
    assert_eq!((&token["keys"], &token["interval_days"]), (&1.into(), &90.into()));
}

/// What is known around a key, of `db`, which is there beside `=cmd`.
fn around(desk: &Desk) {
    let more =
        "kek --sponsor k.lind --custodians a.novak --location Berlin --shared-with Acme --runbook wiki/kek";
    let add = format!("{more} --replaces db --type aes-256 --generate --json");
    let kek = desk.vault("key add", &format!("--name {add}")).done().json();
    assert_eq!((&kek["replaces"]["name"], &kek["shared_with"]), (&"db".into(), &"Acme".into()));
    assert_eq!(
        (&kek["nist_type"], &kek["strength_bits"]),
        (&"symmetric data-encryption key".into(), &256.into())
    );
    assert_eq!(kek["usage_now"], serde_json::json!(["encrypt", "decrypt"]));
    assert_eq!(kek["may_read"], serde_json::json!(["m.ito"]));
    assert_eq!(kek["process_until_set"], false, "by its type");
    desk.vault("key edit", "db --replaces nothing").failed(1, "no key named");
    desk.vault("key edit", "db --replaces kek --json").failed(1, "replaces_itself");
    let db = desk.vault("key edit", "db --sponsor=").done();
    assert!(db.text().starts_with("edited db"), "{}", db.text());
    let db = desk.vault("key show", "db --json").done().json();
    assert_eq!((&db["replaced_by"][0]["name"], &db["usage"][0]), (&"kek".into(), &"authenticate".into()));
    let set = desk.vault("key edit", "kek --process-until 2029-01-31 --replaces= --json").done().json();
    assert!(set["process_until"].as_str().unwrap().starts_with("2029-01-31"), "{set}");
    assert_eq!((&set["process_until_set"], &set["replaces"]), (&true.into(), &Value::Null));
    assert_eq!(set["sponsor"], "k.lind", "what was not named stays");
    for query in ["sponsor:k.lind", "shared:acme", "process<=2029-12-31", "custodian:novak"] {
        let found = desk.vault("key list", &format!("{query} --json")).done().json();
        assert_eq!((&found[0]["name"], &found[1]), (&"kek".into(), &Value::Null), "{query}");
    }
    desk.write("in.csv", "name,type,secret,Shared with,note,url\nfax,text,x,Globex,old,z\n");
    let import = desk.vault("key import", "in.csv --json").done().json();
    assert_eq!(import["ignored_columns"], serde_json::json!(["url"]));
    let past = desk.vault("key history", "fax --json").done().json();
    let first = &past["events"][0];
    assert_eq!((&first["action"], &first["object"]), (&"key.import".into(), &"1 key".into()), "{past}");
    assert_eq!(past["events"][1], Value::Null);
    let past = desk.vault("key history", "kek --json").done().json();
    assert_eq!(past["events"][0]["action"], "key.create");
    let fax = desk.vault("key show", "fax --json").done().json();
    assert_eq!((&fax["shared_with"], &fax["note"]), (&"Globex".into(), &"old".into()));
    assert_eq!((&fax["nist_type"], &fax["process_until"]), (&Value::Null, &Value::Null));
}

#[test]
fn versions_go_back_are_retired_destroyed_and_exported_to_a_private_new_file() {
    use std::os::unix::fs::PermissionsExt;
    let desk = Desk::with_vault();
    desk.write("one", "first-value-Qx1");
    desk.write("two", "second-value-Qx2");
    desk.vault("key add", "--name db --type password --from one").done();
    desk.vault("key rotate", "db --reason r --from two --overlap-days 7").done();
    desk.vault("key export", "db out --reason r").done();
    assert_eq!(std::fs::read(desk.path("out")).unwrap(), b"second-value-Qx2");
    assert_eq!(std::fs::metadata(desk.path("out")).unwrap().permissions().mode() & 0o777, 0o600);
    desk.vault("key export", "db out --reason r").failed(1, "exists already");
    assert_eq!(std::fs::read(desk.path("out")).unwrap(), b"second-value-Qx2");
    desk.vault("key export", "db none --version 9 --reason r").failed(1, "9");
    assert!(!desk.path("none").exists(), "a refused export leaves no file");
    let retired = desk.vault("key retire", "db --version 1 --reason done --json").done().json();
    assert_eq!(retired["versions"][0]["state"], "retired");
    desk.vault("key retire", "db --version 1 --reason again").failed(1, "retired");
    let back = desk.vault("key make-current", "db --version 1 --reason broken --json").done().json();
    assert_eq!((&back["version"], &back["versions"][1]["state"]), (&1.into(), &"retired".into()));
    desk.vault("key destroy", "db --version 1 --now --reason r").failed(1, "current");
    let gone = desk.vault("key destroy", "db --version 2 --now --reason r --json").done().json();
    assert_eq!((&gone["state"], &gone["versions"][1]["state"]), (&"active".into(), &"destroyed".into()));
    let actions = desk.vault("audit list", "--json").done().json();
    let wrote = actions.as_array().unwrap().iter().filter(|e| e["action"] == "secret.export").count();
    assert_eq!(wrote, 2, "done once and refused once; the file that existed stopped the other before");
}

#[test]
fn a_key_is_activated_before_its_use_and_deactivated_after_it_and_there_is_no_way_back() {
    let desk = Desk::with_vault();
    desk.vault("key add", "--name db --type password --generate --pre-active").done();
    assert_eq!(desk.json("key show v.keyroom db")["state"], "pre-active");
    let state = |wish: &str| desk.vault("key state", &format!("db {wish} --reason 'CHG-41207'"));
    state("deactivate").failed(1, "pre-active");
    state("activate").done();
    assert_eq!(desk.json("key show v.keyroom db")["state"], "active");
    state("activate").failed(1, "active");
    state("deactivate").done();
    assert_eq!(desk.json("key show v.keyroom db")["state"], "deactivated");
    desk.vault("key rotate", "db --generate --reason r").failed(1, "deactivated");
    for wish in ["activate", "resume", "suspend"] {
        state(wish).failed(1, "deactivated");
    }
    let done = desk.json("audit list v.keyroom outcome:done reason:CHG-41207");
    let actions: Vec<_> = done.as_array().unwrap().iter().map(|e| e["action"].as_str().unwrap()).collect();
    assert_eq!(actions, ["key.activate", "key.deactivate"]);
}
