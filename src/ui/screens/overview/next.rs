//! Do next: at most seven sentences, the most urgent first, each with one button.

use super::super::pages::paint::{Words, glyph};
use super::super::pages::stock::{Stock, TO_REVIEW, WITHOUT_POLICY};
use super::super::pages::{look, t, when};
use crate::app::UnlockedView;
use crate::guard::unusual::Finding;
use crate::model::due::DueBucket;
use crate::model::time::DAY_MS;
use crate::model::{Severity, Timestamp};
use crate::ui::frame::{Bulk, DialogRequest, Frame, Intent, SettingsSection};
use crate::ui::theme::{TextRole, Tokens, icons, icons::Icon, row_height, size};
use crate::ui::widgets::{Button, Tone};
use crate::ui::words::{ago, capital, plural, sentence};
use crate::vault::AnchorStatus;
use egui::{Align, Color32, Galley, Layout, Rect, Sense, Ui, UiBuilder, pos2, vec2};
use std::sync::Arc;

/// The button of a finding.
const REVIEW: &str = "Review";

/// Height of a row whose title has one line.
pub(super) const ROW: f32 = 48.0;
/// What a second line of a title adds.
const LINE: f32 = row_height(TextRole::BodyStrong);
/// From the left edge of a row to its words, and from those to its button.
const WORDS: f32 = 43.0;
const GAP: f32 = 16.0;
/// Between the edges of a row and what stands in it.
const MARGIN: f32 = 11.0;
/// The most rows.
const MOST: usize = 7;
/// Findings of this many days are shown.
const DAYS: i64 = 7;

/// One thing to do.
pub(super) struct Task {
    icon: Icon,
    tone: Tone,
    title: String,
    body: String,
    button: String,
    intent: Intent,
}

/// What is to be done, most urgent first.
pub(super) fn tasks(frame: &Frame<'_>, view: &UnlockedView, stock: &Stock) -> Vec<Task> {
    let now = frame.now;
    let mut tasks = Vec::new();
    let recent: Vec<&Finding> =
        view.findings.iter().filter(|f| f.is_open() && now.since(f.time) <= DAYS * DAY_MS).collect();
    let (grave, other): (Vec<&Finding>, Vec<&Finding>) =
        recent.into_iter().partition(|f| f.severity == Severity::Critical);
    findings(&grave, now, &mut tasks);
    overdue(stock, &mut tasks);
    for (key, at) in stock.to_destroy.iter().take(2) {
        tasks.push(Task {
            icon: icons::DESTROY,
            tone: Tone::Warn,
            title: format!("The values of {} wait to be destroyed", key.name),
            body: format!("Their day was {}.", when::date(*at)),
            button: about("Destroy", &key.name),
            intent: Intent::Open(DialogRequest::Destroy(key.id)),
        });
    }
    reviews(stock, now, &mut tasks);
    ended(stock, now, &mut tasks);
    findings(&other, now, &mut tasks);
    backup(view, now, &mut tasks);
    let unprotected = match &view.view.anchor {
        AnchorStatus::On | AnchorStatus::First => None,
        AnchorStatus::Again(why) => Some((
            "Whether this is an older copy was not checked",
            format!("At this unlock: {why}. From now on this computer remembers where the log ended again."),
        )),
        AnchorStatus::Off(why) => Some((
            "Rollback protection is off",
            format!("An older copy of the file would not be noticed: {why}."),
        )),
    };
    if let Some((title, body)) = unprotected {
        tasks.push(Task {
            icon: icons::DOUBTFUL,
            tone: Tone::Warn,
            title: title.to_owned(),
            body,
            button: "Details…".to_owned(),
            intent: Intent::ShowSettings(SettingsSection::Vault),
        });
    }
    if stock.without_policy > 0 {
        let count = u64::from(stock.without_policy);
        let verb = if count == 1 { "has" } else { "have" };
        tasks.push(Task {
            icon: icons::NONE,
            tone: Tone::Neutral,
            title: format!("{} {verb} no rotation policy", plural(count, "key", "keys")),
            body: if count == 1 { "It never appears as due." } else { "They never appear as due." }
                .to_owned(),
            button: "Show keys".to_owned(),
            intent: Intent::ShowKeys(WITHOUT_POLICY.to_owned()),
        });
    }
    tasks.truncate(MOST);
    tasks
}

/// The first two by themselves, the others together.
fn findings(findings: &[&Finding], now: Timestamp, tasks: &mut Vec<Task>) {
    let alone = if findings.len() == 3 { 3 } else { 2 };
    for finding in findings.iter().take(alone) {
        let tone = if finding.severity == Severity::Critical { Tone::Critical } else { Tone::Warn };
        let day = when::day_words(finding.time, now);
        tasks.push(Task {
            icon: icons::DOUBTFUL,
            tone,
            title: finding.why.trim_end_matches('.').to_owned(),
            body: format!("{} {}. Rule: {}.", capital(&day), when::clock(finding.time), finding.rule.name()),
            button: REVIEW.to_owned(),
            intent: look(finding),
        });
    }
    let rest = findings.get(alone..).unwrap_or_default();
    if let Some(newest) = rest.first() {
        tasks.push(Task {
            icon: icons::DOUBTFUL,
            tone: Tone::Warn,
            title: format!("{} more findings this week", rest.len()),
            body: format!("Latest: {}, {}.", newest.rule.name(), newest.operator),
            button: REVIEW.to_owned(),
            intent: Intent::ShowFindings,
        });
    }
}

/// Versions past the end of their overlap: one by itself, several with one act.
fn ended(stock: &Stock, now: Timestamp, tasks: &mut Vec<Task>) {
    let Some((key, version, at)) = stock.overlap_ended.first() else { return };
    let task = |title, body: String, button, intent| Task {
        icon: icons::CLOCK,
        tone: Tone::Info,
        title,
        body,
        button,
        intent: Intent::Open(intent),
    };
    tasks.push(match stock.overlap_ended.len() {
        1 => task(
            format!("Version {version} of {} ended its overlap {}", key.name, ago(*at, now)),
            "It is still accepted until it is retired.".to_owned(),
            format!("Retire version {version}…"),
            DialogRequest::RetireVersion(key.id, *version),
        ),
        count => task(
            format!("The overlap of {count} versions has ended"),
            format!("They are still accepted until they are retired. First: {} {}.", key.name, ago(*at, now)),
            format!("Retire {count} versions…"),
            DialogRequest::Bulk(Bulk::RetireEnded, stock.keys_to_settle()),
        ),
    });
}

fn overdue(stock: &Stock, tasks: &mut Vec<Task>) {
    let count = stock.bucket(DueBucket::Overdue);
    let mut late = stock.items.iter().filter(|item| item.due.bucket() == DueBucket::Overdue);
    let Some(oldest) = late.next() else { return };
    let next: Vec<&str> = late.take(2).map(|item| item.key.name.as_str()).collect();
    let then = if next.is_empty() { String::new() } else { format!(" Then {}.", next.join(" and ")) };
    let verb = if count == 1 { "is" } else { "are" };
    tasks.push(Task {
        icon: icons::LATE,
        tone: Tone::High,
        title: format!("{} {verb} overdue for rotation", plural(count, "key", "keys")),
        body: format!("Oldest: {}, {}.{then}", oldest.key.name, oldest.due.words()),
        button: about("Rotate", &oldest.key.name),
        intent: Intent::Open(DialogRequest::Rotate(oldest.key.id)),
    });
}

/// Suspensions whose day of review has come: one leads to its key, several to their list.
fn reviews(stock: &Stock, now: Timestamp, tasks: &mut Vec<Task>) {
    let mut waiting = stock.to_review.iter();
    let Some((key, by)) = waiting.next() else { return };
    let day = when::day_words(*by, now);
    let others = waiting.len();
    let (title, body, button, intent) = if others == 0 {
        (
            format!("{} is to be reviewed", key.name),
            format!("Suspended, review by: {day}. {}", sentence(&key.suspended.clone().unwrap_or_default())),
            about("Open", &key.name).trim_end_matches('…').to_owned(),
            Intent::ShowKey(key.id),
        )
    } else {
        let next: Vec<&str> = waiting.take(2).map(|(key, _)| key.name.as_str()).collect();
        (
            format!("{} suspended keys are to be reviewed", others + 1),
            format!("Oldest: {}, by {day}. Then {}.", key.name, next.join(" and ")),
            "Show keys".to_owned(),
            Intent::ShowKeys(TO_REVIEW.to_owned()),
        )
    };
    tasks.push(Task { icon: icons::SUSPENDED, tone: Tone::Warn, title, body, button, intent });
}

fn backup(view: &UnlockedView, now: Timestamp, tasks: &mut Vec<Task>) {
    let every = i64::from(view.view.settings.backup_every_days);
    let (title, body) = match view.last_backup {
        None => {
            ("This vault has no backup".to_owned(), "A lost or damaged file would be lost for good.".into())
        }
        Some(at) if now.since(at) > every * DAY_MS => (
            format!("The last backup is {} old", plural((now.since(at) / DAY_MS) as u64, "day", "days")),
            format!("Policy: every {}.", plural(every as u64, "day", "days")),
        ),
        Some(_) => return,
    };
    tasks.push(Task {
        icon: icons::ARCHIVE,
        tone: Tone::Warn,
        title,
        body,
        button: "Back up now…".to_owned(),
        intent: Intent::Open(DialogRequest::Backup),
    });
}

/// The words of a button about a key: with its name where that leaves the sentence its room, else the title or the body has it.
fn about(verb: &str, name: &str) -> String {
    if name.chars().count() <= 20 { format!("{verb} {name}…") } else { format!("{verb}…") }
}

/// The button of the task at place `i`: the first is the one to press.
fn button(i: usize, task: &Task) -> Button<'_> {
    if i == 0 { Button::primary(&task.button) } else { Button::secondary(&task.button) }
}

/// A title, in two lines where one would lose its last words.
fn title(ui: &Ui, i: usize, task: &Task, width: f32) -> Arc<Galley> {
    let room = width - MARGIN - button(i, task).width(ui) - WORDS - GAP;
    Words::new().add(TextRole::BodyStrong, t(ui).text, &task.title).lines(ui.painter(), room, 2)
}

/// How much higher than [`ROW`] a row is with this title.
fn more(title: &Galley) -> f32 {
    LINE * title.rows.len().saturating_sub(1) as f32
}

/// How high the list is on `width` points.
pub(super) fn height(ui: &Ui, tasks: &[Task], width: f32) -> f32 {
    tasks.iter().enumerate().map(|(i, task)| ROW + more(&title(ui, i, task, width))).sum()
}

fn colour(tone: Tone, t: &Tokens) -> Color32 {
    tone.tint(t).fg
}

/// Shows the list in `height` points below its heading.
pub(super) fn show(ui: &mut Ui, tasks: Vec<Task>, height: f32, out: &mut Vec<Intent>) {
    let t = t(ui);
    super::heading(ui, "Do next", if tasks.len() > 1 { "Most urgent first" } else { "" });
    let rect = Rect::from_min_size(ui.cursor().min, vec2(ui.available_width(), height));
    ui.painter().rect(rect, size::RADIUS_CARD, t.surface, (1.0, t.hairline), egui::StrokeKind::Inside);
    if tasks.is_empty() {
        let mut child = ui.new_child(
            UiBuilder::new().max_rect(rect.shrink(16.0)).layout(Layout::left_to_right(Align::Center)),
        );
        glyph(&mut child, icons::SUCCESS, size::ICON_LARGE, t.ok);
        Words::new()
            .add(TextRole::BodyStrong, t.text, "Nothing needs you now. ")
            .add(TextRole::Body, t.text_2, "No key is overdue and nothing unusual was noticed.")
            .show(&mut child);
        return;
    }
    let mut top = rect.top() + 1.0;
    for (i, task) in tasks.into_iter().enumerate() {
        let title = title(ui, i, &task, rect.width());
        let row = Rect::from_min_size(pos2(rect.left(), top), vec2(rect.width(), ROW + more(&title)));
        top = row.bottom();
        if i > 0 {
            ui.painter().hline(
                row.shrink2(vec2(1.0, 0.0)).x_range(),
                row.top().round() - 0.5,
                (1.0, t.hairline),
            );
        }
        row_of(ui, i, row, task, title, out);
    }
}

fn row_of(ui: &mut Ui, i: usize, row: Rect, task: Task, title: Arc<Galley>, out: &mut Vec<Intent>) {
    let t = t(ui);
    let builder = UiBuilder::new().id_salt(("task", i)).max_rect(row.shrink2(vec2(MARGIN, 0.0)));
    let mut line = ui.new_child(builder.layout(Layout::right_to_left(Align::Center)));
    let shown = button(i, &task).show(&mut line);
    if task.button == REVIEW {
        // Several say "Review"; heard alone, each must say what.
        let name = format!("{REVIEW} {}. {}", task.title, task.body);
        shown.ctx.accesskit_node_builder(shown.id, |node| node.set_label(name));
    }
    let clicked = shown.clicked();
    let end = line.min_rect().left();
    super::super::pages::paint::icon(
        ui.painter(),
        pos2(row.left() + 23.0, row.center().y),
        task.icon,
        size::ICON,
        colour(task.tone, t),
    );
    let room = end - row.left() - WORDS - GAP;
    let body = Words::new().add(TextRole::Small, t.text_2, &task.body).line(ui.painter(), room);
    let more = more(&title);
    let words = Rect::from_min_size(row.min + vec2(WORDS, 5.0), vec2(room, 38.0 + more));
    let response = ui.interact(words, ui.unique_id().with(("task words", i)), Sense::hover());
    let said = format!("{}. {}", task.title, task.body);
    response.widget_info(|| egui::WidgetInfo::labeled(egui::Role::Label, true, &said));
    let (whole, small) = (title.elided, body.elided);
    super::super::pages::paint::put_left(ui.painter(), words.left(), row.top() + 16.5 + more / 2.0, title);
    super::super::pages::paint::put_left(ui.painter(), words.left(), row.top() + 33.5 + more, body);
    if whole || small {
        response.on_hover_text(said);
    }
    if clicked {
        out.push(task.intent);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::KeyState;
    use crate::model::search::{KeyIndex, Sort, parse_in};
    use crate::ui::fixture::Stage;
    use crate::vault::Keys;

    /// A stage on which these keys are suspended, each to be reviewed so many days from now.
    fn suspended(reviews: &[(&str, i64)]) -> Stage {
        let mut stage = Stage::new(30);
        let now = stage.now;
        stage.change(|unlocked| {
            let view = Arc::make_mut(&mut unlocked.view);
            let mut keys = view.keys.all().to_vec();
            for (name, days) in reviews {
                let key = keys.iter_mut().find(|key| key.name == *name).map(Arc::make_mut).unwrap();
                (key.state, key.suspended) = (KeyState::Suspended, Some("an odd login".to_owned()));
                key.life.review_by = Some(now.plus_days(*days));
            }
            view.keys = Keys::new(keys.clone());
            unlocked.keys = KeyIndex::new(Arc::clone(&view.settings), keys);
        });
        stage
    }

    fn reviews_of(stage: &Stage) -> Vec<Task> {
        let frame = stage.frame();
        let view = frame.unlocked().unwrap();
        let mut stock = Stock::default();
        stock.refresh(&frame, view);
        let all = tasks(&frame, view, &stock);
        all.into_iter().filter(|task| task.title.ends_with("to be reviewed")).collect()
    }

    #[test]
    fn a_suspension_is_told_from_its_day_on_and_leads_to_its_key() {
        assert!(reviews_of(&suspended(&[("ldap-bind", 1)])).is_empty());
        for days in [0, -5] {
            let stage = suspended(&[("ldap-bind", days)]);
            let id = stage.snapshot.unlocked().unwrap().view.find("ldap-bind").unwrap().id;
            let tasks = reviews_of(&stage);
            let [task] = &tasks[..] else { panic!("{} tasks", tasks.len()) };
            assert_eq!(task.title, "ldap-bind is to be reviewed");
            assert!(task.body.ends_with("An odd login."), "{}", task.body);
            assert!(matches!(task.intent, Intent::ShowKey(key) if key == id));
        }
    }

    #[test]
    fn several_are_one_sentence_and_lead_to_the_keys_it_counts() {
        let stage =
            suspended(&[("ldap-bind", -5), ("sap-rfc-user", -9), ("kafka-mtls", 0), ("jump-host-ca", 4)]);
        let tasks = reviews_of(&stage);
        let [task] = &tasks[..] else { panic!("{} tasks", tasks.len()) };
        assert_eq!(task.title, "3 suspended keys are to be reviewed");
        assert!(task.body.starts_with("Oldest: sap-rfc-user"), "{}", task.body);
        assert!(task.body.ends_with("Then ldap-bind and kafka-mtls."), "{}", task.body);
        let Intent::ShowKeys(query) = &task.intent else { panic!("it leads elsewhere") };
        let view = stage.snapshot.unlocked().unwrap();
        let query = parse_in(query, stage.now, &view.view.settings).unwrap();
        assert_eq!(view.keys.search(&query, Sort::default()).len(), 3);
    }
}
