//! The sessions before as a chart by day: a lane for each operator, a bar from unlock to lock.

use super::super::pages::when;
use super::history::place_words;
use crate::app::UnlockedView;
use crate::audit::query::{clause, replace_time_range};
use crate::audit::sessions::{Ending, SessionSummary};
use crate::model::Timestamp;
use crate::ui::frame::{Frame, Intent};
use crate::ui::widgets::{LaneBar, LaneEnd, Lanes, LanesState, lanes_legend};
use crate::ui::words::plural;
use egui::{ScrollArea, Ui};
use std::ops::Range;

/// Under the lanes, for what the marks mean.
const LEGEND: f32 = 28.0;
/// The kinds of bars, as the legend tells them.
const KINDS: [(LaneEnd, &str); 4] = [
    (LaneEnd::Plain, "Locked"),
    (LaneEnd::Odd, "Ended oddly"),
    (LaneEnd::Open, "Still open elsewhere"),
    (LaneEnd::Here, "This session"),
];

/// The chart of some sessions.
#[derive(Default)]
pub(super) struct Chart {
    names: Vec<String>,
    bars: Vec<LaneBar>,
    /// Which session each bar is, as its place in the history.
    sessions: Vec<usize>,
    axis: Vec<(f32, String)>,
    state: LanesState,
}

impl Chart {
    /// How many sessions it shows.
    pub(super) fn shown(&self) -> usize {
        self.bars.len()
    }

    /// Of these sessions those that reach into the time from `from` to `now`.
    pub(super) fn set(&mut self, rows: &[usize], view: &UnlockedView, from: Timestamp, now: Timestamp) {
        let session = |at: usize| view.sessions.get(at);
        let reaches = |s: &SessionSummary| s.started <= now && s.ended.is_none_or(|end| end >= from);
        let mut shown: Vec<(&SessionSummary, usize)> =
            rows.iter().filter_map(|at| Some((session(*at)?, *at))).filter(|(s, _)| reaches(s)).collect();
        shown.sort_by(|(a, _), (b, _)| (&a.operator, a.started).cmp(&(&b.operator, b.started)));
        self.names = shown.iter().map(|(s, _)| s.operator.clone()).collect();
        self.names.dedup();
        let whole = now.since(from).max(1) as f32;
        let share = |at: Timestamp| at.since(from) as f32 / whole;
        let current = view.view.session.tag;
        self.bars.clear();
        self.sessions.clear();
        for (session, at) in shown {
            let end = match session.how {
                _ if session.tag == current => LaneEnd::Here,
                Ending::Open => LaneEnd::Open,
                how if how.is_odd() => LaneEnd::Odd,
                _ => LaneEnd::Plain,
            };
            let lane = self.names.binary_search(&session.operator).unwrap_or(0);
            let to = share(session.ended.unwrap_or(now));
            self.bars.push(LaneBar { lane, from: share(session.started), to, end });
            self.sessions.push(at);
        }
        self.axis.clear();
        let mut day = from;
        while day <= now {
            self.axis.push((share(day), when::day(day).trim_start().to_owned()));
            // A day may have 23 hours or 25.
            day = when::midnight(day.plus_ms(36 * 3_600_000));
        }
    }

    /// Shows it; a bar that is opened leads to its events.
    pub(super) fn show(
        &mut self,
        ui: &mut Ui,
        frame: &Frame<'_>,
        view: &UnlockedView,
        out: &mut Vec<Intent>,
    ) {
        let room = ui.available_height() - LEGEND;
        let (sessions, bars) = (&self.sessions, &self.bars);
        let of = |bars: Range<usize>| -> Vec<&SessionSummary> {
            sessions.get(bars).unwrap_or_default().iter().filter_map(|at| view.sessions.get(*at)).collect()
        };
        let words = |bars: Range<usize>| say(&of(bars), view, frame.now);
        let opened = ScrollArea::vertical()
            .id_salt("lanes")
            .max_height(room)
            .show(ui, |ui| {
                let lanes = Lanes::new("Sessions by day", &self.names, bars).axis(&self.axis).words(&words);
                lanes.show(ui, room, &mut self.state)
            })
            .inner;
        ui.add_space(8.0);
        ui.horizontal(|ui| {
            ui.spacing_mut().item_spacing.x = 20.0;
            lanes_legend(ui, &KINDS);
        });
        if let Some(bars) = opened {
            out.extend(lead(&of(bars), frame.now));
        }
    }
}

/// What a mark is: one session with what was done in it, or how many lie there.
fn say(sessions: &[&SessionSummary], view: &UnlockedView, now: Timestamp) -> String {
    let (Some(first), Some(last)) = (sessions.first(), sessions.last()) else { return String::new() };
    let end = last.ended.unwrap_or(now);
    let until = if when::day(end) == when::day(first.started) {
        when::clock(end)
    } else {
        format!("{} {}", when::day(end).trim_start(), when::clock(end))
    };
    let time = format!("{} {} to {until}", when::day(first.started).trim_start(), when::clock(first.started));
    if sessions.len() > 1 {
        let odd = sessions.iter().filter(|s| s.how.is_odd()).count();
        let ended = if odd == 0 { String::new() } else { format!("; {odd} ended oddly") };
        return format!(
            "{} of {}, {time}{ended}",
            plural(sessions.len(), "session", "sessions"),
            first.operator
        );
    }
    let how = if first.tag == view.view.session.tag { "this session".to_owned() } else { first.how.words() };
    let done = [
        (first.reveals, "reveal", "reveals"),
        (first.copies, "copy", "copies"),
        (first.exports, "export", "exports"),
        (first.changes, "change", "changes"),
        (first.rotations, "rotation", "rotations"),
    ];
    let done = done.iter().filter(|(n, ..)| *n > 0).map(|(n, one, many)| plural(*n, one, many));
    let done: String = done.map(|words| format!("; {words}")).collect();
    format!(
        "{} on {}: {time}, {}; {how}{done}",
        first.operator,
        place_words(first),
        when::span(first.duration_ms(now))
    )
}

/// Where a mark leads.
fn lead(sessions: &[&SessionSummary], now: Timestamp) -> Option<Intent> {
    let (first, last) = (sessions.first()?, sessions.last()?);
    if sessions.len() == 1 {
        return Some(Intent::ShowAudit(format!("session:{}", first.tag.short())));
    }
    let query = format!("category:session {}", clause("operator", &first.operator));
    Some(Intent::ShowAudit(replace_time_range(&query, first.started, last.ended.unwrap_or(now))))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::ui::fixture::Stage;
    use std::sync::Arc;

    /// A history in which the third session was never locked.
    fn with_a_crash() -> Stage {
        let mut stage = Stage::new(3);
        stage.change(|view| Arc::make_mut(&mut view.sessions)[2].how = Ending::Crashed);
        stage
    }

    #[test]
    fn each_session_of_the_time_is_in_its_operators_lane_and_the_last_bar_ends_now() {
        let stage = with_a_crash();
        let frame = stage.frame();
        let view = frame.unlocked().unwrap();
        let rows: Vec<usize> = (0..view.sessions.len()).collect();
        let mut chart = Chart::default();
        chart.set(&rows, view, when::midnight(frame.now.plus_days(-13)), frame.now);
        assert!(chart.shown() > 5 && chart.shown() <= rows.len());
        assert!(chart.names.is_sorted() && chart.names.len() > 1, "{:?}", chart.names);
        assert_eq!(chart.axis.len(), 14);
        for (bar, at) in chart.bars.iter().zip(&chart.sessions) {
            assert_eq!(chart.names[bar.lane], view.sessions[*at].operator);
            assert!(bar.from <= bar.to && bar.to <= 1.0, "{bar:?}");
        }
        let here: Vec<_> = chart.bars.iter().filter(|bar| bar.end == LaneEnd::Here).collect();
        assert!(matches!(here.as_slice(), [one] if one.to > 0.9999), "{here:?}");
        let odd = chart.bars.iter().zip(&chart.sessions).filter(|(bar, _)| bar.end == LaneEnd::Odd);
        assert!(odd.clone().count() > 0 && odd.clone().all(|(_, at)| view.sessions[*at].how.is_odd()));
    }

    #[test]
    fn a_mark_tells_one_session_whole_and_several_as_their_number_and_leads_to_their_events() {
        let stage = with_a_crash();
        let frame = stage.frame();
        let view = frame.unlocked().unwrap();
        let one = view.sessions.iter().find(|s| s.how == Ending::Crashed).unwrap();
        let words = say(&[one], view, frame.now);
        assert!(
            words.contains(&format!("OS user {}", one.os_user)) && words.contains("no lock recorded"),
            "{words}"
        );
        let led = |sessions: &[&SessionSummary]| match lead(sessions, frame.now) {
            Some(Intent::ShowAudit(query)) => query,
            _ => panic!(),
        };
        assert_eq!(led(&[one]), format!("session:{}", one.tag.short()));
        let two = [one, one];
        assert!(say(&two, view, frame.now).starts_with("2 sessions of "));
        assert!(led(&two).starts_with("category:session operator:") && led(&two).contains(" time:"));
    }
}
