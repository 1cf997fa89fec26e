//! A password from now on: how strong it has to be, and what the log says about one that is weak.
//!
//! One rule for every door through which a password comes: making a vault, enrolling an operator, changing a password,
//! replacing one that was exposed. Below 40 bits it is refused; below 75, or with fewer than 15 characters, it is taken with a
//! reason, which is recorded with the strength; from there on nothing is asked and nothing recorded. The password itself is
//! never written.

use crate::crypto::memory::SecretBuf;
use crate::formats::strength::{self, Band, Strength};
use crate::model::{Change, text};
use crate::vault::VaultError;

/// Characters below which a password is weak, whatever they are: it is the only thing an unlock asks for (NIST SP 800-63B-4,
/// 3.1.1.2: 15 for a single factor).
const LEAST: usize = 15;
const TOO_SHORT: &str = "It has fewer than 15 characters; add a word or two, or let Keyroom make one.";

/// Words that are tried first at any vault of this program.
const TRIED_FIRST: [&str; 2] = ["keyroom", "vault"];

/// A password from now on.
pub struct NewPassword {
    /// The password.
    pub value: SecretBuf,
    /// Why it is used although it is weak; empty where it is not, and without effect there.
    pub weak_because: String,
}

impl NewPassword {
    /// One that is to be strong enough by itself.
    #[must_use]
    pub fn strong(value: SecretBuf) -> Self {
        Self { value, weak_because: String::new() }
    }
}

/// How strong a password is at a vault of this name for an operator of this name: as the rule measures it, and every
/// screen that asks for one.
#[must_use]
pub fn password_strength(password: &SecretBuf, operator: &str, vault: &str) -> Strength {
    let known: Vec<&str> = [operator, vault].into_iter().chain(TRIED_FIRST).collect();
    let mut found = strength::estimate(password, &known);
    let characters = password.as_str().map_or(0, |text| text.chars().count());
    if characters < LEAST && found.band > Band::Poor {
        (found.band, found.advice) = (Band::Weak, TOO_SHORT);
    }
    found
}

/// The rule. Tells what the log has to say: nothing about a password that is strong enough.
pub(super) fn check_new_password(
    password: &SecretBuf,
    weak_because: &str,
    operator: &str,
    vault: &str,
) -> Result<Vec<Change>, VaultError> {
    let found = password_strength(password, operator, vault);
    match found.band {
        Band::Poor => Err(VaultError::WeakPassword(found.advice.to_owned())),
        Band::Weak => {
            let because = text::note("the reason for the weak password", weak_because)?;
            let strength = format!("{}, {}", found.band.word().to_lowercase(), found.words());
            if because.is_empty() {
                return Err(VaultError::WeakWithoutReason { strength, advice: found.advice });
            }
            let said = [Change::of("strength", "", strength), Change::of("weak because", "", because)];
            Ok(said.into_iter().flatten().collect())
        }
        Band::Good | Band::Excellent => Ok(Vec::new()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(password: &str, because: &str) -> Result<Vec<Change>, VaultError> {
        check_new_password(&SecretBuf::from_slice(password.as_bytes()), because, "m.ito", "team")
    }

    #[test]
    fn a_poor_password_is_refused_whatever_is_said_about_it() {
        assert!(matches!(check("password1", "it is only for a test"), Err(VaultError::WeakPassword(_))));
        // The operator's name, the vault's and the program's are tried first.
        assert!(matches!(check("keyroom-m.ito", "ours"), Err(VaultError::WeakPassword(_))));
    }

    #[test]
    fn a_weak_one_needs_a_reason_and_the_log_gets_it_with_the_strength() {
        let Err(refusal @ VaultError::WeakWithoutReason { .. }) = check("Tr0ub4dor&3", " \n") else {
            panic!("not refused");
        };
        let words = refusal.to_string();
        assert!(
            words.contains("weak, about ") && words.contains(" bits") && words.contains("why"),
            "{words}"
        );
        assert!(!words.contains("Tr0ub4dor"));
        let said = check("Tr0ub4dor&3", " it opens a test bench ").unwrap();
        let said: Vec<_> =
            said.iter().map(|c| (c.field.as_str(), c.before.as_str(), c.after.as_str())).collect();
        let [("strength", "", strength), ("weak because", "", "it opens a test bench")] = said[..] else {
            panic!("{said:?}");
        };
        assert!(strength.starts_with("weak, about ") && strength.ends_with(" bits"), "{strength}");
        assert!(matches!(check("Tr0ub4dor&3", "a\u{202E}b"), Err(VaultError::Text(_))));
    }

    #[test]
    fn one_of_fewer_than_fifteen_characters_is_weak_whatever_they_are() {
        let short = "k?V9f]xT2m$Wq8";
        let found = password_strength(&SecretBuf::from_slice(short.as_bytes()), "m.ito", "team");
        assert!(found.bits > 75.0 && found.band == Band::Weak, "{found:?}");
        let Err(refusal @ VaultError::WeakWithoutReason { .. }) = check(short, "") else {
            panic!("not refused");
        };
        assert!(refusal.to_string().contains("fewer than 15 characters"), "{refusal}");
        assert_eq!(check(short, "a card reader that takes no more").unwrap().len(), 2);
        // Characters are counted, not bytes: fourteen of two bytes each.
        let accents = "äöüßéèñçåøæðþž";
        assert!(matches!(check(accents, ""), Err(VaultError::WeakWithoutReason { .. })));
        assert_eq!(check(&format!("{short}Z"), ""), Ok(Vec::new()));
        assert!(matches!(check("hunter2", "ours"), Err(VaultError::WeakPassword(_))), "poor stays poor");
    }

    #[test]
    fn about_a_strong_one_nothing_is_asked_and_nothing_said() {
        assert_eq!(check("velvet otter quilt mango pylon sage", "no reason"), Ok(Vec::new()));
        assert_eq!(check("k?V9f]xT2m$Wq8Zr{L5p", ""), Ok(Vec::new()));
    }
}
