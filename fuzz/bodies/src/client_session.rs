//! What an engine, or whoever stands in its place, tells a native client.

use std::net::SocketAddr;
use std::time::{Duration, Instant};

use rtc_protocol::{ClientFrame, Codec, HelloRoom, Request, Role, Scene, SdkAppId, SdkInfo};
use rtc_session::{Config, EnterParams, Event, Input, Output, Protocol, Session};

/// Turns of a session that has something to say each time.
const TURNS: usize = 1_000;

/// Messages, a line each, to a session that enters; a line that begins with `!` is a datagram. `$` and a digit stand for the
/// name of that section of the offer, because names are new each time. Taken are those who let it in.
pub fn client_session(data: &[u8]) -> bool {
    let mut told = Told::new();
    told.settle();
    for line in data.split(|byte| *byte == b'\n') {
        match line.split_first() {
            Some((b'!', bytes)) => told.datagram(bytes),
            _ => told.text(&String::from_utf8_lossy(line)),
        }
        told.pass(Duration::from_millis(10));
    }
    // Until it has given up whatever it waits for.
    for _ in 0..30 {
        told.pass(Duration::from_secs(1));
    }
    told.is_in
}

struct Told {
    now: Instant,
    session: Session,
    socket: Option<rtc_session::SocketId>,
    local: Option<SocketAddr>,
    /// The names of the sections of the last offer.
    mids: Vec<String>,
    is_in: bool,
}

impl Told {
    fn new() -> Self {
        let now = Instant::now();
        let params = EnterParams {
            server: "http://engine.test".into(),
            sdk_app_id: SdkAppId(1),
            user_id: "me".into(),
            user_sig: "a ticket".into(),
            room: HelloRoom::Number(1),
            scene: Scene::VideoCall,
            role: Role::Anchor,
            private_map_key: None,
            auto_receive_audio: true,
            user_define_record_id: None,
            sdk: SdkInfo { name: "fuzz".into(), version: "1".into(), platform: "none".into() },
        };
        let session = Session::new(Config { pairs: 1, video_codecs: vec![Codec::Vp8], ..Config::default() }, params, now);
        Self { now, session, socket: None, local: None, mids: Vec::new(), is_in: false }
    }

    fn text(&mut self, line: &str) {
        let mut text = line.to_owned();
        for (n, mid) in self.mids.iter().take(10).enumerate() {
            text = text.replace(&format!("${n}"), mid);
        }
        if let Some(socket) = self.socket {
            self.session.handle(self.now, Input::Text { socket, text: &text });
        }
        self.settle();
    }

    fn datagram(&mut self, bytes: &[u8]) {
        if let Some(local) = self.local {
            let source = SocketAddr::from(([192, 0, 2, 1], 8000));
            self.session.handle(self.now, Input::Datagram { protocol: Protocol::Udp, source, local, bytes });
        }
        self.settle();
    }

    fn pass(&mut self, time: Duration) {
        self.now += time;
        self.session.handle(self.now, Input::Timeout);
        self.settle();
    }

    /// Does what the session wants done.
    fn settle(&mut self) {
        for _ in 0..TURNS {
            let Some(output) = self.session.poll() else { return };
            match output {
                Output::OpenSocket { socket, .. } => {
                    self.socket = Some(socket);
                    self.session.handle(self.now, Input::SocketOpened(socket));
                }
                Output::SendText { text, .. } => {
                    let frame: ClientFrame = serde_json::from_str(&text).expect("a session speaks the protocol");
                    if let Request::Offer(offer) = frame.request {
                        let mids = offer.sdp.lines().filter_map(|line| line.strip_prefix("a=mid:"));
                        self.mids = mids.map(str::to_owned).collect();
                    }
                }
                Output::CloseSocket { socket, .. } => drop(self.socket.take_if(|open| *open == socket)),
                Output::OpenPaths { protocol: Protocol::Udp, remotes } => {
                    assert!(remotes.len() <= Output::MOST_PATHS);
                    let local = SocketAddr::from(([192, 0, 2, 9], 1001));
                    self.local = Some(local);
                    self.session.handle(self.now, Input::PathOpened { protocol: Protocol::Udp, local });
                }
                Output::ClosePaths => self.local = None,
                Output::Event(Event::Entered { .. }) => self.is_in = true,
                _ => {}
            }
        }
        panic!("the session wants something done without end");
    }
}
