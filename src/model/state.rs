//! The states of a key and of its versions, and the transitions between them.
//!
//! Key states are the six of NIST SP 800-57 Part 1 Rev. 5, section 7; the transitions are those of its figure 3. There is
//! no way out of [`KeyState::Compromised`] but destruction, and none out of [`KeyState::Destroyed`].

use serde::{Deserialize, Serialize};

/// The state of a key (NIST SP 800-57 Part 1 Rev. 5, 7.1–7.6).
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug, PartialOrd, Ord, Serialize, Deserialize)]
pub enum KeyState {
    /// Made, not yet in use.
    PreActive,
    /// In use.
    Active,
    /// Use interrupted while something is looked into.
    Suspended,
    /// No longer applied; may still process what it protected.
    Deactivated,
    /// Known or suspected to be in the wrong hands.
    Compromised,
    /// Its values are gone; what is known about it stays.
    Destroyed,
}

impl KeyState {
    /// All states, in the order of a key's life.
    pub const ALL: [Self; 6] = [
        Self::PreActive,
        Self::Active,
        Self::Suspended,
        Self::Deactivated,
        Self::Compromised,
        Self::Destroyed,
    ];

    /// The word for it, in lower case, as the query language and the log write it.
    #[must_use]
    pub fn word(self) -> &'static str {
        match self {
            Self::PreActive => "pre-active",
            Self::Active => "active",
            Self::Suspended => "suspended",
            Self::Deactivated => "deactivated",
            Self::Compromised => "compromised",
            Self::Destroyed => "destroyed",
        }
    }

    /// Whether a key in this state may change to `next` (SP 800-57 Part 1 Rev. 5, figure 3, transitions 2–15).
    #[must_use]
    pub fn may_become(self, next: Self) -> bool {
        use KeyState::{Active, Compromised, Deactivated, Destroyed, PreActive, Suspended};
        matches!(
            (self, next),
            (PreActive, Active | Compromised | Destroyed)
                | (Active, Suspended | Deactivated | Compromised | Destroyed)
                | (Suspended, Active | Deactivated | Compromised | Destroyed)
                | (Deactivated, Compromised | Destroyed)
                | (Compromised, Destroyed)
        )
    }

    /// Whether new protection may be applied with the key: whether it counts as due.
    #[must_use]
    pub fn is_in_use(self) -> bool {
        matches!(self, Self::PreActive | Self::Active)
    }

    /// Whether it may be given a new value, which puts it into use: where [`KeyState::Active`] is its state or can be.
    #[must_use]
    pub fn may_be_rotated(self) -> bool {
        self == Self::Active || self.may_become(Self::Active)
    }

    /// Whether its values may still be read for what they protected before.
    #[must_use]
    pub fn may_be_read(self) -> bool {
        self != Self::Destroyed
    }
}

/// The state of one version of a key.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug, PartialOrd, Ord, Serialize, Deserialize)]
pub enum VersionState {
    /// The one in use; a key has exactly one until it is destroyed.
    Current,
    /// Replaced, still accepted until its overlap ends.
    Overlap,
    /// Replaced and out of use.
    Retired,
    /// Known or suspected to be in the wrong hands.
    Compromised,
    /// Its data key is gone.
    Destroyed,
}

impl VersionState {
    /// The word for it, in lower case.
    #[must_use]
    pub fn word(self) -> &'static str {
        match self {
            Self::Current => "current",
            Self::Overlap => "overlap",
            Self::Retired => "retired",
            Self::Compromised => "compromised",
            Self::Destroyed => "destroyed",
        }
    }

    /// Whether it may be made current again.
    #[must_use]
    pub fn may_return(self) -> bool {
        matches!(self, Self::Overlap | Self::Retired)
    }
}

/// Why a key was marked compromised or revoked. Two numberings exist and must not be mixed.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug, Serialize, Deserialize)]
pub enum CompromiseReason {
    /// No reason can be given.
    Unspecified,
    /// The key itself is known or suspected.
    KeyCompromise,
    /// The authority that vouched for it is.
    CaCompromise,
    /// A person left or changed role.
    AffiliationChanged,
    /// Replaced by another.
    Superseded,
    /// No longer needed for its purpose.
    CessationOfOperation,
    /// A privilege was withdrawn.
    PrivilegeWithdrawn,
}

impl CompromiseReason {
    /// All reasons, in KMIP's order.
    pub const ALL: [Self; 7] = [
        Self::Unspecified,
        Self::KeyCompromise,
        Self::CaCompromise,
        Self::AffiliationChanged,
        Self::Superseded,
        Self::CessationOfOperation,
        Self::PrivilegeWithdrawn,
    ];

    /// The revocation reason code of KMIP 2.1, section 11.48.
    #[must_use]
    pub fn kmip(self) -> u32 {
        match self {
            Self::Unspecified => 1,
            Self::KeyCompromise => 2,
            Self::CaCompromise => 3,
            Self::AffiliationChanged => 4,
            Self::Superseded => 5,
            Self::CessationOfOperation => 6,
            Self::PrivilegeWithdrawn => 7,
        }
    }

    /// The `CRLReason` of RFC 5280, section 5.3.1.
    #[must_use]
    pub fn crl(self) -> u32 {
        match self {
            Self::Unspecified => 0,
            Self::KeyCompromise => 1,
            Self::CaCompromise => 2,
            Self::AffiliationChanged => 3,
            Self::Superseded => 4,
            Self::CessationOfOperation => 5,
            Self::PrivilegeWithdrawn => 9,
        }
    }

    /// The reason in words.
    #[must_use]
    pub fn words(self) -> &'static str {
        match self {
            Self::Unspecified => "unspecified",
            Self::KeyCompromise => "the key is known or suspected",
            Self::CaCompromise => "its issuer is compromised",
            Self::AffiliationChanged => "a person left or changed role",
            Self::Superseded => "superseded",
            Self::CessationOfOperation => "no longer needed",
            Self::PrivilegeWithdrawn => "privilege withdrawn",
        }
    }

    /// The name used on the command line.
    #[must_use]
    pub fn word(self) -> &'static str {
        match self {
            Self::Unspecified => "unspecified",
            Self::KeyCompromise => "key-compromise",
            Self::CaCompromise => "ca-compromise",
            Self::AffiliationChanged => "affiliation-changed",
            Self::Superseded => "superseded",
            Self::CessationOfOperation => "cessation-of-operation",
            Self::PrivilegeWithdrawn => "privilege-withdrawn",
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn any_state() -> impl Strategy<Value = KeyState> {
        proptest::sample::select(KeyState::ALL.to_vec())
    }

    proptest! {
        /// Walks the machine with arbitrary wishes; only allowed ones are followed.
        #[test]
        fn no_path_leads_out_of_compromised_but_destroyed_and_none_out_of_destroyed(
            start in any_state(),
            wishes in proptest::collection::vec(any_state(), 0..64),
        ) {
            let (mut state, mut was_compromised, mut was_destroyed) = (start, false, false);
            for wish in wishes {
                was_compromised |= state == KeyState::Compromised;
                was_destroyed |= state == KeyState::Destroyed;
                if state.may_become(wish) {
                    state = wish;
                }
                if was_destroyed {
                    prop_assert_eq!(state, KeyState::Destroyed);
                } else if was_compromised {
                    prop_assert!(matches!(state, KeyState::Compromised | KeyState::Destroyed));
                }
            }
        }

        #[test]
        fn no_state_changes_into_itself_or_back_to_pre_active(state in any_state(), next in any_state()) {
            prop_assert!(!state.may_become(state));
            prop_assert!(!next.may_become(KeyState::PreActive));
        }
    }

    #[test]
    fn a_new_value_is_for_keys_that_are_in_use_or_can_come_back_into_it() {
        use KeyState::{Active, PreActive, Suspended};
        let rotated = KeyState::ALL.into_iter().filter(|state| state.may_be_rotated());
        assert_eq!(rotated.collect::<Vec<_>>(), [PreActive, Active, Suspended]);
    }

    #[test]
    fn exactly_the_transitions_of_the_standard_exist() {
        let all = KeyState::ALL.iter().flat_map(|a| KeyState::ALL.iter().map(move |b| (*a, *b)));
        // Figure 3 has 15 transitions; the first is the making of the key itself.
        assert_eq!(all.filter(|(a, b)| a.may_become(*b)).count(), 14);
    }

    #[test]
    fn the_two_numberings_of_reasons_differ_where_the_standards_differ() {
        assert_eq!(
            (CompromiseReason::PrivilegeWithdrawn.kmip(), CompromiseReason::PrivilegeWithdrawn.crl()),
            (7, 9)
        );
        assert_eq!((CompromiseReason::KeyCompromise.kmip(), CompromiseReason::KeyCompromise.crl()), (2, 1));
    }
}
