//! The pages and dialogs of an unlocked vault, behind one door: what is shown, and what is forgotten at a lock.

use egui::{Context, Ui};

use crate::app::App;
use crate::app::platform::dialogs::FileDialogs;
use crate::app::platform::paths::Columns;
use crate::model::{KeyId, SessionTag};
use crate::ui::dialogs::Dialogs;
use crate::ui::frame::{DialogRequest, Frame, Intent, Page, RotationTab, SettingsSection};
use crate::ui::screens::{audit, keys, overview, rotation, session, settings};
use crate::vault::Draft;

use super::kept::{self, Kept};

/// The state of every page and of the dialogs.
#[derive(Default)]
pub(in crate::ui) struct Pages {
    overview: overview::State,
    keys: keys::State,
    rotation: rotation::State,
    audit: audit::State,
    session: session::State,
    settings: settings::State,
    dialogs: Dialogs,
    /// Single letters are no shortcuts on this workstation.
    letters_off: bool,
    /// What was kept of the pages last, as a number.
    kept: Option<[u64; 3]>,
    /// The same of a policy that is being changed.
    kept_policy: Option<u64>,
}

impl Pages {
    /// Lets the dialogs offer "Browse…".
    pub(super) fn set_files(&mut self, files: Box<dyn FileDialogs>) {
        self.dialogs.set_files(files);
    }

    /// The columns of the Keys table, as this workstation remembers them.
    pub(super) fn set_columns(&mut self, columns: Columns) {
        self.keys.set_columns(columns);
    }

    /// Whether single letters are shortcuts, as this workstation remembers it.
    pub(in crate::ui) fn set_letters(&mut self, on: bool) {
        self.letters_off = !on;
        self.audit.set_letters(on);
        self.settings.set_letters(on);
    }

    /// Shows `page`.
    pub(super) fn show(&mut self, ui: &mut Ui, page: Page, frame: &Frame<'_>) -> Vec<Intent> {
        match page {
            Page::Overview => overview::show(ui, frame, &mut self.overview),
            Page::Keys => keys::show(ui, frame, &mut self.keys),
            Page::Rotation => rotation::show(ui, frame, &mut self.rotation),
            Page::Audit => audit::show(ui, frame, &mut self.audit),
            Page::Session => session::show(ui, frame, &mut self.session),
            Page::Settings => settings::show(ui, frame, &mut self.settings),
        }
    }

    /// Shows the dialogs.
    pub(super) fn dialogs(&mut self, ctx: &Context, frame: &Frame<'_>, intents: &mut Vec<Intent>) {
        intents.extend(self.dialogs.show(ctx, frame));
    }

    /// Gives the application every unsaved edit and what the pages show, so that a lock at any moment can seal it. `session`
    /// is the one that is drawn.
    pub(super) fn keep_drafts(&mut self, app: &App, session: SessionTag) {
        let kept = Some([self.keys.mark(), self.audit.mark(), self.rotation.mark()]);
        if self.kept != kept {
            self.kept = kept;
            match Kept::of(&self.keys, &self.audit, &self.rotation).write() {
                Some(content) => app.keep_draft(session, kept::ID, content),
                None => app.drop_draft(session, kept::ID),
            }
        }
        let policy = self.rotation.policy_mark();
        if std::mem::replace(&mut self.kept_policy, policy) != policy {
            match self.rotation.keep_policy() {
                Some(content) => app.keep_draft(session, kept::POLICY, content),
                None => app.drop_draft(session, kept::POLICY),
            }
        }
        if self.dialogs.take_changed() {
            for (id, content) in self.dialogs.drafts() {
                app.keep_draft(session, id, content);
            }
            for id in self.dialogs.without_draft() {
                app.drop_draft(session, id);
            }
        }
        for id in self.dialogs.take_dropped() {
            app.drop_draft(session, id);
        }
    }

    /// Drops what knows something of the vault.
    pub(super) fn forget(&mut self) {
        self.dialogs.close_all();
        self.keys.forget();
        self.overview = overview::State::default();
        self.rotation = rotation::State::default();
        self.audit = audit::State::default();
        self.session = session::State::default();
        self.settings = settings::State::default();
        self.set_letters(!self.letters_off);
        (self.kept, self.kept_policy) = (None, None);
    }

    /// The keys that are chosen on `page`, as it shows them: never one of another page, which nobody sees.
    pub(in crate::ui) fn chosen_keys(&self, page: Page, frame: &Frame<'_>) -> Vec<KeyId> {
        let Some(view) = frame.unlocked() else { return Vec::new() };
        match page {
            Page::Keys => self.keys.chosen(view).into_iter().collect(),
            Page::Rotation => self.rotation.chosen(),
            Page::Audit => self.audit.chosen(view).into_iter().collect(),
            Page::Overview | Page::Session | Page::Settings => Vec::new(),
        }
    }

    /// How many keys the Keys page shows, and how many of them are ticked.
    pub(super) fn key_counts(&self) -> (usize, usize) {
        self.keys.counts()
    }

    /// What the Audit page tells the status bar.
    pub(super) fn audit_status(&self) -> audit::AuditStatus {
        self.audit.status()
    }

    /// Lets the events that waited into the list of the Audit page.
    pub(in crate::ui) fn show_newer_events(&mut self) {
        self.audit.show_newer();
    }

    /// Whether a dialog lies over the page.
    pub(in crate::ui) fn is_dialog_open(&self) -> bool {
        self.dialogs.is_open() || self.rotation.asks()
    }

    /// Hands unsaved edits back to the dialogs they came from, and lets the pages go on where they were.
    pub(super) fn restore(&mut self, drafts: Vec<Draft>) {
        let (pages, edits): (Vec<Draft>, Vec<Draft>) =
            drafts.into_iter().partition(|draft| [kept::ID, kept::POLICY].contains(&draft.id));
        let of = |id| pages.iter().find(|draft: &&Draft| draft.id == id);
        if let Some(draft) = of(kept::POLICY)
            && !self.rotation.take_up_policy(&draft.content)
        {
            // What cannot be read goes with the next look at what is to be kept.
            self.kept_policy = Some(0);
        }
        if let Some(kept) = of(kept::ID).and_then(|draft| Kept::read(&draft.content)) {
            self.keys.take_up(&kept.keys);
            self.audit.take_up(&kept.audit);
            self.rotation.take_up(&kept.rotation);
        }
        if !edits.is_empty() {
            self.dialogs.restore(edits);
        }
    }

    /// Closes the drawer of a page, where one is open.
    pub(super) fn close_drawer(&mut self, page: Page) {
        match page {
            Page::Keys => self.keys.close_drawer(),
            Page::Audit => self.audit.close_drawer(),
            _ => {}
        }
    }

    /// Opens a dialog.
    pub(in crate::ui) fn open(&mut self, request: DialogRequest, frame: &Frame<'_>) {
        self.dialogs.open(request, frame);
    }

    /// The Keys page with this query.
    pub(in crate::ui) fn show_keys(&mut self, query: &str) {
        self.keys.set_query(query);
    }

    /// The Keys page with this key open.
    pub(in crate::ui) fn show_key(&mut self, key: KeyId) {
        self.keys.open_key(key);
    }

    /// The Audit page with this query.
    pub(in crate::ui) fn show_audit(&mut self, query: &str) {
        self.audit.ask(query);
    }

    /// The Session page with its findings.
    pub(in crate::ui) fn show_findings(&mut self) {
        self.session.show_findings();
    }

    /// The Audit page with this event open.
    pub(in crate::ui) fn show_event(&mut self, seq: u64) {
        self.audit.open(seq);
    }

    /// The Audit page on whether the log holds.
    pub(in crate::ui) fn show_integrity(&mut self) {
        self.audit.show_integrity();
    }

    /// The Rotation page at a tab.
    pub(in crate::ui) fn show_rotation(&mut self, tab: RotationTab) {
        self.rotation.show_tab(tab);
    }

    /// The Settings page at a section.
    pub(in crate::ui) fn show_settings(&mut self, section: SettingsSection) {
        self.settings.go_to(section);
    }
}
