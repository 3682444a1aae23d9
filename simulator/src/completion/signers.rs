//! Who signs for the people of one simulator: the hierarchy of this process, or one whose root lies in a folder, so that
//! what was signed still verifies after a restart. Below the root everything is made anew by each process.
//!
//! Keys take a third of a second of work in all. None is made before there is an order; the first one has them made in
//! the background, so that its completion does not keep a client waiting that collects by the clock.

use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use tracing::warn;

use super::authorities::{Authorities, Authority};
use super::cache::Once;
use super::{Completion, CompletionFacts, Error, RANDOM_BYTES, complete_with};
use crate::pki::{self, RpName};

/// The hierarchy of one simulator, made when it is needed.
#[derive(Debug, Default)]
pub(crate) struct Signers {
    /// Where the root is kept. Without it the simulators of a process share one.
    folder: Option<PathBuf>,
    of_folder: Once<Authorities>,
    /// Whether keys have been asked for ahead.
    are_expected: AtomicBool,
    /// The simulator is no more.
    is_over: AtomicBool,
}

impl Signers {
    /// With the root that a folder holds, or one that will be kept there. Only what is there already is looked at.
    pub(crate) fn kept_in(folder: &Path) -> Result<Self, pki::Error> {
        read_root(folder)?;
        Ok(Self { folder: Some(folder.to_owned()), ..Self::default() })
    }

    /// Makes the documents without blocking the caller's runtime: this costs two RSA signatures, and at first the keys.
    pub(crate) async fn complete(
        self: &Arc<Self>,
        facts: Arc<CompletionFacts>,
        rp: Arc<RpName>,
        random: [u8; RANDOM_BYTES],
    ) -> Result<Completion, Error> {
        self.work(move |authorities| complete_with(authorities, &facts, &rp, &random)).await
    }

    /// The root, as PEM, for whoever wants to verify signatures.
    pub(crate) async fn root_pem(self: &Arc<Self>) -> Result<String, Error> {
        self.work(|authorities| Ok(pki::certificate_pem(authorities.root()))).await
    }

    /// An order was started: has keys made in the background, the first time.
    pub(crate) fn expect_completions(self: &Arc<Self>) {
        if self.are_expected.load(Ordering::Relaxed)
            || self.are_expected.swap(true, Ordering::Relaxed)
        {
            return;
        }
        let signers = Arc::clone(self);
        // A thread takes longer to start than an order, whose answer shall not wait for that.
        drop(tokio::spawn(async move {
            // What fails here fails again, and is told, where it is needed.
            drop(tokio::task::spawn_blocking(move || signers.make_ahead()).await);
        }));
    }

    /// Leaves off making keys ahead, at the latest when the one that is being made is done.
    pub(crate) fn end(&self) {
        self.is_over.store(true, Ordering::Relaxed);
    }

    pub(super) fn make_ahead(&self) -> Result<(), Error> {
        let is_over = || self.is_over.load(Ordering::Relaxed);
        if is_over() { Ok(()) } else { self.authorities()?.make_ahead(is_over) }
    }

    async fn work<T: Send + 'static>(
        self: &Arc<Self>,
        work: impl FnOnce(&Authorities) -> Result<T, Error> + Send + 'static,
    ) -> Result<T, Error> {
        let signers = Arc::clone(self);
        let done = tokio::task::spawn_blocking(move || work(&*signers.authorities()?)).await;
        done.unwrap_or(Err(Error::CutOff))
    }

    fn authorities(&self) -> Result<Arc<Authorities>, Error> {
        match &self.folder {
            None => Authorities::of_this_process(),
            Some(folder) => self.of_folder.get(|| {
                let seed = new_seed()?;
                Authorities::under(kept_or_new(folder, &seed)?, seed)
            }),
        }
    }
}

/// Makes sure that a folder holds a root.
pub(crate) fn keep_root(folder: &Path) -> Result<(), Error> {
    match kept(read_root(folder))? {
        Some(_) => Ok(()),
        None => kept(keep(folder, &Authority::new_root(&new_seed()?)?)),
    }
}

fn keep(folder: &Path, root: &Authority) -> Result<(), pki::Error> {
    pki::keep_user_root(folder, root.certificate(), &root.key())
}

/// The root of a folder. A new one is kept there; if that fails, it is good for this process.
fn kept_or_new(folder: &Path, seed: &[u8; 32]) -> Result<Authority, Error> {
    if let Some(root) = kept(read_root(folder))? {
        return Ok(root);
    }
    let root = Authority::new_root(seed)?;
    if let Err(error) = keep(folder, &root) {
        let cause = std::error::Error::source(&error).map(tracing::field::display);
        warn!(%error, cause, "signatures will not verify after a restart");
    }
    Ok(root)
}

fn read_root(folder: &Path) -> Result<Option<Authority>, pki::Error> {
    let Some((certificate, key)) = pki::user_root(folder)? else { return Ok(None) };
    let path = pki::Files::of(folder).user_ca;
    let problem = "is not the root of a simulator's signatures";
    let root = Authority::kept_root(certificate, &key);
    root.map(Some).ok_or(pki::Error::Content { path, problem })
}

fn kept<T>(result: Result<T, pki::Error>) -> Result<T, Error> {
    result.map_err(|error| Error::Kept(Arc::new(error)))
}

fn new_seed() -> Result<[u8; 32], Error> {
    let mut seed = [0; 32];
    getrandom::fill(&mut seed).map_err(Error::Random)?;
    Ok(seed)
}
