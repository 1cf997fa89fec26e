//! Who sits at this workstation and what it is called, as the audit log records it.
//!
//! Both are what the system claims, not proof of anything: a log entry is proved by its signature. Neither is ever used
//! to decide what an operator may do.

/// What stands where the system does not say.
pub const UNKNOWN: &str = "unknown";

/// The longest name kept, in characters; host names and login names are shorter on every system.
const LONGEST: usize = 64;

/// A workstation and the person logged in to it.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Host {
    /// The host name, or [`UNKNOWN`].
    pub name: String,
    /// The operating system's name for the user, or [`UNKNOWN`].
    pub user: String,
}

impl Host {
    /// Asks the operating system.
    #[must_use]
    pub fn here() -> Self {
        Self { name: presentable(whoami::hostname().ok()), user: presentable(whoami::username().ok()) }
    }
}

/// Without control characters and no longer than a name is; [`UNKNOWN`] where nothing is left.
fn presentable(name: Option<String>) -> String {
    let name: String = name.unwrap_or_default().chars().filter(|c| !c.is_control()).take(LONGEST).collect();
    let name = name.trim();
    if name.is_empty() { UNKNOWN.to_owned() } else { name.to_owned() }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_is_never_empty_and_never_breaks_a_line() {
        assert_eq!(presentable(None), UNKNOWN);
        assert_eq!(presentable(Some(" \n".to_owned())), UNKNOWN);
        assert_eq!(presentable(Some("ws\n-12\u{7}".to_owned())), "ws-12");
        assert_eq!(presentable(Some("x".repeat(500))).len(), LONGEST);
        let here = Host::here();
        assert!(!here.name.is_empty() && !here.user.is_empty());
    }
}
