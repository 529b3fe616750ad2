//! The way to the platform: connections with a limit of time, through the proxy that the environment
//! names. octocrab's own client knows neither proxies nor, without more crates, limits of time; it takes
//! any client that is put below it.

use hyper::Uri;
use hyper_rustls::{HttpsConnector, HttpsConnectorBuilder};
use hyper_util::client::legacy::connect::HttpConnector;
use hyper_util::client::legacy::connect::proxy::Tunnel;
use hyper_util::client::proxy::matcher::Matcher;
use hyper_util::rt::TokioIo;
use std::future::Future;
use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll};
use std::time::Duration;
use tokio::net::TcpStream;
use tower_service::Service;

type BoxError = Box<dyn std::error::Error + Send + Sync>;

/// Opens connections, straight or through a proxy.
#[derive(Clone)]
pub(super) struct Connector {
    proxies: Option<Arc<Matcher>>,
    limit: Duration,
}

impl Connector {
    /// Asks the environment for proxies: HTTPS_PROXY, ALL_PROXY and NO_PROXY, in capital letters or small.
    pub fn new(limit: Duration) -> Self {
        Connector { proxies: Some(Arc::new(Matcher::from_env())), limit }
    }

    /// Connects to this machine alone.
    pub fn straight(limit: Duration) -> Self {
        Connector { proxies: None, limit }
    }

    /// The same with encryption, trusting what the machine trusts.
    ///
    /// # Errors
    /// When the machine trusts nobody: it has no certificates.
    pub fn encrypted(self) -> Result<HttpsConnector<Connector>, std::io::Error> {
        let builder = HttpsConnectorBuilder::new().with_native_roots()?;
        Ok(builder.https_only().enable_http1().wrap_connector(self))
    }
}

impl Service<Uri> for Connector {
    type Response = TokioIo<TcpStream>;
    type Error = BoxError;
    type Future = Pin<Box<dyn Future<Output = Result<Self::Response, BoxError>> + Send>>;

    fn poll_ready(&mut self, _: &mut Context<'_>) -> Poll<Result<(), BoxError>> {
        Poll::Ready(Ok(()))
    }

    fn call(&mut self, to: Uri) -> Self::Future {
        let mut straight = HttpConnector::new();
        // Encryption is laid over the connection by who asked for it.
        straight.enforce_http(false);
        let proxy = self.proxies.as_ref().and_then(|proxies| proxies.intercept(&to));
        let limit = self.limit;
        Box::pin(async move {
            let connecting = async {
                let Some(proxy) = proxy else {
                    return straight.call(to).await.map_err(BoxError::from);
                };
                if proxy.uri().scheme_str() != Some("http") {
                    return Err("only proxies whose address begins with http:// are known".into());
                }
                let mut tunnel = Tunnel::new(proxy.uri().clone(), straight);
                if let Some(login) = proxy.basic_auth() {
                    tunnel = tunnel.with_auth(login.clone());
                }
                let host = proxy.uri().host().unwrap_or_default().to_owned();
                tunnel.call(to).await.map_err(|error| format!("the proxy {host} did not open the way: {error}").into())
            };
            let late = || BoxError::from("no connection in time");
            tokio::time::timeout(limit, connecting).await.unwrap_or_else(|_| Err(late()))
        })
    }
}
