//! The worker thread (being written).

use std::sync::Arc;
use std::sync::mpsc::Receiver;
use std::thread::JoinHandle;

use super::{Command, Services, Shared};

pub(super) fn start(
    _services: Services,
    inbox: Receiver<Command>,
    _shared: Arc<Shared>,
    _wake: Box<dyn Fn() + Send + Sync>,
) -> std::io::Result<JoinHandle<()>> {
    std::thread::Builder::new().name("worker".into()).spawn(move || while inbox.recv().is_ok() {})
}
