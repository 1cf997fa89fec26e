use super::*;
use egui::Color32;

const THEMES: [&Tokens; 4] = [&tokens::LIGHT, &tokens::DARK, &tokens::HC_DARK, &tokens::HC_LIGHT];

fn surfaces(t: &Tokens) -> Vec<(&'static str, Color32)> {
    vec![
        ("bg", t.bg),
        ("surface", t.surface),
        ("raised", t.raised),
        ("sunken", t.sunken),
        ("field", t.field),
        ("row_alt", t.row_alt),
        ("hover", t.hover),
        ("selected", t.selected),
    ]
}

fn least(t: &Tokens, what: &str, colour: Color32, on: &[(&str, Color32)], ratio: f32) {
    for (name, surface) in on {
        let got = contrast(colour, *surface);
        assert!(
            got >= ratio,
            "{what} on {name}: {got:.2} < {ratio} (dark {}, high contrast {})",
            t.dark,
            t.high_contrast
        );
    }
}

#[test]
fn every_text_is_readable_on_every_surface() {
    for t in THEMES {
        let all = surfaces(t);
        let body = if t.high_contrast { 7.0 } else { 4.5 };
        for (what, colour) in
            [("text", t.text), ("text_2", t.text_2), ("text_3", t.text_3), ("accent", t.accent)]
        {
            least(t, what, colour, &all, body);
        }
        for (what, colour) in [("ok", t.ok), ("warn", t.warn), ("high", t.high), ("critical", t.critical)] {
            least(t, what, colour, &all, 4.5);
            if t.high_contrast {
                least(t, what, colour, &all[..6], 7.0);
            }
        }
        least(t, "on_accent", t.on_accent, &[("accent", t.accent)], body);
        least(t, "on_critical", t.on_critical, &[("critical", t.critical)], body);
    }
}

#[test]
fn every_tint_carries_its_word_and_body_text() {
    for t in THEMES {
        for (what, tint) in [
            ("ok", t.ok_tint()),
            ("info", t.info_tint()),
            ("warn", t.warn_tint()),
            ("high", t.high_tint()),
            ("critical", t.critical_tint()),
            ("neutral", t.neutral_tint()),
        ] {
            least(t, what, tint.fg, &[("its tint", tint.fill)], 4.5);
            least(t, "text", t.text, &[(what, tint.fill)], 7.0);
        }
    }
}

#[test]
fn borders_focus_and_marks_stand_out_on_every_surface() {
    for t in THEMES {
        let all = surfaces(t);
        least(t, "border_strong", t.border_strong, &all, 3.0);
        least(t, "focus", t.focus, &all, 3.0);
        for (i, fill) in t.severity.into_iter().enumerate() {
            least(t, &format!("severity {i}"), fill, &[("surface", t.surface)], 3.0);
        }
        for (i, fill) in t.category.into_iter().enumerate() {
            least(t, &format!("category {i}"), fill, &[("surface", t.surface)], 3.0);
        }
    }
}

#[test]
fn every_heat_step_can_carry_a_number_and_is_stronger_than_the_one_before() {
    for t in THEMES {
        for step in 0..7 {
            least(t, "number", t.on_heat(step), &[("heat", t.heat[step])], 4.5);
        }
        for pair in t.heat.windows(2) {
            let away = |c| contrast(c, t.surface);
            assert!(away(pair[0]) < away(pair[1]), "heat must grow away from the surface");
        }
    }
}

#[test]
fn the_chosen_theme_survives_a_cleared_memory() {
    let ctx = egui::Context::default();
    install(&ctx, Theme::HighContrastLight);
    ctx.memory_mut(|m| m.data.clear());
    assert_eq!(current(&ctx), Theme::HighContrastLight);
    assert!(tokens(&ctx).high_contrast);
}
