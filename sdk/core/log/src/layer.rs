//! From tracing events to lines: the filter, fields and spans as text, and no secrets. It writes nothing.

use std::fmt::{Debug, Write};

use tracing::field::{Field, Visit};
use tracing::level_filters::LevelFilter;
use tracing::span::{Attributes, Id, Record};
use tracing::{Event, Metadata, Subscriber};
use tracing_subscriber::Layer;
use tracing_subscriber::layer::{Context, Filter};
use tracing_subscriber::registry::{LookupSpan, Scope};

use crate::entry::Entry;
use crate::redacted::REDACTED;
use crate::{Level, Log, writer};

/// Modules of the SDK begin with this. Of others only warnings and errors are logged: what they say in detail is not ours to
/// keep secrets out of.
const OURS: &str = "rtc_";

/// A field whose name has one of these in it is a secret, whoever forgot to wrap it.
const SECRETS: [&str; 7] = ["token", "secret", "password", "passphrase", "credential", "usersig", "privatemapkey"];

/// So is a field whose name ends in one of these words: `user_sig` is, `signal` and `key_frame` are not.
const SECRET_ENDS: [&str; 3] = ["sig", "key", "pwd"];

/// The log as a layer that lets through what the log wants.
pub(crate) fn filtered<S>(log: Log) -> impl Layer<S>
where
    S: Subscriber + for<'span> LookupSpan<'span>,
{
    Lines(log.clone()).with_filter(Gate(log))
}

#[derive(Debug)]
struct Gate(Log);

impl<S> Filter<S> for Gate {
    fn enabled(&self, metadata: &Metadata<'_>, _: &Context<'_, S>) -> bool {
        let level = Level::from(*metadata.level());
        self.0.wants(level) && (level >= Level::Warn || metadata.target().starts_with(OURS))
    }

    fn max_level_hint(&self) -> Option<LevelFilter> {
        Some(match self.0.level() {
            Level::Verbose => LevelFilter::TRACE,
            Level::Debug => LevelFilter::DEBUG,
            Level::Info => LevelFilter::INFO,
            Level::Warn => LevelFilter::WARN,
            Level::Error => LevelFilter::ERROR,
            Level::Fatal | Level::None => LevelFilter::OFF,
        })
    }
}

#[derive(Debug)]
struct Lines(Log);

/// The fields of a span as text, kept with the span.
struct SpanText(String);

impl<S> Layer<S> for Lines
where
    S: Subscriber + for<'span> LookupSpan<'span>,
{
    fn on_new_span(&self, attributes: &Attributes<'_>, id: &Id, context: Context<'_, S>) {
        let Some(span) = context.span(id) else { return };
        let mut text = Text::default();
        attributes.record(&mut text);
        span.extensions_mut().replace(SpanText(text.fields));
    }

    fn on_record(&self, id: &Id, values: &Record<'_>, context: Context<'_, S>) {
        let Some(span) = context.span(id) else { return };
        let mut text = Text::default();
        values.record(&mut text);
        if let Some(SpanText(fields)) = span.extensions_mut().get_mut() {
            fields.push_str(&text.fields);
        }
    }

    fn on_event(&self, event: &Event<'_>, context: Context<'_, S>) {
        // A sink that logs would be told of what it logs, for ever.
        if writer::is_current() {
            return;
        }
        let mut text = Text::default();
        event.record(&mut text);
        let mut line = String::new();
        for span in context.event_scope(event).into_iter().flat_map(Scope::from_root) {
            line.push_str(span.name());
            if let Some(SpanText(fields)) = span.extensions().get() {
                line.push_str(fields);
            }
            line.push_str(": ");
        }
        line.push_str(&text.message);
        line.push_str(if text.message.is_empty() { text.fields.trim_start() } else { &text.fields });
        let metadata = event.metadata();
        self.0.put(Entry::new((*metadata.level()).into(), metadata.target(), line));
    }
}

/// Collects fields: the message, and ` name=value` of the others.
#[derive(Default)]
struct Text {
    message: String,
    fields: String,
}

impl Text {
    fn field(&mut self, field: &Field, value: std::fmt::Arguments<'_>) {
        // Writing into a string fails only if a value's own formatting does; what it wrote before is kept then.
        let _ = match field.name() {
            "message" => self.message.write_fmt(value),
            name if is_secret(name) => write!(self.fields, " {name}={REDACTED}"),
            name => write!(self.fields, " {name}={value}"),
        };
    }
}

impl Visit for Text {
    fn record_str(&mut self, field: &Field, value: &str) {
        self.field(field, format_args!("{value}"));
    }

    fn record_error(&mut self, field: &Field, value: &(dyn std::error::Error + 'static)) {
        self.field(field, format_args!("{value}"));
    }

    fn record_debug(&mut self, field: &Field, value: &dyn Debug) {
        self.field(field, format_args!("{value:?}"));
    }
}

fn is_secret(name: &str) -> bool {
    let name = name.to_ascii_lowercase();
    let end = name.rsplit(['_', '.']).next().unwrap_or_default();
    SECRET_ENDS.contains(&end) || SECRETS.iter().any(|secret| name.contains(secret))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_of_secrets_are_known_from_others() {
        for name in ["user_sig", "userSig", "token", "resume_token", "private_map_key", "ice.pwd", "key", "SECRET_ID"] {
            assert!(is_secret(name), "{name}");
        }
        for name in ["signal", "key_frame", "user", "room", "design"] {
            assert!(!is_secret(name), "{name}");
        }
    }
}
