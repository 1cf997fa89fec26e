//! A query made ready for one index: every pattern is held against each name once, then rows are picked by number.

use super::super::index::{Block, LogIndex, Selection};
use super::condition::{Condition, says_action, starts_id, with_version};
use crate::model::query_text::moment::Window;
use crate::model::query_text::{Bits, Filter, Pattern, lower};
use crate::model::{Action, Object};

/// For each name by its number: does it fit?
type Table = Vec<bool>;

/// A condition on the columns of one index.
enum Ready {
    Time(Vec<Window>),
    Seq(Vec<(u64, u64)>),
    Operator(Table),
    Host(Table),
    Account(Table),
    Session(Table),
    Action(u128),
    Severity(u8),
    Outcome(u8),
    Object(Table),
    Version(Vec<(u64, u64)>),
    Reason(Table),
    Text(Box<Text>),
}

/// Words looked for in several columns; a column none of whose names fits is left out.
struct Text {
    operator: Table,
    host: Table,
    account: Table,
    object: Table,
    reason: Table,
    action: u128,
    versioned: Option<(Table, u32)>,
}

/// The rows of `index` from row `from` on that fit.
pub(super) fn select(filter: &Filter<Condition>, index: &LogIndex, from: u32) -> Selection {
    let ready = filter.map(&mut |condition| ready(condition, index));
    let mut rows = Vec::new();
    for at in from as usize / Block::ROWS..index.block_count() {
        let block = index.block(at);
        let bits = ready.rows(block.len(), &mut |condition, bits| condition.mark(block, bits));
        let Ok(first) = u32::try_from(at * Block::ROWS) else { break };
        if bits.count() == block.len() {
            rows.extend(first..first + block.len() as u32);
        } else {
            rows.extend(bits.iter().map(|row| first + row as u32));
        }
    }
    rows.drain(..rows.partition_point(|row| *row < from));
    Selection::of(rows)
}

fn ready(condition: &Condition, index: &LogIndex) -> Ready {
    let names = index.names();
    let any = |patterns: &[Pattern], name: &str| {
        let name = lower(name);
        patterns.iter().any(|pattern| pattern.matches_lower(&name))
    };
    match condition {
        Condition::Time(windows) => Ready::Time(windows.clone()),
        Condition::Seq(ranges) => Ready::Seq(ranges.clone()),
        Condition::Version(ranges) => Ready::Version(ranges.clone()),
        Condition::Action(bits) => Ready::Action(*bits),
        Condition::Severity(bits) => Ready::Severity(*bits),
        Condition::Outcome(bits) => Ready::Outcome(*bits),
        Condition::Operator(patterns) => {
            Ready::Operator(names.operators.list().iter().map(|o| any(patterns, &o.name)).collect())
        }
        Condition::Host(patterns) => {
            Ready::Host(names.hosts.list().iter().map(|s| any(patterns, s)).collect())
        }
        Condition::Account(patterns) => {
            Ready::Account(names.accounts.list().iter().map(|s| any(patterns, s)).collect())
        }
        Condition::Reason(patterns) => {
            Ready::Reason(names.reasons.list().iter().map(|s| any(patterns, s)).collect())
        }
        Condition::Object(patterns) => {
            Ready::Object(names.objects.list().iter().map(|o| any(patterns, o.name())).collect())
        }
        Condition::Key(patterns) => Ready::Object(key_table(patterns, index)),
        Condition::Session(starts) => {
            let fits = |tag: String| starts.iter().any(|start| tag.starts_with(start));
            Ready::Session(names.sessions.list().iter().map(|tag| fits(tag.to_string())).collect())
        }
        Condition::Text(pattern) => Ready::Text(Box::new(text(pattern, index))),
    }
}

/// Every object that is a key whose id, or one of whose names, fits.
fn key_table(patterns: &[Pattern], index: &LogIndex) -> Table {
    let objects = index.names().objects.list();
    let mut ids = std::collections::HashSet::new();
    for object in objects.iter() {
        let Object::Key { id, name, .. } = &object.object else { continue };
        let name = lower(name);
        if patterns.iter().any(|p| p.matches_lower(&name) || starts_id(p, &id.to_string())) {
            ids.insert(*id);
        }
    }
    objects.iter().map(|object| object.object.key_id().is_some_and(|id| ids.contains(&id))).collect()
}

fn text(pattern: &Pattern, index: &LogIndex) -> Text {
    let names = index.names();
    let finder = match pattern {
        Pattern::Contains(part) => Some(memchr::memmem::Finder::new(part.as_bytes())),
        _ => None,
    };
    let fits = |name: &str| {
        let name = lower(name);
        finder.as_ref().map_or_else(|| pattern.matches_lower(&name), |f| f.find(name.as_bytes()).is_some())
    };
    let useful = |table: Table| if table.contains(&true) { table } else { Table::new() };
    let actions = Action::ALL.iter().enumerate().filter(|(_, a)| says_action(pattern, **a));
    let versioned = with_version(pattern).and_then(|(name, version)| {
        let objects = names.objects.list().iter().map(|o| lower(o.name()).ends_with(name));
        Some((objects.collect(), version.parse().ok()?))
    });
    Text {
        operator: useful(names.operators.list().iter().map(|o| fits(&o.name)).collect()),
        host: useful(names.hosts.list().iter().map(|s| fits(s)).collect()),
        account: useful(names.accounts.list().iter().map(|s| fits(s)).collect()),
        object: useful(names.objects.list().iter().map(|o| fits(o.name())).collect()),
        reason: useful(names.reasons.list().iter().map(|s| fits(s)).collect()),
        action: actions.fold(0, |bits, (i, _)| bits | 1 << i),
        versioned,
    }
}

impl Ready {
    /// Sets the bits of the rows of `block` that fit.
    fn mark(&self, block: &Block, bits: &mut Bits) {
        match self {
            Self::Time(windows) => windows.iter().for_each(|window| mark_time(*window, block, bits)),
            Self::Seq(ranges) => {
                let fits =
                    |at: &usize| ranges.iter().any(|(from, to)| (*from..=*to).contains(&block.seq(*at)));
                (0..block.len()).filter(fits).for_each(|at| bits.set(at));
            }
            Self::Operator(table) => bits.fill(&block.operator, |id| has(table, id.into())),
            Self::Host(table) => bits.fill(&block.host, |id| has(table, id.into())),
            Self::Account(table) => bits.fill(&block.account, |id| has(table, id.into())),
            Self::Session(table) => bits.fill(&block.session, |id| has(table, id)),
            Self::Object(table) => bits.fill(&block.object, |id| has(table, id)),
            Self::Reason(table) => bits.fill(&block.reason, |id| has(table, id)),
            Self::Action(set) => bits.fill(&block.action, |action| set >> action & 1 == 1),
            Self::Severity(set) => bits.fill(&block.severity, |severity| set >> severity & 1 == 1),
            Self::Outcome(set) => bits.fill(&block.outcome, |outcome| set >> outcome & 1 == 1),
            Self::Version(ranges) => bits.fill(&block.version, |version| {
                version != u32::MAX && ranges.iter().any(|(from, to)| (*from..=*to).contains(&version.into()))
            }),
            Self::Text(text) => text.mark(block, bits),
        }
    }
}

impl Text {
    fn mark(&self, block: &Block, bits: &mut Bits) {
        fn column<T: Copy + Into<u32>>(table: &Table, column: &[T], bits: &mut Bits) {
            if !table.is_empty() {
                bits.fill(column, |id| has(table, id.into()));
            }
        }
        column(&self.operator, &block.operator, bits);
        column(&self.host, &block.host, bits);
        column(&self.account, &block.account, bits);
        column(&self.object, &block.object, bits);
        column(&self.reason, &block.reason, bits);
        if self.action != 0 {
            bits.fill(&block.action, |action| self.action >> action & 1 == 1);
        }
        if let Some((objects, wanted)) = &self.versioned {
            let rows = block.object.iter().zip(&block.version).enumerate();
            let fits = rows.filter(|(_, (object, version))| *version == wanted && has(objects, **object));
            fits.for_each(|(row, _)| bits.set(row));
        }
    }
}

/// Blocks wholly inside or outside a window are not looked at row by row: the clock mostly runs forward.
fn mark_time(window: Window, block: &Block, bits: &mut Bits) {
    let Some((from, to)) = block.time_range() else { return };
    if to < window.from || from >= window.to {
        return;
    }
    if window.holds(from) && window.holds(to) {
        *bits = Bits::first(block.len());
        return;
    }
    bits.fill(&block.time, |time| window.holds(time));
}

fn has(table: &[bool], id: u32) -> bool {
    table.get(id as usize).copied().unwrap_or(false)
}
