//! What counts as somebody being there: real input to a window that can be seen.
//!
//! A hidden window is given the same pending events again and again, and a pointer crossing a window without the focus
//! belongs to another program: neither keeps a vault open.

use egui::{Context, Event, ImeEvent, Plugin, RawInput, ViewportInfo};

/// Looks at the input before anything takes events out of it.
#[derive(Default)]
pub(super) struct Activity {
    seen: bool,
}

impl Activity {
    /// Registers it. Before the widgets' own plugins: those take typed secrets out of the events.
    pub(super) fn install(ctx: &Context) {
        ctx.plugin_or_default::<Self>();
    }

    /// Whether there was real input since the last call.
    pub(super) fn take(ctx: &Context) -> bool {
        ctx.with_plugin(|activity: &mut Self| std::mem::take(&mut activity.seen)).unwrap_or_default()
    }
}

impl Plugin for Activity {
    fn debug_name(&self) -> &'static str {
        "keyroom activity"
    }

    fn input_hook(&mut self, _ctx: &Context, input: &mut RawInput) {
        let visible = input.viewports.get(&input.viewport_id).and_then(ViewportInfo::visible);
        if visible != Some(false) {
            self.seen |= input.events.iter().any(|event| is_real(event, input.focused));
        }
    }
}

fn is_real(event: &Event, focused: bool) -> bool {
    match event {
        Event::PointerMoved(_) => focused,
        Event::Key { .. }
        | Event::Text(_)
        | Event::Paste(_)
        | Event::Ime(ImeEvent::Commit(_))
        | Event::PointerButton { .. }
        | Event::MouseWheel { .. }
        | Event::Touch { .. }
        | Event::AccessKitActionRequest(_) => true,
        _ => false,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use egui::{Key, Modifiers, ViewportId, pos2};

    fn seen(events: Vec<Event>, focused: bool, minimized: bool) -> bool {
        let ctx = Context::default();
        Activity::install(&ctx);
        let info = ViewportInfo {
            minimized: Some(minimized),
            occluded: Some(false),
            focused: Some(focused),
            ..ViewportInfo::default()
        };
        let viewports = [(ViewportId::ROOT, info)].into_iter().collect();
        let input = RawInput { viewports, events, focused, ..RawInput::default() };
        ctx.run_ui(input, |_| {}).drop_without_applying_deltas();
        Activity::take(&ctx)
    }

    fn key() -> Event {
        let (physical_key, modifiers) = (None, Modifiers::NONE);
        Event::Key { key: Key::A, physical_key, pressed: true, repeat: false, modifiers }
    }

    #[test]
    fn keys_count_and_the_pointer_only_over_a_focused_window() {
        assert!(seen(vec![key()], true, false));
        assert!(seen(vec![Event::PointerMoved(pos2(1.0, 1.0))], true, false));
        assert!(!seen(vec![Event::PointerMoved(pos2(1.0, 1.0))], false, false));
        assert!(!seen(vec![Event::PointerGone, Event::WindowFocused(true)], true, false));
        assert!(!seen(Vec::new(), true, false));
    }

    #[test]
    fn events_that_wait_for_a_hidden_window_do_not_count() {
        assert!(!seen(vec![key(), Event::Text("a".into())], true, true));
    }
}
