//! Why a session ended, as the log writes it in the `reason` of `session.lock` and as a person reads it.
//!
//! The word is stored and signed, so it never changes; the words may.

/// Why a vault was locked.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
pub enum LockReason {
    /// The operator asked for it.
    ByHand,
    /// No input for this many minutes.
    Idle {
        /// The limit that ran out.
        minutes: u32,
    },
    /// The session reached its hard limit of this many hours.
    Limit {
        /// The limit that ran out.
        hours: u32,
    },
    /// The computer slept, or its clock jumped as if it had.
    Suspend,
    /// The screen was locked or the user switched.
    ScreenLock,
    /// The window was minimised, and the vault's settings ask for a lock then.
    Minimised,
    /// Another file stands where the vault was.
    FileReplaced,
    /// The vault's file does not hold together any more: something else wrote into it.
    FileDamaged,
    /// Another program replaced the vault's keys. What it wrote cannot be followed with the old ones, so no log says this.
    KeysReplaced,
    /// The password was asked for again and was wrong too often.
    WrongPasswords,
    /// The program was closed.
    Exit,
}

impl LockReason {
    /// What the log stores: `by-hand`, `idle-5min`, `limit-8h`.
    #[must_use]
    pub fn word(self) -> String {
        match self {
            Self::ByHand => "by-hand".to_owned(),
            Self::Idle { minutes } => format!("idle-{minutes}min"),
            Self::Limit { hours } => format!("limit-{hours}h"),
            Self::Suspend => "suspend".to_owned(),
            Self::ScreenLock => "screen-lock".to_owned(),
            Self::Minimised => "minimised".to_owned(),
            Self::FileReplaced => "file-replaced".to_owned(),
            Self::FileDamaged => "file-damaged".to_owned(),
            Self::KeysReplaced => "keys-replaced".to_owned(),
            Self::WrongPasswords => "wrong-passwords".to_owned(),
            Self::Exit => "exit".to_owned(),
        }
    }

    /// Reads what [`LockReason::word`] wrote.
    #[must_use]
    pub fn from_word(word: &str) -> Option<Self> {
        let number = |prefix: &str, unit: &str| -> Option<u32> {
            let digits = word.strip_prefix(prefix)?.strip_suffix(unit)?;
            digits.bytes().all(|b| b.is_ascii_digit()).then(|| digits.parse().ok())?
        };
        match word {
            "by-hand" => Some(Self::ByHand),
            "suspend" => Some(Self::Suspend),
            "screen-lock" => Some(Self::ScreenLock),
            "minimised" => Some(Self::Minimised),
            "file-replaced" => Some(Self::FileReplaced),
            "file-damaged" => Some(Self::FileDamaged),
            "keys-replaced" => Some(Self::KeysReplaced),
            "wrong-passwords" => Some(Self::WrongPasswords),
            "exit" => Some(Self::Exit),
            _ => number("idle-", "min")
                .map(|minutes| Self::Idle { minutes })
                .or_else(|| number("limit-", "h").map(|hours| Self::Limit { hours })),
        }
    }

    /// For a person: "locked by operator", "idle, 5 min".
    #[must_use]
    pub fn words(self) -> String {
        match self {
            Self::ByHand => "locked by operator".to_owned(),
            Self::Idle { minutes } => format!("idle, {minutes} min"),
            Self::Limit { hours } => format!("hard limit, {hours} h"),
            Self::Suspend => "computer slept".to_owned(),
            Self::ScreenLock => "screen locked".to_owned(),
            Self::Minimised => "window minimised".to_owned(),
            Self::FileReplaced => "vault file replaced".to_owned(),
            Self::FileDamaged => "vault file damaged".to_owned(),
            Self::KeysReplaced => "keys replaced".to_owned(),
            Self::WrongPasswords => "wrong passwords".to_owned(),
            Self::Exit => "program closed".to_owned(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_reason_reads_back_from_its_word() {
        let all = [
            LockReason::ByHand,
            LockReason::Idle { minutes: 5 },
            LockReason::Limit { hours: 8 },
            LockReason::Suspend,
            LockReason::ScreenLock,
            LockReason::Minimised,
            LockReason::FileReplaced,
            LockReason::FileDamaged,
            LockReason::KeysReplaced,
            LockReason::WrongPasswords,
            LockReason::Exit,
        ];
        for reason in all {
            assert_eq!(LockReason::from_word(&reason.word()), Some(reason));
        }
        for word in ["", "idle-", "idle-+5min", "idle-5", "limit-99999999999h", "locked"] {
            assert_eq!(LockReason::from_word(word), None, "{word}");
        }
    }
}
