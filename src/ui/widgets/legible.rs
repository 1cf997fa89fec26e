//! Names in scripts that neither the compiled-in fonts have nor, in a real window, the desktop's: their code points, so that two
//! names can be told apart. Only what is painted; what a screen reader says, what is copied and what is searched is the name itself.

use egui::text::LayoutJob;
use egui::{Context, FontId};
use std::borrow::Cow;

/// `words` with what has no glyph in `font` as code points: `‹652F 4ED8›-prod`.
pub fn legible<'a>(ctx: &Context, font: &FontId, words: &'a str) -> Cow<'a, str> {
    if words.is_ascii() {
        return words.into();
    }
    let missing: Vec<bool> = ctx
        .fonts_mut(|fonts| words.chars().map(|c| !c.is_whitespace() && !fonts.has_glyph(font, c)).collect());
    if missing.contains(&true) { code_points(words, &missing).into() } else { words.into() }
}

/// The same for a job, piece by piece.
pub fn legible_job(ctx: &Context, job: LayoutJob) -> LayoutJob {
    if job.text.is_ascii() {
        return job;
    }
    let mut shown = LayoutJob { text: String::new(), sections: Vec::new(), ..job.clone() };
    for section in &job.sections {
        let (from, to) = (usize::from(section.byte_range.start), usize::from(section.byte_range.end));
        let words = job.text.get(from..to).unwrap_or_default();
        let words = legible(ctx, &section.format.font_id, words);
        shown.append(&words, section.leading_space, section.format.clone());
    }
    shown
}

/// The characters marked in `missing` by their code points, neighbours together.
fn code_points(words: &str, missing: &[bool]) -> String {
    let mut out = String::new();
    let mut inside = false;
    for (c, missing) in words.chars().zip(missing) {
        match (inside, *missing) {
            (false, true) => out.push('‹'),
            (true, true) => out.push(' '),
            (true, false) => out.push('›'),
            (false, false) => {}
        }
        if *missing {
            out.push_str(&format!("{:04X}", u32::from(c)));
        } else {
            out.push(c);
        }
        inside = *missing;
    }
    if inside {
        out.push('›');
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::ui::offscreen::Driver;
    use crate::ui::theme::{self, TextRole, Theme};

    #[test]
    fn a_label_shows_code_points_and_says_the_name() {
        let mut driver = Driver::new(egui::vec2(300.0, 100.0), |ui: &mut egui::Ui| {
            crate::ui::widgets::text(ui, TextRole::Body, "支付-prod");
        });
        theme::install(driver.ctx(), Theme::Light);
        driver.settle(4);
        assert!(driver.find("支付-prod").is_some(), "{:?}", driver.all());
        assert!(driver.find("‹652F 4ED8›-prod").is_none());
    }

    #[test]
    fn what_the_fonts_do_not_have_is_told_by_code_points_and_all_else_is_left() {
        let mut driver = Driver::new(egui::vec2(100.0, 100.0), |_: &mut egui::Ui| {});
        theme::install(driver.ctx(), Theme::Light);
        driver.settle(4);
        let shown = |words| legible(driver.ctx(), &theme::font(TextRole::Body), words).into_owned();
        assert_eq!(shown("payments-db"), "payments-db");
        assert_eq!(shown("clé-de-déchiffrement Ключ κλειδί"), "clé-de-déchiffrement Ключ κλειδί");
        assert_eq!(shown("支付-prod"), "‹652F 4ED8›-prod");
        assert_ne!(shown("支付数据库"), shown("数据库支付"));
    }
}
