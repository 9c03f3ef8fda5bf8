//! What a call through the C ABI costs: name and arguments as JSON in, JSON out. The library is loaded as applications of
//! other languages load it; the calls are made in a process of their own, whose environment keeps it off the devices.
#![allow(unsafe_code)] // A C ABI is called, and the loader that finds it is one too.

use std::ffi::{CStr, CString, c_char, c_void};
use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::Instant;

use anyhow::{Context as _, bail};
use serde::{Deserialize, Serialize};

use super::Options;

/// Options of the process that calls.
#[derive(Debug, clap::Args)]
pub(crate) struct CallOptions {
    /// The library.
    library: PathBuf,
    /// Calls of each method.
    #[arg(long)]
    count: u32,
}

/// One method.
#[derive(Debug, Serialize, Deserialize)]
pub(super) struct Figures {
    pub(super) method: String,
    pub(super) arguments: String,
    pub(super) calls_per_second: f64,
}

/// One that answers, one that changes something, one with a text and a larger object.
const CALLS: [(&str, &str); 3] = [
    ("getAudioCaptureVolume", "{}"),
    ("setAudioCaptureVolume", r#"{"volume":80}"#),
    (
        "setVideoEncoderParam",
        r#"{"param":{"videoResolution":108,"resMode":1,"videoFps":15,"videoBitrate":600,"minVideoBitrate":0,"enableAdjustRes":false}}"#,
    ),
];

type Create = unsafe extern "C" fn(Option<unsafe extern "C" fn(*mut c_void, *const c_char)>, *mut c_void) -> u64;
type Call = unsafe extern "C" fn(u64, *const c_char, *const c_char) -> *mut c_char;
type Free = unsafe extern "C" fn(*mut c_char);
type Destroy = unsafe extern "C" fn(u64) -> i32;

/// Calls in another process.
pub(super) fn measure(options: &Options) -> anyhow::Result<Vec<Figures>> {
    let count = if options.quick { "20000" } else { "100000" };
    let output = Command::new(std::env::current_exe()?)
        .arg("calls")
        .arg(std::path::absolute(&options.library)?)
        .args(["--count", count])
        .envs([("RTC_ENGINE_AUDIO", "synthetic"), ("RTC_ENGINE_CAMERA", "pattern"), ("RTC_ENGINE_SCREEN", "pattern")])
        .output()?;
    if !output.status.success() {
        // A backtrace may follow.
        bail!("{}", String::from_utf8_lossy(&output.stderr).lines().next().unwrap_or("the calls failed without a word"));
    }
    Ok(serde_json::from_slice(&output.stdout)?)
}

/// Is that process.
pub(crate) fn run(options: &CallOptions) -> anyhow::Result<()> {
    let library = Library::open(&options.library)?;
    // SAFETY: no callback is given, so none has to live.
    let handle = unsafe { (library.create)(None, std::ptr::null_mut()) };
    if handle == 0 {
        bail!("rtc_create makes no instance");
    }
    let figures = CALLS
        .into_iter()
        .map(|(method, arguments)| {
            let (name, json) = (CString::new(method)?, CString::new(arguments)?);
            let begin = Instant::now();
            for _ in 0..options.count {
                // SAFETY: both texts end with NUL and outlive the call, and the answer is read and freed once.
                unsafe {
                    let answer = (library.call)(handle, name.as_ptr(), json.as_ptr());
                    if answer.is_null() || !CStr::from_ptr(answer).to_bytes().starts_with(b"{\"ok\"") {
                        bail!("{method} is refused");
                    }
                    (library.free)(answer);
                }
            }
            let calls_per_second = f64::from(options.count) / begin.elapsed().as_secs_f64();
            Ok(Figures { method: method.into(), arguments: arguments.into(), calls_per_second })
        })
        .collect::<anyhow::Result<Vec<_>>>()?;
    // SAFETY: the handle is live, and no callback runs.
    unsafe { (library.destroy)(handle) };
    super::party::tell(&figures)
}

/// The functions that are called. The library stays loaded until the process ends.
struct Library {
    create: Create,
    call: Call,
    free: Free,
    destroy: Destroy,
}

impl Library {
    fn open(path: &Path) -> anyhow::Result<Self> {
        let name = CString::new(path.as_os_str().as_encoded_bytes())?;
        // SAFETY: the library is our own; what runs when it is loaded expects nothing of this process.
        let library = unsafe { libc::dlopen(name.as_ptr(), libc::RTLD_NOW) };
        if library.is_null() {
            bail!("{} cannot be loaded; build it with `cargo build --release -p rtc-ffi`", path.display());
        }
        let find = |name: &CStr| {
            // SAFETY: the library is loaded and stays so.
            let function = unsafe { libc::dlsym(library, name.as_ptr()) };
            (!function.is_null()).then_some(function).with_context(|| format!("the library has no {name:?}"))
        };
        let [create, call, free, destroy] =
            [find(c"rtc_create")?, find(c"rtc_call")?, find(c"rtc_free_string")?, find(c"rtc_destroy")?];
        // SAFETY: the types are those of sdk/ffi/include/rtc_engine.h.
        unsafe {
            Ok(Self {
                create: std::mem::transmute::<*mut c_void, Create>(create),
                call: std::mem::transmute::<*mut c_void, Call>(call),
                free: std::mem::transmute::<*mut c_void, Free>(free),
                destroy: std::mem::transmute::<*mut c_void, Destroy>(destroy),
            })
        }
    }
}
