//! What people write about a key beyond what it is and where it is used: who else answers for it, who has it besides,
//! where to read what to do, and which key it took the place of (NIST SP 800-57 Part 1 Rev. 5, 5.2.3; KMIP 2.1, 4.31
//! "Link" and 4.44 "Process Stop Date").

use serde::{Deserialize, Serialize};

use super::text::{self, TextError};
use super::{KeyId, Timestamp};

/// What is known around a key that even a row with [`super::key::KeyLife`] may be without.
#[derive(Clone, PartialEq, Eq, Debug, Default, Serialize, Deserialize)]
pub struct KeyAround {
    /// The person who answers for it where its owner is a team or a system.
    pub sponsor: String,
    /// Who looks after it from day to day.
    pub custodians: String,
    /// Where it is kept or used: a site, a data centre.
    pub location: String,
    /// Who else was given its value: partners, providers, other teams.
    pub shared_with: String,
    /// Where to read what to do when it changes or fails.
    pub runbook: String,
    /// Until when what it protected may still be decrypted or verified with it, where somebody set that.
    pub process_until: Option<Timestamp>,
    /// The key it took the place of.
    pub replaces: Option<KeyId>,
}

impl KeyAround {
    /// The same as it would be stored: without white space at the ends.
    ///
    /// # Errors
    /// The first text that cannot be used.
    pub fn check(&self) -> Result<Self, TextError> {
        Ok(Self {
            sponsor: text::optional("the sponsor", &self.sponsor)?,
            custodians: text::optional("the custodians", &self.custodians)?,
            location: text::optional("the location", &self.location)?,
            shared_with: text::optional("whom it is shared with", &self.shared_with)?,
            runbook: text::optional("the runbook", &self.runbook)?,
            process_until: self.process_until,
            replaces: self.replaces,
        })
    }

    /// Its texts, by the names that changes, columns and the command line have for them.
    #[must_use]
    pub fn texts(&self) -> [(&'static str, &str); 5] {
        [
            ("sponsor", &self.sponsor),
            ("custodians", &self.custodians),
            ("location", &self.location),
            ("shared with", &self.shared_with),
            ("runbook", &self.runbook),
        ]
    }
}
