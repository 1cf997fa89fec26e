//! What several pages need and no widget knows: words for times, text of several roles on one line, keys counted by when
//! they are due, rows that are copied and found by letters, and settings that are saved with the password where it is asked for.

pub(crate) mod number;
pub(crate) mod paint;
pub(crate) mod rows;
pub(crate) mod save;
pub(crate) mod stock;
pub(crate) mod when;

use crate::audit::query::{QueryError, clause, replace_time_range};
use crate::guard::unusual::Finding;
use crate::ui::frame::{DialogRequest, Intent};
use crate::ui::theme::{TextRole, Tokens, icons, size, tokens};
use crate::ui::widgets as w;
use crate::ui::words::quoted;
use egui::{Align, Layout, Rect, Role, Ui, UiBuilder, pos2, vec2};

/// The colours in force.
pub(crate) fn t(ui: &Ui) -> &'static Tokens {
    tokens(ui.ctx())
}

/// Shows `contents` in exactly `rect`, clipped to it.
pub(crate) fn place<R>(ui: &mut Ui, salt: &str, rect: Rect, contents: impl FnOnce(&mut Ui) -> R) -> R {
    let builder = UiBuilder::new().id_salt(salt).max_rect(rect);
    let mut child = ui.new_child(builder);
    // Rings and handles may stand out a little.
    child.set_clip_rect(rect.expand(4.0).intersect(ui.clip_rect()));
    contents(&mut child)
}

/// Whether the window is so narrow that the rail is collapsed and facets hide in a popover.
pub(crate) fn is_narrow(ui: &Ui) -> bool {
    ui.ctx().content_rect().width() < 1180.0
}

/// Whether the window is so small that what stands side by side elsewhere stands one below the other, and the page scrolls:
/// 1440 x 900 at 200 % has 720 points.
pub(crate) fn is_small(ui: &Ui) -> bool {
    ui.ctx().content_rect().width() < 900.0
}

/// The head of a page with tabs: 44 points over a line, the tabs standing on it. Returns where the page goes on.
pub(crate) fn tab_head(
    ui: &mut Ui,
    title: &str,
    tabs: &[(&str, Option<u64>)],
    active: &mut usize,
    actions: impl FnOnce(&mut Ui),
) -> Rect {
    let page = ui.max_rect();
    let head = Rect::from_min_size(page.min, vec2(page.width(), size::TOP_BAR));
    let inner = head.shrink2(vec2(size::PAGE_PADDING, 0.0));
    let left = UiBuilder::new().id_salt("title").max_rect(inner).layout(Layout::left_to_right(Align::Center));
    let mut at = ui.new_child(left);
    let heading = w::text(&mut at, TextRole::Title, title);
    at.ctx().accesskit_node_builder(heading.id, |node| {
        node.set_role(Role::Heading);
        node.set_label(title);
    });
    let from = pos2(heading.rect.right() + 24.0, head.bottom() - 38.0);
    place(ui, "tabs", Rect::from_min_max(from, head.max), |ui| w::tabs(ui, title, tabs, active));
    w::EndRow::new(ui, "actions", inner).show(ui, |ui| {
        ui.spacing_mut().item_spacing.x = 12.0;
        actions(ui);
    });
    ui.painter().hline(page.x_range(), head.bottom().round() - 0.5, (1.0, t(ui).hairline));
    Rect::from_min_max(pos2(page.left(), head.bottom()), page.max)
}

/// A row of a key-value list, 20 high or as high as its value: a quiet label of `label_width`, then the value.
pub(crate) fn pair<R>(ui: &mut Ui, label_width: f32, label: &str, value: impl FnOnce(&mut Ui) -> R) -> R {
    let t = t(ui);
    let top = ui.cursor().min;
    let width = ui.available_width();
    let at = Rect::from_min_size(top, vec2(label_width - 8.0, 20.0));
    if !label.is_empty() {
        place(ui, label, at, |ui| w::text_in(ui, TextRole::Body, t.text_3, label));
    }
    let room = Rect::from_min_size(top + vec2(label_width, 0.0), vec2((width - label_width).max(0.0), 20.0));
    let layout = Layout::left_to_right(Align::Min).with_main_wrap(true);
    let builder = UiBuilder::new().id_salt(("value", label)).max_rect(room).layout(layout);
    let mut child = ui.new_child(builder.accessibility_label(label));
    child.spacing_mut().interact_size.y = 20.0;
    child.spacing_mut().item_spacing = vec2(6.0, 2.0);
    let result = value(&mut child);
    let height = child.min_rect().height().max(20.0);
    ui.allocate_space(vec2(width, height));
    result
}

/// What is wrong with a query, on one line; the list is still that of the query before. Returns the query that was probably
/// meant, where that is chosen.
pub(crate) fn wrong_query(ui: &mut Ui, error: &QueryError, text: &str) -> Option<String> {
    let t = t(ui);
    ui.spacing_mut().item_spacing.x = 8.0;
    let (spot, _) = ui.allocate_exact_size(vec2(16.0, 20.0), egui::Sense::hover());
    paint::icon(ui.painter(), spot.center(), icons::LATE, size::ICON_SMALL, t.critical);
    let words = paint::Words::new().add(TextRole::Small, t.critical, quoted(&error.sentence())).add(
        TextRole::Small,
        t.text_2,
        " The list below is that of the filter before.",
    );
    let response = words.show(ui);
    ui.ctx().accesskit_node_builder(response.id, |node| node.set_live(egui::accesskit::Live::Polite));
    let (better, suggestion) = error.corrected(text).zip(error.suggestion.as_ref())?;
    w::link_small(ui, &format!("Use {suggestion}")).clicked().then_some(better)
}

/// The two answers to a finding that nobody answered yet, the reassuring one first: what their buttons say, and what those
/// open. `mine`: it is about the operator who answers.
pub(crate) fn answers(finding: &Finding, mine: bool) -> Option<[(&'static str, Intent); 2]> {
    let (rule, seq) = finding.key().filter(|_| finding.answer.is_none())?;
    let (yes, no) =
        if mine { ("It was me…", "It was not me…") } else { ("Expected…", "Not expected…") };
    let open = |expected| Intent::Open(DialogRequest::AnswerFinding(rule, seq, expected));
    Some([(yes, open(true)), (no, open(false))])
}

/// Where a finding leads: its one event, or all of its operator in that time.
pub(crate) fn look(finding: &Finding) -> Intent {
    match finding.events.as_slice() {
        [one] => Intent::ShowEvent(*one),
        [first, .., last] => {
            Intent::ShowAudit(format!("{} seq:{first}..{last}", clause("operator", &finding.operator)))
        }
        [] => {
            let (from, to) = (finding.time.plus_ms(-600_000), finding.time.plus_ms(1000));
            Intent::ShowAudit(replace_time_range(&clause("operator", &finding.operator), from, to))
        }
    }
}
