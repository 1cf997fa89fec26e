//! Conditions held against a block of keys: which of them fit.

use super::block::{Block, FIELD_END, Field, IN_USE, NO_DATE, TAG_END, Words};
use super::condition::{Condition, DateField, PolicyMatch, TextField};
use crate::model::query_text::{Bits, Pattern, lower};
use crate::model::{KeyRecord, PolicyChoice};

/// A condition ready to be held against blocks.
pub(super) struct Ready<'a> {
    condition: &'a Condition,
    finder: Option<memchr::memmem::Finder<'a>>,
}

impl<'a> Ready<'a> {
    pub(super) fn of(condition: &'a Condition) -> Self {
        let finder = match condition {
            Condition::Anywhere(Pattern::Contains(part)) => {
                Some(memchr::memmem::Finder::new(part.as_bytes()))
            }
            _ => None,
        };
        Self { condition, finder }
    }

    /// Sets the bits of the keys of `block` that fit.
    pub(super) fn mark(&self, block: &Block, bits: &mut Bits) {
        if let Some(finder) = &self.finder {
            return find_all(finder, block, bits);
        }
        let numbers = &block.numbers;
        let within =
            |ranges: &[(u32, u32)], n: u32| ranges.iter().any(|(from, to)| (*from..=*to).contains(&n));
        match self.condition {
            Condition::Text(field, patterns) => mark_text(block, *field, patterns, bits),
            Condition::Anywhere(pattern) => {
                let fields =
                    |at: usize| block.text.get(block.span(at)).unwrap_or("").split([FIELD_END, TAG_END]);
                let fits = |at: &usize| fields(*at).any(|text| pattern.matches_lower(text));
                (0..block.len()).filter(fits).for_each(|at| bits.set(at));
            }
            Condition::Type(types) => bits.fill(numbers, |n| types >> n.key_type & 1 == 1),
            Condition::State(states) => bits.fill(numbers, |n| states >> n.state & 1 == 1),
            Condition::Flag(flags, set) => bits.fill(numbers, |n| (n.flags & flags == *flags) == *set),
            Condition::Version(ranges) => bits.fill(numbers, |n| within(ranges, n.version)),
            Condition::Date(field, windows) => {
                let within = |date| date != NO_DATE && windows.iter().any(|window| window.holds(date));
                mark_dates(block, *field, within, bits);
            }
            Condition::NoDate(field) => mark_dates(block, *field, |date| date == NO_DATE, bits),
            Condition::Policy(matches) => {
                let fits = |at: &usize| matches.iter().any(|m| m.holds(block, *at));
                (0..block.len()).filter(fits).for_each(|at| bits.set(at));
            }
        }
    }
}

/// One pass over the buffer; after a find the rest of that key is skipped.
fn find_all(finder: &memchr::memmem::Finder<'_>, block: &Block, bits: &mut Bits) {
    let text = block.text.as_bytes();
    let (mut from, mut at) = (0, 0);
    while let Some(found) = text.get(from..).and_then(|rest| finder.find(rest)) {
        let found = from + found;
        while at < block.len() && block.span(at).end <= found {
            at += 1;
        }
        if at == block.len() {
            return;
        }
        bits.set(at);
        from = block.span(at).end;
        at += 1;
    }
}

/// Names that many keys share are held against the patterns once per block.
fn mark_text(block: &Block, field: TextField, patterns: &[Pattern], bits: &mut Bits) {
    let any = |text: &str| patterns.iter().any(|pattern| pattern.matches_lower(text));
    let field = match field {
        TextField::Owner => return mark_words(&block.owners, block.len(), any, bits),
        TextField::System => return mark_words(&block.systems, block.len(), any, bits),
        TextField::Tag => return mark_words(&block.tags, block.len(), any, bits),
        TextField::Name => Field::Name,
        TextField::Environment => Field::Environment,
        TextField::Purpose => Field::Purpose,
        TextField::Note => Field::Note,
        // Few keys have these, so they have no place in the buffer: they are read from the records.
        TextField::Contact => return mark_rare(block, |key| &key.later.contact, any, bits),
        TextField::Deployed => return mark_rare(block, |key| &key.later.deployed, any, bits),
        TextField::Sponsor => return mark_rare(block, |key| &key.around.sponsor, any, bits),
        TextField::Custodian => return mark_rare(block, |key| &key.around.custodians, any, bits),
        TextField::Location => return mark_rare(block, |key| &key.around.location, any, bits),
        TextField::Shared => return mark_rare(block, |key| &key.around.shared_with, any, bits),
        TextField::Runbook => return mark_rare(block, |key| &key.around.runbook, any, bits),
    };
    (0..block.len()).filter(|at| any(block.field(*at, field))).for_each(|at| bits.set(at));
}

fn mark_rare(block: &Block, text: impl Fn(&KeyRecord) -> &str, fits: impl Fn(&str) -> bool, bits: &mut Bits) {
    let fits = |key: &KeyRecord| fits(&lower(text(key)));
    let found = block.records.iter().enumerate().filter(|(_, key)| fits(key));
    found.for_each(|(at, _)| bits.set(at));
}

fn mark_words(words: &Words, len: usize, fits: impl Fn(&str) -> bool, bits: &mut Bits) {
    let table: Vec<bool> = words.names().map(|(_, lower)| fits(lower)).collect();
    if table.contains(&true) {
        let has = |at: &usize| words.of(*at).iter().any(|id| table[usize::from(*id)]);
        (0..len).filter(has).for_each(|at| bits.set(at));
    }
}

fn mark_dates(block: &Block, field: DateField, fits: impl Fn(i64) -> bool, bits: &mut Bits) {
    let numbers = &block.numbers;
    match field {
        DateField::Due => {
            bits.fill(numbers, |n| fits(if n.flags & IN_USE == 0 { NO_DATE } else { n.due }));
        }
        DateField::Created => bits.fill(numbers, |n| fits(n.created)),
        DateField::Rotated => bits.fill(numbers, |n| fits(n.rotated)),
        DateField::Used => bits.fill(numbers, |n| fits(n.used)),
        DateField::Process => bits.fill(numbers, |n| fits(n.process)),
        // Few keys have it, so it has no column: it is read from the records.
        DateField::Review => {
            let date = |at: usize| block.records.get(at).and_then(|key| key.life.review_by);
            let fits = |at: &usize| fits(date(*at).map_or(NO_DATE, |by| by.0));
            (0..block.len()).filter(fits).for_each(|at| bits.set(at));
        }
    }
}

impl PolicyMatch {
    fn holds(&self, block: &Block, at: usize) -> bool {
        let Some(record) = block.records.get(at) else { return false };
        match (self, &record.policy) {
            (Self::Policy(id, _), PolicyChoice::Named(named)) => id == named,
            (Self::Policy(_, types), PolicyChoice::TypeDefault) => types.contains(&record.key_type),
            (Self::None { covered }, PolicyChoice::TypeDefault) => !covered.contains(&record.key_type),
            (Self::None { .. } | Self::Exempt, PolicyChoice::Exempt { .. }) => true,
            (Self::Policy(..), PolicyChoice::Exempt { .. })
            | (Self::None { .. } | Self::Exempt, PolicyChoice::Named(_))
            | (Self::Exempt, PolicyChoice::TypeDefault) => false,
        }
    }
}
