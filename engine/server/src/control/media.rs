//! Room commands in the words of the forwarder. The two crates do not know each other; the shapes are the same.

use rtc_room::MediaCommand;
use rtc_sfu::Command;

pub(super) fn command(command: MediaCommand) -> Command {
    match command {
        MediaCommand::Publish { source, state, small } => Command::Publish { source, state, small },
        MediaCommand::View { viewer, source, layer } => Command::View { viewer, source, layer },
        MediaCommand::Unview { viewer, source } => Command::Unview { viewer, source },
        MediaCommand::Hear { viewer, source } => Command::Hear { viewer, source },
        MediaCommand::Unhear { viewer, source } => Command::Unhear { viewer, source },
        MediaCommand::Qos { session, qos } => Command::Qos { session, qos },
        MediaCommand::Close { session } => Command::Close { session },
    }
}
