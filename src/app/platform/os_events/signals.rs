//! What a D-Bus signal means: a pure function, so that every desktop's dialect is a line in a test.

use super::OsEvent;

/// logind's name on the system bus.
pub(super) const LOGIND: &str = "org.freedesktop.login1";
/// logind's object that announces sleep.
pub(super) const MANAGER: &str = "org.freedesktop.login1.Manager";
/// What logind says about one session.
pub(super) const SESSION: &str = "org.freedesktop.login1.Session";
/// How any object says that a property changed.
pub(super) const PROPERTIES: &str = "org.freedesktop.DBus.Properties";
/// The bus itself.
pub(super) const BUS: &str = "org.freedesktop.DBus";
/// Screen savers on the session bus; each has an interface of its own name with the signal `ActiveChanged(b)`.
pub(super) const SCREEN_SAVERS: [&str; 5] = [
    "org.freedesktop.ScreenSaver",
    "org.gnome.ScreenSaver",
    "org.cinnamon.ScreenSaver",
    "org.mate.ScreenSaver",
    "org.xfce.ScreenSaver",
];

/// A signal, as far as it matters here.
#[derive(Clone, Debug)]
pub(super) struct Signal {
    pub interface: String,
    pub member: String,
    pub path: String,
    pub body: Body,
}

/// What a signal carries.
#[derive(Clone, Debug)]
pub(super) enum Body {
    /// One truth value.
    Flag(bool),
    /// Properties of `of` that changed and are truth values.
    Changed { of: String, flags: Vec<(String, bool)> },
    /// A service came to the bus or left it.
    Owner { name: String },
    /// Nothing, or nothing that matters here.
    Other,
}

/// What to do about a signal.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) enum Meaning {
    /// Tell the application.
    Report(OsEvent),
    /// The machine woke up: ask again to be waited for before the next sleep.
    Awake,
    /// A service that we listen to came or went: find out again what can be heard.
    ServiceChanged,
}

/// What `signal` means to a program in the session at object path `session`.
pub(super) fn meaning(signal: &Signal, session: Option<&str>) -> Option<Meaning> {
    let ours = session == Some(signal.path.as_str());
    let told = (signal.interface.as_str(), signal.member.as_str(), &signal.body);
    match told {
        (MANAGER, "PrepareForSleep", Body::Flag(true)) => Some(Meaning::Report(OsEvent::Sleep)),
        (MANAGER, "PrepareForSleep", Body::Flag(false)) => Some(Meaning::Awake),
        (SESSION, "Lock", _) if ours => Some(Meaning::Report(OsEvent::ScreenLocked)),
        (PROPERTIES, "PropertiesChanged", Body::Changed { of, flags }) if ours && of == SESSION => {
            flags.iter().find_map(|(name, value)| match (name.as_str(), value) {
                ("LockedHint", true) => Some(Meaning::Report(OsEvent::ScreenLocked)),
                ("Active", false) => Some(Meaning::Report(OsEvent::SessionSwitched)),
                _ => None,
            })
        }
        (saver, "ActiveChanged", Body::Flag(true)) if SCREEN_SAVERS.contains(&saver) => {
            Some(Meaning::Report(OsEvent::ScreenLocked))
        }
        (BUS, "NameOwnerChanged", Body::Owner { name })
            if name == LOGIND || SCREEN_SAVERS.contains(&name.as_str()) =>
        {
            Some(Meaning::ServiceChanged)
        }
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const OURS: &str = "/org/freedesktop/login1/session/_32";

    fn means(interface: &str, member: &str, path: &str, body: Body) -> Option<Meaning> {
        let signal = Signal { interface: interface.into(), member: member.into(), path: path.into(), body };
        meaning(&signal, Some(OURS))
    }

    fn changed(of: &str, flags: &[(&str, bool)]) -> Body {
        Body::Changed { of: of.into(), flags: flags.iter().map(|(n, v)| ((*n).into(), *v)).collect() }
    }

    #[test]
    fn sleep_is_reported_before_it_and_asked_for_again_after_it() {
        let path = "/org/freedesktop/login1";
        let sleep = Some(Meaning::Report(OsEvent::Sleep));
        assert_eq!(means(MANAGER, "PrepareForSleep", path, Body::Flag(true)), sleep);
        assert_eq!(means(MANAGER, "PrepareForSleep", path, Body::Flag(false)), Some(Meaning::Awake));
        assert_eq!(means(MANAGER, "PrepareForSleep", path, Body::Other), None);
    }

    #[test]
    fn only_our_own_session_locks_us() {
        let locked = Some(Meaning::Report(OsEvent::ScreenLocked));
        assert_eq!(means(SESSION, "Lock", OURS, Body::Other), locked);
        assert_eq!(means(SESSION, "Lock", "/org/freedesktop/login1/session/_33", Body::Other), None);
        assert_eq!(means(SESSION, "Unlock", OURS, Body::Other), None);
        let hint = changed(SESSION, &[("IdleHint", true), ("LockedHint", true)]);
        assert_eq!(means(PROPERTIES, "PropertiesChanged", OURS, hint.clone()), locked);
        assert_eq!(means(PROPERTIES, "PropertiesChanged", "/elsewhere", hint), None);
        let signal =
            Signal { interface: SESSION.into(), member: "Lock".into(), path: OURS.into(), body: Body::Other };
        assert_eq!(meaning(&signal, None), None);
    }

    #[test]
    fn a_session_that_goes_to_the_back_is_reported_and_coming_back_is_not() {
        let switched = Some(Meaning::Report(OsEvent::SessionSwitched));
        let told = |flags: &[_]| means(PROPERTIES, "PropertiesChanged", OURS, changed(SESSION, flags));
        assert_eq!(told(&[("Active", false)]), switched);
        assert_eq!(told(&[("Active", true)]), None);
        assert_eq!(told(&[("LockedHint", false)]), None);
        let other = changed("org.freedesktop.login1.User", &[("Active", false)]);
        assert_eq!(means(PROPERTIES, "PropertiesChanged", OURS, other), None);
    }

    #[test]
    fn every_known_screen_saver_is_understood_and_an_unknown_one_is_not() {
        for saver in SCREEN_SAVERS {
            let locked = means(saver, "ActiveChanged", "/any", Body::Flag(true));
            assert_eq!(locked, Some(Meaning::Report(OsEvent::ScreenLocked)), "{saver}");
            assert_eq!(means(saver, "ActiveChanged", "/any", Body::Flag(false)), None, "{saver}");
        }
        assert_eq!(means("org.example.Saver", "ActiveChanged", "/any", Body::Flag(true)), None);
    }

    #[test]
    fn a_service_that_comes_or_goes_is_looked_at_again() {
        let owner = |name: &str| means(BUS, "NameOwnerChanged", "/", Body::Owner { name: name.into() });
        assert_eq!(owner(LOGIND), Some(Meaning::ServiceChanged));
        assert_eq!(owner("org.gnome.ScreenSaver"), Some(Meaning::ServiceChanged));
        assert_eq!(owner("org.example"), None);
    }
}
