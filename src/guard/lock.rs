//! Why a vault was locked. The words are part of the log, so they live with the model.

pub use crate::model::lock::LockReason;
