//! Names said once and referred to by number. Clones share what is full and copy little.

use std::collections::HashMap;
use std::hash::{DefaultHasher, Hash, Hasher};
use std::sync::Arc;

use crate::model::{Object, OperatorId, SessionTag};

/// The version column's word for "no version".
pub(in crate::audit) const NO_VERSION: u32 = u32::MAX;

/// Names in a list that only grows, looked up by hash. The lookup table is split in parts so that a snapshot taken
/// before each append makes at most one part be copied.
#[derive(Clone)]
pub(in crate::audit) struct Interner<T> {
    list: Chunks<T>,
    parts: Vec<Arc<HashMap<u64, u32>>>,
    last: u32,
}

const PARTS: usize = 64;
/// The most names a two-byte column can number; the last number is shared by all further names.
const SHORT_MAX: usize = u16::MAX as usize;
const MORE: &str = "(more names)";

impl<T> Default for Interner<T> {
    fn default() -> Self {
        Self { list: Chunks::default(), parts: vec![Arc::default(); PARTS], last: 0 }
    }
}

/// An operator: who they are and what they were called.
#[derive(PartialEq, Eq, Debug)]
pub(in crate::audit) struct OperatorName {
    pub(in crate::audit) id: OperatorId,
    pub(in crate::audit) name: String,
}

/// An object without its version.
#[derive(Debug)]
pub(in crate::audit) struct Named {
    pub(in crate::audit) object: Object,
    /// Its words where the object holds no name.
    words: Option<String>,
}

impl Named {
    /// Its name at that time, or what it is called in words.
    pub(in crate::audit) fn name(&self) -> &str {
        match &self.object {
            Object::Key { name, .. } | Object::Operator { name, .. } => name,
            Object::Vault | Object::Keys { .. } => self.words.as_deref().unwrap_or(""),
        }
    }
}

impl<T: Clone> Interner<T> {
    /// The list of all names, by number.
    pub(in crate::audit) fn list(&self) -> &Chunks<T> {
        &self.list
    }

    pub(super) fn memory(&self, of: impl Fn(&T) -> usize) -> usize {
        self.list.iter().map(|name| of(name) + size_of::<T>() + 2 * size_of::<(u64, u32)>()).sum()
    }

    fn intern(&mut self, hash: u64, same: impl Fn(&T) -> bool, make: impl FnOnce() -> T) -> u32 {
        // Events come in runs: mostly the name is the one of the event before.
        if self.list.get(self.last).is_some_and(&same) {
            return self.last;
        }
        let part = (hash >> 58) as usize % PARTS;
        let mut slot = hash;
        while let Some(id) = self.parts[part].get(&slot) {
            if self.list.get(*id).is_some_and(&same) {
                self.last = *id;
                return *id;
            }
            // Two names with one hash: the next slot, found the same way again.
            slot = slot.wrapping_add(1);
        }
        let id = u32::try_from(self.list.len()).unwrap_or(u32::MAX);
        self.list.push(make());
        Arc::make_mut(&mut self.parts[part]).insert(slot, id);
        self.last = id;
        id
    }
}

impl Interner<Arc<str>> {
    pub(super) fn text(&mut self, text: &str) -> u32 {
        self.intern(hash_of(text), |known| **known == *text, || Arc::from(text))
    }

    /// The number of `text` in a two-byte column.
    pub(super) fn short(&mut self, text: &str) -> u16 {
        let id = if self.list.len() < SHORT_MAX { self.text(text) } else { self.known_or_more(text) };
        u16::try_from(id).unwrap_or(u16::MAX)
    }

    fn known_or_more(&mut self, text: &str) -> u32 {
        let hash = hash_of(text);
        let part = &self.parts[(hash >> 58) as usize % PARTS];
        let known = part.get(&hash).copied().filter(|id| self.list.get(*id).is_some_and(|k| **k == *text));
        known.unwrap_or_else(|| self.text(MORE))
    }
}

impl Interner<Arc<OperatorName>> {
    pub(super) fn operator(&mut self, id: OperatorId, name: &str) -> u16 {
        let name = if self.list.len() < SHORT_MAX { name } else { MORE };
        let id = if name == MORE { OperatorId([0; 16]) } else { id };
        let same = |known: &Arc<OperatorName>| known.id == id && known.name == name;
        let number =
            self.intern(hash_of(&(id, name)), same, || Arc::new(OperatorName { id, name: name.to_owned() }));
        u16::try_from(number).unwrap_or(u16::MAX)
    }
}

impl Interner<Arc<Named>> {
    /// The number of `object` without its version, and the version.
    pub(super) fn object(&mut self, object: &Object) -> (u32, Option<u32>) {
        let (hash, version) = match object {
            Object::Vault => (0, None),
            Object::Key { id, name, version } => (hash_of(&(1, id, name)), *version),
            Object::Keys { count } => (hash_of(&(2, count)), None),
            Object::Operator { id, name } => (hash_of(&(3, id, name)), None),
        };
        let same = |known: &Arc<Named>| match (&known.object, object) {
            (Object::Key { id: a, name: x, .. }, Object::Key { id: b, name: y, .. }) => a == b && x == y,
            (known, object) => known == object,
        };
        let number = self.intern(hash, same, || Arc::new(named(object)));
        (number, version)
    }
}

impl Interner<SessionTag> {
    pub(super) fn tag(&mut self, tag: SessionTag) -> u32 {
        self.intern(hash_of(&tag), |known| *known == tag, || tag)
    }
}

fn named(object: &Object) -> Named {
    let mut object = object.clone();
    if let Object::Key { version, .. } = &mut object {
        *version = None;
    }
    let words = matches!(object, Object::Vault | Object::Keys { .. }).then(|| object.words());
    Named { object, words }
}

fn hash_of(value: &(impl Hash + ?Sized)) -> u64 {
    let mut hasher = DefaultHasher::new();
    value.hash(&mut hasher);
    hasher.finish()
}

/// A list that only grows; clones share its full chunks.
#[derive(Clone)]
pub(in crate::audit) struct Chunks<T> {
    full: Vec<Arc<[T]>>,
    tail: Vec<T>,
}

impl<T> Default for Chunks<T> {
    fn default() -> Self {
        Self { full: Vec::new(), tail: Vec::new() }
    }
}

const CHUNK: usize = 256;

impl<T> Chunks<T> {
    pub(in crate::audit) fn len(&self) -> usize {
        self.full.len() * CHUNK + self.tail.len()
    }

    pub(in crate::audit) fn get(&self, id: u32) -> Option<&T> {
        let id = id as usize;
        match self.full.get(id / CHUNK) {
            Some(chunk) => chunk.get(id % CHUNK),
            None => self.tail.get(id.checked_sub(self.full.len() * CHUNK)?),
        }
    }

    pub(in crate::audit) fn iter(&self) -> impl Iterator<Item = &T> {
        self.full.iter().flat_map(|chunk| chunk.iter()).chain(&self.tail)
    }

    fn push(&mut self, value: T) {
        self.tail.push(value);
        if self.tail.len() == CHUNK {
            self.full.push(std::mem::take(&mut self.tail).into());
        }
    }
}
