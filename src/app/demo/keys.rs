//! The keys of the demo vault: what they are, whose, and how each stands when the story ends.

use crate::model::{KeyType, PolicyChoice, Settings};

/// How a key stands at the end.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) enum Fate {
    /// Its date passed so many days ago.
    Late(i64),
    /// It is due in so many days.
    Due(i64),
    /// It stands well: due late, or never.
    Well,
    /// Its last rotation was taken back and done again.
    Reverted,
    /// Its use is interrupted.
    Suspended,
    /// It was found where it did not belong.
    Compromised,
    /// It is out of use and will be destroyed.
    Doomed,
    /// It is gone.
    Destroyed,
    /// It waits to be taken into use.
    PreActive,
}

/// A key as the story puts it in.
#[derive(Clone, Debug)]
pub(super) struct Cast {
    pub name: String,
    pub key_type: KeyType,
    pub owner: &'static str,
    pub system: &'static str,
    pub environment: &'static str,
    pub purpose: &'static str,
    pub tags: &'static [&'static str],
    /// The policy's name; the default of its type where it is empty.
    pub policy: &'static str,
    pub critical: bool,
    pub fate: Fate,
}

impl Cast {
    pub fn policy(&self, settings: &Settings) -> PolicyChoice {
        let named = settings.policies.iter().find(|p| p.name == self.policy);
        named.map_or(PolicyChoice::TypeDefault, |p| PolicyChoice::Named(p.id))
    }

    /// Days between rotations, where a policy sets any.
    pub fn interval(&self, settings: &Settings) -> Option<i64> {
        let policy = match self.policy {
            "" => settings.policies.iter().find(|p| p.default_for.contains(&self.key_type)),
            name => settings.policies.iter().find(|p| p.name == name),
        };
        policy?.interval_days.map(i64::from)
    }
}

type Line = (
    &'static str,
    KeyType,
    &'static str,
    &'static str,
    &'static str,
    &'static str,
    &'static [&'static str],
    &'static str,
    bool,
    Fate,
);

/// In the order in which a smaller vault keeps them.
const CAST: &[Line] = {
    use Fate::{Compromised, Destroyed, Doomed, Due, Late, PreActive, Reverted, Suspended, Well};
    use KeyType::{Aes256, ApiToken, ChaCha20, File, HmacSha256, Passphrase, Password, Text};
    const SERVICE: &str = "Service password 90 d";
    &[
        (
            "payments-db",
            Password,
            "a.novak",
            "payments",
            "production",
            "Service account of the card ledger",
            &["pci", "db"],
            SERVICE,
            true,
            Late(12),
        ),
        (
            "payments-api",
            ApiToken,
            "a.novak",
            "payments",
            "production",
            "Calls the acquirer",
            &["pci", "external"],
            "",
            true,
            Due(5),
        ),
        (
            "card-vault-aes",
            Aes256,
            "m.ito",
            "payments",
            "production",
            "Encrypts stored card numbers",
            &["pci", "data-at-rest"],
            "",
            true,
            Due(24),
        ),
        (
            "legacy-ftp",
            Password,
            "r.haas",
            "erp",
            "production",
            "Nightly price files",
            &["legacy"],
            SERVICE,
            false,
            Suspended,
        ),
        (
            "partner-acme-token",
            ApiToken,
            "l.berg",
            "partners",
            "production",
            "Order feed of Acme",
            &["external"],
            "",
            false,
            Compromised,
        ),
        (
            "old-erp-db",
            Password,
            "r.haas",
            "erp",
            "production",
            "Database of the ERP that was replaced",
            &["legacy", "db"],
            SERVICE,
            false,
            Doomed,
        ),
        (
            "github-deploy",
            ApiToken,
            "l.berg",
            "ci",
            "production",
            "Deploys from the pipeline",
            &["ci"],
            "",
            false,
            Late(3),
        ),
        (
            "gitlab-runner",
            ApiToken,
            "l.berg",
            "ci",
            "test",
            "Registers build machines",
            &["ci"],
            "",
            false,
            Due(0),
        ),
        (
            "webhook-hmac",
            HmacSha256,
            "l.berg",
            "ci",
            "production",
            "Signs build notices",
            &["ci"],
            "",
            false,
            Reverted,
        ),
        (
            "backup-volume-01",
            Aes256,
            "m.ito",
            "backup",
            "production",
            "Tape set A",
            &["data-at-rest", "dr"],
            "",
            true,
            Well,
        ),
        (
            "backup-volume-02",
            Aes256,
            "m.ito",
            "backup",
            "production",
            "Tape set B",
            &["data-at-rest", "dr"],
            "",
            true,
            Due(11),
        ),
        (
            "vpn-hq",
            Passphrase,
            "t.weiss",
            "network",
            "production",
            "Shared secret of the head office",
            &["network"],
            "Yearly",
            false,
            Well,
        ),
        (
            "vpn-branch",
            Passphrase,
            "t.weiss",
            "network",
            "production",
            "Shared secret of the branches",
            &["network"],
            "Yearly",
            false,
            Late(41),
        ),
        (
            "wifi-office",
            Passphrase,
            "t.weiss",
            "network",
            "office",
            "Staff network",
            &["network"],
            "Yearly",
            false,
            Well,
        ),
        (
            "bmc-rack4",
            Password,
            "t.weiss",
            "datacentre",
            "production",
            "Baseboard controllers of rack 4",
            &["break-glass"],
            "",
            true,
            Well,
        ),
        (
            "core-switch-admin",
            Password,
            "t.weiss",
            "network",
            "production",
            "Local administrator of the core switches",
            &["break-glass", "network"],
            SERVICE,
            false,
            Due(33),
        ),
        (
            "dns-tsig",
            HmacSha256,
            "t.weiss",
            "network",
            "production",
            "Signs zone transfers",
            &["network"],
            "",
            false,
            Well,
        ),
        (
            "slack-webhook",
            ApiToken,
            "l.berg",
            "chat",
            "production",
            "Posts alarms",
            &["external"],
            "",
            false,
            Due(2),
        ),
        (
            "pager-token",
            ApiToken,
            "l.berg",
            "chat",
            "production",
            "Calls whoever is on duty",
            &["external"],
            "",
            false,
            Well,
        ),
        (
            "grafana-admin",
            Password,
            "l.berg",
            "monitoring",
            "production",
            "First administrator",
            &[],
            SERVICE,
            false,
            Due(17),
        ),
        (
            "telemetry-transport",
            ChaCha20,
            "l.berg",
            "monitoring",
            "production",
            "Between collectors",
            &["network"],
            "",
            false,
            Well,
        ),
        (
            "build-cache-token",
            ApiToken,
            "l.berg",
            "ci",
            "test",
            "Went with the old build machines",
            &["ci", "legacy"],
            "",
            false,
            Destroyed,
        ),
        (
            "root-ca-notes",
            Text,
            "m.ito",
            "pki",
            "offline",
            "Where the parts of the offline root are kept",
            &["dr"],
            "",
            true,
            Well,
        ),
        (
            "saml-signing",
            File,
            "m.ito",
            "sso",
            "production",
            "Signs single sign-on answers",
            &["sso"],
            "Yearly",
            true,
            Due(48),
        ),
        (
            "hsm-transport",
            Aes256,
            "m.ito",
            "payments",
            "production",
            "For the next generation of modules",
            &["pci"],
            "",
            false,
            PreActive,
        ),
        (
            "warehouse-db",
            Password,
            "r.haas",
            "warehouse",
            "production",
            "Read access for reports",
            &["db"],
            SERVICE,
            false,
            Late(1),
        ),
    ]
};

/// The first `count` keys of the cast.
pub(super) fn cast(count: usize) -> Vec<Cast> {
    let named = |line: &Line| {
        let (name, key_type, owner, system, environment, purpose, tags, policy, critical, fate) = *line;
        let name = name.to_owned();
        Cast { name, key_type, owner, system, environment, purpose, tags, policy, critical, fate }
    };
    CAST.iter().take(count).map(named).collect()
}
