//! The two listening threads on Linux.
//!
//! Each owns one bus connection, subscribes to the signals of [`super::signals`] and to nothing else, and never starts a
//! service by asking for it. The thread of the system bus also holds logind's *delay* inhibitor: the machine then waits
//! with going to sleep until the report of it has returned.

use std::collections::HashMap;
use std::sync::{Arc, PoisonError};
use std::time::Duration;

use zbus::blocking::connection::Builder;
use zbus::blocking::{Connection, MessageIterator};
use zbus::message::{Message, Type};
use zbus::zvariant::{OwnedFd, OwnedObjectPath, OwnedValue};

use super::signals::{
    BUS, Body, LOGIND, MANAGER, Meaning, PROPERTIES, SCREEN_SAVERS, SESSION, Signal, meaning,
};
use super::{Buses, OsEvent, Shared, Watching};

/// How long a call to a service may take.
const CALL: Duration = Duration::from_secs(2);
/// How long to wait before a bus that is not there is looked for again.
const AGAIN: Duration = Duration::from_secs(30);
/// Signals that may wait while a report blocks.
const QUEUE: usize = 256;

const LOGIND_PATH: &str = "/org/freedesktop/login1";
const BUS_PATH: &str = "/org/freedesktop/DBus";

/// Which of the two buses; also its place in the shared state.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Bus {
    System = 0,
    Session = 1,
}

/// Starts both threads. Where the system gives none, nothing is heard and nothing fails.
pub(super) fn start(buses: Buses, shared: &Arc<Shared>) {
    for (bus, address) in [(Bus::System, buses.system), (Bus::Session, buses.session)] {
        shared.lock().running += 1;
        let name = if bus == Bus::System { "system bus" } else { "session bus" };
        let running = Running { shared: Arc::clone(shared), bus };
        let _ =
            std::thread::Builder::new().name(name.to_owned()).spawn(move || running.run(address.as_deref()));
    }
}

/// A thread's share of the state; gone, whatever ends the thread, when it is dropped.
struct Running {
    shared: Arc<Shared>,
    bus: Bus,
}

impl Drop for Running {
    fn drop(&mut self) {
        self.silent();
        self.shared.lock().running -= 1;
        self.shared.changed.notify_all();
    }
}

impl Running {
    fn run(&self, address: Option<&str>) {
        loop {
            // Why it ended is of no use to anybody: what cannot be heard is shown, and looked for again.
            let _ = self.listen(address);
            self.silent();
            let state = self.shared.lock();
            let (state, _) = self
                .shared
                .changed
                .wait_timeout_while(state, AGAIN, |state| !state.stopping)
                .unwrap_or_else(PoisonError::into_inner);
            if state.stopping {
                return;
            }
        }
    }

    /// From connecting to the loss of the connection, or until we are to stop.
    fn listen(&self, address: Option<&str>) -> zbus::Result<()> {
        let builder = match (address, self.bus) {
            (Some(address), _) => Builder::address(address)?,
            (None, Bus::System) => Builder::system()?,
            (None, Bus::Session) => Builder::session()?,
        };
        let connection = builder.method_timeout(CALL).max_queued(QUEUE).build()?;
        // Before the subscriptions, so that no signal falls between.
        let messages = MessageIterator::from(&connection);
        let mut listener = Listener { connection, session: None, inhibitor: None };
        if !self.wake_by(&listener.connection) {
            return Ok(());
        }
        self.hears(listener.subscribe(self.bus)?);
        for message in messages {
            let message = message?;
            if self.shared.lock().stopping {
                break;
            }
            let Some(signal) = read(&message) else { continue };
            match meaning(&signal, listener.session.as_deref()) {
                Some(Meaning::Report(event)) => {
                    (self.shared.report)(event);
                    if event == OsEvent::Sleep {
                        listener.inhibitor = None;
                    }
                }
                Some(Meaning::Awake) => self.hears(listener.take_inhibitor()),
                Some(Meaning::ServiceChanged) => self.hears(listener.subscribe(self.bus)?),
                None => {}
            }
        }
        Ok(())
    }

    /// Leaves a way to end the wait for the next message; `false` when we are to stop already.
    fn wake_by(&self, connection: &Connection) -> bool {
        let connection = connection.clone();
        let mut state = self.shared.lock();
        // Any call that is answered ends the wait.
        state.wake[self.bus as usize] = Some(Box::new(move || {
            let ping = Message::method_call(BUS_PATH, "GetId")
                .and_then(|m| m.destination(BUS))
                .and_then(|m| m.interface(BUS))
                .and_then(|m| m.build(&()));
            let _ = ping.and_then(|ping| connection.send(&ping));
        }));
        !state.stopping
    }

    fn hears(&self, watching: Watching) {
        self.shared.lock().heard[self.bus as usize] = watching;
    }

    fn silent(&self) {
        let mut state = self.shared.lock();
        state.heard[self.bus as usize] = Watching::default();
        state.wake[self.bus as usize] = None;
    }
}

/// One connection and what was found on it.
struct Listener {
    connection: Connection,
    /// The object path of the session this program belongs to.
    session: Option<String>,
    /// Sleep waits while this is open.
    inhibitor: Option<OwnedFd>,
}

impl Listener {
    /// Subscribes to what the services on this bus say. May be repeated: the bus delivers a signal once all the same.
    fn subscribe(&mut self, bus: Bus) -> zbus::Result<Watching> {
        match bus {
            Bus::System => self.subscribe_logind(),
            Bus::Session => self.subscribe_screen_savers(),
        }
    }

    fn subscribe_logind(&mut self) -> zbus::Result<Watching> {
        self.inhibitor = None;
        self.session = None;
        self.follow_owner(LOGIND)?;
        if !self.is_there(LOGIND) {
            return Ok(Watching::default());
        }
        self.follow(&format!("sender='{LOGIND}',interface='{MANAGER}',member='PrepareForSleep'"))?;
        self.session = self.own_session();
        if let Some(path) = &self.session {
            let from = format!("sender='{LOGIND}',path='{path}'");
            self.follow(&format!("{from},interface='{SESSION}',member='Lock'"))?;
            self.follow(&format!(
                "{from},interface='{PROPERTIES}',member='PropertiesChanged',arg0='{SESSION}'"
            ))?;
        }
        Ok(self.take_inhibitor())
    }

    fn subscribe_screen_savers(&mut self) -> zbus::Result<Watching> {
        let mut screen = false;
        for saver in SCREEN_SAVERS {
            self.follow_owner(saver)?;
            self.follow(&format!("interface='{saver}',member='ActiveChanged'"))?;
            screen |= self.is_there(saver);
        }
        Ok(Watching { screen, ..Watching::default() })
    }

    /// Asks logind to wait for us before the next sleep, and says what can be heard of it.
    fn take_inhibitor(&mut self) -> Watching {
        let what = ("sleep", "Keyroom", "The vault is locked before the machine sleeps", "delay");
        let reply = self.connection.call_method(Some(LOGIND), LOGIND_PATH, Some(MANAGER), "Inhibit", &what);
        self.inhibitor = reply.and_then(|reply| reply.body().deserialize::<OwnedFd>()).ok();
        Watching { sleep: true, delays_sleep: self.inhibitor.is_some(), screen: self.session.is_some() }
    }

    /// The session this process runs in: by its process id; where a user service started it, by what the desktop left
    /// in the environment, or by the session that logind takes for the user's display.
    fn own_session(&self) -> Option<String> {
        let pid = std::process::id();
        let manager = |method: &str, of: &str| {
            let reply = self.connection.call_method(Some(LOGIND), LOGIND_PATH, Some(MANAGER), method, &of)?;
            reply.body().deserialize::<OwnedObjectPath>()
        };
        let by_pid = |method: &str| {
            let reply =
                self.connection.call_method(Some(LOGIND), LOGIND_PATH, Some(MANAGER), method, &pid)?;
            reply.body().deserialize::<OwnedObjectPath>()
        };
        let by_name = || std::env::var("XDG_SESSION_ID").ok().and_then(|id| manager("GetSession", &id).ok());
        let path = by_pid("GetSessionByPID").ok().or_else(by_name).or_else(|| {
            let user = by_pid("GetUserByPID").ok()?;
            let property = ("org.freedesktop.login1.User", "Display");
            let reply = self.connection.call_method(Some(LOGIND), &user, Some(PROPERTIES), "Get", &property);
            let value = reply.ok()?.body().deserialize::<OwnedValue>().ok()?;
            let (_, path) = <(String, OwnedObjectPath)>::try_from(value).ok()?;
            Some(path)
        })?;
        // logind's answer for "none".
        (path.as_str() != "/").then(|| path.to_string())
    }

    fn is_there(&self, name: &str) -> bool {
        let reply = self.connection.call_method(Some(BUS), BUS_PATH, Some(BUS), "NameHasOwner", &name);
        reply.and_then(|reply| reply.body().deserialize()).unwrap_or(false)
    }

    fn follow_owner(&self, name: &str) -> zbus::Result<()> {
        self.follow(&format!("sender='{BUS}',interface='{BUS}',member='NameOwnerChanged',arg0='{name}'"))
    }

    fn follow(&self, rule: &str) -> zbus::Result<()> {
        let rule = format!("type='signal',{rule}");
        self.connection.call_method(Some(BUS), BUS_PATH, Some(BUS), "AddMatch", &rule).map(|_| ())
    }
}

/// A message as a [`Signal`]; `None` where it is none, or says what no signal of ours says.
fn read(message: &Message) -> Option<Signal> {
    let header = message.header();
    if header.message_type() != Type::Signal {
        return None;
    }
    Some(Signal {
        interface: header.interface()?.to_string(),
        member: header.member()?.to_string(),
        path: header.path()?.to_string(),
        body: body(message).unwrap_or(Body::Other),
    })
}

fn body(message: &Message) -> zbus::Result<Body> {
    let body = message.body();
    Ok(match body.signature().to_string_no_parens().as_str() {
        "b" => Body::Flag(body.deserialize()?),
        "sss" => Body::Owner { name: body.deserialize::<(String, String, String)>()?.0 },
        "sa{sv}as" => {
            let (of, changed, _) =
                body.deserialize::<(String, HashMap<String, OwnedValue>, Vec<String>)>()?;
            let flags =
                changed.into_iter().filter_map(|(name, value)| Some((name, bool::try_from(value).ok()?)));
            Body::Changed { of, flags: flags.collect() }
        }
        _ => Body::Other,
    })
}

#[cfg(test)]
mod tests {
    use std::io::{BufRead, BufReader, PipeReader, Read};
    use std::process::{Child, Command, Stdio};
    use std::sync::mpsc;
    use std::time::Instant;

    use super::*;
    use crate::app::platform::os_events::OsEvents;

    const SESSION_PATH: &str = "/org/freedesktop/login1/session/_31";
    const SOON: Duration = Duration::from_secs(10);

    /// A bus of the test's own.
    struct PrivateBus {
        daemon: Child,
        address: String,
    }

    impl PrivateBus {
        /// `None` where this machine has no `dbus-daemon`.
        fn start() -> Option<Self> {
            let mut command = Command::new("dbus-daemon");
            command.args(["--session", "--nofork", "--nopidfile", "--print-address"]);
            let mut daemon = command.stdout(Stdio::piped()).stderr(Stdio::null()).spawn().ok()?;
            let mut address = String::new();
            BufReader::new(daemon.stdout.take()?).read_line(&mut address).ok()?;
            Some(Self { daemon, address: address.trim().to_owned() })
        }

        fn connect(&self) -> Connection {
            Builder::address(self.address.as_str()).unwrap().build().unwrap()
        }
    }

    impl Drop for PrivateBus {
        fn drop(&mut self) {
            let _ = self.daemon.kill();
            let _ = self.daemon.wait();
        }
    }

    /// Plays logind: knows one session, hands out inhibitors, and gives the test the other end of each.
    fn play_logind(connection: &Connection) -> mpsc::Receiver<PipeReader> {
        let messages = MessageIterator::from(connection);
        let connection = connection.clone();
        let (send, inhibitors) = mpsc::channel();
        std::thread::spawn(move || {
            for message in messages {
                let Ok(message) = message else { return };
                let header = message.header();
                let _ = match header.member().map(|member| member.as_str()) {
                    Some("GetSessionByPID") => {
                        connection.reply(&header, &OwnedObjectPath::try_from(SESSION_PATH).unwrap())
                    }
                    Some("Inhibit") => {
                        let (reader, writer) = std::io::pipe().unwrap();
                        let _ = send.send(reader);
                        connection
                            .reply(&header, &zbus::zvariant::Fd::from(std::os::fd::OwnedFd::from(writer)))
                    }
                    _ => Ok(()),
                };
            }
        });
        inhibitors
    }

    fn until(what: &str, mut is_so: impl FnMut() -> bool) {
        let deadline = Instant::now() + SOON;
        while !is_so() {
            assert!(Instant::now() < deadline, "never: {what}");
            std::thread::sleep(Duration::from_millis(5));
        }
    }

    #[test]
    fn sleep_lock_and_switch_are_heard_and_sleep_waits_for_the_report() {
        let (Some(system), Some(session)) = (PrivateBus::start(), PrivateBus::start()) else {
            eprintln!("skipped: this machine has no dbus-daemon");
            return;
        };
        let (send, events) = mpsc::channel();
        let (proceed, wait) = mpsc::channel::<()>();
        let wait = std::sync::Mutex::new(wait);
        let buses = Buses { system: Some(system.address.clone()), session: Some(session.address.clone()) };
        let watch = OsEvents::watch_on(buses, move |event| {
            let _ = send.send(event);
            if event == OsEvent::Sleep {
                let _ = wait.lock().unwrap().recv_timeout(SOON);
            }
        });
        let hears = |event| assert_eq!(events.recv_timeout(SOON), Ok(event));

        // A service that appears later is noticed: nobody owned these names when we started.
        let logind = system.connect();
        let inhibitors = play_logind(&logind);
        logind.request_name(LOGIND).unwrap();
        let all = Watching { sleep: true, delays_sleep: true, screen: true };
        until("everything is watched", || watch.watching() == all);

        let mut inhibitor = inhibitors.recv_timeout(SOON).unwrap();
        let tell = |path: &str, interface: &str, member: &str, flag: bool| {
            logind.emit_signal(None::<&str>, path, interface, member, &flag).unwrap();
        };
        tell(LOGIND_PATH, MANAGER, "PrepareForSleep", true);
        hears(OsEvent::Sleep);
        assert!(watch.watching().delays_sleep, "sleep began before the report had returned");
        proceed.send(()).unwrap();
        // The end of the pipe: our side of the inhibitor is closed.
        assert_eq!(inhibitor.read(&mut [0]).unwrap(), 0);
        tell(LOGIND_PATH, MANAGER, "PrepareForSleep", false);
        let _next = inhibitors.recv_timeout(SOON).unwrap();

        logind.emit_signal(None::<&str>, SESSION_PATH, SESSION, "Lock", &()).unwrap();
        hears(OsEvent::ScreenLocked);
        let active = HashMap::from([("Active", zbus::zvariant::Value::from(false))]);
        let changed = (SESSION, active, Vec::<String>::new());
        logind.emit_signal(None::<&str>, SESSION_PATH, PROPERTIES, "PropertiesChanged", &changed).unwrap();
        hears(OsEvent::SessionSwitched);

        let saver = session.connect();
        let active = |flag| {
            let name = "org.gnome.ScreenSaver";
            saver.emit_signal(None::<&str>, "/org/gnome/ScreenSaver", name, "ActiveChanged", &flag).unwrap();
        };
        active(false);
        active(true);
        hears(OsEvent::ScreenLocked);

        drop(system);
        until("the loss of the system bus is noticed", || !watch.watching().sleep);
        let start = Instant::now();
        drop(watch);
        assert!(start.elapsed() < Duration::from_millis(900), "the threads did not end");
    }

    #[test]
    fn without_a_bus_nothing_is_watched_and_dropping_is_quick() {
        let nowhere = Some("unix:path=/nonexistent/bus".to_owned());
        let buses = Buses { system: nowhere.clone(), session: nowhere };
        let watch = OsEvents::watch_on(buses, |_| {});
        std::thread::sleep(Duration::from_millis(50));
        assert_eq!(watch.watching(), Watching::default());
        let start = Instant::now();
        drop(watch);
        assert!(start.elapsed() < Duration::from_millis(900));
    }
}
