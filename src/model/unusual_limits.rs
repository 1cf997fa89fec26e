//! What counts as unusual activity in this vault: the numbers of the rules, and the rules that are switched off. The rules
//! themselves are in `guard`.

use serde::{Deserialize, Serialize};

use super::settings::SettingsError;

/// The numbers of the rules. Defaults are those security products use (ten or twenty distinct secrets in minutes: Elastic's
/// and Panther's rules for cloud key vaults; five refusals in ten minutes; keys unused for 90 days: PCI DSS 8.2.6).
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct UnusualLimits {
    /// What "in a short time" is, in minutes. Default 10, 1–60.
    pub burst_min: u32,
    /// So many different keys read in a short time. Default 10, 2–100; twice as many are critical.
    pub reads: u32,
    /// So many different keys exported in a short time. Default 3, 2–50.
    pub exports: u32,
    /// So many refusals in a short time. Default 5, 2–50.
    pub refusals: u32,
    /// So many failed unlocks within a day before one that succeeds. Default 3, 1–10; ten are critical.
    pub failures: u32,
    /// A key nobody read for so many days. Default 90, 7–365.
    pub dormant_days: u32,
    /// A read so soon after its reader changed the settings, in minutes. Default 60, 5–1440.
    pub after_settings_min: u32,
    /// The clock set back by more than this, in minutes. Default 5, 1–60.
    pub clock_back_min: u32,
    /// Rules that are switched off, by their words.
    pub off: Vec<String>,
}

/// One number: its name, its bounds, its unit, and whether a larger one notices less.
pub struct Number {
    /// As the log and the errors name it.
    pub name: &'static str,
    /// The least.
    pub min: u32,
    /// The most.
    pub max: u32,
    /// Its unit.
    pub unit: &'static str,
    /// Whether a larger number notices less; else a smaller one does.
    pub more_is_weaker: bool,
    /// The number.
    pub of: fn(&UnusualLimits) -> u32,
    /// Where it stands.
    pub at: fn(&mut UnusualLimits) -> &mut u32,
}

/// A [`Number`] of the field it is named after; `more_is_weaker` where a larger one notices less.
macro_rules! number {
    ($field:ident, $name:literal, $min:literal..=$max:literal, $unit:literal, $more_is_weaker:literal) => {
        Number {
            name: $name,
            min: $min,
            max: $max,
            unit: $unit,
            more_is_weaker: $more_is_weaker,
            of: |limits| limits.$field,
            at: |limits| &mut limits.$field,
        }
    };
}

impl UnusualLimits {
    /// Every number, in the order of the fields.
    pub const NUMBERS: [Number; 8] = [
        number!(burst_min, "burst window", 1..=60, "min", false),
        number!(reads, "keys read in a burst", 2..=100, "keys", true),
        number!(exports, "keys exported in a burst", 2..=50, "keys", true),
        number!(refusals, "refusals in a burst", 2..=50, "refusals", true),
        number!(failures, "failed unlocks", 1..=10, "attempts", true),
        number!(dormant_days, "unused key", 7..=365, "days", true),
        number!(after_settings_min, "read after a settings change", 5..=1440, "min", false),
        number!(clock_back_min, "clock set back", 1..=60, "min", true),
    ];

    /// Checks every number against its bounds.
    ///
    /// # Errors
    /// [`SettingsError::Range`] names the first one outside.
    pub fn check(&self) -> Result<(), SettingsError> {
        for Number { name, min, max, unit, of, .. } in Self::NUMBERS {
            if !(min..=max).contains(&of(self)) {
                return Err(SettingsError::Range { field: name, min, max, unit });
            }
        }
        Ok(())
    }

    /// Whether with `next` less is noticed.
    #[must_use]
    pub fn is_weakened_by(&self, next: &Self) -> bool {
        let weaker = |n: &Number| {
            let (before, after) = ((n.of)(self), (n.of)(next));
            if n.more_is_weaker { after > before } else { after < before }
        };
        Self::NUMBERS.iter().any(weaker) || next.off.iter().any(|rule| !self.off.contains(rule))
    }
}

impl Default for UnusualLimits {
    fn default() -> Self {
        Self {
            burst_min: 10,
            reads: 10,
            exports: 3,
            refusals: 5,
            failures: 3,
            dormant_days: 90,
            after_settings_min: 60,
            clock_back_min: 5,
            off: Vec::new(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_notices_less_is_weaker_and_what_notices_more_is_not() {
        let now = UnusualLimits::default();
        assert_eq!(now.check(), Ok(()));
        assert!(!now.is_weakened_by(&now));
        assert!(now.is_weakened_by(&UnusualLimits { reads: 11, ..now.clone() }));
        assert!(now.is_weakened_by(&UnusualLimits { burst_min: 9, ..now.clone() }));
        assert!(now.is_weakened_by(&UnusualLimits { off: vec!["off-hours".into()], ..now.clone() }));
        assert!(!now.is_weakened_by(&UnusualLimits { reads: 5, burst_min: 20, ..now.clone() }));
        let far = UnusualLimits { dormant_days: 366, ..now };
        assert!(matches!(far.check(), Err(SettingsError::Range { field: "unused key", max: 365, .. })));
    }
}
