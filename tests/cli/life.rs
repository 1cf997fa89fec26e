//! The life of a key: a suspension and its review, the period that is over, the schedule that is kept, a compromise found late.

use serde_json::Value;

use crate::desk::{Desk, names};

/// A day so many days from today, as it is typed.
fn day(days: i64) -> String {
    use keyroom::vault::clock::{Clock, SystemClock};
    SystemClock.wall().plus_days(days).utc().format("%Y-%m-%d").to_string()
}

/// What an entry says of a field: before and after.
fn change<'e>(event: &'e Value, field: &str) -> Option<(&'e str, &'e str)> {
    let changes = event["changes"].as_array().unwrap();
    let change = changes.iter().find(|change| change["field"] == field)?;
    Some((change["before"].as_str().unwrap(), change["after"].as_str().unwrap()))
}

fn last(list: &Value) -> &Value {
    list.as_array().unwrap().last().unwrap()
}

#[test]
fn a_suspension_names_the_day_of_its_review_and_is_found_by_it() {
    let desk = Desk::with_vault();
    for name in ["db", "other", "third"] {
        desk.vault("key add", &format!("--name {name} --type password --generate")).done();
    }
    let state = |rest: &str| desk.vault("key state", rest);
    state("db suspend --reason r --review-by soon").failed(2, "write a day as");
    state(&format!("db suspend --reason r --review-by {}", day(-1))).failed(1, "in the future");
    state(&format!("db suspend --reason r --review-by {}", day(400))).failed(1, "a year from now");
    state(&format!("db deactivate --reason r --review-by {}", day(9))).failed(2, "for suspend only");
    let ran = desk.vault("key state", "db suspend --reason r --review-by 2020-01-01 --json").failed(1, "");
    assert!(ran.stderr.contains(r#""code":"bad_time""#), "{}", ran.stderr);
    assert_eq!(desk.json("key show v.keyroom db")["state"], "active", "nothing was done");

    let by = day(9);
    let told = state(&format!("db suspend --reason 'odd login' --review-by {by} --json")).done().json();
    assert_eq!((&told["state"], &told["suspended"]), (&"suspended".into(), &"odd login".into()));
    assert!(told["review_by"].as_str().unwrap().starts_with(&by), "{told}");
    assert!(told["suspended_at"].is_string());
    state("other suspend --reason r").done();
    let told = desk.json("key show v.keyroom other");
    assert!(told["review_by"].as_str().unwrap().starts_with(&day(30)), "{told}");
    let words = desk.vault("key show", "db").done();
    assert!(words.text().lines().any(|line| line.starts_with("review by") && line.contains(&by)));

    let found = |query: &str| desk.json(&format!("key list v.keyroom {query}"));
    assert_eq!(names(&found(&format!("review<={by}"))), ["db"]);
    assert_eq!(names(&found("review>today")), ["db", "other"]);
    assert_eq!(names(&found("review:never")), ["third"]);
    assert_eq!(names(&found("review<=today")), Vec::<&str>::new());
    let csv = desk.vault("key list", "--csv name:db").done();
    let mut lines = csv.text().lines();
    assert!(lines.next().unwrap().contains(",review by"));
    assert!(lines.next().unwrap().contains(&format!(",{by}T")));

    state(&format!("db suspend --reason 'still odd' --review-by {}", day(20))).done();
    let history = desk.json("key history v.keyroom db");
    assert_eq!(change(last(&history["events"]), "review by"), Some((by.as_str(), day(20).as_str())));
    let told = state("db resume --reason 'a colleague' --json").done().json();
    assert_eq!(
        (&told["suspended"], &told["suspended_at"], &told["review_by"]),
        (&Value::Null, &Value::Null, &Value::Null)
    );
}

#[test]
fn ninety_days_are_ninety_days_of_the_calendar_where_the_clock_is_put_forward_in_between() {
    use chrono::Datelike;
    let desk = Desk::with_vault();
    desk.vault("policy set", "'half a year' --every 180 --default-for api-token").done();
    // A zone that puts its clock an hour forward in 90 days, and back long after.
    let day = |days| (chrono::Utc::now() + chrono::TimeDelta::days(days)).ordinal().min(364);
    let zone = format!("AAA-1BBB,J{},J{}", day(90), day(300));
    let there = |line: &str| {
        let line = format!("{line} --password-file password --json");
        let mut command = desk.command(env!("CARGO_BIN_EXE_keyroom"), &line);
        desk.ran(command.env("TZ", &zone).output().unwrap(), false).done().json()
    };
    let key = there("key add v.keyroom --name ci --type api-token --generate");
    assert_eq!(key["due_in_days"], 180);
    let moment = |field: &str| chrono::DateTime::parse_from_rfc3339(key[field].as_str().unwrap()).unwrap();
    let between = moment("due") - moment("counts_from");
    assert_eq!(
        between,
        chrono::TimeDelta::days(180) - chrono::TimeDelta::hours(1),
        "the same time of the day"
    );
    // Years that no JSON could tell, and days that are not written as days.
    for day in ["+12026-01-01", "-0001-01-01", "0000-01-01", "1969-12-31", "2026-2-3"] {
        desk.vault("key edit", &format!("ci --expires={day}")).failed(2, "write a day as");
        desk.vault("key edit", &format!("ci --process-until={day}")).failed(2, "write a day as");
    }
    let line = "--name kek --type aes-256 --generate --exempt r --expires 9998-12-31 --json";
    let kek = desk.vault("key add", line).done().json();
    assert_eq!(kek["process_until"], "9999-12-31T23:59:59Z");
    let tags: String = (0..33).map(|n| format!(" --add t{n}")).collect();
    desk.vault("key tag", &format!("ci{tags}")).failed(1, "33 tags; at most 32");
}

#[test]
fn the_day_an_overlap_ends_is_told_in_the_zone_that_every_other_day_is_told_in() {
    use chrono::Timelike;
    let desk = Desk::with_vault();
    desk.vault("key add", "--name db --type password --generate").done();
    // Where it is another day than in UTC, at whatever time of the day this runs.
    let (zone, hours) = if chrono::Utc::now().hour() >= 12 { ("<+14>-14", 14) } else { ("<-12>12", -12) };
    let line = "key rotate v.keyroom db --reason r --generate --overlap-days 3 --password-file password";
    let output = desk.command(env!("CARGO_BIN_EXE_keyroom"), line).env("TZ", zone).output().unwrap();
    desk.ran(output, false).done();
    let history = desk.json("key history v.keyroom db");
    let ends = history["versions"][0]["overlap_ends"].as_str().unwrap();
    let ends = chrono::DateTime::parse_from_rfc3339(ends).unwrap();
    let there = chrono::FixedOffset::east_opt(hours * 3600).unwrap();
    let day = ends.with_timezone(&there).format("%Y-%m-%d").to_string();
    assert_ne!(day, ends.format("%Y-%m-%d").to_string());
    assert_eq!(change(last(&history["events"]), "overlap ends"), Some(("", day.as_str())));
}

#[test]
fn a_key_that_was_due_while_it_was_suspended_comes_back_with_a_new_value_alone() {
    let desk = Desk::with_vault();
    desk.vault("key add", "--name db --type password --generate --expires 2020-02-03").done();
    desk.vault("key state", "db suspend --reason 'odd login'").done();
    let refused = desk.vault("key state", "db resume --reason r --json").failed(1, "2020-02-03");
    assert!(refused.stderr.contains(r#""code":"period_over""#), "{}", refused.stderr);
    assert!(
        refused.stderr.contains("rotate it") && refused.stderr.contains("deactivate"),
        "{}",
        refused.stderr
    );
    let events = desk.json("audit list v.keyroom action:key.resume");
    assert_eq!(last(&events)["outcome"], "refused");
    assert!(last(&events)["reason"].as_str().unwrap().contains("2020-02-03"));

    desk.vault("key rotate", "db --reason r --generate --overlap-days 7").failed(1, "no overlap");
    let told = desk.vault("key rotate", "db --reason 'new start' --generate --json").done().json();
    assert_eq!((&told["new_version"], &told["state"]), (&2.into(), &"active".into()));
    assert_eq!((&told["suspended"], &told["review_by"]), (&Value::Null, &Value::Null));
    assert_eq!(told["versions"][0]["state"], "retired");
    let history = desk.json("key history v.keyroom db");
    assert_eq!(change(last(&history["events"]), "state"), Some(("suspended", "active")));
}

#[test]
fn a_destroyed_key_that_turns_out_to_be_compromised_says_so_and_stays_destroyed() {
    let desk = Desk::with_vault();
    for name in ["db", "gone", "leaked"] {
        desk.vault("key add", &format!("--name {name} --type password --generate --pre-active")).done();
    }
    desk.vault(
        "key state",
        "leaked compromised --reason 'in a build log' --code key-compromise --occurred now",
    )
    .done();
    for name in ["db", "gone"] {
        desk.vault("key destroy", &format!("{name} --now --reason 'never needed'")).done();
    }
    let mark =
        "db compromised --reason 'an old copy was sold' --code affiliation-changed --occurred 2026-01-03";
    let told = desk.vault("key state", &format!("{mark} --json")).done().json();
    assert_eq!((&told["state"], &told["compromised"]), (&"destroyed".into(), &true.into()));
    assert_eq!(told["compromised_after_destruction"], true);
    assert_eq!(told["compromise"]["code"], "affiliation-changed");
    assert!(told["compromise"]["occurred"].as_str().unwrap().starts_with("2026-01-03"));
    assert!(desk.vault("key show", "db").done().text().contains("destroyed, compromised"));
    let list = desk.vault("key list", "").done();
    assert!(
        list.text().lines().any(|line| line.starts_with("db ") && line.contains("destroyed, compromised"))
    );
    assert!(list.text().lines().any(|line| line.starts_with("gone ") && !line.contains("compromised")));

    let found = |query: &str| desk.json(&format!("key list v.keyroom {query}"));
    assert_eq!(names(&found("state:compromised")), ["leaked"]);
    assert_eq!(names(&found("ever:compromised")), ["db", "leaked"]);
    assert_eq!(names(&found("state:destroyed")), ["db", "gone"]);
    assert_eq!(names(&found("state:destroyed ever:compromised")), ["db"]);

    for name in ["db", "leaked"] {
        let again = desk.vault(
            "key state",
            &format!("{name} compromised --reason again --code unspecified --occurred now"),
        );
        again.failed(1, "was marked as compromised already");
    }
    desk.vault("key state", "db resume --reason r").failed(1, "destroyed");
    let history = desk.json("key history v.keyroom db");
    let marked =
        history["events"].as_array().unwrap().iter().find(|event| event["action"] == "key.compromised");
    assert_eq!(change(marked.unwrap(), "compromised after destruction"), Some(("no", "yes")));
    let refused = desk.json("audit list v.keyroom action:key.compromised key:db outcome:refused");
    assert!(last(&refused)["reason"].as_str().unwrap().contains("already"));
}

#[test]
fn a_rotation_keeps_the_schedule_where_it_is_asked_to_and_there_is_one() {
    let desk = Desk::with_vault();
    desk.vault("key add", "--name ci --type api-token --generate").done();
    desk.vault("key add", "--name db --type password --generate").done();
    let before = desk.json("key show v.keyroom ci");
    let kept = desk.vault("key rotate", "ci --reason early --generate --keep-schedule --json").done().json();
    for field in ["due", "counts_from"] {
        assert_eq!(kept[field], before[field], "{field}");
        assert!(kept[field].is_string(), "{field}");
    }
    assert_eq!(kept["new_version"], 2);
    let history = desk.json("key history v.keyroom ci");
    let (was, now) = change(last(&history["events"]), "schedule").unwrap();
    assert_eq!(
        (was, now),
        ("", format!("kept, next rotation {}", &before["due"].as_str().unwrap()[..10]).as_str())
    );
    let anew = desk.vault("key rotate", "ci --reason due --generate --json").done().json();
    assert_ne!(anew["counts_from"], before["counts_from"]);

    let refused = desk.vault("key rotate", "db --reason early --generate --keep-schedule --json");
    let refused = refused.failed(1, "its policy gives it no date");
    assert!(refused.stderr.contains(r#""code":"no_schedule""#), "{}", refused.stderr);
    desk.vault("key edit", "db --exempt frozen").done();
    let refused = desk.vault("key rotate", "db --reason early --generate --keep-schedule");
    refused.failed(1, "it is exempt, so no policy gives it a date");
    assert_eq!(desk.json("key show v.keyroom db")["version"], 1);
}

#[test]
fn a_compromise_is_not_recorded_without_its_code_and_when_it_happened() {
    let desk = Desk::with_vault();
    desk.vault("key add", "--name db --type password --generate").done();
    for line in ["", "--code key-compromise", "--occurred now", "--noticed now"] {
        let refused = desk.vault("key state", &format!("db compromised --reason leaked {line}"));
        let refused = refused.failed(2, "--code and --occurred");
        assert!(refused.stderr.contains("privilege-withdrawn"), "{}", refused.stderr);
    }
    desk.vault("key state", "db suspend --reason r --code key-compromise").failed(2, "compromised only");
    assert_eq!(desk.json("key show v.keyroom db")["state"], "active");
    desk.vault("key state", "db compromised --reason leaked --code superseded --occurred now").done();
    let told = desk.json("key show v.keyroom db");
    assert_eq!((&told["state"], &told["compromise"]["code"]), (&"compromised".into(), &"superseded".into()));
    // It need not wait for a day.
    desk.vault("key destroy", "db --reason 'being sold' --now").done();
    assert_eq!(desk.json("key show v.keyroom db")["state"], "destroyed");
}

#[test]
fn a_rotation_after_a_compromise_marks_the_version_that_is_replaced() {
    let desk = Desk::with_vault();
    desk.vault("key add", "--name db --type password --generate").done();
    let rotate = |line: &str| desk.vault("key rotate", &format!("db --generate --reason leaked {line}"));
    rotate("--compromised --overlap-days 3").failed(2, "--overlap-days");
    rotate("--occurred 2026-01-03").failed(2, "--compromised");
    rotate("--compromised unlucky").failed(2, "key-compromise");
    rotate("--compromised --occurred 2199-01-01").failed(1, "before it happened");
    let told = rotate("--compromised affiliation-changed --occurred 2026-01-03 --json").done().json();
    assert_eq!((&told["new_version"], &told["state"]), (&2.into(), &"active".into()));
    assert_eq!(told["versions"][0]["state"], "compromised");
    let told = rotate("--json --compromised").done().json();
    assert_eq!(told["versions"][1]["state"], "compromised");
    let history = desk.json("key history v.keyroom db");
    let event = last(&history["events"]);
    assert_eq!(event["severity"], "critical");
    assert_eq!(change(event, "version 2"), Some(("current", "compromised")));
    assert_eq!(change(event, "reason"), Some(("", "key-compromise")));
    desk.vault("key make-current", "db --version 1 --reason r").failed(1, "compromised");
}
