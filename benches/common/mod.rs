//! What the benches share: the same made-up vaults and events.

#![allow(dead_code, reason = "each bench uses its part")]

use std::path::Path;
use std::sync::Arc;

use keyroom::crypto::kdf::KdfParams;
use keyroom::crypto::memory::SecretBuf;
use keyroom::formats::csv_import::ImportedKey;
use keyroom::model::{Action, Event, KeyId, KeyType, Object, OperatorId, Outcome, SessionTag, Timestamp};
use keyroom::operations::{ImportKeys, open_vault};
use keyroom::vault::anchor::AnchorStore;
use keyroom::vault::clock::SystemClock;
use keyroom::vault::{Environment, NewVault, Unlock, Vault};

/// As in the program itself: everything that is freed is wiped first, which is part of what things cost.
#[global_allocator]
static ALLOC: zeroizing_alloc::ZeroAlloc<std::alloc::System> = zeroizing_alloc::ZeroAlloc(std::alloc::System);

/// As the program does first thing; to be called first in each bench.
pub fn as_the_program() {
    keyroom::crypto::process::fill_freed_heap();
}

/// The operator of every vault.
pub const OPERATOR: &str = "m.ito";

pub fn password() -> SecretBuf {
    SecretBuf::from_slice(b"correct horse battery staple orbit lantern")
}

pub fn environment(anchor: Arc<dyn AnchorStore>) -> Environment {
    Environment { clock: Arc::new(SystemClock), anchor, host: "bench".into(), os_user: "bench".into() }
}

/// A new vault with the KDF at its floor.
pub fn new_vault(password: &SecretBuf) -> NewVault<'_> {
    NewVault { name: "bench", operator: OPERATOR, password, params: KdfParams::FLOOR }
}

/// Puts keys in, ten thousand with each entry.
pub fn fill(vault: &mut Vault, keys: usize) {
    let owners = ["a.novak", OPERATOR, "s.okafor"];
    let row = |n: usize| ImportedKey {
        name: format!("payments-{n:06}"),
        key_type: if n.is_multiple_of(3) { KeyType::ApiToken } else { KeyType::Password },
        secret: SecretBuf::from_slice(format!("secret value number {n}").as_bytes()),
        owner: owners[n % 3].to_owned(),
        system: format!("system-{}", n % 97),
        tags: vec!["prod".to_owned()],
        further: Default::default(),
    };
    for start in (0..keys).step_by(10_000) {
        let rows: Vec<_> = (start..keys.min(start + 10_000)).map(row).collect();
        vault.perform(ImportKeys::new(&rows, "bench.csv")).unwrap();
    }
}

pub fn unlock(path: &Path, environment: Environment) -> Vault {
    let password = password();
    let unlock = Unlock { password: &password, operator: None, accept_restored: None };
    open_vault(path).unwrap().unlock(environment, &unlock).map_err(|(_, error)| error).unwrap()
}

/// The event with this number of a long, busy log.
pub fn event(seq: u64) -> Event {
    let actions = [Action::SessionUnlock, Action::SecretReveal, Action::KeyEdit, Action::SecretExport];
    let action = actions[(seq % 4) as usize];
    Event {
        seq,
        time: Timestamp(1_760_000_000_000 + seq as i64 * 20_000),
        session: SessionTag([(seq / 500) as u8; 16]),
        operator_id: OperatorId([(seq % 12) as u8; 16]),
        operator: if seq % 12 == 3 { OPERATOR.into() } else { format!("operator-{}", seq % 12) },
        action,
        object: Object::Key {
            id: KeyId([(seq % 251) as u8; 16]),
            name: format!("key-{}", seq % 1204),
            version: Some(1),
        },
        outcome: Outcome::Done,
        severity: action.severity(),
        reason: String::new(),
        changes: Vec::new(),
        host: format!("ws-{}", seq % 7),
        os_user: "mito".into(),
    }
}

/// A figure of this process from the kernel, in KiB (`VmRSS`, `VmHWM`); 0 where it does not tell.
pub fn memory_kib(what: &str) -> u64 {
    let status = std::fs::read_to_string("/proc/self/status").unwrap_or_default();
    let line = status.lines().find(|line| line.starts_with(what)).unwrap_or_default();
    line.split_whitespace().nth(1).and_then(|n| n.parse().ok()).unwrap_or(0)
}
