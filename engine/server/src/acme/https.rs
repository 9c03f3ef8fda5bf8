//! Requests to the authority, over https: a connection each, as they are few.

use std::future::Future;
use std::pin::Pin;
use std::sync::Arc;
use std::time::Duration;

use anyhow::Context as _;
use axum::body::Bytes;
use axum::http::{HeaderValue, Request, Response, Uri, header};
use http_body_util::{BodyExt as _, Full, Limited};
use hyper::client::conn::http1;
use hyper_util::rt::TokioIo;
use instant_acme::{BodyWrapper, BytesResponse, Error, HttpClient};
use rustls::pki_types::pem::PemObject as _;
use rustls::pki_types::{CertificateDer, ServerName};
use rustls::{ClientConfig, RootCertStore};
use tokio::net::TcpStream;
use tokio::time::timeout;
use tokio_rustls::TlsConnector;

/// How long a request may take, and how long an answer may be.
const ANSWERED: Duration = Duration::from_secs(30);
const LONGEST: usize = 1 << 20;

/// Asks the authority.
pub(super) struct Https {
    config: Arc<ClientConfig>,
}

impl Https {
    /// Trusts whom the system trusts, and the certificates of a PEM file unless its path is empty.
    pub(super) fn new(root: &str) -> anyhow::Result<Self> {
        let mut roots = RootCertStore::empty();
        roots.add_parsable_certificates(rustls_native_certs::load_native_certs().certs);
        if !root.is_empty() {
            let own: Result<Vec<_>, _> = CertificateDer::pem_file_iter(root).and_then(Iterator::collect);
            let own = own.map_err(|error| anyhow::anyhow!("http.acme.directory_root {root}: {error}"))?;
            roots.add_parsable_certificates(own);
        }
        let provider = Arc::new(rustls::crypto::aws_lc_rs::default_provider());
        let mut config = ClientConfig::builder_with_provider(provider)
            .with_safe_default_protocol_versions()?
            .with_root_certificates(roots)
            .with_no_client_auth();
        config.alpn_protocols = vec![b"http/1.1".to_vec()];
        Ok(Self { config: Arc::new(config) })
    }
}

impl HttpClient for Https {
    fn request(
        &self,
        request: Request<BodyWrapper<Bytes>>,
    ) -> Pin<Box<dyn Future<Output = Result<BytesResponse, Error>> + Send>> {
        let config = Arc::clone(&self.config);
        Box::pin(async move {
            let asked = timeout(ANSWERED, ask(config, request)).await;
            let answered = asked.unwrap_or_else(|_| Err(anyhow::anyhow!("no answer within {} s", ANSWERED.as_secs())));
            answered.map(BytesResponse::from).map_err(|error| Error::Other(error.into()))
        })
    }
}

async fn ask(config: Arc<ClientConfig>, mut request: Request<BodyWrapper<Bytes>>) -> anyhow::Result<Response<Full<Bytes>>> {
    let uri = request.uri().clone();
    anyhow::ensure!(uri.scheme_str() == Some("https"), "{uri} is not https");
    let host = uri.host().context("a URL without a host")?.trim_start_matches('[').trim_end_matches(']').to_owned();
    let stream = TcpStream::connect((host.as_str(), uri.port_u16().unwrap_or(443))).await.with_context(|| host.clone())?;
    let name = ServerName::try_from(host)?;
    let stream = TlsConnector::from(config).connect(name, stream).await?;
    let (mut sender, connection) = http1::handshake(TokioIo::new(stream)).await?;
    // Ends with the sender.
    let connection = tokio::spawn(connection);
    let authority = uri.authority().context("a URL without a host")?.as_str();
    request.headers_mut().insert(header::HOST, HeaderValue::from_str(authority)?);
    *request.uri_mut() = Uri::try_from(uri.path_and_query().map_or("/", |path| path.as_str()))?;
    let (parts, body) = sender.send_request(request).await?.into_parts();
    let body = Limited::new(body, LONGEST).collect().await.map_err(anyhow::Error::from_boxed)?.to_bytes();
    connection.abort();
    Ok(Response::from_parts(parts, Full::new(body)))
}
