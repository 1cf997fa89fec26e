//! How a new value is made: the options of each kind, with the entropy they give.

use egui::Ui;

use crate::formats::{self, GenerateOptions, strength};
use crate::model::KeyType;
use crate::ui::widgets::{TextField, checkbox, strength_meter};
use crate::ui::words::sentence;

/// The options as they are being entered.
pub(super) struct Generator {
    /// The options, as far as they can be read.
    pub options: GenerateOptions,
    length: String,
    words: String,
}

impl Default for Generator {
    fn default() -> Self {
        Self::of(GenerateOptions::default())
    }
}

impl Generator {
    /// Begins with these options.
    pub fn of(options: GenerateOptions) -> Self {
        let (length, words) = (options.password.length.to_string(), options.passphrase.words.to_string());
        Self { options, length, words }
    }

    /// Shows the options of a type; says whether one is another.
    pub fn show(&mut self, ui: &mut Ui, key_type: KeyType) -> bool {
        let mut changed = false;
        match key_type {
            KeyType::Password => changed |= self.password(ui),
            KeyType::Passphrase => changed |= self.passphrase(ui),
            KeyType::ApiToken => {
                let prefix = &mut self.options.token.prefix;
                let field = TextField::new("Prefix", prefix).optional().mono().width(240.0).limit(32);
                changed |= field.help("Stands before the random part, as in acme_live_.").show(ui).changed();
            }
            _ => {}
        }
        let bits = formats::of(key_type).generator_bits(&self.options);
        if let Ok(bits) = bits {
            let found = strength::exact(bits);
            let words = sentence(found.band.word());
            let words = words.trim_end_matches('.');
            let advice = match key_type {
                KeyType::Aes256 | KeyType::ChaCha20 | KeyType::HmacSha256 => "32 random bytes.",
                _ => found.advice,
            };
            strength_meter(
                ui,
                ui.available_width().min(440.0),
                meter(bits),
                words,
                bits.floor() as u32,
                advice,
            );
        }
        changed
    }

    fn password(&mut self, ui: &mut Ui) -> bool {
        let mut changed = false;
        let problem = self.number_problem(KeyType::Password);
        ui.horizontal_top(|ui| {
            let field = TextField::new("Length", &mut self.length).width(120.0).limit(4);
            if field.help("8 to 128").error(problem.as_deref()).show(ui).changed() {
                changed = true;
                self.options.password.length = self.length.trim().parse().unwrap_or(0);
            }
            ui.vertical(|ui| {
                ui.spacing_mut().item_spacing = egui::vec2(16.0, 0.0);
                ui.add_space(8.0);
                let options = &mut self.options.password;
                ui.horizontal_wrapped(|ui| {
                    for (on, label) in [
                        (&mut options.lower, "a to z"),
                        (&mut options.upper, "A to Z"),
                        (&mut options.digits, "0 to 9"),
                        (&mut options.symbols, "Symbols"),
                    ] {
                        changed |= checkbox(ui, on, label).changed();
                    }
                });
                let ambiguous = &mut options.exclude_ambiguous;
                changed |= checkbox(ui, ambiguous, "Without those that look alike: 0 O o 1 l I |").changed();
            });
        });
        changed
    }

    fn passphrase(&mut self, ui: &mut Ui) -> bool {
        let mut changed = false;
        let problem = self.number_problem(KeyType::Passphrase);
        ui.horizontal_top(|ui| {
            let field = TextField::new("Words", &mut self.words).width(120.0).limit(3);
            if field.help("4 to 12 words").error(problem.as_deref()).show(ui).changed() {
                changed = true;
                self.options.passphrase.words = self.words.trim().parse().unwrap_or(0);
            }
            let separator = &mut self.options.passphrase.separator;
            changed |=
                TextField::new("Between them", separator).mono().width(120.0).limit(3).show(ui).changed();
        });
        changed |=
            checkbox(ui, &mut self.options.passphrase.capitalise, "Begin words with capitals").changed();
        changed
    }

    fn number_problem(&self, key_type: KeyType) -> Option<String> {
        let (min, max, text) = match key_type {
            KeyType::Password => (8, 128, &self.length),
            _ => (4, 12, &self.words),
        };
        let fits = text.trim().parse().is_ok_and(|n: usize| (min..=max).contains(&n));
        (!fits).then(|| format!("{min} to {max}"))
    }

    /// Why nothing can be made with these options.
    pub fn problem(&self, key_type: KeyType) -> Option<String> {
        formats::of(key_type).generator_bits(&self.options).err().map(|e| sentence(&e.to_string()))
    }
}

/// Five steps of the meter from bits: the bands are at 40, 75 and 100.
pub(super) fn meter(bits: f64) -> u8 {
    match bits {
        bits if bits >= 100.0 => 4,
        bits if bits >= 75.0 => 3,
        bits if bits >= 60.0 => 2,
        bits if bits >= 40.0 => 1,
        _ => 0,
    }
}
