//! Certificates from an authority by ACME (RFC 8555): asked for when there is none, proved on the port of https itself
//! (tls-alpn-01, RFC 8737), kept in a folder, renewed while the engine runs. No connection is lost by it.

mod https;
mod shown;

use std::io;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::{Duration, SystemTime};

use anyhow::{Context as _, bail};
use axum_server::tls_rustls::RustlsConfig;
use instant_acme::{
    Account, AccountCredentials, AuthorizationStatus, ChallengeType, Identifier, NewAccount, NewOrder, Order, OrderStatus,
    RetryPolicy,
};
use serde::{Deserialize, Serialize};
use tokio::time::sleep;

use self::https::Https;
pub(crate) use self::shown::PROOF_PROTOCOL;
use self::shown::{Shown, proof};
use crate::settings::AcmeSettings;
use crate::tls::{self, Span};

/// The pause after the first attempt that failed. Authorities allow a few failures an hour.
const FIRST_PAUSE: Duration = Duration::from_secs(5 * 60);
/// The longest pause.
const LAST_PAUSE: Duration = Duration::from_secs(6 * 3600);
/// How often it is looked whether a renewal is due: a machine may sleep.
const LOOK: Duration = Duration::from_secs(3600);
/// How long the authority may take to prove all names, and to make the certificate.
const PATIENCE: RetryPolicy = RetryPolicy::new().timeout(Duration::from_secs(120));

/// The file of the account, and those of the certificate.
const ACCOUNT: &str = "account.json";
const CERTIFICATE: &str = "certificate.pem";
const KEY: &str = "key.pem";

/// The keeper of a certificate.
pub(crate) struct Acme {
    settings: AcmeSettings,
    folder: PathBuf,
    shown: Arc<Shown>,
    /// From when to when the certificate is good that there is.
    span: Option<Span>,
}

/// An account as it is kept.
#[derive(Serialize, Deserialize)]
struct Kept {
    directory: String,
    credentials: AccountCredentials,
}

impl Acme {
    /// Takes up what is kept, if it still fits the settings.
    pub(crate) fn open(settings: &AcmeSettings, data: &Path) -> anyhow::Result<Self> {
        let folder = if settings.folder.is_empty() { data.join("acme") } else { PathBuf::from(&settings.folder) };
        tls::private_folder(&folder)?;
        let mut acme = Self { settings: settings.clone(), folder, shown: Arc::default(), span: None };
        if let Err(error) = acme.take_up() {
            tracing::info!(%error, "there is no certificate yet; https is there once the authority has given one");
        }
        Ok(acme)
    }

    /// What connections are given: always the newest certificate, and none before there is one.
    pub(crate) fn config(&self) -> anyhow::Result<RustlsConfig> {
        tls::resolving(Arc::clone(&self.shown) as _).map(RustlsConfig::from_config)
    }

    /// Sees to it that there is a good certificate, for ever.
    pub(crate) async fn keep(mut self) {
        let mut pause = FIRST_PAUSE;
        loop {
            if let Some(left) = self.span.and_then(|span| span.until_renewal(SystemTime::now())) {
                sleep(left.min(LOOK)).await;
                continue;
            }
            match self.renew().await {
                Ok(()) => pause = FIRST_PAUSE,
                Err(error) => {
                    let error = format!("{error:#}");
                    tracing::warn!(error, retry_s = pause.as_secs(), "the authority has given no certificate");
                    sleep(pause).await;
                    pause = (pause * 2).min(LAST_PAUSE);
                }
            }
        }
    }

    async fn renew(&mut self) -> anyhow::Result<()> {
        let account = self.account().await?;
        let names: Vec<Identifier> = self.settings.domains.iter().cloned().map(Identifier::Dns).collect();
        let mut order = account.new_order(&NewOrder::new(&names)).await.context("the order was refused")?;
        let proved = self.prove(&mut order).await;
        self.shown.forget_proofs();
        proved?;
        let (key, request) = tls::request(&self.settings.domains)?;
        order.finalize_csr(&request).await.context("the request was refused")?;
        let certificate = order.poll_certificate(&PATIENCE).await.context("no certificate was made")?;
        // The key first: what is found between the two is a pair that does not fit, and is asked for anew.
        tls::write_private(&self.folder.join(KEY), &key)?;
        tls::write_private(&self.folder.join(CERTIFICATE), &certificate)?;
        self.take_up()?;
        tracing::info!(domains = self.settings.domains.join(","), "a certificate was given and is used from now on");
        Ok(())
    }

    /// Shows the authority that each name leads here.
    async fn prove(&self, order: &mut Order) -> anyhow::Result<()> {
        let mut authorizations = order.authorizations();
        while let Some(authorization) = authorizations.next().await {
            let mut authorization = authorization?;
            match authorization.status {
                AuthorizationStatus::Valid => continue,
                AuthorizationStatus::Pending => {}
                status => bail!("an authorization is {status:?}"),
            }
            let mut challenge = authorization.challenge(ChallengeType::TlsAlpn01).context("tls-alpn-01 is not offered")?;
            let name = challenge.identifier().to_string();
            self.shown.show_proof(&name, proof(&name, challenge.key_authorization().digest().as_ref())?);
            challenge.set_ready().await?;
        }
        match order.poll_ready(&PATIENCE).await.context("a name was not proved")? {
            OrderStatus::Ready => Ok(()),
            _ => bail!("a name was not proved: does it lead to this engine's port 443?"),
        }
    }

    /// The account that is kept for this authority, or a new one.
    async fn account(&self) -> anyhow::Result<Account> {
        let AcmeSettings { directory, directory_root, contact, .. } = &self.settings;
        let builder = || anyhow::Ok(Account::builder_with_http(Box::new(Https::new(directory_root)?)));
        let path = self.folder.join(ACCOUNT);
        let kept = std::fs::read(&path).ok().and_then(|json| serde_json::from_slice::<Kept>(&json).ok());
        if let Some(kept) = kept.filter(|kept| kept.directory == *directory) {
            return builder()?.from_credentials(kept.credentials).await.context("the authority's directory");
        }
        let contact = format!("mailto:{contact}");
        let contacts = [contact.as_str()];
        let account = NewAccount {
            contact: if self.settings.contact.is_empty() { &[] } else { &contacts },
            // Who names domains in the settings is told there that he agrees.
            terms_of_service_agreed: true,
            only_return_existing: false,
        };
        let (account, credentials) =
            builder()?.create(&account, directory.clone(), None).await.context("no account was made")?;
        let kept = Kept { directory: directory.clone(), credentials };
        tls::write_private(&path, &serde_json::to_string(&kept)?)?;
        Ok(account)
    }

    /// Uses the certificate that is kept, if it is for all names.
    fn take_up(&mut self) -> anyhow::Result<()> {
        let read = |name: &str| -> io::Result<String> { std::fs::read_to_string(self.folder.join(name)) };
        let (certificate, key) = (read(CERTIFICATE)?, read(KEY)?);
        let names = tls::names(&certificate);
        if let Some(missing) = self.settings.domains.iter().find(|domain| !names.contains(domain)) {
            bail!("the certificate that is kept is not for {missing}");
        }
        let span = Span::of(&certificate).context("the certificate that is kept cannot be read")?;
        self.shown.show(tls::certified(&certificate, &key)?);
        self.span = Some(span);
        Ok(())
    }
}
