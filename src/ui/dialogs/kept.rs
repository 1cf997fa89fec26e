//! What of a form survives a lock: everything that was typed, written into a buffer that is wiped. The vault seals it.

use serde::{Deserialize, Serialize};

use crate::crypto::memory::SecretBuf;
use crate::formats::GenerateOptions;
use crate::model::{KeyId, KeyType, PolicyChoice};

use super::edit_key::Opened;
use super::fields::KeyFields;

/// Room for the texts of a form beside the secret, and for those it was opened with: each field refuses more.
const TEXTS_MAX: usize = 256 * 1024;

/// Which form it is.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub(super) enum What {
    New,
    Edit,
    Rotate,
}

/// The content of a form.
#[derive(Serialize, Deserialize)]
pub(super) struct Kept<'a> {
    /// The version of this layout; another one is not read.
    layout: u8,
    pub what: What,
    pub key: Option<KeyId>,
    pub key_type: KeyType,
    #[serde(borrow)]
    pub texts: [&'a str; 18],
    pub critical: bool,
    pub activate: bool,
    pub policy: Option<PolicyChoice>,
    pub source: u8,
    pub options: GenerateOptions,
    #[serde(borrow)]
    pub secret: &'a [u8],
    pub path: &'a str,
    pub reason: u8,
    pub why: &'a str,
    pub overlap: &'a str,
    pub keep_schedule: bool,
    /// Keys whose turn comes after this one.
    pub others: Vec<KeyId>,
    /// What an edit was opened with. It follows the rest; a draft of a program that did not keep it ends before.
    #[serde(skip)]
    pub opened: Option<Opened>,
}

const LAYOUT: u8 = 5;
/// Which of the texts is the day a value ends on.
const EXPIRES: usize = 10;

impl<'a> Kept<'a> {
    /// Nothing yet.
    pub fn new(what: What, key: Option<KeyId>, key_type: KeyType) -> Self {
        Self {
            layout: LAYOUT,
            what,
            key,
            key_type,
            texts: [""; 18],
            critical: false,
            activate: true,
            policy: None,
            source: 0,
            options: GenerateOptions::default(),
            secret: &[],
            path: "",
            reason: 0,
            why: "",
            overlap: "",
            keep_schedule: false,
            others: Vec::new(),
            opened: None,
        }
    }

    /// Puts the fields of a key in.
    pub fn keep_fields(&mut self, fields: &'a KeyFields) {
        let f = fields;
        let first = [&f.name, &f.owner, &f.system, &f.environment, &f.purpose, &f.tags];
        let last = [&f.note, &f.exempt, &f.contact, &f.deployed, &f.expires];
        let around = [&f.sponsor, &f.custodians, &f.location, &f.shared_with, &f.runbook];
        let around = around.into_iter().chain([&f.process, &f.replaces.typed]);
        for (kept, text) in self.texts.iter_mut().zip(first.into_iter().chain(last).chain(around)) {
            *kept = text;
        }
        self.critical = f.critical;
        self.policy = f.policy.clone();
    }

    /// Puts in what is known of the compromise that a rotation answers.
    pub fn keep_happening(&mut self, texts: [&'a str; 3]) {
        self.texts[..3].copy_from_slice(&texts);
    }

    /// What is known of that compromise. A rotation has no other texts in their place.
    pub fn happening(&self) -> [&'a str; 3] {
        [self.texts[0], self.texts[1], self.texts[2]]
    }

    /// Puts the day in that a new value ends on.
    pub fn keep_expires(&mut self, day: &'a str) {
        self.texts[EXPIRES] = day;
    }

    /// The day a value ends on.
    pub fn expires(&self) -> &'a str {
        self.texts[EXPIRES]
    }

    /// The fields of a key.
    pub fn fields(&self) -> KeyFields {
        let (critical, policy) = (self.critical, self.policy.clone());
        let mut fields = KeyFields { critical, policy, left_name: true, ..KeyFields::default() };
        for (field, text) in fields.texts_mut().into_iter().zip(self.texts) {
            text.clone_into(field);
        }
        fields
    }

    /// Writes it into a buffer of its own; `None` where it does not fit.
    pub fn write(&self) -> Option<SecretBuf> {
        let mut buf = SecretBuf::with_capacity(self.secret.len() + TEXTS_MAX + 16 * self.others.len());
        let room = buf.room_mut();
        let mut length = postcard::to_slice(self, room).ok()?.len();
        if let Some(opened) = &self.opened {
            length += postcard::to_slice(opened, room.get_mut(length..)?).ok()?.len();
        }
        buf.set_len(length);
        Some(SecretBuf::from_slice(buf.as_bytes()))
    }

    /// Reads what [`Kept::write`] wrote.
    pub fn read(content: &'a SecretBuf) -> Option<Self> {
        let (mut kept, rest) = postcard::take_from_bytes::<Self>(content.as_bytes()).ok()?;
        if !rest.is_empty() {
            kept.opened = Some(postcard::from_bytes(rest).ok()?);
        }
        (kept.layout == LAYOUT).then_some(kept)
    }
}
