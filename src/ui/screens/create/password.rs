//! Step 2: the master password, how strong it is, and once more.

use egui::{Rect, Role, Sense, Ui, WidgetInfo, pos2, vec2};

use crate::crypto::memory::SecretBuf;
use crate::formats::strength::{self, Band, Strength};
use crate::formats::{self, GenerateOptions, PassphraseOptions};
use crate::model::{KeyType, text};
use crate::operations::{NewPassword, password_strength};
use crate::ui::shell::draw::{bullet, icon, pieces, put};
use crate::ui::theme::{TextRole, icons, size, tokens};
use crate::ui::widgets::{IconButton, SecretEdit, TextField, Tone, link, secret_label, text_in};

/// The longest password, in bytes.
const PASSWORD_MAX: usize = 1024;
/// Words of a generated passphrase: 90 bits.
const WORDS: usize = 7;
/// The right end of the strength line, in bits.
const FULL: f64 = 150.0;

/// What was entered.
pub(super) struct State {
    secret: SecretBuf,
    repeat: SecretBuf,
    strength: Strength,
    /// Why it is used although it is weak.
    because: String,
    /// What was generated, while it is shown.
    generated: Option<SecretBuf>,
    /// The bits of what was generated, as long as the field still holds it.
    exact: Option<f64>,
}

impl Default for State {
    fn default() -> Self {
        let secret = SecretBuf::with_capacity(PASSWORD_MAX);
        Self {
            strength: password_strength(&secret, "", ""),
            secret,
            repeat: SecretBuf::with_capacity(PASSWORD_MAX),
            because: String::new(),
            generated: None,
            exact: None,
        }
    }
}

impl State {
    /// The password as it is asked for. What was typed stays, so that a full disk does not cost it.
    pub(super) fn new_password(&self) -> NewPassword {
        NewPassword { value: self.secret.duplicate(), weak_because: self.because.trim().to_owned() }
    }

    pub(super) fn hide_generated(&mut self) {
        self.generated = None;
    }

    pub(super) fn block(&self) -> Option<&'static str> {
        if self.secret.is_empty() {
            Some("Choose a password first.")
        } else if self.strength.band == Band::Poor {
            Some("This password is too easy to guess.")
        } else if self.strength.band == Band::Weak && self.because.trim().is_empty() {
            Some("This password is weak. Choose a stronger one, or say why you use it anyway.")
        } else if self.strength.band == Band::Weak && text::note("the reason", &self.because).is_err() {
            Some("The reason is too long, or holds a character that cannot be seen.")
        } else if self.repeat.is_empty() {
            Some("Repeat the password.")
        } else if self.repeat != self.secret {
            Some("The two passwords differ.")
        } else {
            None
        }
    }

    fn measure(&mut self, known: &[String; 2]) {
        let [vault, operator] = known;
        self.strength = match self.exact {
            Some(bits) => strength::exact(bits),
            None => password_strength(&self.secret, operator.trim(), vault.trim()),
        };
    }

    fn generate(&mut self, known: &[String; 2]) {
        let passphrase = PassphraseOptions { words: WORDS, ..PassphraseOptions::default() };
        let bits = passphrase.bits().ok();
        let options = GenerateOptions { passphrase, ..GenerateOptions::default() };
        let Ok(made) = formats::of(KeyType::Passphrase).generate(&options) else { return };
        self.secret.clear();
        // Seven words of the list fit many times over.
        let _ = self.secret.push(made.as_bytes());
        self.repeat.clear();
        self.generated = Some(made);
        self.exact = bits;
        self.measure(known);
    }
}

/// Shows the fields; says whether Enter was pressed in the last.
pub(super) fn show(ui: &mut Ui, arrived: bool, state: &mut State, known: &[String; 2]) -> bool {
    let t = tokens(ui.ctx());
    let field = SecretEdit::new("Master password", &mut state.secret).large().show_toggle().show(ui);
    if arrived {
        field.response.request_focus();
        // The names it is held against may be others since.
        state.measure(known);
    }
    if field.changed {
        state.exact = None;
        state.generated = None;
        state.measure(known);
    }
    ui.add_space(14.0);
    line(ui, &state.strength, !state.secret.is_empty());
    if state.strength.band == Band::Weak && !state.secret.is_empty() {
        ui.add_space(12.0);
        let help = "It is recorded in the log, with how weak the password is.";
        TextField::new("Use it anyway because", &mut state.because).help(help).show(ui);
    }
    ui.add_space(16.0);
    ui.horizontal(|ui| {
        ui.spacing_mut().item_spacing.x = 6.0;
        let (rect, _) = ui.allocate_exact_size(vec2(16.0, 20.0), Sense::hover());
        icon(ui, rect.center(), icons::GENERATE, size::ICON, t.accent);
        if link(ui, "Generate a passphrase").clicked() {
            state.generate(known);
        }
    });
    generated(ui, state);
    ui.add_space(28.0);

    let same = !state.repeat.is_empty() && state.repeat == state.secret;
    let apart = state.repeat.len() >= state.secret.len() && !same && !state.repeat.is_empty();
    let error = apart.then_some("The two passwords differ.");
    let repeat = SecretEdit::new("Repeat it", &mut state.repeat).large().error(error).show(ui);
    if same {
        let rect = repeat.response.rect;
        let words = pieces(ui, &[("same", TextRole::Small, t.ok)]);
        let left = rect.right() - 9.0 - words.size().x;
        put(ui, left, rect.center().y, words);
        icon(ui, pos2(left - 12.0, rect.center().y), icons::CHECK, size::ICON, t.ok);
    }
    if field.submitted {
        repeat.response.request_focus();
    }
    repeat.submitted
}

/// The generated passphrase in clear, to be written down: painted glyph by glyph, like every secret.
fn generated(ui: &mut Ui, state: &mut State) {
    let t = tokens(ui.ctx());
    let mut hide = false;
    let Some(made) = &state.generated else { return };
    ui.add_space(12.0);
    let frame = egui::Frame::new()
        .fill(t.sunken)
        .stroke((1.0, t.hairline))
        .corner_radius(size::RADIUS_CARD)
        .inner_margin(egui::Margin::symmetric(12, 8));
    frame.show(ui, |ui| {
        ui.set_width(ui.available_width());
        ui.horizontal(|ui| {
            text_in(
                ui,
                TextRole::Small,
                t.text_2,
                "Write it down or store it in a password manager, then repeat it.",
            );
            ui.with_layout(egui::Layout::right_to_left(egui::Align::Center), |ui| {
                hide = IconButton::new(icons::HIDE, "Hide the passphrase").small().show(ui).clicked();
            });
        });
        ui.add_space(4.0);
        secret_label(ui, "the new passphrase", made);
    });
    if hide {
        state.generated = None;
    }
}

/// The strength line: where the bands begin, how far the password reaches, and in words.
fn line(ui: &mut Ui, strength: &Strength, entered: bool) {
    let t = tokens(ui.ctx());
    let colour = match strength.band {
        Band::Poor => t.critical,
        Band::Weak => t.warn,
        Band::Good | Band::Excellent => t.ok,
    };
    let bands = [Band::Poor, Band::Weak, Band::Good, Band::Excellent];
    let bounds = [0.0, 40.0, 75.0, 100.0, FULL];
    let (rect, response) = ui.allocate_exact_size(vec2(ui.available_width(), 28.0), Sense::hover());
    let x = |bits: f64| rect.left() + (rect.width() as f64 * (bits / FULL).min(1.0)) as f32;
    for (i, band) in bands.into_iter().enumerate() {
        let gap = if i == 3 { 0.0 } else { 2.0 };
        let cell = Rect::from_min_max(
            pos2(x(bounds[i]).round(), rect.top()),
            pos2(x(bounds[i + 1]).round() - gap, rect.top() + 8.0),
        );
        ui.painter().rect_filled(cell, 1, t.sunken);
        if t.high_contrast {
            ui.painter().rect_stroke(cell, 1, (1.0, t.border_strong), egui::StrokeKind::Inside);
        }
        if entered {
            let filled =
                Rect::from_min_max(cell.min, pos2(x(strength.bits).min(cell.right()), cell.bottom()));
            if filled.width() > 0.0 {
                ui.painter().rect_filled(filled, 1, colour);
            }
        }
        let on = entered && band == strength.band;
        let (role, text) = if on { (TextRole::SmallStrong, colour) } else { (TextRole::Small, t.text_2) };
        put(ui, cell.left(), rect.top() + 20.0, pieces(ui, &[(band.word(), role, text)]));
    }
    let words = if entered {
        format!("Strength: {}, {}", strength.band.word(), strength.words())
    } else {
        "Strength: nothing entered".to_owned()
    };
    response.widget_info(|| WidgetInfo::labeled(Role::Meter, true, &words));
    ui.add_space(8.0);
    if entered {
        says(ui, strength, colour);
    } else {
        text_in(ui, TextRole::Body, t.text_2, strength.advice);
    }
}

/// "Good, about 84 bits. One more unrelated word makes it excellent."
fn says(ui: &mut Ui, strength: &Strength, colour: egui::Color32) {
    let t = tokens(ui.ctx());
    let glyph = match strength.band {
        Band::Poor => icons::FAILED,
        Band::Weak => icons::WARNING,
        Band::Good | Band::Excellent => icons::SUCCESS,
    };
    let bits = format!("{}, {}. ", strength.band.word(), strength.words());
    let words = [(bits.as_str(), TextRole::BodyStrong, t.text), (strength.advice, TextRole::Body, t.text_2)];
    bullet(ui, (glyph, colour), &words);
}

pub(super) fn aside(ui: &mut Ui) {
    super::note(
        ui,
        Tone::Warn,
        "There is no reset.",
        "Nobody can open this vault without the master password: not a colleague, not its makers.",
    );
    ui.add_space(24.0);
    super::advice_head(ui, "What makes it strong");
    super::advice(ui, true, "Six or more unrelated words");
    super::advice(ui, true, "Used nowhere else");
    super::advice(ui, false, "Names, dates, keyboard rows");
    super::advice(ui, false, "A word with letters swapped for digits");
}
