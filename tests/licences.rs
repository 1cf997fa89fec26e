//! Everything that is built into Keyroom may be given away with it: the licence of every crate in the tree of this
//! machine's target is on the list below. Crates for other systems are checked where those are built. What only the tests
//! are built with is never given away; there the second list counts too.

#![allow(clippy::unwrap_used, reason = "a test ends where the ground it stands on is missing")]

use std::collections::BTreeSet;
use std::process::Command;

/// Licences that ask for no more than to be named.
const ALLOWED: [&str; 16] = [
    "0BSD",
    "Apache-2.0",
    "BSD-2-Clause",
    "BSD-3-Clause",
    "BSL-1.0",
    "CC0-1.0",
    "ISC",
    "MIT",
    "MIT-0",
    "Unicode-3.0",
    "Unlicense",
    "Zlib",
    // Exceptions that only widen what Apache-2.0 allows.
    "Apache-2.0 WITH LLVM-exception",
    // Fonts: may be bundled and embedded, not sold alone.
    "OFL-1.1",
    "Ubuntu-font-1.0",
    "LicenseRef-UFL-1.0",
];

/// Licences that bind only who gives the crate away: for test tools.
const ALLOWED_IN_TESTS: [&str; 1] = ["MPL-2.0"];

#[test]
fn every_crate_in_the_tree_has_a_licence_on_the_list() {
    let metadata = metadata();
    let given_away = given_away(&metadata);
    assert!(given_away.len() > 100, "the tree was not read");
    let mut refused = String::new();
    for package in metadata["packages"].as_array().unwrap() {
        let licence = package["license"].as_str().unwrap_or("none");
        let in_tests_only = !given_away.contains(package["id"].as_str().unwrap());
        if !(allowed(licence) || in_tests_only && ALLOWED_IN_TESTS.contains(&licence)) {
            refused += &format!("{} {}: {licence}\n", package["name"], package["version"]);
        }
    }
    assert!(refused.is_empty(), "not on the list:\n{refused}");
}

/// The ids of the packages that the root is built from or with, without those that only its tests need.
fn given_away(metadata: &serde_json::Value) -> BTreeSet<&str> {
    let nodes = metadata["resolve"]["nodes"].as_array().unwrap();
    let mut found = BTreeSet::new();
    let mut open = vec![metadata["resolve"]["root"].as_str().unwrap()];
    while let Some(id) = open.pop() {
        if !found.insert(id) {
            continue;
        }
        let node = nodes.iter().find(|node| node["id"] == id).unwrap();
        for dep in node["deps"].as_array().unwrap() {
            if dep["dep_kinds"].as_array().unwrap().iter().any(|kind| kind["kind"] != "dev") {
                open.push(dep["pkg"].as_str().unwrap());
            }
        }
    }
    found
}

fn metadata() -> serde_json::Value {
    let host = Command::new(env!("CARGO")).arg("-vV").output().unwrap().stdout;
    let host = String::from_utf8(host).unwrap();
    let host = host.lines().find_map(|line| line.strip_prefix("host: ")).unwrap();
    let output = Command::new(env!("CARGO"))
        .args(["metadata", "--format-version", "1", "--offline", "--locked", "--filter-platform", host])
        .current_dir(env!("CARGO_MANIFEST_DIR"))
        .output()
        .unwrap();
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    serde_json::from_slice(&output.stdout).unwrap()
}

/// Whether an SPDX expression can be satisfied from the list. The old form `MIT/Apache-2.0` means OR.
fn allowed(expression: &str) -> bool {
    let spaced = expression.replace('(', " ( ").replace(')', " ) ").replace('/', " OR ");
    let words: Vec<&str> = spaced.split_whitespace().collect();
    let mut rest = words.as_slice();
    any(&mut rest) == Some(true) && rest.is_empty()
}

/// `all OR all …`; `None` where it is not an expression.
fn any(rest: &mut &[&str]) -> Option<bool> {
    let mut result = all(rest)?;
    while rest.first() == Some(&"OR") {
        *rest = &rest[1..];
        result |= all(rest)?;
    }
    Some(result)
}

/// `one AND one …`: binds closer than OR.
fn all(rest: &mut &[&str]) -> Option<bool> {
    let mut result = one(rest)?;
    while rest.first() == Some(&"AND") {
        *rest = &rest[1..];
        result &= one(rest)?;
    }
    Some(result)
}

/// A licence, with an exception or without, or an expression in parentheses.
fn one(rest: &mut &[&str]) -> Option<bool> {
    let (first, after) = rest.split_first()?;
    *rest = after;
    match *first {
        "(" => {
            let result = any(rest)?;
            let (close, after) = rest.split_first()?;
            *rest = after;
            (*close == ")").then_some(result)
        }
        ")" | "AND" | "OR" | "WITH" => None,
        licence if rest.first() == Some(&"WITH") => {
            let exception = rest.get(1)?;
            *rest = &rest[2..];
            let whole = format!("{licence} WITH {exception}");
            Some(ALLOWED.contains(&whole.as_str()))
        }
        licence => Some(ALLOWED.contains(&licence)),
    }
}

#[test]
fn an_expression_is_read_as_spdx_means_it() {
    for yes in [
        "MIT",
        "GPL-3.0-only OR MIT",
        "MIT/Apache-2.0",
        "(MIT OR Apache-2.0) AND Unicode-3.0",
        "Apache-2.0 WITH LLVM-exception OR GPL-2.0-only",
        "GPL-2.0-only AND MIT OR ISC",
    ] {
        assert!(allowed(yes), "{yes}");
    }
    for no in [
        "",
        "none",
        "GPL-3.0-only",
        "MIT AND GPL-3.0-only",
        "MIT AND (GPL-3.0-only OR LGPL-3.0-only)",
        "Apache-2.0 WITH Some-exception",
        "MIT OR",
        "(MIT",
        "MIT ISC",
    ] {
        assert!(!allowed(no), "{no}");
    }
}
