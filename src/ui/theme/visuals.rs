//! The tokens, said in egui's words. For the few egui widgets we use as they are (tooltips, menus, scroll bars,
//! text fields); our own widgets ask for tokens themselves.

use super::{TextRole, Tokens, font, size};
use egui::style::{ScrollStyle, Selection, WidgetVisuals, Widgets};
use egui::{Color32, CornerRadius, Margin, Shadow, Stroke, Style, TextStyle, Visuals, vec2};

/// The egui style of a theme.
pub(super) fn style(t: &Tokens, dark: bool, reduced_motion: bool) -> Style {
    let mut style = Style {
        text_styles: [
            (TextStyle::Small, font(TextRole::Small)),
            (TextStyle::Body, font(TextRole::Body)),
            (TextStyle::Button, font(TextRole::Body)),
            (TextStyle::Heading, font(TextRole::Heading)),
            (TextStyle::Monospace, font(TextRole::Mono)),
        ]
        .into(),
        visuals: visuals(t, dark),
        animation_time: if reduced_motion { 0.0 } else { 0.12 },
        url_in_tooltip: false,
        ..Style::default()
    };
    #[cfg(debug_assertions)]
    {
        style.debug.show_focused_widget = false;
        style.debug.warn_if_rect_changes_id = false;
    }
    let spacing = &mut style.spacing;
    spacing.interact_size = vec2(40.0, size::CONTROL);
    spacing.item_spacing = vec2(8.0, 6.0);
    spacing.button_padding = vec2(12.0, 4.0);
    spacing.menu_margin = Margin::same(4);
    spacing.icon_width = 16.0;
    spacing.icon_spacing = 8.0;
    spacing.tooltip_width = 360.0;
    spacing.scroll = ScrollStyle {
        bar_width: 8.0,
        bar_inner_margin: 2.0,
        bar_outer_margin: 2.0,
        handle_min_length: 24.0,
        // The handle is a quiet border, not ink: the words beside it matter more.
        foreground_color: false,
        ..ScrollStyle::solid()
    };
    style.interaction.selectable_labels = false;
    style
}

fn visuals(t: &Tokens, dark: bool) -> Visuals {
    let mut v = if dark { Visuals::dark() } else { Visuals::light() };
    v.widgets = widgets(t);
    v.selection = Selection { bg_fill: t.selected, stroke: Stroke::new(1.0, t.accent) };
    v.override_text_color = None;
    v.weak_text_color = Some(t.text_3);
    v.hyperlink_color = t.accent;
    v.faint_bg_color = t.row_alt;
    v.extreme_bg_color = t.field;
    v.text_edit_bg_color = Some(t.field);
    v.code_bg_color = t.sunken;
    v.warn_fg_color = t.warn;
    v.error_fg_color = t.critical;
    v.window_fill = t.raised;
    v.window_stroke = Stroke::new(1.0, t.hairline);
    v.window_corner_radius = CornerRadius::same(size::RADIUS_PAGE);
    v.menu_corner_radius = CornerRadius::same(size::RADIUS_CARD);
    v.window_shadow = shadow(t);
    v.popup_shadow = shadow(t);
    v.panel_fill = t.bg;
    v.text_cursor.stroke = Stroke::new(2.0, t.accent);
    v.text_cursor.blink = false;
    v.disabled_alpha = 0.55;
    // egui thickens light text on dark by default; the weights of the two themes should match.
    v.text_options.color_transfer_function = egui::epaint::FontColorTransferFunction::Off;
    v.striped = false;
    v
}

/// The one shadow of the program.
pub(super) fn shadow(t: &Tokens) -> Shadow {
    Shadow { offset: [0, 8], blur: 24, spread: 0, color: t.shadow }
}

fn widgets(t: &Tokens) -> Widgets {
    let state = |fill: Color32, weak: Color32, edge: Color32, text: Color32| WidgetVisuals {
        bg_fill: fill,
        weak_bg_fill: weak,
        bg_stroke: Stroke::new(1.0, edge),
        corner_radius: CornerRadius::same(size::RADIUS),
        fg_stroke: Stroke::new(1.0, text),
        expansion: 0.0,
    };
    Widgets {
        noninteractive: state(t.surface, t.surface, t.hairline, t.text),
        // `bg_fill` is what handles are made of (scroll bars); buttons and fields are our own.
        inactive: state(t.border_strong, t.surface, t.border_strong, t.text_2),
        hovered: state(t.text_2, t.hover, t.text_2, t.text),
        active: state(t.text_2, t.sunken, t.text_2, t.text),
        open: state(t.hover, t.hover, t.border_strong, t.text),
    }
}
