//! A robot in a room: joins, says a tone or a file, shows a moving pattern, writes down what it hears, and prints what
//! happens, one JSON object a line. It is the smallest complete program on `rtc-core`, and not part of any SDK.
//!
//! While it runs it takes words from its standard input, one a line: `exit`, `message <text>`, `sei <text>`,
//! `mute audio|video on|off`.

mod options;
mod witness;

use std::io::BufRead as _;
use std::sync::Arc;
use std::sync::mpsc::{Receiver, Sender, channel};
use std::{process, thread};

use clap::Parser as _;
use rtc_core::{
    AudioQuality, AudioRecordingContent, AudioRecordingParams, AudioVolumeEvaluateParams, Cloud, Event, VideoStreamType,
};
use serde_json::json;

use crate::options::Robot;
use crate::witness::{Ears, Eyes, print};

/// The exit status where the room could not be entered; others are the reasons of `onExitRoom`.
const NOT_LET_IN: i32 = 3;

/// What the main thread waits for.
pub(crate) enum News {
    /// The SDK told something.
    Told(Event),
    /// A word from the standard input.
    Word(String),
    /// Ctrl-C, or the end of the standard input's owner.
    Stop,
}

fn main() -> anyhow::Result<()> {
    let robot = Robot::parse();
    let (news, inbox) = channel();
    listen_to_words(news.clone());
    listen_to_signals(news.clone())?;
    let cloud = Cloud::new(&robot.devices(), Ears::new(news))?;
    if let Some(server) = &robot.server {
        let answer = cloud.call_experimental_api(&json!({ "api": "setServer", "params": { "url": server } }).to_string());
        anyhow::ensure!(answer.contains(r#""code":0"#), "--server: {answer}");
    }
    cloud.enable_audio_volume_evaluation(true, AudioVolumeEvaluateParams { interval: 500, ..Default::default() });
    cloud.enter_room(robot.params()?, robot.scene.into());
    if robot.says() {
        cloud.start_local_audio(AudioQuality::Default);
    }
    if robot.shows() {
        cloud.start_local_preview(0);
    }
    process::exit(run(&robot, &cloud, &inbox));
}

/// Until the room is left, for whatever reason. Gives the exit status: 0 after an exit of its own.
fn run(robot: &Robot, cloud: &Cloud, inbox: &Receiver<News>) -> i32 {
    let eyes = Arc::new(Eyes::default());
    for news in inbox {
        match news {
            News::Told(event) => {
                if let Some(status) = react(robot, cloud, &eyes, &event) {
                    return status;
                }
            }
            News::Word(word) => obey(cloud, &word),
            // onExitRoom follows, and only then is everything free.
            News::Stop => cloud.exit_room(),
        }
    }
    NOT_LET_IN
}

fn react(robot: &Robot, cloud: &Cloud, eyes: &Arc<Eyes>, event: &Event) -> Option<i32> {
    let watch = |user_id: &str, kind, available| {
        if available {
            let _ = cloud.set_remote_video_render_callback(user_id, Some(eyes.clone()));
            cloud.start_remote_view(user_id, kind, 0);
        } else {
            cloud.stop_remote_view(user_id, kind);
        }
    };
    match event {
        Event::EnterRoom { result } if *result < 0 => return Some(NOT_LET_IN),
        Event::EnterRoom { .. } => {
            if let Some(path) = &robot.record {
                let params = AudioRecordingParams {
                    file_path: path.display().to_string(),
                    recording_content: AudioRecordingContent::Remote,
                    ..Default::default()
                };
                print(&json!({ "recording": cloud.start_audio_recording(params) }));
            }
        }
        Event::UserVideoAvailable { user_id, available } => watch(user_id, VideoStreamType::Big, *available),
        Event::UserSubStreamAvailable { user_id, available } => watch(user_id, VideoStreamType::Sub, *available),
        Event::ExitRoom { reason } => {
            cloud.destroy();
            // 0 own call, 1 removed by the server or by the same user elsewhere, 2 the room was dismissed.
            return Some(*reason);
        }
        _ => {}
    }
    None
}

fn obey(cloud: &Cloud, word: &str) {
    let (verb, rest) = word.split_once(' ').unwrap_or((word, ""));
    match (verb, rest) {
        ("exit", _) => cloud.exit_room(),
        ("message", text) => print(&json!({ "taken": cloud.send_custom_cmd_msg(1, text.as_bytes(), true, true) })),
        ("sei", text) => print(&json!({ "taken": cloud.send_sei_msg(text.as_bytes(), 3) })),
        ("mute", "audio on") => cloud.mute_local_audio(true),
        ("mute", "audio off") => cloud.mute_local_audio(false),
        ("mute", "video on") => cloud.mute_local_video(VideoStreamType::Big, true),
        ("mute", "video off") => cloud.mute_local_video(VideoStreamType::Big, false),
        _ => print(&json!({ "unknown": word })),
    }
}

fn listen_to_words(news: Sender<News>) {
    thread::spawn(move || {
        for word in std::io::stdin().lock().lines().map_while(Result::ok) {
            if news.send(News::Word(word)).is_err() {
                return;
            }
        }
    });
}

fn listen_to_signals(news: Sender<News>) -> anyhow::Result<()> {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_io().build()?;
    thread::spawn(move || {
        runtime.block_on(async {
            // Both the terminal's Ctrl-C and a polite kill.
            let terminated = async {
                match tokio::signal::unix::signal(tokio::signal::unix::SignalKind::terminate()) {
                    Ok(mut signal) => drop(signal.recv().await),
                    Err(_) => std::future::pending().await,
                }
            };
            tokio::select! {
                _ = tokio::signal::ctrl_c() => {}
                () = terminated => {}
            }
        });
        let _ = news.send(News::Stop);
    });
    Ok(())
}
