//! Every widget in every theme, held still as pictures.

mod common;

use egui::{Color32, Ui, UiBuilder, pos2, vec2};
use egui_kittest::kittest::Queryable;
use keyroom::crypto::memory::SecretBuf;
use keyroom::ui::theme::{self, TextRole, Theme, icons};
use keyroom::ui::widgets::{
    self as w, Bar, Button, Column, Due, FilterChip, Histogram, HistogramState, Horizon, HorizonBar,
    IconButton, SecretEdit, Segmented, Select, Severity, Table, TableState, TextField, Tone,
};

const LEFT: f32 = 32.0;
const RIGHT: f32 = 700.0;

/// What the gallery's controls hold.
struct State {
    name: String,
    overlap: String,
    ticket: String,
    owner: String,
    password: SecretBuf,
    revealed: SecretBuf,
    table: TableState,
    chart: HistogramState,
    policy: usize,
    mode: usize,
    range: usize,
    tab: usize,
}

impl Default for State {
    fn default() -> Self {
        let mut table = TableState::default();
        table.go_to(3, 3);
        table.selected.insert(4);
        let mut chart = HistogramState::default();
        chart.brush = Some(30..36);
        Self {
            name: "payments-db".into(),
            overlap: "5 d".into(),
            ticket: String::new(),
            owner: "a.novak".into(),
            password: SecretBuf::from_slice(b"correct horse"),
            revealed: SecretBuf::from_slice(b"q7Fv-0Otm-Il1R-x2Wb"),
            table,
            chart,
            policy: 0,
            mode: 0,
            range: 1,
            tab: 0,
        }
    }
}

/// Shows `contents` at a place of the page.
fn at(ui: &mut Ui, x: f32, y: f32, width: f32, contents: impl FnOnce(&mut Ui)) {
    let rect = egui::Rect::from_min_size(pos2(x, y), vec2(width, 400.0));
    ui.scope_builder(UiBuilder::new().max_rect(rect), contents);
}

fn gallery(ui: &mut Ui, state: &mut State) {
    let t = theme::tokens(ui.ctx());
    ui.painter().rect_filled(ui.ctx().content_rect(), 0, t.surface);
    at(ui, LEFT, 24.0, 900.0, |ui| {
        ui.horizontal(|ui| {
            w::mark(ui, 24.0, t.accent);
            w::text(ui, TextRole::Title, "Components");
            w::text_in(ui, TextRole::Body, t.text_2, "compact density, 28-pt controls");
        });
    });
    buttons(ui);
    controls(ui, state);
    fields(ui, state);
    status(ui, state);
    table(ui, state);
    banners(ui);
    charts(ui, state);
    at(ui, LEFT, 1168.0, 1296.0, |ui| {
        w::section(ui, "Chart fills");
    });
    fills(ui);
}

fn buttons(ui: &mut Ui) {
    at(ui, LEFT, 78.0, 628.0, |ui| {
        w::section(ui, "Buttons");
    });
    let row = |ui: &mut Ui, y: f32, make: &dyn Fn() -> Button<'static>| {
        at(ui, LEFT, y, 300.0, |ui| {
            make().show(ui);
            w::text(ui, TextRole::Small, "default");
        });
        at(ui, 515.0, y, 300.0, |ui| {
            make().disabled(Some("You need the custodian role")).show(ui);
            w::text(ui, TextRole::Small, "disabled");
        });
    };
    row(ui, 116.0, &|| Button::primary("Rotate…").icon(icons::ROTATE));
    row(ui, 180.0, &|| Button::secondary("Import…").icon(icons::IMPORT));
    row(ui, 244.0, &|| Button::quiet("Skip…"));
    row(ui, 308.0, &|| Button::danger("Destroy…"));
}

fn controls(ui: &mut Ui, state: &mut State) {
    at(ui, RIGHT, 78.0, 628.0, |ui| {
        w::section(ui, "Icon buttons, split, segmented, checkbox, switch, progress");
    });
    at(ui, RIGHT, 116.0, 600.0, |ui| {
        ui.horizontal(|ui| {
            IconButton::new(icons::COPY, "Copy").show(ui);
            IconButton::new(icons::COPY, "Copy all").disabled(Some("Nothing is selected")).show(ui);
            w::split_button(ui, icons::EXPORT, "Export", "Export as…");
            w::link(ui, "Details");
            w::key_cap(ui, "Ctrl K");
        });
    });
    at(ui, RIGHT, 182.0, 600.0, |ui| {
        ui.horizontal(|ui| {
            Segmented::new("Chart", &["Histogram", "Heatmap", "Lanes"]).show(ui, &mut state.mode);
            ui.add_space(16.0);
            Segmented::new("Range", &["24 h", "7 d", "30 d"]).small().show(ui, &mut state.range);
        });
    });
    at(ui, RIGHT, 248.0, 600.0, |ui| {
        ui.horizontal(|ui| {
            w::checkbox(ui, &mut false, "off");
            w::checkbox(ui, &mut true, "on");
            w::checkbox_mixed(ui, &mut None, "mixed");
            w::switch(ui, &mut true, "on");
            w::switch(ui, &mut false, "off");
            w::radio(ui, true, "chosen");
            w::radio(ui, false, "other");
        });
    });
    at(ui, RIGHT, 288.0, 600.0, |ui| {
        w::progress(ui, 280.0, "Verifying", 622_677, 1_004_318, true);
        w::strength_meter(ui, 420.0, 3, "Strong", 72, "Another word would make it very strong.");
    });
}

fn fields(ui: &mut Ui, state: &mut State) {
    at(ui, LEFT, 380.0, 1296.0, |ui| {
        w::section(ui, "Fields");
    });
    at(ui, LEFT, 416.0, 248.0, |ui| {
        TextField::new("Name", &mut state.name).help("Letters, digits, - . _").show(ui);
    });
    at(ui, 312.0, 416.0, 312.0, |ui| {
        TextField::new("Overlap", &mut state.overlap)
            .error(Some("Overlap (5 d) must be shorter than the interval (5 d)."))
            .show(ui);
    });
    at(ui, 656.0, 416.0, 248.0, |ui| {
        TextField::new("Ticket", &mut state.ticket)
            .optional()
            .hint("none")
            .help("Shown in the evidence")
            .show(ui);
    });
    at(ui, 936.0, 416.0, 248.0, |ui| {
        TextField::new("Owner", &mut state.owner)
            .disabled(Some("Ask an administrator to change it"))
            .show(ui);
    });
    at(ui, LEFT, 504.0, 248.0, |ui| {
        Select::new("Policy", &["Database 90 d", "TLS 1 y"])
            .help("Applies to 42 keys")
            .show(ui, &mut state.policy);
    });
    at(ui, 312.0, 504.0, 248.0, |ui| {
        SecretEdit::new("Password", &mut state.password)
            .show_toggle()
            .help("Never leaves this field")
            .show(ui);
    });
    at(ui, 656.0, 504.0, 248.0, |ui| {
        w::text(ui, TextRole::BodyStrong, "Secret");
        w::masked_secret(ui, "payments-db version 7", 160.0);
    });
    at(ui, 936.0, 504.0, 248.0, |ui| {
        w::text(ui, TextRole::BodyStrong, "Secret, revealed");
        w::secret_label(ui, "payments-db version 7", &state.revealed);
    });
}

fn table(ui: &mut Ui, state: &mut State) {
    at(ui, RIGHT, 600.0, 628.0, |ui| {
        w::section(ui, "Table rows");
    });
    let rows = [
        ("edge-tls-2026", "16 Apr 08:51:40", Due::Soon, "today"),
        ("stripe-live-sk", "16 Apr 08:12:09", Due::Soon, "in 5 days"),
        ("vpn-psk-berlin", "15 Apr 17:02:33", Due::Later, "in 9 days"),
        ("payments-db", "15 Apr 16:40:51", Due::Late, "12 days late"),
        ("deploy-bot-token", "15 Apr 11:20:18", Due::Running, "step 3 of 5"),
    ];
    let columns = [
        Column::check(),
        Column::fixed("Name", 168.0).sortable(),
        Column::fixed("Last used", 136.0).sortable(),
        Column::rest("Next rotation").sortable(),
    ];
    let rect = egui::Rect::from_min_size(pos2(RIGHT, 638.0), vec2(628.0, 176.0));
    ui.scope_builder(UiBuilder::new().max_rect(rect), |ui| {
        let table = Table::new("Keys", &columns, rows.len()).sort(Some((2, false))).framed();
        table.show(ui, &mut state.table, |cell| {
            let (name, used, due, words) = rows[cell.row()];
            match cell.column() {
                1 => cell.name(name),
                2 => cell.mono(used),
                3 => cell.due(due, words),
                _ => {}
            }
        });
    });
}

fn charts(ui: &mut Ui, state: &mut State) {
    at(ui, RIGHT, 834.0, 628.0, |ui| {
        w::section(ui, "Charts");
    });
    let bars: Vec<Bar> = (0..60_u32)
        .map(|i| {
            let day = i % 14;
            let quiet = day >= 10;
            let info = if quiet { 4 } else { 20 + (i * 7) % 40 };
            let critical = u32::from(i == 33) * 9;
            let counts = [info, 3 + i % 5, u32::from(i % 6 == 0) * 2 + critical, critical];
            Bar { counts, usual: Some(if quiet { 6.0 } else { 44.0 }), quiet }
        })
        .collect();
    at(ui, RIGHT, 868.0, 628.0, |ui| {
        let axis = [(0, "Wed 18 Mar"), (14, "Mon 23 Mar"), (28, "Mon 30 Mar"), (42, "Mon 6 Apr")];
        Histogram::new("Events", &bars)
            .axis(&axis)
            .end_label("now")
            .reviewed(Some(32.5))
            .show(ui, &mut state.chart);
    });
    let counts = [3, 5, 9, 4, 14, 7, 3, 6, 8];
    let weeks: Vec<HorizonBar> = counts
        .into_iter()
        .enumerate()
        .map(|(i, count)| {
            let label = if i == 0 { "late".into() } else { format!("w{}", i + 15) };
            HorizonBar { name: label.clone(), label, date: String::new(), count, late: i == 0 }
        })
        .collect();
    at(ui, RIGHT, 1016.0, 628.0, |ui| {
        Horizon::new("Rotation horizon", &weeks).usual(6.0).height(140.0).show(ui);
    });
}

fn status(ui: &mut Ui, state: &mut State) {
    at(ui, LEFT, 600.0, 628.0, |ui| {
        w::section(ui, "Severity, status, chips");
        ui.horizontal(|ui| {
            ui.spacing_mut().item_spacing.x = 20.0;
            for severity in Severity::ALL {
                w::severity(ui, severity);
            }
        });
        ui.add_space(4.0);
        ui.horizontal(|ui| {
            w::tag(ui, Tone::Ok, icons::CHECK, "Passed");
            w::tag(ui, Tone::Info, icons::ACTIVE, "Active");
            w::tag(ui, Tone::Warn, icons::WARNING, "Suspended");
            w::tag(ui, Tone::High, icons::LATE, "12 days late");
            w::tag(ui, Tone::Critical, icons::FAILED, "Compromised");
            w::tag(ui, Tone::Neutral, icons::ARCHIVE, "Retired");
            w::severity_tag(ui, Severity::Critical);
        });
        ui.add_space(4.0);
        ui.horizontal(|ui| {
            FilterChip::new("severity >= warn").show(ui);
            FilterChip::new("9 Apr to 13 Apr").icon(icons::CLOCK).accent().show(ui);
            FilterChip::new("operator svc-deploy").excluded().show(ui);
        });
        let names = [("Due", None), ("In progress", Some(5)), ("Calendar", None)];
        w::tabs(ui, "Rotation", &names, &mut state.tab);
        ui.add_space(8.0);
        ui.horizontal(|ui| {
            w::due(ui, Due::Late, "12 days late");
            w::due(ui, Due::Soon, "in 5 days");
            w::due(ui, Due::Fine, "in 63 days");
            w::due(ui, Due::NoDate, "no policy");
        });
    });
}

fn banners(ui: &mut Ui) {
    at(ui, LEFT, 834.0, 628.0, |ui| {
        w::section(ui, "Banners and toasts");
        ui.spacing_mut().item_spacing.y = 8.0;
        w::Banner::new(Tone::Warn, "This vault locks in 27 s because you have been idle.")
            .icon(icons::SESSION)
            .action("Stay unlocked")
            .show(ui);
        w::Banner::new(Tone::Critical, "The log stops matching its own history at event #48,211.")
            .action("Inspect…")
            .show(ui);
        w::Banner::new(Tone::Info, "Demo data. Nothing here is real.").action("Close demo").show(ui);
        ui.add_space(8.0);
        let copied = w::Toast::new(Tone::Neutral, "Copied. Clipboard clears in 20 s.").icon(icons::CLIPBOARD);
        w::show_toast(ui, 628.0, &copied.action("Clear now", 1));
        w::show_toast(ui, 628.0, &w::Toast::new(Tone::Ok, "Owner changed to ops-team.").action("Undo", 2));
    });
}

fn fills(ui: &mut Ui) {
    let t = theme::tokens(ui.ctx());
    let swatch = |x: f32, width: f32, fill: Color32| {
        ui.painter().rect_filled(egui::Rect::from_min_size(pos2(x, 1200.0), vec2(width, 24.0)), 0, fill);
    };
    for (i, fill) in t.heat.into_iter().enumerate() {
        swatch(LEFT + 42.0 * i as f32, 40.0, fill);
    }
    for (i, fill) in t.severity.into_iter().enumerate() {
        swatch(356.0 + 40.0 * i as f32, 32.0, fill);
    }
    for (i, fill) in t.category.into_iter().enumerate() {
        swatch(540.0 + 40.0 * i as f32, 32.0, fill);
    }
}

fn picture(theme: Theme, name: &str) {
    let mut harness = egui_kittest::Harness::builder()
        .with_size(vec2(1360.0, 1240.0))
        .with_os(egui::os::OperatingSystem::Nix)
        .renderer(common::SnapshotRenderer::default())
        .with_context_setup(move |ctx| {
            theme::install(ctx, theme);
            w::install(ctx, None);
        })
        .build_ui_state(gallery, State::default());
    harness.run();
    harness.snapshot(name);
}

#[test]
fn a_destructive_dialog_offers_the_safe_answer_first() {
    let mut reason = String::from("Superseded, overlap ended 12 Jan");
    let mut harness = egui_kittest::Harness::builder()
        .with_size(vec2(600.0, 340.0))
        .with_os(egui::os::OperatingSystem::Nix)
        .renderer(common::SnapshotRenderer::default())
        .with_context_setup(|ctx| {
            theme::install(ctx, Theme::Light);
            w::install(ctx, None);
        })
        .build_ui(move |ui| {
            w::Dialog::destructive("Destroy version 5 of payments-db?", "Destroy version 5", "Keep it")
                .body("Anything still using version 5 will stop working. It stays restorable until 14 May 2026, then it is gone.")
                .show(ui.ctx(), |ui, _| {
                    TextField::new("Reason", &mut reason).show(ui);
                });
        });
    harness.run();
    assert!(harness.get_by_label("Keep it").is_focused());
    harness.snapshot("dialog-light");
}

#[test]
fn components_look_right_in_the_light_theme() {
    picture(Theme::Light, "components-light");
}

#[test]
fn components_look_right_in_the_dark_theme() {
    picture(Theme::Dark, "components-dark");
}

#[test]
fn components_look_right_in_high_contrast_dark() {
    picture(Theme::HighContrastDark, "components-hc-dark");
}

#[test]
fn components_look_right_in_high_contrast_light() {
    picture(Theme::HighContrastLight, "components-hc-light");
}
