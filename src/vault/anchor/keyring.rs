//! [`KeyringAnchor`]: anchors in the operating system's keyring (Secret Service, Keychain, Credential Manager).
//!
//! A keyring may be absent, locked behind a prompt of its own, or hung; none of that may hold up an unlock. So each call
//! runs on a helper thread and is waited for no longer than a fixed time. One call runs at a time: a late write can
//! never overtake a newer one. While one hangs, further calls are refused at once and no second thread is started.

use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::mpsc;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use ::keyring::v1::{Entry, Error};

use super::{AnchorError, AnchorStore, plausible};
use crate::model::VaultId;

/// How long a call to the keyring may take.
pub const TIMEOUT: Duration = Duration::from_secs(3);

/// The service name of every entry; the user name is the vault's id in hex.
const SERVICE: &str = "keyroom.anchor";

/// Anchors in the operating system's keyring.
pub struct KeyringAnchor {
    timeout: Duration,
    /// Held while a call is waited for.
    turn: Mutex<()>,
    /// Whether a helper thread still runs, waited for or given up.
    busy: Arc<AtomicBool>,
}

impl Default for KeyringAnchor {
    fn default() -> Self {
        Self::with_timeout(TIMEOUT)
    }
}

impl KeyringAnchor {
    /// With [`TIMEOUT`]. Touches no keyring yet.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// With another limit for each call.
    #[must_use]
    pub fn with_timeout(timeout: Duration) -> Self {
        Self { timeout, turn: Mutex::new(()), busy: Arc::default() }
    }

    /// Runs `work` on a helper thread and waits for it no longer than the timeout.
    fn call<T: Send + 'static>(
        &self,
        work: impl FnOnce() -> Result<T, AnchorError> + Send + 'static,
    ) -> Result<T, AnchorError> {
        let _turn = self.turn.lock().unwrap_or_else(PoisonError::into_inner);
        if self.busy.swap(true, Ordering::AcqRel) {
            return Err(AnchorError::TimedOut);
        }
        let (answer, answered) = mpsc::sync_channel(1);
        let done = Done(Arc::clone(&self.busy));
        let spawned = std::thread::Builder::new().name("keyring".to_owned()).spawn(move || {
            let result = work();
            drop(done);
            // Nobody listens any more when the time was up.
            let _ = answer.send(result);
        });
        // On failure the closure, and `done` with it, has been dropped already.
        spawned.map_err(|_| AnchorError::Unavailable("the system gave no thread to ask it with"))?;
        match answered.recv_timeout(self.timeout) {
            Ok(result) => result,
            Err(mpsc::RecvTimeoutError::Timeout) => Err(AnchorError::TimedOut),
            // The helper died: the library under it panicked.
            Err(mpsc::RecvTimeoutError::Disconnected) => {
                Err(AnchorError::Unavailable("the library that talks to it failed"))
            }
        }
    }
}

/// Frees the place of the helper thread, also when it panics.
struct Done(Arc<AtomicBool>);

impl Drop for Done {
    fn drop(&mut self) {
        self.0.store(false, Ordering::Release);
    }
}

impl AnchorStore for KeyringAnchor {
    fn load(&self, vault: VaultId) -> Result<Option<Vec<u8>>, AnchorError> {
        self.call(move || match entry(vault)?.get_secret() {
            Ok(bytes) => plausible(&bytes).map(|()| Some(bytes)),
            Err(Error::NoEntry) => Ok(None),
            Err(error) => Err(explain(&error)),
        })
    }

    fn save(&self, vault: VaultId, bytes: &[u8]) -> Result<(), AnchorError> {
        plausible(bytes)?;
        let bytes = bytes.to_vec();
        self.call(move || entry(vault)?.set_secret(&bytes).map_err(|error| explain(&error)))
    }

    fn describe(&self) -> &'static str {
        if cfg!(target_os = "macos") {
            "this user's Keychain"
        } else if cfg!(windows) {
            "this user's Credential Manager"
        } else {
            "the keyring of this desktop session"
        }
    }
}

fn entry(vault: VaultId) -> Result<Entry, AnchorError> {
    Entry::new(SERVICE, &vault.to_string()).map_err(|error| explain(&error))
}

/// The library's errors as ours: its own texts may hold socket names and data, and are left behind.
fn explain(error: &Error) -> AnchorError {
    match error {
        Error::NoStorageAccess(_) => AnchorError::Unavailable("it is locked, or access was refused"),
        Error::BadEncoding(_) | Error::BadDataFormat(..) | Error::Ambiguous(_) => AnchorError::Nonsense,
        Error::TooLong(..) => AnchorError::Unavailable("it holds only shorter values"),
        _ => AnchorError::Unavailable("no keyring answers in this desktop session"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::time::Instant;

    const VAULT: VaultId = VaultId([7; 16]);

    #[test]
    fn a_hung_keyring_costs_one_timeout_and_then_nothing() {
        let store = KeyringAnchor::with_timeout(Duration::from_millis(50));
        let (release, hang) = mpsc::channel::<()>();
        let call = store.call(move || {
            let _ = hang.recv();
            Ok(())
        });
        assert_eq!(call, Err(AnchorError::TimedOut));
        let start = Instant::now();
        assert_eq!(store.call(|| Ok(())), Err(AnchorError::TimedOut));
        assert!(start.elapsed() < Duration::from_millis(40), "a second call waited behind a hung one");
        drop(release);
        let deadline = Instant::now() + Duration::from_secs(5);
        while store.call(|| Ok(())).is_err() {
            assert!(Instant::now() < deadline, "the keyring came back and was not used again");
            std::thread::sleep(Duration::from_millis(1));
        }
    }

    #[test]
    fn a_panic_in_the_library_is_an_error_and_the_next_call_works() {
        let store = KeyringAnchor::with_timeout(Duration::from_secs(5));
        let call: Result<(), _> = store.call(|| panic!("on purpose, in a test"));
        assert!(matches!(call, Err(AnchorError::Unavailable(_))));
        assert_eq!(store.call(|| Ok(1)), Ok(1));
    }

    #[test]
    fn an_oversized_anchor_is_refused_before_the_keyring_is_asked() {
        let store = KeyringAnchor::new();
        assert_eq!(store.save(VAULT, &[0; super::super::ANCHOR_MAX + 1]), Err(AnchorError::Nonsense));
        assert_eq!(store.save(VAULT, &[]), Err(AnchorError::Nonsense));
    }

    /// Needs a keyring: run by `scripts/ci-window.sh` on a bus of its own.
    #[test]
    #[ignore = "needs a keyring of its own; it writes to it"]
    fn an_anchor_comes_back_from_a_real_keyring() {
        let store = KeyringAnchor::new();
        assert_eq!(store.load(VAULT), Ok(None));
        for anchor in [vec![1; 200], vec![0xff; super::super::ANCHOR_MAX]] {
            store.save(VAULT, &anchor).unwrap();
            assert_eq!(KeyringAnchor::new().load(VAULT), Ok(Some(anchor)));
        }
        assert_eq!(store.load(VaultId([8; 16])), Ok(None));
        entry(VAULT).unwrap().set_secret(&[0; super::super::ANCHOR_MAX + 1]).unwrap();
        assert_eq!(store.load(VAULT), Err(AnchorError::Nonsense));
        entry(VAULT).unwrap().delete_credential().unwrap();
    }

    /// The parent of this test runs it again in a process whose environment knows no bus.
    #[cfg(target_os = "linux")]
    #[test]
    fn without_a_session_bus_the_keyring_is_unavailable_quickly() {
        const CHILD: &str = "KEYROOM_TEST_WITHOUT_BUS";
        const NAME: &str =
            "vault::anchor::keyring::tests::without_a_session_bus_the_keyring_is_unavailable_quickly";
        if std::env::var_os(CHILD).is_some() {
            let store = KeyringAnchor::new();
            let start = Instant::now();
            assert!(matches!(store.load(VAULT), Err(AnchorError::Unavailable(_))));
            assert!(matches!(store.save(VAULT, b"anchor"), Err(AnchorError::Unavailable(_))));
            assert!(start.elapsed() < Duration::from_secs(2), "it took {:?}", start.elapsed());
            return;
        }
        let empty = tempfile::tempdir().unwrap();
        let nothing_there = format!("unix:path={}/bus", empty.path().display());
        for address in [None, Some(nothing_there.as_str())] {
            let mut child = std::process::Command::new(std::env::current_exe().unwrap());
            child.args(["--exact", NAME]);
            child.env(CHILD, "1").env("XDG_RUNTIME_DIR", empty.path()).env_remove("DBUS_SESSION_BUS_ADDRESS");
            if let Some(address) = address {
                child.env("DBUS_SESSION_BUS_ADDRESS", address);
            }
            let output = child.output().unwrap();
            let told = String::from_utf8_lossy(&output.stdout);
            assert!(output.status.success() && told.contains("1 passed"), "{told}");
        }
    }
}
