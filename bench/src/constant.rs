//! The server that bounds all others: it reads the body and answers constant bytes with BankID's headers, their names
//! spelt as BankID spells them.
//!
//! It runs in two forms: on `serve`, the simulator's own accept loop with its limits, and on nothing but hyper and the
//! runtime, which shows what `serve` itself costs.

use std::convert::Infallible;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::Duration;

use http::{HeaderValue, Request, Response, header};
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
        let plain = Server::new(plain).title_case_headers().run(std::future::pending(), |_: Peer| Constant);
        let tls = Server::new(tls).tls(Arc::new(config)).title_case_headers().run(std::future::pending(), |_: Peer| Constant);
        tokio::try_join!(plain, tls)?;
        Ok(())
    })
}

struct Constant;

impl Connection for Constant {
    type Body = Full;

    async fn answer(&self, request: Request<Body>) -> Response<Full> {
        let text = constant(request.uri().path());
        match serve::collect(request.into_body(), BODY).await {
            Ok(_) => answer(text),
            _ => Response::new(Full::from("no body")),
        }
    }
}

/// Accepts for ever, one task a connection: what hyper's own examples do.
async fn bare(listener: TcpListener) -> Result<()> {
    loop {
        let (stream, _) = listener.accept().await?;
        stream.set_nodelay(true)?;
        let service = service_fn(async |request: Request<Body>| {
            let text = constant(request.uri().path());
            Ok::<_, Infallible>(match request.into_body().collect().await {
                Ok(_) => answer(text),
                _ => Response::new(Full::from("no body")),
            })
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

fn answer(text: &'static str) -> Response<Full> {
    let mut response = Response::new(Full::from(text));
    let headers = response.headers_mut();
    headers.reserve(8);
    headers.insert(header::EXPIRES, HeaderValue::from_static("0"));
    headers.insert(
        header::CACHE_CONTROL,
        HeaderValue::from_static("no-cache, no-store, must-revalidate"),
    );
    headers.insert(header::PRAGMA, HeaderValue::from_static("no-cache"));
    headers.insert(header::SERVER, HeaderValue::from_static("BankID"));
    headers.insert(header::CONTENT_TYPE, HeaderValue::from_static("application/json"));
    headers.insert("x-bankid-simulator", HeaderValue::from_static("0.0.0"));
    response
}

/// The simulator's own mutual TLS, with the certificates of its folder.
fn server_config(certificates: &Path) -> Result<ServerConfig> {
    let (certificates, _) = Certificates::load_or_generate(certificates, &[], unix_ms())?;
    Ok(certificates.server_config(ClientTrust::default(), Arc::new(DefaultTimeProvider))?)
}
