//! What is asked of every scene by those who do not see it or do not use a mouse, and by those who read small text badly. Most
//! of it is asked where its pictures are taken (`pictures`), of the same window; walking through it with Tab, here.

use std::collections::HashMap;

use egui::accesskit::{Action, Invalid, Live, Node, NodeId, Role};
use egui::epaint::{ClippedShape, Shape};
use egui::{Key, Modifiers, Rect, Stroke};
use keyroom::ui::theme::{self, Theme};

use crate::scenes::{Scene, Shot, scenes, wanted};
use crate::stand::{NONE, Stand};

/// The least side of what is clicked (WCAG 2.2, 2.5.8), in points.
const TARGET: f64 = 24.0;
/// The least size of text, in points.
const TEXT: f32 = 12.0;
/// What stands on a screen twice and does the same in both places: in the head of a page and in its empty state.
const TWICE: [&str; 5] = ["New key…", "Import…", "Rotate…", "Open another vault…", "Clear the filter"];
/// More Tab stops than any screen has.
const STOPS: usize = 160;

/// What is wrong, one line for each.
#[derive(Default)]
pub struct Wrong(Vec<String>);

impl Wrong {
    fn say(&mut self, scene: &Scene, what: String) {
        let line = format!("{}: {what}", scene.name);
        if !self.0.contains(&line) {
            self.0.push(line);
        }
    }

    #[track_caller]
    pub fn end(self) {
        assert!(self.0.is_empty(), "{} things are wrong:\n{}", self.0.len(), self.0.join("\n"));
    }
}

/// A screen can be heard, hit and read.
pub fn look(stand: &Stand, scene: &Scene, wrong: &mut Wrong) {
    let tree = Tree::of(stand);
    for check in [names, sizes, tables, errors, live] {
        check(&tree, scene, wrong);
    }
    texts(stand.driver.shapes(), scene, wrong);
}

/// In a small window too nothing overlaps, is cut or is too small to hit.
pub fn look_in_a_small_window(stand: &Stand, scene: &Scene, wrong: &mut Wrong) {
    sizes(&Tree::of(stand), scene, wrong);
    texts(stand.driver.shapes(), scene, wrong);
}

#[test]
fn tab_goes_round_every_screen_shows_where_it_is_and_is_never_caught() {
    let mut wrong = Wrong::default();
    let dialogs =
        ["dialog-new-key", "dialog-rotate", "dialog-compromised", "dialog-destroy", "create-1-place"];
    for scene in wanted(scenes()).filter(|scene| scene.shot == Shot::Main || dialogs.contains(&scene.name)) {
        walk(&mut scene.stand(scene.size(), Theme::Light), scene, &mut wrong);
    }
    wrong.end();
}

/// The accessibility tree with its parents.
struct Tree {
    nodes: Vec<(NodeId, Node)>,
    parents: HashMap<NodeId, usize>,
}

impl Tree {
    fn of(stand: &Stand) -> Self {
        let nodes = stand.driver.nodes().to_vec();
        let mut parents = HashMap::new();
        for (at, (_, node)) in nodes.iter().enumerate() {
            parents.extend(node.children().iter().map(|child| (*child, at)));
        }
        Self { nodes, parents }
    }

    /// The nodes around one, from the inside out.
    fn around(&self, id: NodeId) -> impl Iterator<Item = &Node> {
        let up = |at: usize| self.parents.get(&self.nodes[at].0).copied();
        let first = self.parents.get(&id).copied();
        std::iter::successors(first, move |at| up(*at)).map(|at| &self.nodes[at].1)
    }

    /// What can be used with the mouse or the keyboard.
    fn usable(&self) -> impl Iterator<Item = &(NodeId, Node)> {
        let dialog = self.nodes.iter().any(|(_, node)| node.is_modal());
        self.nodes.iter().filter(move |(id, node)| {
            let role = node.role();
            // Scroll bars and the edges of columns are dragged; the wheel and the keys do the same.
            let frame = matches!(
                role,
                Role::ScrollBar
                    | Role::Splitter
                    | Role::Unknown
                    | Role::GenericContainer
                    | Role::Window
                    | Role::Row
            );
            let over = !dialog || self.around(*id).any(Node::is_modal);
            node.supports_action(Action::Click) && !frame && role != Role::Label && over
        })
    }

    /// What a thing belongs to, where its name alone does not say it: a row, a table, a dialog, a group.
    fn context(&self, id: NodeId) -> String {
        let around = self.around(id).filter(|node| {
            matches!(node.role(), Role::Row | Role::Table | Role::Dialog | Role::AlertDialog | Role::TabList)
                || matches!(
                    node.role(),
                    Role::RadioGroup | Role::GraphicsObject | Role::Navigation | Role::Group
                )
        });
        let names = around.map(|node| {
            let row = node.row_index().map(|row| row.to_string());
            format!("{:?} {} {}", node.role(), node.label().unwrap_or_default(), row.unwrap_or_default())
        });
        names.collect::<Vec<_>>().join(", ")
    }
}

fn name(node: &Node) -> &str {
    node.label().unwrap_or_default().trim()
}

/// Everything that can be used has a name, and no other thing in the same place has the same.
fn names(tree: &Tree, scene: &Scene, wrong: &mut Wrong) {
    let mut met: HashMap<(String, String, String), usize> = HashMap::new();
    for (id, node) in tree.usable() {
        if name(node).is_empty() {
            wrong.say(scene, format!("a {:?} at {:?} has no name", node.role(), node.bounds()));
        }
        let role = format!("{:?}", node.role());
        *met.entry((tree.context(*id), role, name(node).to_owned())).or_default() += 1;
    }
    for ((context, role, name), count) in met.into_iter().filter(|(_, count)| *count > 1) {
        if !TWICE.contains(&name.as_str()) {
            wrong.say(scene, format!("{count} {role}s are called \"{name}\" ({context})"));
        }
    }
}

/// Everything that is clicked can be hit. What lies in a line of text is as high as the line (WCAG's exception "inline").
fn sizes(tree: &Tree, scene: &Scene, wrong: &mut Wrong) {
    for (_, node) in tree.usable() {
        let Some(rect) = node.bounds() else { continue };
        let inline = node.role() == Role::Link;
        // Where a bar of a chart stands is what it says (WCAG's exception "essential"); its list is elsewhere too.
        if name(node).ends_with(" due") {
            continue;
        }
        let small = rect.width().min(rect.height()) < if inline { 16.0 } else { TARGET - 0.01 };
        if small && rect.width() > 0.0 {
            let size = format!("{:.0} x {:.0}", rect.width(), rect.height());
            wrong.say(scene, format!("{:?} \"{}\" is {size}", node.role(), name(node)));
        }
    }
}

/// A table says how large it is, its rows which they are, and its cells stand in rows.
fn tables(tree: &Tree, scene: &Scene, wrong: &mut Wrong) {
    let mut headers = 0;
    for (id, node) in &tree.nodes {
        let inside = |role: Role| tree.around(*id).any(|node| node.role() == role);
        let whole = match node.role() {
            Role::Table => {
                node.row_count().is_some() && node.column_count().is_some() && !name(node).is_empty()
            }
            Role::Row => inside(Role::Table),
            Role::Cell => inside(Role::Row) && inside(Role::Table),
            Role::ColumnHeader => {
                headers += 1;
                inside(Role::Table) && !name(node).is_empty()
            }
            _ => true,
        };
        if !whole {
            wrong.say(scene, format!("{:?} \"{}\" is not part of a table", node.role(), name(node)));
        }
    }
    let tables = tree.nodes.iter().filter(|(_, node)| node.role() == Role::Table).count();
    if tables > 0 && headers == 0 {
        wrong.say(scene, "a table has no column headers".to_owned());
    }
}

/// A field that is wrong says why where it is.
fn errors(tree: &Tree, scene: &Scene, wrong: &mut Wrong) {
    for (_, node) in &tree.nodes {
        if node.invalid() == Some(Invalid::True) && node.description().is_none_or(str::is_empty) {
            wrong.say(scene, format!("\"{}\" is wrong and does not say why", name(node)));
        }
    }
    if scene.name.contains("error") && !tree.nodes.iter().any(|(_, node)| node.invalid().is_some()) {
        wrong.say(scene, "no field says that it is wrong".to_owned());
    }
}

/// What is announced has words.
fn live(tree: &Tree, scene: &Scene, wrong: &mut Wrong) {
    for (_, node) in &tree.nodes {
        let announced = matches!(node.live(), Some(Live::Polite | Live::Assertive));
        let words = node.label().or(if node.role() == Role::Label { node.value() } else { None });
        if announced && words.is_none_or(str::is_empty) {
            wrong.say(scene, format!("a {:?} is announced without words: {:?}", node.role(), node.value()));
        }
    }
    if scene.name == "toasts" {
        let told = tree.nodes.iter().filter(|(_, n)| n.role() == Role::Status && n.live().is_some());
        if !told.clone().any(|(_, node)| name(node) == "payments-db was changed.") {
            wrong.say(scene, "the toast is not announced".to_owned());
        }
    }
}

/// A line of text as it was painted.
struct Line<'a> {
    words: &'a str,
    rect: Rect,
    clip: Rect,
    least: f32,
}

/// No text is smaller than 12 points, lies on other text, or is cut off at its right without an ellipsis.
fn texts(shapes: &[ClippedShape], scene: &Scene, wrong: &mut Wrong) {
    let mut lines = Vec::new();
    for clipped in shapes {
        collect(&clipped.shape, clipped.clip_rect, &mut lines);
    }
    for line in &lines {
        if line.least < TEXT {
            wrong.say(scene, format!("\"{}\" is {} points", line.words, line.least));
        }
        if line.rect.right() > line.clip.right() + 1.0 {
            wrong.say(scene, format!("\"{}\" is cut off", line.words));
        }
    }
    // A dialog, a menu and a toast lie over other text by design.
    let over = ["dialog", "palette", "shortcuts", "menu", "toasts", "path", "columns", "suggestions"];
    if over.iter().any(|part| scene.name.contains(part)) {
        return;
    }
    for (at, line) in lines.iter().enumerate() {
        for other in &lines[at + 1..] {
            let both = line.seen().intersect(other.seen());
            // Digits have no bold; they are painted twice, a little apart.
            let twice = line.words == other.words;
            if !twice && both.width() > 3.0 && both.height() > 3.0 {
                wrong.say(scene, format!("\"{}\" lies on \"{}\"", line.words, other.words));
            }
        }
    }
}

impl Line<'_> {
    fn seen(&self) -> Rect {
        self.rect.intersect(self.clip)
    }
}

fn collect<'a>(shape: &'a Shape, clip: Rect, lines: &mut Vec<Line<'a>>) {
    match shape {
        Shape::Vec(shapes) => shapes.iter().for_each(|shape| collect(shape, clip, lines)),
        Shape::Text(text) => {
            let words = text.galley.text();
            let rect = text.galley.mesh_bounds.translate(text.pos.to_vec2());
            let sizes = text.galley.job.sections.iter().map(|section| section.format.font_id.size);
            let least = sizes.fold(f32::MAX, f32::min);
            // Icons are glyphs too; they have no letters, and a size of their own.
            let letters = words.chars().any(char::is_alphanumeric);
            if letters && rect.intersects(clip) {
                lines.push(Line { words, rect, clip, least });
            }
        }
        _ => {}
    }
}

/// Presses Tab until it comes back to where it was.
fn walk(stand: &mut Stand, scene: &Scene, wrong: &mut Wrong) {
    let ring = theme::tokens(stand.driver.ctx()).focus;
    let mut stops: Vec<(NodeId, String)> = Vec::new();
    for _ in 0..STOPS {
        stand.driver.key(Key::Tab, NONE);
        let Some(found) = stand.driver.all().into_iter().find(|found| found.focused) else { continue };
        let Some(id) = stand.driver.focus() else { continue };
        let stop = (id, found.label.clone());
        if stops.first() == Some(&stop) {
            break;
        }
        if stops.last() == Some(&stop) {
            wrong.say(scene, format!("Tab is caught at \"{}\"", found.label));
            break;
        }
        if found.label.trim().is_empty() {
            wrong.say(scene, format!("Tab stops at a {:?} without a name", found.role));
        }
        let rings = |stand: &Stand| {
            stand.driver.shapes().iter().any(|clipped| shows(&clipped.shape, clipped.clip_rect, ring))
        };
        // From the last control to the first a dialog scrolls over several frames.
        if !rings(stand) {
            stand.settle();
        }
        if !rings(stand) {
            wrong.say(scene, format!("no ring is shown at \"{}\"", found.label));
        }
        stops.push(stop);
    }
    if stops.len() == STOPS {
        wrong.say(scene, "Tab never comes back".to_owned());
    }
    let forth = stops.len();
    if forth > 1 {
        stand.driver.key(Key::Tab, Modifiers::SHIFT);
        let back = stand.driver.all().into_iter().find(|found| found.focused).map(|found| found.label);
        if back.as_ref() != stops.last().map(|(_, label)| label) {
            wrong.say(scene, format!("Shift+Tab goes to {back:?}, not back to {:?}", stops.last()));
        }
    }
}

/// Whether a shape is the focus ring.
fn shows(shape: &Shape, clip: Rect, ring: egui::Color32) -> bool {
    match shape {
        Shape::Vec(shapes) => shapes.iter().any(|shape| shows(shape, clip, ring)),
        Shape::Rect(rect) => rect.stroke == Stroke::new(2.0, ring) && rect.rect.intersects(clip),
        _ => false,
    }
}
