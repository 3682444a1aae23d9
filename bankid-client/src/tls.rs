//! Mutual TLS as the client of BankID's servers speaks it (1.3): TLS 1.2 and 1.3, and only the endpoint's roots.
//!
//! This file alone names the cryptography provider of the client.

use std::error::Error as StdError;
use std::io;
use std::sync::Arc;
use std::time::Duration;

use rustls::client::WebPkiServerVerifier;
use rustls::crypto::{CryptoProvider, ring};
use rustls::pki_types::{PrivateKeyDer, UnixTime};
use rustls::sign::{CertifiedKey, SigningKey, SingleCertAndKey};
use rustls::time_provider::TimeProvider;
use rustls::{AlertDescription, ClientConfig, RootCertStore};

use crate::{Clock, TlsFault};

/// A key that can sign in a handshake. Nothing if it is of a kind that TLS has no use for.
pub(crate) fn signing_key(key: &PrivateKeyDer<'_>) -> Option<Arc<dyn SigningKey>> {
    ring::sign::any_supported_type(key).ok()
}

/// The client's side of all connections of one identity: sessions are resumed among them only.
pub(crate) fn client_config(
    roots: &Arc<RootCertStore>,
    identity: &Arc<CertifiedKey>,
    clock: &Arc<dyn Clock>,
) -> Result<ClientConfig, Box<dyn StdError + Send + Sync>> {
    let provider = Arc::new(provider());
    let verifier =
        WebPkiServerVerifier::builder_with_provider(Arc::clone(roots), Arc::clone(&provider))
            .build()?;
    let mut config =
        ClientConfig::builder_with_details(provider, Arc::new(Time(Arc::clone(clock))))
            .with_protocol_versions(&[&rustls::version::TLS13, &rustls::version::TLS12])?
            .with_webpki_verifier(verifier)
            .with_client_cert_resolver(Arc::new(SingleCertAndKey::from(Arc::clone(identity))));
    config.alpn_protocols = vec![b"http/1.1".to_vec()];
    Ok(config)
}

fn provider() -> CryptoProvider {
    ring::default_provider()
}

/// The client's clock, as rustls asks for it.
#[derive(Debug)]
struct Time(Arc<dyn Clock>);

impl TimeProvider for Time {
    fn current_time(&self) -> Option<UnixTime> {
        Some(UnixTime::since_unix_epoch(Duration::from_millis(self.0.unix_ms())))
    }
}

/// Who refused whom, if TLS was what failed. An alert about our certificate may come only with the first read after the
/// handshake (1.3).
#[expect(
    clippy::wildcard_enum_match_arm,
    reason = "the library may add errors; two kinds are told apart from the rest"
)]
pub(crate) fn fault(error: &(dyn StdError + 'static)) -> Option<TlsFault> {
    use rustls::Error;

    let mut cause = Some(error);
    while let Some(error) = cause {
        let inner = error
            .downcast_ref::<io::Error>()
            .and_then(|error| error.get_ref()?.downcast_ref::<Error>());
        if let Some(tls) = inner.or_else(|| error.downcast_ref()) {
            return Some(match tls {
                Error::InvalidCertificate(_) | Error::NoCertificatesPresented => {
                    TlsFault::ServerCertificate
                }
                Error::AlertReceived(alert) if is_about_certificate(*alert) => {
                    TlsFault::ClientCertificate
                }
                _ => TlsFault::Handshake,
            });
        }
        cause = error.source();
    }
    None
}

const fn is_about_certificate(alert: AlertDescription) -> bool {
    matches!(
        alert,
        AlertDescription::NoCertificate
            | AlertDescription::BadCertificate
            | AlertDescription::UnsupportedCertificate
            | AlertDescription::CertificateRevoked
            | AlertDescription::CertificateExpired
            | AlertDescription::CertificateUnknown
            | AlertDescription::UnknownCA
            | AlertDescription::AccessDenied
            | AlertDescription::CertificateRequired
    )
}
