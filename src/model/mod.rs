//! Key, version, state, policy, operator, event: plain data and the rules that need nothing but the data.
//!
//! No file, no clock, no randomness and no cryptography happens here, so nothing here can fail for a reason outside its
//! arguments. What is stored is encoded from these types with `postcard`; adding a field is a new schema number,
//! except at the end of the settings and of a key, which a row may be without.

pub mod around;
pub mod compartment;
pub mod due;
pub mod event;
pub mod id;
pub mod key;
pub mod lock;
pub mod operator;
pub mod period;
pub mod policy;
pub mod query_text;
pub mod search;
pub mod settings;
pub mod state;
pub mod text;
pub mod time;
pub mod unlock_cost;
pub mod unusual_limits;
pub mod usage;

pub use around::KeyAround;
pub use compartment::Compartment;
pub use event::{Action, Category, Change, Event, Object, Outcome, Severity};
pub use id::{CompartmentId, DraftId, KeyId, OperatorId, PolicyId, SessionTag, VaultId};
pub use key::{KeyRecord, KeyType, Origin, VersionRecord};
pub use lock::LockReason;
pub use operator::{Operator, Role};
pub use policy::{Policy, PolicyChoice};
pub use settings::Settings;
pub use state::{KeyState, VersionState};
pub use time::Timestamp;
pub use unlock_cost::UnlockCost;
pub use unusual_limits::UnusualLimits;
