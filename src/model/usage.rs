//! What a key is in the terms of NIST SP 800-57, how strong it is, what it may be used for as things stand, and until when
//! what it protected may still be processed. All of it follows from its type, its state and its dates: nothing of it is
//! stored, and nothing here stops anybody.

use super::due::due_date;
use super::{KeyRecord, KeyState, KeyType, Settings, Timestamp};

/// For so long after the end of its use to protect, a symmetric key may process what it protected: three years (NIST SP
/// 800-57 Part 1 Rev. 5, 5.3.6, table 1).
pub const PROCESS_YEARS: u32 = 3;

/// What a key may be used for (KMIP 2.1, 11.14 "Cryptographic Usage Mask").
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Usage {
    /// Turning plaintext into ciphertext.
    Encrypt,
    /// Turning ciphertext into plaintext.
    Decrypt,
    /// Making message authentication codes.
    MacGenerate,
    /// Verifying them.
    MacVerify,
    /// Proving a right or an identity to a service.
    Authenticate,
}

impl Usage {
    /// The word in JSON.
    #[must_use]
    pub fn word(self) -> &'static str {
        match self {
            Self::Encrypt => "encrypt",
            Self::Decrypt => "decrypt",
            Self::MacGenerate => "mac-generate",
            Self::MacVerify => "mac-verify",
            Self::Authenticate => "authenticate",
        }
    }

    /// The words on a screen, after "to".
    #[must_use]
    pub fn words(self) -> &'static str {
        match self {
            Self::Encrypt => "encrypt",
            Self::Decrypt => "decrypt",
            Self::MacGenerate => "make MACs",
            Self::MacVerify => "verify MACs",
            Self::Authenticate => "authenticate",
        }
    }

    /// Whether it deals with what was protected before, and protects nothing new.
    #[must_use]
    pub fn is_processing(self) -> bool {
        matches!(self, Self::Decrypt | Self::MacVerify)
    }
}

impl KeyType {
    /// What NIST SP 800-57 Part 1 Rev. 5, 5.1 calls it; `None` where that depends on what the text or the file is.
    #[must_use]
    pub fn nist_type(self) -> Option<&'static str> {
        match self {
            Self::Aes256 | Self::ChaCha20 => Some("symmetric data-encryption key"),
            Self::HmacSha256 => Some("symmetric authentication key"),
            Self::ApiToken => Some("symmetric authorization key"),
            Self::Password | Self::Passphrase => Some("password"),
            Self::Text | Self::File => None,
        }
    }

    /// The algorithm it is a key of, where it is one of an algorithm.
    #[must_use]
    pub fn algorithm(self) -> Option<&'static str> {
        match self {
            Self::Aes256 => Some("AES-256"),
            Self::ChaCha20 => Some("ChaCha20"),
            Self::HmacSha256 => Some("HMAC-SHA-256"),
            _ => None,
        }
    }

    /// The security strength of a key of that algorithm, in bits (NIST SP 800-57 Part 1 Rev. 5, 5.6.1): of the 32 bytes each
    /// of them has. What a password or a token is worth depends on how it was made, and its version says so.
    #[must_use]
    pub fn strength_bits(self) -> Option<u32> {
        self.algorithm().map(|_| 256)
    }

    /// What a key of it may be used for; nothing where that depends on what the text or the file is.
    #[must_use]
    pub fn usage(self) -> &'static [Usage] {
        match self {
            Self::Aes256 | Self::ChaCha20 => &[Usage::Encrypt, Usage::Decrypt],
            Self::HmacSha256 => &[Usage::MacGenerate, Usage::MacVerify],
            Self::Password | Self::Passphrase | Self::ApiToken => &[Usage::Authenticate],
            Self::Text | Self::File => &[],
        }
    }

    /// What is done with what was protected by a key of it, after "may".
    #[must_use]
    pub fn processing_words(self) -> &'static str {
        match self {
            Self::Aes256 | Self::ChaCha20 => "decrypt",
            Self::HmacSha256 => "verify MACs",
            _ => "be used for what it protected",
        }
    }
}

/// Until when what a key protected may be processed.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct ProcessUntil {
    /// The day.
    pub date: Timestamp,
    /// Somebody set it; else it follows from the type and the end of its use.
    pub is_set: bool,
}

impl KeyRecord {
    /// What it may be used for in its state (NIST SP 800-57 Part 1 Rev. 5, 7.3): everything while it is active, only what
    /// was protected before while it is suspended and afterwards, nothing before its activation and after its destruction.
    #[must_use]
    pub fn usage_now(&self) -> Vec<Usage> {
        let all = self.key_type.usage().iter().copied();
        match self.state {
            KeyState::Active => all.collect(),
            KeyState::Suspended | KeyState::Deactivated | KeyState::Compromised => {
                all.filter(|usage| usage.is_processing()).collect()
            }
            KeyState::PreActive | KeyState::Destroyed => Vec::new(),
        }
    }

    /// Until when what it protected may be processed (NIST: the end of the recipient-usage period): as somebody set it, or
    /// [`PROCESS_YEARS`] after its use ended or ends by policy, where it is of a type that protects anything.
    #[must_use]
    pub fn process_until(&self, settings: &Settings) -> Option<ProcessUntil> {
        if let Some(date) = self.around.process_until {
            return Some(ProcessUntil { date, is_set: true });
        }
        if !self.key_type.usage().iter().any(|usage| usage.is_processing()) {
            return None;
        }
        let end = self.later.deactivated.or_else(|| due_date(self, settings))?;
        Some(ProcessUntil { date: end.plus_years(PROCESS_YEARS), is_set: false })
    }

    /// The day on which that ended, of a key that is out of use and not destroyed: nothing needs it any more.
    #[must_use]
    pub fn process_over(&self, settings: &Settings, now: Timestamp) -> Option<Timestamp> {
        let out = matches!(self.state, KeyState::Deactivated | KeyState::Compromised);
        self.process_until(settings).map(|until| until.date).filter(|date| out && *date <= now)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::key::tests::sample;

    fn aes(state: KeyState) -> KeyRecord {
        KeyRecord { key_type: KeyType::Aes256, state, ..sample("kek") }
    }

    #[test]
    fn what_a_key_may_be_used_for_follows_from_its_type_and_its_state() {
        let now = |state| aes(state).usage_now();
        assert_eq!(now(KeyState::Active), [Usage::Encrypt, Usage::Decrypt]);
        for state in [KeyState::Suspended, KeyState::Deactivated, KeyState::Compromised] {
            assert_eq!(now(state), [Usage::Decrypt], "{state:?}");
        }
        for state in [KeyState::PreActive, KeyState::Destroyed] {
            assert_eq!(now(state), [], "{state:?}");
        }
        let mut token = KeyRecord { key_type: KeyType::ApiToken, ..sample("token") };
        assert_eq!(token.usage_now(), [Usage::Authenticate]);
        token.state = KeyState::Deactivated;
        assert_eq!(token.usage_now(), [], "a right that ended is proved to nobody");
    }

    #[test]
    fn every_type_with_an_algorithm_has_a_strength_and_a_name_of_the_standard() {
        for key_type in KeyType::ALL {
            let known = key_type.algorithm().is_some();
            assert_eq!(key_type.strength_bits(), known.then_some(256), "{key_type:?}");
            assert!(!known || key_type.nist_type().is_some(), "{key_type:?}");
            assert_eq!(key_type.usage().is_empty(), key_type.nist_type().is_none(), "{key_type:?}");
        }
    }

    #[test]
    fn what_was_protected_may_be_processed_three_years_longer_unless_a_day_is_set() {
        let settings = Settings::default();
        let mut key = aes(KeyState::Active);
        let ends = due_date(&key, &settings).unwrap();
        let until = |key: &KeyRecord| key.process_until(&settings).map(|until| (until.date, until.is_set));
        assert_eq!(until(&key), Some((ends.plus_years(PROCESS_YEARS), false)));
        assert_eq!(key.process_over(&settings, ends.plus_days(9999)), None, "it is in use");
        key.state = KeyState::Deactivated;
        key.later.deactivated = Some(key.created.plus_days(10));
        let over = key.created.plus_days(10).plus_years(PROCESS_YEARS);
        assert_eq!(until(&key), Some((over, false)));
        assert_eq!(key.process_over(&settings, over.plus_ms(-1)), None);
        assert_eq!(key.process_over(&settings, over), Some(over));
        key.around.process_until = Some(key.created.plus_days(30));
        assert_eq!(until(&key), Some((key.created.plus_days(30), true)));
        assert_eq!(until(&sample("login")), None, "a password protects nothing that is processed later");
    }
}
