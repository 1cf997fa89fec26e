//! Names nobody would choose: 200 characters, other scripts, marks on marks.

use std::sync::Arc;

use keyroom::app::{Phase, Snapshot};
use keyroom::model::KeyId;
use keyroom::model::search::KeyIndex;
use keyroom::ui::fixture;
use keyroom::ui::frame::{DialogRequest as D, Intent, Page};
use keyroom::vault::Keys;

use super::Shot::{Dialog, Whole};
use super::{Scene, scene};
use crate::stand::Stand;

/// In the order a person meets them.
pub const SCENES: &[Scene] = &[
    scene("names-keys", Whole, hard_names, |stand| {
        stand.ask(Intent::Go(Page::Keys));
        let id = longest(stand);
        stand.ask(Intent::ShowKey(id));
    }),
    scene("names-overview", Whole, hard_names, |_| {}),
    scene("names-rotation", Whole, hard_names, |stand| stand.ask(Intent::Go(Page::Rotation))),
    scene("names-dialog", Dialog, hard_names, |stand| {
        let id = longest(stand);
        stand.ask(Intent::Open(D::Rotate(id)));
    }),
    scene("names-dialog-destroy", Dialog, hard_names, |stand| {
        let id = longest(stand);
        stand.ask(Intent::Open(D::Destroy(id)));
    }),
];

fn longest(stand: &Stand) -> KeyId {
    let unlocked = stand.unlocked();
    unlocked.view.keys.all().iter().max_by_key(|key| key.name.len()).unwrap().id
}

fn hard_names() -> Snapshot {
    let long = "production-payments-settlement-database-".repeat(5);
    let names = [
        long.as_str(),
        "支付数据库主密钥-生产环境-上海数据中心",
        "مفتاح قاعدة بيانات المدفوعات",
        "cle\u{301}-de-de\u{301}chiffrement-tre\u{300}s-secre\u{300}te",
        "k\u{335}\u{301}\u{302}\u{327}e\u{335}\u{301}\u{302}\u{327}y\u{335}\u{301}\u{302}\u{327}",
        "a",
    ];
    let (mut snapshot, _) = fixture::unlocked(names.len());
    if let Phase::Unlocked(unlocked) = &mut snapshot.phase {
        let unlocked = Arc::make_mut(unlocked);
        // The fixture's first key is the most overdue.
        let mut keys = unlocked.view.keys.all().to_vec();
        keys.sort_by_key(|key| key.versions.last().map(|version| version.current_from));
        for (key, name) in keys.iter_mut().zip(names) {
            let key = Arc::make_mut(key);
            key.name = name.to_owned();
            key.owner = name.to_owned();
            key.system = name.to_owned();
            key.tags = vec![name.to_owned()];
            key.purpose = name.to_owned();
        }
        let view = Arc::make_mut(&mut unlocked.view);
        view.keys = Keys::new(keys.clone());
        unlocked.keys = KeyIndex::new(Arc::clone(&view.settings), keys);
    }
    snapshot
}
