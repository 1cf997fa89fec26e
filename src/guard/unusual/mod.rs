//! Rules of unusual activity: deterministic, local, each with a name and one sentence that gives its numbers.
//!
//! A [`Watch`] hears every event once, in the order of the log, and keeps the little it needs of the past. Thresholds
//! are those security products use (ten or twenty distinct secrets in minutes: Elastic's and Panther's rules for cloud
//! key vaults; five refusals in ten minutes; keys unused for 90 days: PCI DSS 8.2.6; learning for 14 days before habits
//! count: Sentinel); those of the bursts and times are the vault's settings. No score, no model: the same log always gives the same findings.

mod answer;
mod habits;
mod rule;
#[cfg(test)]
mod tests;
mod watch;

pub use answer::Answer;
pub use rule::{Facts, Finding, Rule};
pub use watch::Watch;
