//! `rtc-engine credentials`.

use clap::Args;
use rtc_store::Store;
use serde::Serialize;

use crate::Settings;

#[derive(Debug, Args)]
pub(super) struct Credentials {
    /// As one JSON object.
    #[arg(long)]
    json: bool,
}

#[derive(Serialize)]
struct Shown<'a> {
    sdk_app_id: u32,
    sdk_secret_key: &'a str,
    secret_id: &'a str,
    secret_key: &'a str,
}

impl Credentials {
    pub(super) fn run(&self, settings: &Settings) -> anyhow::Result<()> {
        let credentials = super::wait_for(async {
            let store = Store::open(&settings.data_dir()).await?;
            let credentials = store.first_credentials().await?;
            store.close().await;
            Ok(credentials)
        })?;
        let text = if self.json { json(&credentials)? } else { words(&credentials) };
        super::print(&text);
        Ok(())
    }
}

fn json(credentials: &rtc_store::Credentials) -> anyhow::Result<String> {
    let shown = Shown {
        sdk_app_id: credentials.sdk_app_id.0,
        sdk_secret_key: credentials.sdk_secret_key.expose(),
        secret_id: &credentials.api.secret_id,
        secret_key: credentials.api.secret_key.expose(),
    };
    Ok(serde_json::to_string_pretty(&shown)? + "\n")
}

/// The credentials for people.
pub(super) fn words(credentials: &rtc_store::Credentials) -> String {
    format!(
        "App (to sign UserSigs on your server)\n  \
           SDKAppID    {}\n  \
           secret key  {}\n\
         Cloud API\n  \
           SecretId    {}\n  \
           SecretKey   {}\n",
        credentials.sdk_app_id,
        credentials.sdk_secret_key.expose(),
        credentials.api.secret_id,
        credentials.api.secret_key.expose(),
    )
}
