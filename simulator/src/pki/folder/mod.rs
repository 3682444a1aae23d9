//! Certificates kept in a folder: reused from run to run, so that a client needs to be told of the CA only once.
//!
//! Authorities are kept for as long as they live. What they issued is renewed when its end is near, or when the server
//! is asked for a name that its certificate lacks. A file that holds something else than it should is an error, never
//! overwritten.

use std::fs;
use std::io::{self, Write as _};
use std::path::{Path, PathBuf};

use rcgen::{KeyPair, PublicKeyData as _, SanType};
use rustls::pki_types::pem::PemObject as _;
use rustls::pki_types::{CertificateDer, PrivatePkcs8KeyDer};
use time::{Duration, OffsetDateTime};
use x509_parser::certificate::X509Certificate;
use x509_parser::extensions::GeneralName;
use x509_parser::prelude::FromDer as _;

use super::issue::{self, Authority};
use super::pkcs12::{self, Salt};
use super::{Certificates, Error, Identity, PASSPHRASE, pem};

/// Where everything lies once a folder is written.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Files {
    /// The authority that clients must trust, PEM.
    pub ca: PathBuf,
    /// The root of what persons sign, PEM; written by `bankid-simulator certs`, else once an order has been started.
    pub user_ca: PathBuf,
    /// The server's certificate, PEM.
    pub server_certificate: PathBuf,
    /// The server's key, PEM.
    pub server_key: PathBuf,
    /// The relying parties, in the order of [`Certificates::relying_parties`].
    pub relying_parties: Vec<RelyingPartyFiles>,
}

/// Where the forms of one relying party's certificate and key lie.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RelyingPartyFiles {
    /// Certificate, PEM.
    pub certificate: PathBuf,
    /// Key, PEM, not encrypted.
    pub key: PathBuf,
    /// Certificate and encrypted key in one PEM file.
    pub encrypted_pem: PathBuf,
    /// Modern PKCS#12 (AES-256, SHA-256).
    pub pfx: PathBuf,
    /// Old PKCS#12 (RC2-40, triple DES, SHA-1).
    pub legacy_pfx: PathBuf,
}

/// The stem of the files of the root of what persons sign.
const USER_ROOT: &str = "user-ca";

/// What is issued is renewed this long before its end.
const RENEW_BEFORE: Duration = Duration::days(30);

impl Files {
    /// The files of a folder, whether they exist or not.
    pub fn of(folder: &Path) -> Self {
        let relying_parties =
            issue::RELYING_PARTIES.iter().map(|party| RelyingPartyFiles::of(folder, party.stem));
        Self {
            ca: folder.join("ca.pem"),
            user_ca: folder.join("user-ca.pem"),
            server_certificate: folder.join("server.pem"),
            server_key: folder.join("server.key"),
            relying_parties: relying_parties.collect(),
        }
    }
}

impl RelyingPartyFiles {
    fn of(folder: &Path, stem: &str) -> Self {
        Self {
            certificate: folder.join(format!("{stem}.pem")),
            key: folder.join(format!("{stem}.key")),
            encrypted_pem: folder.join(format!("{stem}-encrypted.pem")),
            pfx: folder.join(format!("{stem}.p12")),
            legacy_pfx: folder.join(format!("{stem}-legacy.pfx")),
        }
    }
}

impl Certificates {
    /// Takes what a folder holds, makes what is missing or too old, and writes that.
    ///
    /// # Errors
    /// Files that cannot be read or written, or that hold something else than they should; and all of
    /// [`Certificates::generate`].
    pub fn load_or_generate(
        folder: &Path,
        names: &[String],
        now_ms: u64,
    ) -> Result<(Self, Files), Error> {
        let tls_authority = match authority(folder, "ca", now_ms)? {
            Some(kept) => kept,
            None => Authority::generate(issue::TLS_AUTHORITY, now_ms)?,
        };
        let rp_authority = match authority(folder, "rp-ca", now_ms)? {
            Some(kept) => kept,
            None => Authority::generate(issue::RP_AUTHORITY, now_ms)?,
        };
        let server = match identity(folder, "server", &tls_authority, now_ms)? {
            Some(kept) if covers(&kept, names)? => kept,
            Some(_) | None => issue::server(&tls_authority, names, now_ms)?,
        };
        let mut relying_parties = Vec::with_capacity(issue::RELYING_PARTIES.len());
        for party in issue::RELYING_PARTIES {
            relying_parties.push(match identity(folder, party.stem, &rp_authority, now_ms)? {
                Some(kept) => kept,
                None => issue::relying_party(&rp_authority, party, now_ms)?,
            });
        }
        let certificates = Self { tls_authority, rp_authority, server, relying_parties };
        let files = certificates.write(folder)?;
        Ok((certificates, files))
    }

    /// Writes everything to a folder, which is made if it is not there. Files that already hold what they should are
    /// left alone. Only the owner may read keys.
    ///
    /// # Errors
    /// A file that cannot be written.
    pub fn write(&self, folder: &Path) -> Result<Files, Error> {
        fs::create_dir_all(folder).map_err(|source| file_error(folder, "written", source))?;
        for (stem, authority) in [("ca", &self.tls_authority), ("rp-ca", &self.rp_authority)] {
            let certificate = pem::certificate(authority.certificate());
            let key = pem::encode(pem::PRIVATE_KEY, authority.key().secret_pkcs8_der());
            write_pair(folder, stem, &certificate, &key)?;
        }
        write_pair(
            folder,
            self.server.name(),
            &self.server.certificate_pem(),
            &self.server.key_pem(),
        )?;
        for party in &self.relying_parties {
            let is_new =
                write_pair(folder, party.name(), &party.certificate_pem(), &party.key_pem())?;
            write_containers(&RelyingPartyFiles::of(folder, party.name()), party, is_new)?;
        }
        Ok(Files::of(folder))
    }
}

/// The encrypted forms. Each is salted, so they are compared by whether the pair they hold is new.
fn write_containers(
    files: &RelyingPartyFiles,
    party: &Identity,
    is_new: bool,
) -> Result<(), Error> {
    if is_new || !files.encrypted_pem.exists() {
        let key = pkcs12::encrypted_key(party, PASSPHRASE, Salt::draw()?);
        let text = party.certificate_pem() + &pem::encode(pem::ENCRYPTED_PRIVATE_KEY, &key);
        write_secret(&files.encrypted_pem, text.as_bytes())?;
    }
    if is_new || !files.pfx.exists() {
        write_secret(&files.pfx, &party.pfx()?)?;
    }
    if is_new || !files.legacy_pfx.exists() {
        write_secret(&files.legacy_pfx, &party.legacy_pfx()?)?;
    }
    Ok(())
}

/// Writes a key and then its certificate, and says whether either was new.
fn write_pair(folder: &Path, stem: &str, certificate: &str, key: &str) -> Result<bool, Error> {
    let key_path = folder.join(format!("{stem}.key"));
    let certificate_path = folder.join(format!("{stem}.pem"));
    let same = |path: &Path, text: &str| fs::read(path).is_ok_and(|held| held == text.as_bytes());
    if same(&key_path, key) && same(&certificate_path, certificate) {
        return Ok(false);
    }
    write_secret(&key_path, key.as_bytes())?;
    write_file(&certificate_path, certificate.as_bytes(), false)?;
    Ok(true)
}

fn write_secret(path: &Path, bytes: &[u8]) -> Result<(), Error> {
    write_file(path, bytes, true)
}

/// Writes beside the file and renames, so that nobody ever reads half a file.
fn write_file(path: &Path, bytes: &[u8], secret: bool) -> Result<(), Error> {
    let failed = |source| file_error(path, "written", source);
    let mut name = path.file_name().unwrap_or_default().to_owned();
    name.push(".new");
    let beside = path.with_file_name(name);
    match fs::remove_file(&beside) {
        Ok(()) => {}
        Err(error) if error.kind() == io::ErrorKind::NotFound => {}
        Err(error) => return Err(failed(error)),
    }
    let mut options = fs::OpenOptions::new();
    options.write(true).create_new(true);
    #[cfg(unix)]
    {
        use std::os::unix::fs::OpenOptionsExt as _;
        options.mode(if secret { 0o600 } else { 0o644 });
    }
    #[cfg(not(unix))]
    let _ = secret;
    let mut file = options.open(&beside).map_err(failed)?;
    file.write_all(bytes).map_err(failed)?;
    drop(file);
    fs::rename(&beside, path).map_err(failed)
}

fn file_error(path: &Path, action: &'static str, source: io::Error) -> Error {
    Error::File { path: path.to_owned(), action, source }
}

/// A kept pair of certificate and key, or nothing if neither file is there.
struct Pair {
    path: PathBuf,
    certificate: CertificateDer<'static>,
    key: KeyPair,
    not_before: OffsetDateTime,
    not_after: OffsetDateTime,
}

impl Pair {
    fn read(folder: &Path, stem: &str) -> Result<Option<Self>, Error> {
        let path = folder.join(format!("{stem}.pem"));
        let key_path = folder.join(format!("{stem}.key"));
        let (certificate, key) = match (read_file(&path)?, read_file(&key_path)?) {
            (None, None) => return Ok(None),
            (Some(certificate), Some(key)) => (certificate, key),
            (Some(_), None) => {
                return Err(Error::Content { path: key_path, problem: "is missing" });
            }
            (None, Some(_)) => return Err(Error::Content { path, problem: "is missing" }),
        };
        let certificate = CertificateDer::from_pem_slice(&certificate).map_err(|_pem| {
            Error::Content { path: path.clone(), problem: "is no PEM certificate" }
        })?;
        let key = PrivatePkcs8KeyDer::from_pem_slice(&key)
            .ok()
            .and_then(|key| KeyPair::try_from(&key).ok())
            .ok_or_else(|| Error::Content {
                path: key_path.clone(),
                problem: "is no PEM private key (PKCS#8)",
            })?;
        let (not_before, not_after) = {
            let parsed = parse(&certificate, &path)?;
            if parsed.public_key().raw != key.subject_public_key_info() {
                return Err(Error::Content {
                    path: key_path,
                    problem: "does not belong to the certificate beside it",
                });
            }
            (parsed.validity().not_before.to_datetime(), parsed.validity().not_after.to_datetime())
        };
        Ok(Some(Self { path, certificate, key, not_before, not_after }))
    }

    fn lasts(&self, now_ms: u64) -> bool {
        let now = issue::at(now_ms);
        self.not_before <= now && now + RENEW_BEFORE < self.not_after
    }
}

/// The root of what persons sign that a folder keeps, if it does.
pub(crate) fn user_root(
    folder: &Path,
) -> Result<Option<(CertificateDer<'static>, PrivatePkcs8KeyDer<'static>)>, Error> {
    let pair = Pair::read(folder, USER_ROOT)?;
    Ok(pair.map(|pair| (pair.certificate, pair.key.serialize_der().into())))
}

/// Keeps that root in a folder.
pub(crate) fn keep_user_root(
    folder: &Path,
    certificate: &CertificateDer<'_>,
    key: &PrivatePkcs8KeyDer<'_>,
) -> Result<(), Error> {
    let key = pem::encode(pem::PRIVATE_KEY, key.secret_pkcs8_der());
    write_pair(folder, USER_ROOT, &pem::certificate(certificate), &key).map(drop)
}

/// The certificate that clients of a simulator with this folder must trust.
pub(super) fn authority_to_trust(folder: &Path) -> Result<CertificateDer<'static>, Error> {
    let path = Files::of(folder).ca;
    let missing = |path| Error::Content { path, problem: "is missing" };
    let Some(text) = read_file(&path)? else { return Err(missing(path)) };
    CertificateDer::from_pem_slice(&text)
        .map_err(|_pem| Error::Content { path, problem: "is no PEM certificate" })
}

/// Certificate and key of the first relying party of a folder.
pub(super) fn first_relying_party(
    folder: &Path,
) -> Result<(CertificateDer<'static>, PrivatePkcs8KeyDer<'static>), Error> {
    let stem = issue::RELYING_PARTIES.first().map_or("", |party| party.stem);
    match Pair::read(folder, stem)? {
        Some(pair) => Ok((pair.certificate, pair.key.serialize_der().into())),
        None => {
            Err(Error::Content { path: folder.join(format!("{stem}.pem")), problem: "is missing" })
        }
    }
}

fn authority(folder: &Path, stem: &str, now_ms: u64) -> Result<Option<Authority>, Error> {
    let Some(pair) = Pair::read(folder, stem)?.filter(|pair| pair.lasts(now_ms)) else {
        return Ok(None);
    };
    if !parse(&pair.certificate, &pair.path)?.is_ca() {
        return Err(Error::Content {
            path: pair.path,
            problem: "is no certificate of an authority",
        });
    }
    Ok(Some(Authority::existing(pair.certificate, pair.key, pair.not_after)))
}

/// A kept identity, if this authority issued it and it lasts.
fn identity(
    folder: &Path,
    stem: &'static str,
    authority: &Authority,
    now_ms: u64,
) -> Result<Option<Identity>, Error> {
    let Some(pair) = Pair::read(folder, stem)? else { return Ok(None) };
    let (_, issuer) = X509Certificate::from_der(authority.certificate()).map_err(|_malformed| {
        Error::Content { path: folder.to_owned(), problem: "holds a broken authority" }
    })?;
    let is_signed = {
        let parsed = parse(&pair.certificate, &pair.path)?;
        if parsed.issuer().as_raw() != issuer.subject().as_raw() {
            return Err(Error::Content {
                path: pair.path,
                problem: "was not issued by the authority in this folder",
            });
        }
        // An authority that was renewed has the same name, but another key.
        parsed.verify_signature(Some(issuer.public_key())).is_ok()
    };
    let is_kept = is_signed && pair.lasts(now_ms);
    Ok(is_kept.then(|| Identity::new(stem, pair.certificate, pair.key.serialize_der().into())))
}

/// Whether the server certificate covers our own names and those asked for.
fn covers(server: &Identity, names: &[String]) -> Result<bool, Error> {
    let asked = issue::alternative_names(names)?;
    let Ok((_, certificate)) = X509Certificate::from_der(server.certificate()) else {
        return Ok(false);
    };
    let Ok(Some(extension)) = certificate.subject_alternative_name() else { return Ok(false) };
    let has = |wanted: &SanType| {
        extension.value.general_names.iter().any(|name| match (name, wanted) {
            (GeneralName::DNSName(held), SanType::DnsName(wanted)) => *held == wanted.as_str(),
            (GeneralName::IPAddress(held), SanType::IpAddress(std::net::IpAddr::V4(wanted))) => {
                *held == wanted.octets()
            }
            (GeneralName::IPAddress(held), SanType::IpAddress(std::net::IpAddr::V6(wanted))) => {
                *held == wanted.octets()
            }
            _ => false,
        })
    };
    Ok(asked.iter().all(has))
}

fn parse<'a>(
    certificate: &'a CertificateDer<'_>,
    path: &Path,
) -> Result<X509Certificate<'a>, Error> {
    X509Certificate::from_der(certificate).map(|(_, parsed)| parsed).map_err(|_malformed| {
        Error::Content { path: path.to_owned(), problem: "is no certificate" }
    })
}

fn read_file(path: &Path) -> Result<Option<Vec<u8>>, Error> {
    match fs::read(path) {
        Ok(bytes) => Ok(Some(bytes)),
        Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(None),
        Err(error) => Err(file_error(path, "read", error)),
    }
}

#[cfg(test)]
mod tests;
