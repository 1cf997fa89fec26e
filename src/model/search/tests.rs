//! The fields of a key search against keys of every kind.

use super::condition::BUCKETS;
use super::index::tests::{NOW, index, key};
use super::*;
use crate::model::KeyRecord;
use crate::model::due::DueBucket;
use crate::model::due::{Due, due as due_of};
use crate::model::query_text::quote_text;
use crate::model::time::calendar_days;
use crate::model::{KeyState, KeyType, PolicyChoice, Settings};
use proptest::prelude::*;

fn check(index: &KeyIndex, text: &str, fits: impl Fn(&KeyRecord) -> bool) {
    let hits = index.search(&parse(text, NOW).unwrap(), Sort::default());
    let found: Vec<_> = index.records(&hits).map(|k| k.name.clone()).collect();
    let expected: Vec<_> = index.iter().filter(|k| fits(k)).map(|k| k.name.clone()).collect();
    assert_eq!(found, expected, "{text}");
    assert!(!found.is_empty() && found.len() < index.len(), "{text} finds {}", found.len());
}

#[test]
fn exempt_keys_are_told_from_those_that_no_policy_covers() {
    let exempt = |n: u32| n.is_multiple_of(7);
    let with = |n: u32| {
        let mut key = key(n);
        if exempt(n) {
            key.policy = PolicyChoice::Exempt { reason: "frozen".to_owned() };
        }
        std::sync::Arc::new(key)
    };
    let index = KeyIndex::new(std::sync::Arc::default(), (0..500).map(with));
    let is_exempt = |key: &KeyRecord| matches!(key.policy, PolicyChoice::Exempt { .. });
    check(&index, "policy:exempt", is_exempt);
    let bare = |key: &KeyRecord| matches!(key.key_type, KeyType::Text | KeyType::File) && !is_exempt(key);
    check(&index, "policy:none -policy:exempt", bare);
}

#[test]
fn every_field_finds_what_it_says() {
    let index = index(4000);
    check(&index, "owner:a.novak", |k| k.owner == "a.novak");
    check(&index, "owner:s.okafor", |k| k.owner == "S.Okafor");
    check(&index, "-owner:(a.novak, ops)", |k| k.owner != "a.novak" && k.owner != "ops");
    check(&index, "owner:*novak", |k| k.owner == "a.novak");
    check(&index, "name:pay", |k| k.name.contains("Pay"));
    check(&index, "name=payments-*1", |k| k.name.starts_with("Payments-") && k.name.ends_with('1'));
    check(&index, "tag:pci", |k| k.tags.iter().any(|t| t == "pci"));
    check(&index, "tag:t3", |k| k.tags.iter().any(|t| t == "t3"));
    check(&index, "system:sys-4", |k| k.system == "sys-4");
    check(&index, "note:köln", |k| k.note.contains("Köln"));
    check(&index, "type:api-token", |k| k.key_type == KeyType::ApiToken);
    check(&index, "type:\"aes key\"", |k| k.key_type == KeyType::Aes256);
    check(&index, "state:active", |k| k.state == KeyState::Active);
    check(&index, "state:(suspended, compromised)", |k| {
        [KeyState::Suspended, KeyState::Compromised].contains(&k.state)
    });
    check(&index, "critical:yes", |k| k.critical);
    check(&index, "ever:exported", |k| k.ever_exported);
    check(&index, "ever:compromised", |k| k.compromise.is_some());
    check(&index, "state:compromised", |k| k.state == KeyState::Compromised);
    check(&index, "state:destroyed ever:compromised", |k| {
        k.state == KeyState::Destroyed && k.compromise.is_some()
    });
    check(&index, "version>=10", |k| k.current_number() >= 10);
    check(&index, "version:v3..5", |k| (3..=5).contains(&k.current_number()));
    check(&index, "used:never", |k| k.last_used.is_none());
    check(&index, "used<-90d", |k| k.last_used.is_some_and(|t| t < NOW.plus_days(-90)));
    check(&index, "age>200d", |k| k.last_rotated() < NOW.plus_days(-200));
    let review = |k: &KeyRecord| k.life.review_by.map(|by| calendar_days(NOW, by));
    check(&index, "review<=today", |k| review(k).is_some_and(|days| days <= 0));
    check(&index, "review>today", |k| review(k).is_some_and(|days| days > 0));
    check(&index, "-review:never", |k| k.state == KeyState::Suspended);
    check(&index, "contact:call", |k| !k.later.contact.is_empty());
    check(&index, "sponsor:k.lind", |k| k.around.sponsor == "K.Lind");
    check(&index, "shared:globex", |k| !k.around.shared_with.is_empty());
    check(&index, "location:\"rack 3\"", |k| k.around.location.ends_with("rack 3"));
    check(&index, "globex", |k| !k.around.shared_with.is_empty());
    let until = |k: &KeyRecord| k.process_until(&Settings::default()).map(|until| until.date);
    check(&index, "process<-10d", |k| until(k).is_some_and(|date| date < NOW.plus_days(-10)));
    check(&index, "process:never", |k| until(k).is_none());
    check(&index, "created:-30d", |k| k.created >= NOW.plus_days(-30));
    check(&index, "policy:\"token 90 d\"", |k| k.key_type == KeyType::ApiToken);
    check(&index, "policy:none", |k| matches!(k.key_type, KeyType::Text | KeyType::File));
    check(&index, "köln", |k| k.note.contains("Köln"));
    check(&index, "pay novak", |k| k.name.contains("Pay") && k.owner == "a.novak");
    check(&index, "pay OR tag:t2", |k| k.name.contains("Pay") || k.tags.iter().any(|t| t == "t2"));
}

#[test]
fn due_is_counted_in_calendar_days_as_the_list_shows_it() {
    let index = index(4000);
    let settings = Settings::default();
    let left = |k: &KeyRecord| match due_of(k, &settings, NOW) {
        Due::Late(days) => Some(-i64::from(days)),
        Due::In(days) => Some(i64::from(days)),
        _ => None,
    };
    check(&index, "due<=30d", |k| left(k).is_some_and(|d| d <= 30));
    check(&index, "due>30d", |k| left(k).is_some_and(|d| d > 30));
    check(&index, "due:0d..30d", |k| left(k).is_some_and(|d| (0..=30).contains(&d)));
    check(&index, "-due<=30d", |k| left(k).is_none_or(|d| d > 30));
    let date = NOW.plus_days(20).local().format("%Y-%m-%d").to_string();
    check(&index, &format!("due<={date}"), |k| left(k).is_some_and(|d| d <= 20));
    for (word, bucket) in BUCKETS {
        if bucket != DueBucket::Today {
            check(&index, &format!("due:{word}"), |k| due_of(k, &settings, NOW).bucket() == bucket);
        }
    }
    check(&index, "due:(overdue, today, 7d)", |k| left(k).is_some_and(|d| d <= 7));
}

#[test]
fn words_are_not_found_across_two_fields_or_two_tags() {
    let mut record = key(1);
    (record.name, record.owner, record.tags) = ("ab".into(), "cd".into(), vec!["ef".into(), "gh".into()]);
    let index = KeyIndex::new(std::sync::Arc::default(), [std::sync::Arc::new(record)]);
    let found = |text: &str| index.search(&parse(text, NOW).unwrap(), Sort::default()).len();
    assert_eq!((found("abcd"), found("efgh"), found("tag:efgh"), found("gh"), found("a*c")), (0, 0, 0, 1, 0));
}

#[test]
fn what_is_wrong_is_said_with_what_was_probably_meant() {
    let problem = |text: &str| parse(text, NOW).unwrap_err();
    assert_eq!(problem("ownr:x").message, "Unknown field `ownr`. Did you mean `owner`?");
    assert_eq!(problem("status:x").suggestion.as_deref(), Some("state"));
    assert_eq!(problem("state:actve").suggestion.as_deref(), Some("active"));
    assert_eq!(problem("type:token").suggestion, None);
    assert_eq!(problem("due:overdu").suggestion.as_deref(), Some("overdue"));
    assert!(problem("age>x").message.contains("not a length of time"));
    assert!(problem("policy:nope").message.contains("not the name of a policy"));
    assert_eq!(problem("owner:ops due:").character, 14);
}

proptest! {
    #[test]
    fn no_text_makes_a_search_panic(text in "\\PC{0,40}") {
        let _ = parse(&text, NOW);
    }

    #[test]
    fn no_field_with_any_value_panics(field in proptest::sample::select(FIELDS.to_vec()), value in "\\PC{0,12}|[-0-9dwymo.]{1,8}") {
        let index = index(20);
        for op in [":", ">=", "<", "!="] {
            if let Ok(query) = parse(&format!("{field}{op}{value}"), NOW) {
                prop_assert!(!query.chips().iter().any(|c| c.words.is_empty()));
                let _ = index.search(&query, Sort::default());
            }
        }
    }

    #[test]
    fn free_words_find_exactly_the_keys_that_hold_them(word in "[a-z0-9.-]{1,5}") {
        let index = index(300);
        let hits = index.search(&parse(&quote_text(&word), NOW).unwrap(), Sort::default());
        let holds = |k: &KeyRecord| {
            let texts = [&k.name, &k.owner, &k.system, &k.environment, &k.purpose, &k.note, &k.later.contact];
            let around = k.around.texts().map(|(_, text)| text);
            texts.into_iter().chain(&k.tags).map(String::as_str).chain(around).any(|t| t.to_lowercase().contains(&word))
        };
        prop_assert_eq!(hits.len(), index.iter().filter(|k| holds(k)).count());
    }
}
