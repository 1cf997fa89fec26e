//! Findings of the rules of unusual activity for a script: listed, answered with a note, and what is refused.

use serde_json::Value;

use crate::desk::Desk;

fn ids(found: &Value) -> Vec<&str> {
    found.as_array().unwrap().iter().map(|finding| finding["id"].as_str().unwrap()).collect()
}

#[test]
fn a_finding_is_listed_answered_with_a_note_and_stays_with_its_answer() {
    let desk = Desk::with_vault();
    let none = desk.vault("audit findings", "").done();
    assert_eq!(none.text(), "no findings\n");
    for name in ["root-ca", "vpn-psk"] {
        desk.vault("key add", &format!("--name {name} --type password --generate --critical")).done();
        desk.open(&format!("key reveal v.keyroom {name} --reason drill")).done();
    }
    // What was found stays when the key's mark goes, and a mark set later says nothing about a reading before it.
    desk.vault("key add", "--name wiki --type password --generate").done();
    desk.open("key reveal v.keyroom wiki --reason drill").done();
    desk.vault("key edit", "wiki --critical yes").done();
    desk.vault("key edit", "vpn-psk --critical no").done();
    let found = desk.json("audit findings v.keyroom");
    let all = ids(&found);
    let [newest, oldest] = all[..] else { panic!("{found}") };
    assert!(all.iter().all(|id| id.starts_with("critical-key-read#")), "{all:?}");
    let first = &found[0];
    assert_eq!(first["rule"], "critical-key-read");
    assert_eq!((&first["severity"], &first["operator"]), (&"warn".into(), &"m.ito".into()));
    assert_eq!((&first["open"], &first["answer"]), (&true.into(), &Value::Null));
    assert!(first["why"].as_str().unwrap().contains("m.ito revealed vpn-psk"), "{first}");
    let fired = first["events"].as_array().unwrap().last().unwrap().as_u64().unwrap();
    assert_eq!(newest, format!("critical-key-read#{fired}"));
    let words = desk.vault("audit findings", "").done();
    assert!(words.text().contains(newest) && words.text().contains("no answer"), "{}", words.text());

    let answer = |id: &str, rest: &str| desk.vault("audit answer", &format!("'{id}' {rest}"));
    let told = answer(newest, "--mine --note 'The drill of May' --json").done().json();
    assert_eq!((&told["id"], &told["open"]), (&newest.into(), &false.into()));
    assert_eq!((&told["answer"]["mine"], &told["answer"]["by"]), (&true.into(), &"m.ito".into()));
    assert_eq!(told["answer"]["note"], "The drill of May");
    // As the log writes it, with a space, too.
    let spaced = oldest.replace('#', " #");
    let told = answer(&spaced, "--not-mine --note 'I was on leave'").done();
    assert_eq!(told.text(), format!("{oldest}, m.ito: it was not me\n"));
    // What was not as it should be stays open; the other is only in the whole list.
    assert_eq!(ids(&desk.json("audit findings v.keyroom --open")), [oldest]);
    assert_eq!(ids(&desk.json("audit findings v.keyroom")).len(), 2);
    // A later answer takes its place, and both are in the log.
    answer(oldest, "--mine --note 'It was the handover'").done();
    assert_eq!(desk.json("audit findings v.keyroom --open"), Value::Array(Vec::new()));
    let log = desk.json("audit list v.keyroom action:audit.answer");
    let told: Vec<_> = log
        .as_array()
        .unwrap()
        .iter()
        .map(|event| {
            [&event["severity"], &event["reason"], &event["changes"][0]["after"]].map(|v| v.as_str().unwrap())
        })
        .collect();
    let [first, second, third] = told[..] else { panic!("{told:?}") };
    assert_eq!(first[1..], ["The drill of May", "expected"]);
    assert_eq!(second, ["critical", "I was on leave", "not expected"]);
    assert_eq!(third[1..], ["It was the handover", "expected"]);
    desk.vault("audit verify", "").done();
}

#[test]
fn an_answer_without_a_note_a_side_or_a_finding_is_refused() {
    let desk = Desk::with_vault();
    desk.vault("key add", "--name root-ca --type password --generate --critical").done();
    desk.open("key reveal v.keyroom root-ca --reason drill").done();
    let found = desk.json("audit findings v.keyroom");
    let id = ids(&found)[0];
    let answer = |rest: &str| desk.vault("audit answer", rest);
    answer(&format!("{id} --mine")).failed(2, "--note");
    answer(&format!("{id} --note x")).failed(2, "--mine");
    answer(&format!("{id} --mine --not-mine --note x")).failed(2, "--not-mine");
    answer(&format!("{id} --mine --note ' '")).failed(1, "the note is empty");
    answer("critical-key-read#0 --mine --note x --json").failed(1, "no_such_finding");
    answer("off-hours --mine --note x").failed(2, "audit findings");
    let long = "x".repeat(16 * 1024 + 1);
    answer(&format!("{id} --mine --note {long}")).failed(1, "the note is ");
    assert_eq!(desk.json("audit findings v.keyroom"), found, "nothing was answered");
}
