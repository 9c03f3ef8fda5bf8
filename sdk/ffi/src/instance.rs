//! What a handle stands for: an engine or a recorder, who is told of its events, and the gates of all callbacks the application gave it.

use std::collections::HashMap;
use std::collections::hash_map::Entry;
use std::ffi::{CString, c_void};
use std::mem::ManuallyDrop;
use std::sync::{Arc, Mutex, MutexGuard};
use std::thread;

use crate::c::{CmdMsgFn, EventFn, SeiMsgFn, SnapshotFn};
use crate::engine::{Engine, Listener, Subject};
use crate::error::CallError;
use crate::frame::VideoFrame;
use crate::gate::{Gate, inside_callback};
use crate::lock::lock;
use crate::table::{Handle, Table};

/// A live instance. The application's threads hold references while they call; the last one lets the engine go.
pub(crate) struct Instance {
    subject: ManuallyDrop<Box<dyn Subject>>,
    ears: Arc<Ears>,
    hooks: Mutex<Hooks>,
}

/// The application's pointer, which comes back to it with every callback. What it points to, and from which thread that
/// may be used, is between the application and itself.
#[derive(Debug, Clone, Copy)]
pub(crate) struct User(pub(crate) *mut c_void);

#[allow(unsafe_code)]
// SAFETY: the pointer is never followed on this side; whoever gave it promises that his callback may be called from the
// SDK's threads (the contract of every `rtc_*_fn`).
unsafe impl Send for User {}
#[allow(unsafe_code)]
// SAFETY: as above.
unsafe impl Sync for User {}

/// A frame callback that stays until it is replaced.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub(crate) enum Hook {
    LocalRender,
    RemoteRender(String),
    LocalProcess,
    Audio,
    Encoded,
    AudioPacket,
    CameraTest,
}

#[derive(Default)]
struct Hooks {
    gates: HashMap<Hook, Arc<Gate>>,
    closed: bool,
}

/// Hears the engine and tells the application.
pub(crate) struct Ears {
    gate: Gate,
    event: (EventFn, User),
    pub(crate) snapshot: Receiver<SnapshotFn>,
    pub(crate) cmd_msg: Receiver<CmdMsgFn>,
    pub(crate) sei_msg: Receiver<SeiMsgFn>,
}

/// Who gets what is told with bytes, if anybody.
pub(crate) struct Receiver<F>(Mutex<Option<(F, User, Arc<Gate>)>>);

static INSTANCES: Table<Instance> = Table::new(INSTANCE_LIMIT);
const INSTANCE_LIMIT: usize = 4_096;
const HOOK_LIMIT: usize = 1_024;

/// Makes an instance out of what `start` makes, and gives it a handle.
pub(crate) fn create(
    event: EventFn,
    user: User,
    start: impl FnOnce(Box<dyn Listener>) -> Result<Box<dyn Subject>, CallError>,
) -> Result<Handle, CallError> {
    let ears = Arc::new(Ears {
        gate: Gate::default(),
        event: (event, user),
        snapshot: Receiver::default(),
        cmd_msg: Receiver::default(),
        sei_msg: Receiver::default(),
    });
    let subject = start(Box::new(Arc::clone(&ears)))?;
    let instance = Arc::new(Instance { subject: ManuallyDrop::new(subject), ears, hooks: Mutex::default() });
    INSTANCES.insert(instance).ok_or_else(|| {
        CallError::refused(format!("{INSTANCE_LIMIT} instances exist already; destroy those that are not needed"))
    })
}

/// The instance behind a handle.
pub(crate) fn find(handle: Handle) -> Result<Arc<Instance>, CallError> {
    INSTANCES.find(handle).ok_or_else(|| unknown(handle))
}

/// Ends an instance. When this returns, no callback of it is running any more, unless it was called from inside of one:
/// then none begins any more.
pub(crate) fn destroy(handle: Handle) -> Result<(), CallError> {
    let instance = INSTANCES.remove(handle).ok_or_else(|| unknown(handle))?;
    instance.close();
    Ok(())
}

impl Instance {
    pub(crate) fn subject(&self) -> &dyn Subject {
        &**self.subject
    }

    /// The engine; a recorder is none.
    pub(crate) fn engine(&self) -> Result<&dyn Engine, CallError> {
        let engine = self.subject().engine();
        engine.ok_or_else(|| CallError::refused("this is a recorder; use a handle that rtc_create returned"))
    }

    /// Replaces the callback of a hook, or takes it away. `install` gets the new callback's gate, if there is to be one.
    /// When this returns the old callback is not running any more, except where it is itself the caller.
    pub(crate) fn set_hook(
        &self,
        hook: Hook,
        is_there: bool,
        install: impl FnOnce(&dyn Engine, Option<Arc<Gate>>) -> Result<(), CallError>,
    ) -> Result<(), CallError> {
        // The lock is held while the engine changes, so that of two threads which set the same hook the last one wins in
        // both places; it is not held while waiting.
        let mut hooks = self.hooks();
        if hooks.closed {
            return Err(CallError::refused("the instance is being destroyed; create another one"));
        }
        if is_there && hooks.gates.len() >= HOOK_LIMIT && !hooks.gates.contains_key(&hook) {
            return Err(CallError::refused(format!("{HOOK_LIMIT} callbacks are set; take those away that are not needed")));
        }
        let gate = is_there.then(|| Arc::new(Gate::default()));
        install(self.engine()?, gate.clone())?;
        let old = match (hooks.gates.entry(hook), gate) {
            (Entry::Occupied(mut entry), Some(gate)) => Some(entry.insert(gate)),
            (Entry::Occupied(entry), None) => Some(entry.remove()),
            (Entry::Vacant(entry), Some(gate)) => {
                entry.insert(gate);
                None
            }
            (Entry::Vacant(_), None) => None,
        };
        drop(hooks);
        if let Some(old) = old {
            old.close();
            old.wait();
        }
        Ok(())
    }

    /// Who is told.
    pub(crate) fn ears(&self) -> &Ears {
        &self.ears
    }

    fn close(&self) {
        let gates: Vec<_> = {
            let mut hooks = self.hooks();
            hooks.closed = true;
            hooks.gates.drain().map(|(_, gate)| gate).collect()
        };
        // All are shut before the first is waited for, so that nobody begins while another one ends.
        self.ears.gate.close();
        gates.iter().for_each(|gate| gate.close());
        self.ears.gate.wait();
        gates.iter().for_each(|gate| gate.wait());
    }

    // A panic of the engine while a hook is installed leaves the old gate in place, which is right.
    fn hooks(&self) -> MutexGuard<'_, Hooks> {
        lock(&self.hooks)
    }
}

impl Drop for Instance {
    #[allow(unsafe_code)]
    fn drop(&mut self) {
        // SAFETY: it is taken here only, and the instance is gone after this.
        let engine = unsafe { ManuallyDrop::take(&mut self.subject) };
        if !inside_callback() {
            drop(engine);
            return;
        }
        // Ending the engine waits for its threads, and this may be one of them.
        let engine = Arc::new(Mutex::new(Some(engine)));
        let other = Arc::clone(&engine);
        let take = |engine: &Mutex<Option<_>>| lock(engine).take();
        let spawned = thread::Builder::new().name("rtc-end".into()).spawn(move || drop(take(&other)));
        if let Err(error) = spawned {
            tracing::error!(%error, "no thread could be started to end an instance; it keeps its devices and connections");
            std::mem::forget(take(&engine));
        }
    }
}

impl<F: Copy> Receiver<F> {
    /// Sets who receives, or nobody. When this returns the one before is not running any more, except where it is itself
    /// the caller.
    pub(crate) fn set(&self, function: F, user: User) {
        let new = (function, user, Arc::default());
        let old = lock(&self.0).replace(new);
        if let Some((_, _, gate)) = old {
            gate.close();
            gate.wait();
        }
    }

    /// Calls who receives, if both gates are open.
    fn tell(&self, instance: &Gate, call: impl FnOnce(F, *mut c_void)) {
        let receiver = lock(&self.0).clone();
        let Some((function, user, own)) = receiver else { return };
        if let (Some(_pass), Some(_own)) = (instance.enter(), own.enter()) {
            call(function, user.0);
        }
    }
}

impl<F> Default for Receiver<F> {
    fn default() -> Self {
        Self(Mutex::new(None))
    }
}

impl Listener for Arc<Ears> {
    #[allow(unsafe_code)]
    fn event(&mut self, json: &str) {
        let (Some(tell), user) = self.event else { return };
        // JSON escapes control characters, so there is no NUL in it.
        let Ok(json) = CString::new(json) else { return };
        let Some(_pass) = self.gate.enter() else { return };
        // SAFETY: the application promised that this function may be called with this pointer from the callback thread
        // until the instance is destroyed, and the gate is open.
        unsafe { tell(user.0, json.as_ptr()) };
    }

    #[allow(unsafe_code)]
    fn snapshot(&mut self, user_id: &str, stream: i32, frame: &VideoFrame<'_>) {
        let (user_id, frame) = (c_text(user_id), crate::c::VideoFrame::lend(frame));
        self.snapshot.tell(&self.gate, |tell, user| {
            let Some(tell) = tell else { return };
            // SAFETY: as in `event`; text and frame live until the call returns.
            unsafe { tell(user, user_id.as_ptr(), stream, &raw const frame) };
        });
    }

    #[allow(unsafe_code)]
    fn custom_cmd_msg(&mut self, user_id: &str, command: i32, sequence: u32, data: &[u8]) {
        let user_id = c_text(user_id);
        self.cmd_msg.tell(&self.gate, |tell, user| {
            let Some(tell) = tell else { return };
            // SAFETY: as in `event`; text and bytes live until the call returns.
            unsafe { tell(user, user_id.as_ptr(), command, sequence, data.as_ptr(), data.len() as u32) };
        });
    }

    #[allow(unsafe_code)]
    fn sei_msg(&mut self, user_id: &str, data: &[u8]) {
        let user_id = c_text(user_id);
        self.sei_msg.tell(&self.gate, |tell, user| {
            let Some(tell) = tell else { return };
            // SAFETY: as in `event`; text and bytes live until the call returns.
            unsafe { tell(user, user_id.as_ptr(), data.as_ptr(), data.len() as u32) };
        });
    }
}

/// A text for C, up to its first NUL.
pub(crate) fn c_text(text: &str) -> CString {
    let bytes: Vec<u8> = text.bytes().take_while(|byte| *byte != 0).collect();
    // There is no NUL left in it.
    CString::new(bytes).unwrap_or_default()
}

fn unknown(handle: Handle) -> CallError {
    CallError::refused(if handle == 0 {
        "handle 0 is no instance; call rtc_create and use what it returns".to_owned()
    } else {
        format!("handle {handle:#x} is no instance (any more); use a handle between rtc_create and rtc_destroy")
    })
}
