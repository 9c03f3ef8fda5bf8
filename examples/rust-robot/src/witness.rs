//! What the robot hears and sees, told in lines of JSON.

use std::collections::BTreeMap;
use std::io::Write as _;
use std::sync::mpsc::Sender;
use std::sync::{Mutex, PoisonError};

use rtc_core::video::frame::Frame;
use rtc_core::video::pattern::Mark;
use rtc_core::{Event, Listener, Message, SeiMessage, VideoSink, VideoStreamType};
use serde_json::{Value, json};

use crate::News;

/// How many pictures of a stream are told by one line.
const PICTURES_A_LINE: u64 = 10;

/// One line of output. Whoever read it may be gone, which is no reason to end.
pub(crate) fn print(line: &Value) {
    let mut out = std::io::stdout().lock();
    let _ = writeln!(out, "{line}");
    let _ = out.flush();
}

/// Prints everything that is told, and hands events on.
pub(crate) struct Ears(Sender<News>);

impl Ears {
    pub(crate) fn new(news: Sender<News>) -> Self {
        Self(news)
    }
}

impl Listener for Ears {
    fn event(&mut self, event: &Event) {
        print(&serde_json::to_value(event).unwrap_or_default());
        let _ = self.0.send(News::Told(event.clone()));
    }

    fn message(&mut self, message: &Message) {
        let Message { user_id, cmd_id, seq, data } = message;
        let text = String::from_utf8_lossy(data);
        print(
            &json!({ "event": "onRecvCustomCmdMsg", "data": { "userId": user_id, "cmdID": cmd_id, "seq": seq, "text": text } }),
        );
    }

    fn sei_message(&mut self, message: &SeiMessage) {
        let text = String::from_utf8_lossy(&message.data);
        print(&json!({ "event": "onRecvSEIMsg", "data": { "userId": message.user_id, "text": text } }));
    }
}

/// Counts the pictures of everybody and reads the number that the pattern of another robot bears.
#[derive(Default)]
pub(crate) struct Eyes(Mutex<BTreeMap<(String, i32), u64>>);

impl VideoSink for Eyes {
    fn frame(&self, user: &str, stream_type: VideoStreamType, frame: &Frame) {
        let stream = i32::from(stream_type);
        let mut counts = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let count = counts.entry((user.to_owned(), stream)).or_default();
        *count += 1;
        if count.is_multiple_of(PICTURES_A_LINE) {
            let mark = Mark::read(frame).map(|mark| mark.number);
            print(&json!({ "seen": {
                "userId": user, "streamType": stream, "frames": *count,
                "width": frame.width(), "height": frame.height(), "mark": mark,
            } }));
        }
    }
}
