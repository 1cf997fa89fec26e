//! Compartments: groups of keys with an encryption key of their own.

use serde::{Deserialize, Serialize};

use super::{CompartmentId, Timestamp};

/// A compartment as every operator may know it.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct Compartment {
    /// Its id, which is also its scope.
    pub id: CompartmentId,
    /// Its name.
    pub name: String,
    /// When it was made.
    pub created: Timestamp,
}
