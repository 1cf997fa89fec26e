//! The icons, by what they mean. One meaning per icon: [`LOCK`] only ever locks the vault or names a locked thing,
//! [`ROTATE`] is never "refresh".

pub use lucide_icons::Icon;

/// An icon's name in this program and its glyph.
macro_rules! icons {
    ($($(#[doc = $doc:literal])* $name:ident = $glyph:ident;)*) => {
        $($(#[doc = $doc])* pub const $name: Icon = Icon::$glyph;)*
    };
}

icons! {
    /// The overview page.
    OVERVIEW = LayoutDashboard;
    /// Keys; a symmetric key.
    KEY = KeyRound;
    /// Rotation, and only that.
    ROTATE = RefreshCw;
    /// The audit log.
    AUDIT = ScrollText;
    /// The session; a running countdown.
    SESSION = Timer;
    /// Settings.
    SETTINGS = Settings;
    /// Find.
    SEARCH = Search;
    /// Narrow a list down.
    FILTER = Funnel;
    /// Choose columns and density.
    VIEW_OPTIONS = SlidersHorizontal;
    /// Integrity holds.
    VERIFIED = ShieldCheck;
    /// Integrity is in doubt.
    DOUBTFUL = ShieldAlert;
    /// Integrity is broken.
    BROKEN = ShieldX;
    /// Lock the vault; a password.
    LOCK = Lock;
    /// Unlock the vault.
    UNLOCK = LockOpen;
    /// A time; due soon.
    CLOCK = Clock;
    /// Past due.
    LATE = CircleAlert;
    /// No policy, nothing set.
    NONE = CircleMinus;
    /// Bring something in.
    IMPORT = Upload;
    /// Take something out.
    EXPORT = Download;
    /// Make something new.
    ADD = Plus;
    /// Less; a mixed box.
    MINUS = Minus;
    /// Close, remove, clear.
    CLOSE = X;
    /// Done; ticked.
    CHECK = Check;
    /// Succeeded.
    SUCCESS = CircleCheck;
    /// Failed; compromised.
    FAILED = CircleX;
    /// Attention.
    WARNING = TriangleAlert;
    /// For your information.
    INFO = Info;
    /// Explain; a question to decide.
    HELP = CircleQuestionMark;
    /// In use.
    ACTIVE = CircleDot;
    /// Not yet done.
    OPEN = Circle;
    /// Stopped for a while.
    SUSPENDED = CirclePause;
    /// Out of use.
    ARCHIVE = Archive;
    /// Destroy.
    DESTROY = Trash2;
    /// Not allowed.
    FORBIDDEN = Ban;
    /// Show a secret.
    REVEAL = Eye;
    /// Hide a secret.
    HIDE = EyeOff;
    /// Copy.
    COPY = Copy;
    /// The clipboard.
    CLIPBOARD = Clipboard;
    /// Change.
    EDIT = Pencil;
    /// Reviewed; to review.
    REVIEW = ListChecks;
    /// Flag for a colleague.
    FLAG = Flag;
    /// A written note.
    NOTE = MessageSquareText;
    /// A signature or a certificate.
    CERTIFICATE = BadgeCheck;
    /// A signing key.
    FINGERPRINT = Fingerprint;
    /// An API token.
    TOKEN = Zap;
    /// An SSH key.
    SSH = Terminal;
    /// A database credential.
    DATABASE = Database;
    /// A network-wide shared key.
    NETWORK = Globe;
    /// A key file.
    KEY_FILE = FileKey;
    /// A system that uses a key.
    CONSUMER = Server;
    /// A person.
    OPERATOR = CircleUserRound;
    /// Several people.
    OPERATORS = Users;
    /// A compartment.
    COMPARTMENT = Layers;
    /// A policy; working days.
    CALENDAR = Calendar;
    /// Earlier versions.
    HISTORY = History;
    /// Waiting.
    WAITING = Hourglass;
    /// Undo, roll back.
    UNDO = Undo2;
    /// Do again what was undone.
    REDO = Redo2;
    /// The computer slept.
    SLEEP = Moon;
    /// The computer's screen.
    SCREEN = Monitor;
    /// The window was made small.
    MINIMISED = Minimize2;
    /// A recovery kit.
    RECOVERY = LifeBuoy;
    /// A document.
    DOCUMENT = FileText;
    /// A folder or file to open.
    FOLDER = FolderOpen;
    /// Print.
    PRINT = Printer;
    /// Leave; end the session.
    SIGN_OUT = LogOut;
    /// The keyboard map.
    KEYBOARD = Keyboard;
    /// More actions.
    MORE = EllipsisVertical;
    /// Make larger.
    EXPAND = Maximize2;
    /// Larger scale.
    ZOOM_IN = ZoomIn;
    /// Smaller scale.
    ZOOM_OUT = ZoomOut;
    /// A bar chart.
    CHART = ChartColumn;
    /// A grid of counts.
    HEATMAP = Grid3x3;
    /// Rows.
    ROWS = Rows3;
    /// A saved view.
    BOOKMARK = Bookmark;
    /// Opens downward; expanded.
    DOWN = ChevronDown;
    /// Collapses upward.
    UP = ChevronUp;
    /// Collapsed; next.
    RIGHT = ChevronRight;
    /// Back.
    LEFT = ChevronLeft;
    /// Switch between several.
    SWITCH = ChevronsUpDown;
    /// Sorted ascending; previous item.
    ARROW_UP = ArrowUp;
    /// Sorted descending; next item.
    ARROW_DOWN = ArrowDown;
    /// Leads on.
    ARROW_RIGHT = ArrowRight;
    /// Generate at random.
    GENERATE = Dices;
}
