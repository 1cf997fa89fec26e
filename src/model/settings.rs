//! The vault's own settings: security limits and rotation policies. They are sealed in the vault and changed only by a
//! signed operation; a file on the workstation can make none of them weaker.

use serde::{Deserialize, Serialize};

use crate::crypto::CryptoError;
use crate::crypto::kdf::KdfParams;

use super::{KeyType, Policy, UnlockCost, UnusualLimits, policy};

/// The limits of a vault. Times are in the unit their name ends with.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct Settings {
    /// The vault's name, shown on every screen.
    pub vault_name: String,
    /// Lock after this long without input. Default 5 min, 1–15 (OWASP session management, high value: 2–5 min; NIST
    /// SP 800-63B-4 AAL3 and PCI DSS 8.2.8: at most 15 min).
    pub idle_lock_min: u32,
    /// End the session after this long whatever happens. Default 8 h, 1–12 (SP 800-63B-4 AAL3: at most 12 h).
    pub session_limit_h: u32,
    /// Clear a copied secret from the clipboard after this long. Default 15 s, 5–60.
    pub clipboard_s: u32,
    /// Hide a revealed secret after this long. Default 20 s, 5–60.
    pub reveal_s: u32,
    /// A password given again counts this long for operations that ask for it. Default 5 min, 1–15.
    pub step_up_min: u32,
    /// Ask for the password again before a secret is revealed or copied.
    pub reveal_needs_password: bool,
    /// Ask for a reason before a secret is revealed, copied or exported.
    pub reveal_needs_reason: bool,
    /// Days between "destroy" and the destruction. Default 30, 7–120 (as the large key services keep it).
    pub destroy_after_days: u32,
    /// A backup older than this many days is pointed out. Default 7, 1–90.
    pub backup_every_days: u32,
    /// Rotation policies.
    pub policies: Vec<Policy>,
    /// What was added after vaults were written without it. Its place is after the fields above, which a row may end with:
    /// `vault` puts it there.
    #[serde(skip)]
    pub later: Later,
    /// What was added after that.
    #[serde(skip)]
    pub locks: Locks,
}

/// What else locks the vault. A row may be without it: then nothing of it does.
#[derive(Clone, PartialEq, Eq, Debug, Default, Serialize, Deserialize)]
pub struct Locks {
    /// When the window is minimised.
    pub minimised: bool,
}

/// Settings that a row may be without.
#[derive(Clone, PartialEq, Eq, Debug, Default, Serialize, Deserialize)]
pub struct Later {
    /// What one guess of a password must cost at least.
    pub unlock_cost: UnlockCost,
    /// What counts as unusual activity.
    pub unusual: UnusualLimits,
}

impl Later {
    /// `params`, raised where the vault asks for more.
    #[must_use]
    pub fn at_least(&self, params: KdfParams) -> KdfParams {
        params.raised_to(&self.unlock_cost.params())
    }
}

/// One setting is outside its bounds.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum SettingsError {
    /// A number is outside its range.
    #[error("{field} must be between {min} and {max} {unit}")]
    Range {
        /// Which setting.
        field: &'static str,
        /// The least.
        min: u32,
        /// The most.
        max: u32,
        /// Its unit.
        unit: &'static str,
    },
    /// A policy does not hold together.
    #[error("policy {name}: {error}")]
    Policy {
        /// Which policy.
        name: String,
        /// What does not fit.
        error: policy::PolicyError,
    },
    /// An unlock would cost too little, or more than any workstation can give.
    #[error(transparent)]
    UnlockCost(#[from] CryptoError),
    /// The vault's name cannot be used.
    #[error(transparent)]
    Name(#[from] super::text::TextError),
}

/// One number among the settings.
pub struct Number {
    /// As the log, the errors and the command line name it.
    pub name: &'static str,
    /// The least.
    pub min: u32,
    /// The most.
    pub max: u32,
    /// Its unit.
    pub unit: &'static str,
    /// The unit as short as the log writes it.
    pub short: &'static str,
    /// The number.
    pub of: fn(&Settings) -> u32,
    /// Where it stands.
    pub at: fn(&mut Settings) -> &mut u32,
}

/// One yes or no among the settings.
pub struct Switch {
    /// As the log and the command line name it.
    pub name: &'static str,
    /// Whether it is on.
    pub of: fn(&Settings) -> bool,
    /// Where it stands.
    pub at: fn(&mut Settings) -> &mut bool,
}

/// A [`Number`] of the field it is named after.
macro_rules! number {
    ($field:ident, $name:literal, $min:literal..=$max:literal, $unit:literal, $short:literal) => {
        Number {
            name: $name,
            min: $min,
            max: $max,
            unit: $unit,
            short: $short,
            of: |settings| settings.$field,
            at: |settings| &mut settings.$field,
        }
    };
}

impl Settings {
    /// Every number but those of policies and of [`Later`], in the order of the fields.
    pub const NUMBERS: [Number; 7] = [
        number!(idle_lock_min, "idle lock", 1..=15, "minutes", "min"),
        number!(session_limit_h, "session limit", 1..=12, "hours", "h"),
        number!(clipboard_s, "clipboard time", 5..=60, "seconds", "s"),
        number!(reveal_s, "reveal time", 5..=60, "seconds", "s"),
        number!(step_up_min, "password window", 1..=15, "minutes", "min"),
        number!(destroy_after_days, "destruction window", 7..=120, "days", "d"),
        number!(backup_every_days, "backup interval", 1..=90, "days", "d"),
    ];

    /// Every yes or no.
    pub const SWITCHES: [Switch; 3] = [
        Switch {
            name: "password before reading",
            of: |settings| settings.reveal_needs_password,
            at: |settings| &mut settings.reveal_needs_password,
        },
        Switch {
            name: "reason before reading",
            of: |settings| settings.reveal_needs_reason,
            at: |settings| &mut settings.reveal_needs_reason,
        },
        Switch {
            name: "lock when minimised",
            of: |settings| settings.locks.minimised,
            at: |settings| &mut settings.locks.minimised,
        },
    ];

    /// Checks every setting against its bounds.
    ///
    /// # Errors
    /// [`SettingsError`] names the first one outside.
    pub fn check(&self) -> Result<(), SettingsError> {
        for Number { name, min, max, unit, of, .. } in Self::NUMBERS {
            if !(min..=max).contains(&of(self)) {
                return Err(SettingsError::Range { field: name, min, max, unit });
            }
        }
        for policy in &self.policies {
            policy.check().map_err(|error| SettingsError::Policy { name: policy.name.clone(), error })?;
        }
        self.later.unlock_cost.check()?;
        self.later.unusual.check()?;
        super::text::name("the vault's name", &self.vault_name)?;
        Ok(())
    }

    /// Whether changing from `self` to `next` weakens any limit: such a change is a warning in the log.
    #[must_use]
    pub fn is_weakened_by(&self, next: &Self) -> bool {
        next.idle_lock_min > self.idle_lock_min
            || next.session_limit_h > self.session_limit_h
            || next.clipboard_s > self.clipboard_s
            || next.reveal_s > self.reveal_s
            || next.step_up_min > self.step_up_min
            || next.destroy_after_days < self.destroy_after_days
            || self.reveal_needs_password && !next.reveal_needs_password
            || self.reveal_needs_reason && !next.reveal_needs_reason
            || self.locks.minimised && !next.locks.minimised
            || next.later.unlock_cost.is_weaker_than(self.later.unlock_cost)
            || self.later.unusual.is_weakened_by(&next.later.unusual)
            || self.policies.iter().any(|old| {
                let new = next.policies.iter().find(|p| p.id == old.id);
                new.is_none() || policy::is_weaker(Some(old), new)
            })
            // A type may be given to another policy, or be left without one.
            || KeyType::ALL
                .into_iter()
                .any(|key_type| policy::is_weaker(self.default_policy(key_type), next.default_policy(key_type)))
    }

    /// The policy that stands for keys of this type that name none.
    #[must_use]
    pub fn default_policy(&self, key_type: KeyType) -> Option<&Policy> {
        self.policies.iter().find(|policy| policy.default_for.contains(&key_type))
    }
}

impl Default for Settings {
    fn default() -> Self {
        Self {
            vault_name: "vault".to_owned(),
            idle_lock_min: 5,
            session_limit_h: 8,
            clipboard_s: 15,
            reveal_s: 20,
            step_up_min: 5,
            reveal_needs_password: false,
            reveal_needs_reason: false,
            destroy_after_days: 30,
            backup_every_days: 7,
            policies: policy::defaults(),
            later: Later::default(),
            locks: Locks::default(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_defaults_hold_and_nothing_outside_the_bounds_does() {
        assert_eq!(Settings::default().check(), Ok(()));
        let long = Settings { idle_lock_min: 16, ..Settings::default() };
        assert!(matches!(long.check(), Err(SettingsError::Range { field: "idle lock", max: 15, .. })));
    }

    #[test]
    fn a_longer_lock_a_dropped_policy_or_a_longer_interval_is_a_weakening() {
        let now = Settings::default();
        assert!(!now.is_weakened_by(&now));
        assert!(now.is_weakened_by(&Settings { idle_lock_min: 10, ..now.clone() }));
        assert!(now.is_weakened_by(&Settings { policies: Vec::new(), ..now.clone() }));
        assert!(!now.is_weakened_by(&Settings { idle_lock_min: 2, ..now.clone() }));
        let change = |edit: fn(&mut Vec<Policy>)| {
            let mut policies = now.policies.clone();
            edit(&mut policies);
            now.is_weakened_by(&Settings { policies, ..now.clone() })
        };
        assert!(change(|p| p[0].overlap_days += 1) && !change(|p| p[3].overlap_days -= 1));
        assert!(change(|p| p[0].default_for.clear()), "tokens are left without a policy");
        // From 90 days to a year, and from a year to 90 days.
        assert!(change(|p| (p[0].default_for, p[6].default_for) = (Vec::new(), vec![KeyType::ApiToken])));
        assert!(!change(|p| {
            (p[1].default_for, p[2].overlap_days) = (Vec::new(), 0);
            p[2].default_for.push(KeyType::Aes256);
        }));
        let locks = Settings { locks: Locks { minimised: true }, ..now.clone() };
        assert!(!now.is_weakened_by(&locks) && locks.is_weakened_by(&now));
    }
}
