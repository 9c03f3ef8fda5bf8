//! `rtc-engine usersig` and `rtc-engine private-map-key`: tickets by hand.

use anyhow::Context as _;
use clap::Args;
use rtc_auth::private_map_key::{self, Permissions};
use rtc_auth::user_sig;
use rtc_protocol::{RoomId, SdkAppId, UserId};
use rtc_store::{App, Store};

use crate::Settings;
use crate::clock::wall_ms;

#[derive(Debug, Args)]
pub(super) struct UserSig {
    #[command(flatten)]
    holder: Holder,
}

#[derive(Debug, Args)]
pub(super) struct PrivateMapKey {
    #[command(flatten)]
    holder: Holder,
    /// The number room it is for.
    #[arg(long, value_name = "NUMBER", required_unless_present = "str_room", conflicts_with = "str_room")]
    room: Option<u64>,
    /// The string room it is for.
    #[arg(long, value_name = "NAME")]
    str_room: Option<String>,
    /// What it allows, added up: 1 create the room, 2 enter, 4 send and 8 receive audio, 16 send and 32 receive video, 64
    /// send and 128 receive a screen. 255 is everything, 42 an audience.
    #[arg(long, value_name = "BITS", default_value_t = Permissions::ALL.0, value_parser = clap::value_parser!(u32).range(0..=255))]
    permissions: u32,
}

/// Who a ticket is for.
#[derive(Debug, Args)]
struct Holder {
    /// The user it is for.
    #[arg(long, value_name = "ID")]
    user: String,
    /// How long it is good for, in seconds.
    #[arg(long, value_name = "SECONDS", default_value_t = 86_400, value_parser = clap::value_parser!(u64).range(1..=315_360_000))]
    expire: u64,
    /// The app it is for; the first one unless given.
    #[arg(long, value_name = "SDKAPPID")]
    app: Option<u32>,
}

impl UserSig {
    pub(super) fn run(&self, settings: &Settings) -> anyhow::Result<()> {
        let (user, app) = self.holder.look_up(settings)?;
        let ticket = user_sig::make(app.id.0, user.as_str(), key(&app)?, wall_ms() / 1000, self.holder.expire);
        super::print(&(ticket + "\n"));
        Ok(())
    }
}

impl PrivateMapKey {
    pub(super) fn run(&self, settings: &Settings) -> anyhow::Result<()> {
        let (user, app) = self.holder.look_up(settings)?;
        let id = match (&self.room, &self.str_room) {
            (Some(number), _) => RoomId::number(*number).context("--room")?,
            (None, Some(text)) => RoomId::text(text).context("--str-room")?,
            (None, None) => anyhow::bail!("name the room by --room or --str-room"),
        };
        let room = match &id {
            RoomId::Number(number) => private_map_key::Room::Number(*number),
            RoomId::Text(text) => private_map_key::Room::Text(text),
        };
        let (permissions, expire) = (Permissions(self.permissions), self.holder.expire);
        let ticket = private_map_key::make(app.id.0, user.as_str(), &room, permissions, key(&app)?, wall_ms() / 1000, expire);
        super::print(&(ticket + "\n"));
        Ok(())
    }
}

impl Holder {
    fn look_up(&self, settings: &Settings) -> anyhow::Result<(UserId, App)> {
        let user = UserId::parse(&self.user).context("--user")?;
        let app = super::wait_for(async {
            let store = Store::open(&settings.data_dir()).await?;
            let first = store.first_credentials().await?.sdk_app_id;
            let wanted = self.app.map_or(first, SdkAppId);
            let found = store.apps().await?.into_iter().find(|app| app.id == wanted);
            store.close().await;
            found.with_context(|| format!("there is no app {wanted} in {}", settings.data_dir().display()))
        })?;
        Ok((user, app))
    }
}

fn key(app: &App) -> anyhow::Result<&str> {
    let key = app.keys.last().with_context(|| format!("app {} has no live key", app.id))?;
    Ok(key.expose())
}
