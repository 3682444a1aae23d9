//! The server that bounds all others: it reads the body and answers constant bytes with BankID's headers, their names
//! spelt as BankID spells them.
//!
//! It runs in two forms: on `serve`, the simulator's own accept loop with its limits, and on nothing but hyper and the
//! runtime, which shows what `serve` itself costs.

use std::convert::Infallible;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::Duration;

use http::{HeaderMap, HeaderValue, Request, Response, header};
use http_body_util::BodyExt as _;
use hyper::server::conn::http1;
use hyper::service::service_fn;
use hyper_util::rt::{TokioIo, TokioTimer};
use rustls::ServerConfig;
use rustls::time_provider::DefaultTimeProvider;
use serve::{Body, BodyLimits, Connection, Full, Peer, Server};
use simulator::pki::{Certificates, ClientTrust};
use tokio::net::TcpListener;

use crate::Result;
use crate::stopwatch::unix_ms;

const AUTH: &str = r#"{"orderRef":"131daac9-16c6-4618-beb0-365768f37288","autoStartToken":"7c40b5c9-fa74-49cf-b98c-bfe651f9a7c6","qrStartToken":"67df3917-fa0d-44e5-b327-edcc928297f8","qrStartSecret":"d28db9a7-4cde-429e-a983-359be676944c"}"#;
const PENDING: &str = r#"{"orderRef":"131daac9-16c6-4618-beb0-365768f37288","status":"pending","hintCode":"outstandingTransaction"}"#;

const BODY: BodyLimits = BodyLimits { bytes: 512 * 1024, time: Duration::from_secs(10) };

#[derive(Debug, clap::Args)]
pub(crate) struct Arguments {
    /// The simulator's folder of certificates; without it, plain only and without `serve`.
    certificates: Option<PathBuf>,
}

pub(crate) fn run(arguments: &Arguments) -> Result<()> {
    let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build()?;
    runtime.block_on(async {
        let plain = TcpListener::bind(("127.0.0.1", 0)).await?;
        let http = plain.local_addr()?;
        let Some(certificates) = &arguments.certificates else {
            println!("{}", serde_json::json!({ "http": format!("http://{http}"), "https": null }));
            return bare(plain).await;
        };
        let tls = TcpListener::bind(("127.0.0.1", 0)).await?;
        let https = tls.local_addr()?;
        let config = server_config(certificates)?;
        println!(
            "{}",
            serde_json::json!({ "http": format!("http://{http}"), "https": format!("https://{https}") })
        );
        let headers = Arc::new(headers());
        let serve = |server: Server| {
            let headers = Arc::clone(&headers);
            let connect = move |_: Peer| Constant { headers: Arc::clone(&headers) };
            server.title_case_headers().run(std::future::pending(), connect)
        };
        let tls = Server::new(tls).tls(Arc::new(config));
        tokio::try_join!(serve(Server::new(plain)), serve(tls))?;
        Ok(())
    })
}

struct Constant {
    headers: Arc<HeaderMap>,
}

impl Connection for Constant {
    type Body = Full;

    async fn answer(&self, request: Request<Body>) -> Response<Full> {
        let text = constant(request.uri().path());
        match serve::collect(request.into_body(), BODY).await {
            Ok(_) => answer(text, &self.headers),
            Err(_) => Response::new(Full::from("no body")),
        }
    }
}

/// Accepts for ever, one task a connection: what hyper's own examples do.
async fn bare(listener: TcpListener) -> Result<()> {
    let headers = Arc::new(headers());
    loop {
        let (stream, _) = listener.accept().await?;
        stream.set_nodelay(true)?;
        let headers = Arc::clone(&headers);
        let service = service_fn(move |request: Request<Body>| {
            let headers = Arc::clone(&headers);
            async move {
                let text = constant(request.uri().path());
                Ok::<_, Infallible>(match request.into_body().collect().await {
                    Ok(_) => answer(text, &headers),
                    Err(_) => Response::new(Full::from("no body")),
                })
            }
        });
        tokio::spawn(
            http1::Builder::new()
                .timer(TokioTimer::new())
                .title_case_headers(true)
                .serve_connection(TokioIo::new(stream), service),
        );
    }
}

fn constant(path: &str) -> &'static str {
    if path.ends_with("/collect") { PENDING } else { AUTH }
}

fn answer(text: &'static str, headers: &HeaderMap) -> Response<Full> {
    let mut response = Response::new(Full::from(text));
    *response.headers_mut() = headers.clone();
    response
}

/// BankID's headers. The simulator, too, makes them once and clones them for each answer.
fn headers() -> HeaderMap {
    let mut headers = HeaderMap::with_capacity(8);
    headers.append(header::EXPIRES, HeaderValue::from_static("0"));
    headers.append(
        header::CACHE_CONTROL,
        HeaderValue::from_static("no-cache, no-store, must-revalidate"),
    );
    headers.append(header::PRAGMA, HeaderValue::from_static("no-cache"));
    headers.append(header::SERVER, HeaderValue::from_static("BankID"));
    headers.append(header::CONTENT_TYPE, HeaderValue::from_static("application/json"));
    headers.append("x-bankid-simulator", HeaderValue::from_static("0.0.0"));
    headers
}

/// The simulator's own mutual TLS, with the certificates of its folder.
fn server_config(certificates: &Path) -> Result<ServerConfig> {
    let (certificates, _) = Certificates::load_or_generate(certificates, &[], unix_ms())?;
    Ok(certificates.server_config(ClientTrust::default(), Arc::new(DefaultTimeProvider))?)
}
