//! The house stands as drawn: no floor of `src/` names a floor above it, and three things stay in the one place they
//! belong to (colours, password fields, `unsafe`). There are no exceptions; `#[cfg(test)]` code counts too.
//!
//! The sources are read as Rust tokens, so that comments, documentation and texts may name anything. The checker is
//! itself checked, with small samples at the end of this file.

#![allow(clippy::unwrap_used, reason = "a test ends where the ground it stands on is missing")]

use std::fmt::Write as _;
use std::path::{Path, PathBuf};

/// The floors from the ground up. Each may name itself and what stands before it.
const FLOORS: [&str; 9] =
    ["crypto", "store", "model", "formats", "audit", "guard", "vault", "operations", "app"];

/// The two roofs: both above every floor, neither may name the other.
const ROOFS: [&str; 2] = ["ui", "cli"];

#[test]
fn no_floor_names_a_higher_one_and_colours_passwords_and_unsafe_stay_where_they_belong() {
    let src = Path::new(env!("CARGO_MANIFEST_DIR")).join("src");
    let mut files = Vec::new();
    collect(&src, &mut files);
    assert!(files.len() > 10, "the sources were not found");
    let mut complaints = String::new();
    for file in files {
        let name = file.strip_prefix(&src).unwrap().to_str().unwrap().replace('\\', "/");
        for complaint in check(&name, &std::fs::read_to_string(&file).unwrap()) {
            let _ = writeln!(complaints, "src/{complaint}");
        }
    }
    assert!(complaints.is_empty(), "\n{complaints}");
}

fn collect(folder: &Path, files: &mut Vec<PathBuf>) {
    for entry in std::fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            collect(&path, files);
        } else if path.extension().is_some_and(|extension| extension == "rs") {
            files.push(path);
        }
    }
}

/// What is wrong with one file; `name` is its path below `src/`.
fn check(name: &str, text: &str) -> Vec<String> {
    let tokens = tokens(text);
    let mut complaints = Vec::new();
    let mut complain = |line: usize, what: String| complaints.push(format!("{name}:{line}: {what}"));
    let floor = name.split(['/', '.']).next().unwrap_or_default();
    for (line, named) in floors_named(name, &tokens) {
        if !may_name(floor, &named) {
            complain(line, format!("`{floor}` must not use `{named}`"));
        }
    }
    // The off-screen renderer carries pixels that others coloured.
    if !name.starts_with("ui/theme") && !name.starts_with("ui/offscreen") {
        for (line, colour) in colours(&tokens) {
            complain(line, format!("`{colour}`: take the colour from ui::theme"));
        }
    }
    for (at, token) in tokens.iter().enumerate() {
        let next = |words: &[&str]| matches(&tokens[at..], words);
        if next(&["TextEdit", ":", ":", "password"]) || next(&[".", "password", "(", "true"]) {
            complain(token.line, "egui keeps what is typed there: use ui::widgets::SecretEdit".to_owned());
        }
        if token.is("unsafe") && name != "crypto/memory/os.rs" {
            complain(token.line, "`unsafe` belongs into crypto/memory/os.rs alone".to_owned());
        }
    }
    complaints
}

/// Whether code in `floor` may name `named`. The binaries (`main.rs`, `bin/`) and the crate's root may name everything.
fn may_name(floor: &str, named: &str) -> bool {
    let height = |floor: &str| FLOORS.iter().position(|name| *name == floor);
    match (height(floor), height(named)) {
        (Some(here), Some(there)) => there <= here,
        (Some(_), None) => !ROOFS.contains(&named),
        (None, _) if ROOFS.contains(&floor) => floor == named || !ROOFS.contains(&named),
        (None, _) => true,
    }
}

/// Every floor that the file names by a path from the crate's root, with the line.
fn floors_named(name: &str, tokens: &[Token]) -> Vec<(usize, String)> {
    let depth = module_depth(name);
    let mut named = Vec::new();
    let mut at = 0;
    while at < tokens.len() {
        // `super::super::x` is climbed once, from its first step.
        let goes_on = at >= 2 && matches(&tokens[at - 2..], &[":", ":", "super"]);
        let root = if goes_on { None } else { after_root(&tokens[at..], depth) };
        if let Some(skip) = root {
            first_names(&tokens[at + skip..], &mut named);
            at += skip;
        } else {
            at += 1;
        }
    }
    named.retain(|(_, name)| FLOORS.contains(&name.as_str()) || ROOFS.contains(&name.as_str()));
    named
}

/// How many modules deep the file is: 0 for the crate's root and the binaries.
fn module_depth(name: &str) -> usize {
    let parts: Vec<_> = name.trim_end_matches(".rs").split('/').collect();
    match parts.as_slice() {
        ["lib" | "main"] | ["bin", ..] => 0,
        [folders @ .., "mod"] => folders.len(),
        all => all.len(),
    }
}

/// The number of tokens that lead to the crate's root (`crate::`, `keyroom::`, enough `super::`), if these do.
fn after_root(tokens: &[Token], depth: usize) -> Option<usize> {
    let mut supers = 0;
    while matches(&tokens[3 * supers..], &["super", ":", ":"]) {
        supers += 1;
    }
    // Modules written inside a file are one deeper, so more `super` than the file is deep still ends at the root.
    let climbed = supers > 0 && depth > 0 && supers >= depth;
    if climbed {
        return Some(3 * supers);
    }
    let root = ["crate", "keyroom"].iter().any(|root| matches(tokens, &[root, ":", ":"]));
    root.then_some(3)
}

/// The first name of each path that follows: one, or those of the outermost `{ }` group.
fn first_names(tokens: &[Token], named: &mut Vec<(usize, String)>) {
    let Some(first) = tokens.first() else { return };
    if !first.is("{") {
        named.push((first.line, first.text.clone()));
        return;
    }
    let (mut open, mut fresh) = (0_usize, false);
    for token in tokens {
        match token.text.as_str() {
            "{" => (open, fresh) = (open + 1, open == 0),
            "}" if open == 1 => return,
            "}" => open -= 1,
            "," if open == 1 => fresh = true,
            _ if fresh => {
                named.push((token.line, token.text.clone()));
                fresh = false;
            }
            _ => {}
        }
    }
}

/// Colours made or named in place. `TRANSPARENT`, `PLACEHOLDER` and `WHITE` (the tint that changes nothing) are none.
fn colours(tokens: &[Token]) -> Vec<(usize, String)> {
    let mut found = Vec::new();
    for (at, token) in tokens.iter().enumerate() {
        if token.is("hex_color") && matches(&tokens[at + 1..], &["!"]) {
            found.push((token.line, "hex_color!".to_owned()));
        }
        let kind = ["Color32", "Rgba", "Hsva", "HsvaGamma"].iter().any(|kind| token.is(kind));
        if !kind || !matches(&tokens[at + 1..], &[":", ":"]) {
            continue;
        }
        let Some(what) = tokens.get(at + 3) else { continue };
        let is_constant = what.text.chars().all(|c| c.is_ascii_uppercase() || c == '_');
        let is_no_colour = ["TRANSPARENT", "PLACEHOLDER", "WHITE"].iter().any(|name| what.is(name));
        if what.text.starts_with("from_") || what.is("new") || (is_constant && !is_no_colour) {
            found.push((token.line, format!("{}::{}", token.text, what.text)));
        }
    }
    found
}

/// One word or sign of a source, and its line.
struct Token {
    text: String,
    line: usize,
}

impl Token {
    fn is(&self, text: &str) -> bool {
        self.text == text
    }
}

fn matches(tokens: &[Token], words: &[&str]) -> bool {
    tokens.len() >= words.len() && tokens.iter().zip(words).all(|(token, word)| token.is(word))
}

/// Words and signs, without white space, comments and the contents of texts.
fn tokens(text: &str) -> Vec<Token> {
    let chars: Vec<char> = text.chars().collect();
    let (mut tokens, mut at, mut line) = (Vec::new(), 0, 1);
    while at < chars.len() {
        let end = match chars[at] {
            c if c.is_whitespace() => at + 1,
            '/' if chars.get(at + 1) == Some(&'/') => find(&chars, at, |rest| rest[0] == '\n'),
            '/' if chars.get(at + 1) == Some(&'*') => end_of_comment(&chars, at),
            '"' => end_of_text(&chars, at),
            '\'' => end_of_char(&chars, at),
            'r' | 'b' | 'c' if raw_text(&chars, at).is_some() => raw_text(&chars, at).unwrap_or(at + 1),
            c if c.is_alphanumeric() || c == '_' => {
                let end = find(&chars, at, |rest| !(rest[0].is_alphanumeric() || rest[0] == '_'));
                // b"…", c"…" and r#name start with what looks like a word.
                tokens.push(Token { text: chars[at..end].iter().collect(), line });
                end
            }
            c => {
                tokens.push(Token { text: c.to_string(), line });
                at + 1
            }
        };
        line += chars[at..end].iter().filter(|c| **c == '\n').count();
        at = end;
    }
    tokens
}

/// The first place at or after `from` where `is_end` holds for the rest, or the end.
fn find(chars: &[char], from: usize, is_end: impl Fn(&[char]) -> bool) -> usize {
    (from..chars.len()).find(|at| is_end(&chars[*at..])).unwrap_or(chars.len())
}

/// Block comments nest.
fn end_of_comment(chars: &[char], start: usize) -> usize {
    let (mut at, mut open) = (start, 0_usize);
    while at < chars.len() {
        if chars[at..].starts_with(&['/', '*']) {
            (open, at) = (open + 1, at + 2);
        } else if chars[at..].starts_with(&['*', '/']) {
            (open, at) = (open - 1, at + 2);
            if open == 0 {
                return at;
            }
        } else {
            at += 1;
        }
    }
    at
}

fn end_of_text(chars: &[char], start: usize) -> usize {
    let mut at = start + 1;
    while at < chars.len() && chars[at] != '"' {
        at += if chars[at] == '\\' { 2 } else { 1 };
    }
    (at + 1).min(chars.len())
}

/// A character, or the tick of a lifetime alone.
fn end_of_char(chars: &[char], start: usize) -> usize {
    if chars.get(start + 1) == Some(&'\\') {
        find(chars, (start + 3).min(chars.len()), |rest| rest[0] == '\'').saturating_add(1).min(chars.len())
    } else if chars.get(start + 2) == Some(&'\'') {
        start + 3
    } else {
        start + 1
    }
}

/// The end of `r"…"`, `br#"…"#` and the like, if one starts here.
fn raw_text(chars: &[char], start: usize) -> Option<usize> {
    if start > 0 && (chars[start - 1].is_alphanumeric() || chars[start - 1] == '_') {
        return None;
    }
    let r = (start..chars.len()).take(2).find(|at| chars[*at] == 'r')?;
    let quote = find(chars, r + 1, |rest| rest[0] != '#');
    if chars.get(quote) != Some(&'"') {
        return None;
    }
    let mut closing = vec!['"'];
    closing.resize(quote - r, '#');
    let end = find(chars, quote + 1, |rest| rest.starts_with(&closing));
    Some((end + closing.len()).min(chars.len()))
}

mod the_checker {
    use super::check;

    fn is_clean(name: &str, text: &str) {
        assert_eq!(check(name, text), Vec::<String>::new(), "{text}");
    }

    fn complains(name: &str, text: &str, of: &str) {
        let complaints = check(name, text);
        assert_eq!(complaints.len(), 1, "{text}: {complaints:?}");
        assert!(complaints[0].contains(of), "{text}: {complaints:?}");
    }

    #[test]
    fn lets_a_floor_use_itself_and_what_is_below() {
        is_clean("vault/open.rs", "use crate::{crypto::memory::SecretBuf, model::VaultId, vault::anchor};");
        is_clean("app/mod.rs", "fn f() -> crate::operations::Create { keyroom::vault::open() }");
        is_clean("ui/screens/due.rs", "use crate::app::View; use crate::ui::theme;");
        is_clean("main.rs", "use keyroom::{cli, ui};");
        is_clean("lib.rs", "pub mod ui; pub mod cli;");
        is_clean("bin/keyroom-verify.rs", "use keyroom::audit;");
    }

    #[test]
    fn finds_a_higher_floor_however_it_is_named() {
        complains("vault/mod.rs", "use crate::ui::theme;", "`vault` must not use `ui`");
        complains("vault/mod.rs", "use crate::{model::{Key, Role}, app::{View}};", "`app`");
        complains("crypto/kdf.rs", "fn f() { crate :: store :: rows() }", "`store`");
        complains("model/key.rs", "use super::super::vault::Session;", "`vault`");
        complains("model/mod.rs", "use super::formats;", "`formats`");
        complains("model/key.rs", "fn f(vault: crate::vault::Session) {}", "`vault`");
        complains("model/key.rs", "struct S { open: super::super::vault::Session }", "`vault`");
        complains("model/key.rs", "macro_rules! m { () => { $crate::vault::open() } }", "`vault`");
        complains("guard/rules.rs", "mod tests { use super::super::super::app; }", "`app`");
        complains("audit/mod.rs", "#[cfg(test)] mod tests { use crate::cli; }", "`cli`");
        complains("vault/x.rs", "use keyroom::operations::Create;", "`operations`");
        complains("vault/x.rs", "\n\npub use ::keyroom::ui;", "vault/x.rs:3: `vault` must not use `ui`");
    }

    #[test]
    fn keeps_the_two_roofs_apart() {
        complains("cli/mod.rs", "use crate::ui::run;", "`cli` must not use `ui`");
        complains("ui/mod.rs", "use crate::cli::Args;", "`ui` must not use `cli`");
    }

    #[test]
    fn reads_code_and_not_prose() {
        is_clean("vault/mod.rs", "//! See [`crate::ui`].\n/* crate::ui /* unsafe */ crate::app */ fn f() {}");
        is_clean(
            "vault/mod.rs",
            r##"const A: &str = "crate::ui \" unsafe"; const B: &str = r#"crate::app"#;"##,
        );
        is_clean("vault/mod.rs", r"fn f<'a>(c: char) -> bool { c == '\'' || c == '\u{1}' || c == '{' }");
        is_clean("vault/mod.rs", "fn ui() { other::crate_ui::x(); self.app.ui(); }");
        complains("vault/mod.rs", "const A: char = '\"'; use crate::ui; const B: char = '\"';", "`ui`");
    }

    #[test]
    fn does_not_take_a_neighbour_for_a_floor() {
        is_clean("ui/screens/keys.rs", "use super::store;");
        is_clean("vault/anchor/keyring.rs", "use super::super::app_name;");
    }

    #[test]
    fn finds_colours_outside_the_theme() {
        is_clean("ui/theme/tokens.rs", "const RED: Color32 = Color32::from_rgb(1, 2, 3);");
        complains("ui/widgets/chip.rs", "let c = egui::Color32::from_rgb(1, 2, 3);", "Color32::from_rgb");
        complains("ui/widgets/chip.rs", "let c = Color32::RED;", "Color32::RED");
        complains("ui/widgets/chip.rs", "let c = egui::hex_color!(\"#fff\");", "hex_color!");
        is_clean("ui/widgets/chip.rs", "let c: Color32 = Color32::TRANSPARENT.gamma_multiply(0.5);");
    }

    #[test]
    fn finds_password_fields_of_egui_and_unsafe() {
        complains("ui/x.rs", "ui.add(TextEdit::singleline(&mut s).password(true));", "SecretEdit");
        complains("ui/x.rs", "let f = egui::TextEdit::password;", "SecretEdit");
        complains("crypto/kdf.rs", "fn f() { unsafe { g() } }", "unsafe");
        complains("main.rs", "#[unsafe(no_mangle)] fn f() {}", "unsafe");
        is_clean("crypto/memory/os.rs", "#![allow(unsafe_code)] fn f() { unsafe { g() } }");
        is_clean("vault/x.rs", "#![deny(unsafe_code)] fn f() { clap.password(typed) }");
    }
}
