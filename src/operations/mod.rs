//! What an operator can do: one file for each, so that the listing of this folder is the list of what the product does.
//!
//! Most are an [`Operation`](crate::vault::Operation) for [`Vault::perform`](crate::vault::Vault::perform): a struct that holds what
//! was asked for, says what it needs and what the log will say, and stages its changes. Those that are more than one commit
//! (verifying, exporting, backing up) are functions; they too take effect and report only through that door. Window and
//! command line call these and nothing else.

mod accept_restored;
mod activate;
mod answer_finding;
mod backup;
mod cancel_destroy;
mod change_password;
mod change_settings;
mod change_unlock_time;
mod check;
mod common;
mod copy;
mod create_key;
mod create_vault;
mod deactivate;
mod destroy;
mod destroy_version;
mod edit_key;
mod enrol_operator;
mod export_list;
mod export_log;
mod export_one;
mod hide;
mod import_keys;
mod lock;
mod make_current;
mod mark_compromised;
mod new_value;
mod open_vault;
mod password_exposed;
mod resume;
mod retire_version;
mod reveal;
mod rotate;
mod schedule_destroy;
mod step_up;
mod suspend;
mod tag_key;
mod undelivered;
mod unlock;
mod verify_log;

pub use accept_restored::accept_restored;
pub use activate::Activate;
pub use answer_finding::AnswerFinding;
pub use backup::backup;
pub use cancel_destroy::CancelDestroy;
pub use change_password::ChangePassword;
pub use change_settings::ChangeSettings;
pub use change_unlock_time::change_unlock_time;
pub use check::{VaultCheck, WholeCheck, check};
pub use copy::{Copied, Copy};
pub use create_key::{CreateKey, KeyDraft};
pub use create_vault::create_vault;
pub use deactivate::Deactivate;
pub use destroy::Destroy;
pub use destroy_version::DestroyVersion;
pub use edit_key::EditKey;
pub use enrol_operator::EnrolOperator;
pub use export_list::{ExportList, export_list};
pub use export_log::{ExportReport, LogExport, export_log};
pub use export_one::ExportOne;
pub use hide::Hide;
pub use import_keys::{IMPORT_MAX, ImportKeys, ImportOutcome};
pub use lock::lock;
pub use make_current::MakeCurrent;
pub use mark_compromised::{MarkCompromised, Suspected};
pub use new_value::NewValue;
pub use open_vault::open_vault;
pub use password_exposed::password_exposed;
pub use resume::Resume;
pub use retire_version::RetireVersion;
pub use reveal::{Reveal, Revealed};
pub use rotate::Rotate;
pub use schedule_destroy::ScheduleDestroy;
pub use step_up::step_up;
pub use suspend::Suspend;
pub use tag_key::TagKey;
pub use undelivered::undelivered;
pub use unlock::unlock;
pub use verify_log::{LogVerification, verify_log};
