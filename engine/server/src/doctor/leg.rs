//! The legs between a client and an engine, and what was found of each.

use std::fmt::Write as _;

use serde::Serialize;

/// A leg. The names are told to programs and stay.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub(crate) enum Leg {
    Http,
    Tls,
    Certificate,
    WebSocket,
    Clock,
    Advertised,
    Udp,
    Tcp,
    Turn,
    Files,
    Buffers,
}

/// How a leg is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "lowercase")]
pub(crate) enum State {
    /// Good.
    Ok,
    /// It works, and could be better.
    Advice,
    /// It does not work.
    Failed,
    /// It was not looked at.
    Skipped,
}

/// What was found of a leg.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub(crate) struct Finding {
    pub(crate) leg: Leg,
    pub(crate) state: State,
    pub(crate) found: String,
    /// What to do, where something is to be done.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) fix: Option<String>,
}

/// All that was found.
#[derive(Debug, Clone, Serialize)]
pub(crate) struct Report {
    pub(crate) url: String,
    #[serde(rename = "legs")]
    pub(crate) findings: Vec<Finding>,
}

impl Leg {
    /// In the order in which a client needs them.
    pub(crate) const ALL: [Self; 11] = [
        Self::Http,
        Self::Tls,
        Self::Certificate,
        Self::WebSocket,
        Self::Clock,
        Self::Advertised,
        Self::Udp,
        Self::Tcp,
        Self::Turn,
        Self::Files,
        Self::Buffers,
    ];

    /// For people.
    pub(crate) fn title(self) -> &'static str {
        match self {
            Self::Http => "HTTP",
            Self::Tls => "TLS",
            Self::Certificate => "certificate",
            Self::WebSocket => "WebSocket",
            Self::Clock => "clock",
            Self::Advertised => "advertised address",
            Self::Udp => "UDP media",
            Self::Tcp => "TCP media",
            Self::Turn => "TURN",
            Self::Files => "open files",
            Self::Buffers => "socket buffers",
        }
    }
}

impl Finding {
    pub(crate) fn ok(leg: Leg, found: impl Into<String>) -> Self {
        Self { leg, state: State::Ok, found: found.into(), fix: None }
    }

    pub(crate) fn advice(leg: Leg, found: impl Into<String>, fix: impl Into<String>) -> Self {
        Self { leg, state: State::Advice, found: found.into(), fix: Some(fix.into()) }
    }

    pub(crate) fn failed(leg: Leg, found: impl Into<String>, fix: impl Into<String>) -> Self {
        Self { leg, state: State::Failed, found: found.into(), fix: Some(fix.into()) }
    }

    pub(crate) fn skipped(leg: Leg, found: impl Into<String>) -> Self {
        Self { leg, state: State::Skipped, found: found.into(), fix: None }
    }
}

impl Report {
    /// Whether no leg failed.
    pub(crate) fn is_well(&self) -> bool {
        self.failed().next().is_none()
    }

    fn failed(&self) -> impl Iterator<Item = &Finding> {
        self.findings.iter().filter(|finding| finding.state == State::Failed)
    }

    /// For programs.
    pub(crate) fn json(&self) -> String {
        #[derive(Serialize)]
        struct Told<'a> {
            ok: bool,
            #[serde(flatten)]
            report: &'a Report,
        }
        let told = Told { ok: self.is_well(), report: self };
        serde_json::to_string_pretty(&told).expect("a report holds nothing that JSON lacks") + "\n"
    }

    /// For people.
    pub(crate) fn words(&self) -> String {
        let mut text = format!("{}\n", self.url);
        for Finding { leg, state, found, fix } in &self.findings {
            let state = match state {
                State::Ok => "ok",
                State::Advice => "advice",
                State::Failed => "FAILED",
                State::Skipped => "-",
            };
            // Writing to a String cannot fail.
            let _ = writeln!(text, "  {state:<7} {:<19} {found}", leg.title());
            if let Some(fix) = fix {
                let _ = writeln!(text, "  {:<7} {:<19} → {fix}", "", "");
            }
        }
        let failed: Vec<&str> = self.failed().map(|finding| finding.leg.title()).collect();
        let _ = match &*failed {
            [] => writeln!(text, "Nothing failed."),
            failed => writeln!(text, "Failed: {}.", failed.join(", ")),
        };
        text
    }
}
