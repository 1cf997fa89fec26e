//! The vault's own limits and policies from a script.

use serde_json::json;

use crate::desk::Desk;

#[test]
fn settings_are_listed_changed_within_their_bounds_and_told_with_what_was_before() {
    let desk = Desk::with_vault();
    let told = desk.vault("vault settings", "--json").done().json();
    assert_eq!((&told["idle-lock"], &told["reason-before-reading"]), (&json!(5), &json!(false)));
    assert_eq!(told["rule-off-hours"], json!(true));

    for (wish, code, words) in [
        ("idle-lock=99", 1, "between 1 and 15 minutes"),
        ("idle-lock=ten", 2, "whole number"),
        ("idle-lock", 2, "NAME=VALUE"),
        ("reason-before-reading=maybe", 2, "yes or no"),
        ("idle=3", 2, "session-limit"),
        ("vault-name=", 1, "name"),
    ] {
        desk.vault("vault settings", &format!("--set {wish}")).failed(code, words);
    }
    assert_eq!(desk.vault("vault settings", "--json").done().json(), told, "nothing of it was kept");

    let line = "--set idle-lock=3 --set reason-before-reading=yes --set rule-off-hours=no --set unused-key=30 --set lock-when-minimised=yes --reason audit --json";
    let now = desk.vault("vault settings", line).done().json();
    assert_eq!((&now["idle-lock"], &now["reason-before-reading"]), (&json!(3), &json!(true)));
    assert_eq!((&now["rule-off-hours"], &now["unused-key"]), (&json!(false), &json!(30)));
    assert_eq!((&told["lock-when-minimised"], &now["lock-when-minimised"]), (&json!(false), &json!(true)));
    let events = desk.vault("audit list", "action:vault.settings outcome:done --json").done().json();
    let event = &events.as_array().unwrap()[0];
    assert_eq!((&event["severity"], &event["reason"]), (&json!("warn"), &json!("audit")), "{event}");
    assert!(desk.vault("vault settings", "").done().text().contains("3 minutes"));
}

#[test]
fn a_policy_is_made_changed_stands_for_types_and_goes_where_no_key_names_it() {
    let desk = Desk::with_vault();
    desk.vault("policy set", "weekly --overlap-days 1").failed(2, "--every or --on-evidence");
    let made = desk.vault("policy set", "weekly --every 7 --overlap-days 1 --default-for api-token --json");
    let made = made.done().json();
    assert_eq!((&made["interval_days"], &made["default_for"]), (&json!(7), &json!(["api-token"])));
    desk.vault("policy set", "weekly --overlap-days 8").failed(1, "shorter than the interval");
    let all = desk.vault("policy list", "--json").done().json();
    let others = all.as_array().unwrap().iter().filter(|p| p["name"] != "weekly");
    let standing = others.filter(|p| p["default_for"].to_string().contains("api-token")).count();
    assert_eq!(standing, 0, "a type has one default policy: {all}");

    desk.vault("key add", "--name ci --type api-token --generate --policy weekly").done();
    assert_eq!(desk.vault("key show", "ci --json").done().json()["due_in_days"], json!(7));
    desk.vault("policy remove", "weekly").failed(1, "weekly");
    let renamed = desk.vault("policy set", "WEEKLY --every 14 --rename fortnightly --json").done().json();
    assert_eq!((&renamed["name"], &renamed["interval_days"]), (&json!("fortnightly"), &json!(14)));
    desk.vault("key edit", "ci --default-policy").done();
    // By its type it decides for the key all the same: nothing else stands for tokens any more.
    let refused = desk.vault("policy remove", "fortnightly --json").failed(1, "decides for 1 key");
    assert!(refused.stderr.contains(r#""code":"policy_in_use""#), "{}", refused.stderr);
    let taken = desk.vault("policy set", "fortnightly --rename 'TOKEN 90 D' --json").failed(1, "already");
    assert!(taken.stderr.contains(r#""code":"policy_name_taken""#), "{}", taken.stderr);
    let all = desk.vault("policy set", "'Token 90 d' --default-for api-token --default-for api-token --json");
    assert_eq!(all.done().json()["default_for"], json!(["api-token"]), "once");
    desk.vault("policy set", "'Token 90 d' --on-evidence --overlap-days 5000").failed(1, "at most 3650 days");
    desk.vault("policy remove", "fortnightly").done();
    desk.vault("policy remove", "fortnightly").failed(1, "there is no policy named fortnightly");
}

#[test]
fn a_policy_that_is_longer_than_is_advised_is_taken_with_a_warning() {
    let desk = Desk::with_vault();
    let made = desk.vault("policy set", "slow --every 800 --default-for aes-256 --json").done().json();
    assert_eq!(made["warning"], json!("Longer than advised: AES key 730 days at most."));
    desk.vault("key add", "--name ci --type api-token --generate --policy slow").done();
    let list = desk.vault("policy list", "").done();
    let words = "slow: Longer than advised: AES key 730 days, API token 365 days at most.";
    assert!(list.text().lines().any(|line| line == words), "{}", list.text());
    let events = desk.vault("audit list", "action:vault.settings outcome:done --json").done().json();
    assert_eq!(events.as_array().unwrap().last().unwrap()["severity"], json!("warn"));
    let now = desk.vault("policy set", "slow --every 365 --json").done().json();
    assert_eq!(now["warning"], json!(null));
}

#[test]
fn the_unlock_time_is_the_vaults_and_the_passwords_at_once() {
    let desk = Desk::with_vault();
    let before = desk.vault("vault info", "--json").done().json();
    let told = desk.vault("vault unlock-time", "--unlock-ms 300 --json").done().json();
    assert!(told["memory_kib"].as_u64() >= before["kdf"]["memory_kib"].as_u64(), "{told} {before}");
    let after = desk.vault("vault info", "--json").done().json();
    assert_eq!(after["kdf"]["memory_kib"], told["memory_kib"]);
}
