//! Whose signatures they are: those of the process, or of a root that outlives it.

use std::path::Path;
use std::sync::Arc;

use super::super::signers::{Signers, keep_root};
use super::{AUTHORITIES, RANDOM, facts, reader, rp};
use crate::cli::TemporaryFolder;

async fn root_of(signers: &Arc<Signers>) -> Vec<u8> {
    let root = signers.root_pem().await.unwrap();
    x509_parser::pem::parse_x509_pem(root.as_bytes()).unwrap().1.contents
}

/// What they sign leads to this root.
async fn check(signers: &Arc<Signers>, root: &[u8]) {
    let completion = signers.complete(Arc::new(facts()), Arc::new(rp()), RANDOM).await.unwrap();
    let verified = reader::verify(&completion.signature, &completion.ocsp_response);
    reader::verify_chain(&verified, root);
}

fn kept_in(folder: &Path) -> Arc<Signers> {
    Arc::new(Signers::kept_in(folder).unwrap())
}

#[tokio::test]
async fn simulators_of_a_process_share_a_root() {
    let (one, other) = (Arc::<Signers>::default(), Arc::<Signers>::default());
    let root = root_of(&one).await;
    assert_eq!(root_of(&other).await, root);
    check(&one, &root).await;
    // Not the hierarchy of the tests: that of the process is drawn by lot.
    assert_ne!(root, AUTHORITIES.root().to_vec());
}

#[tokio::test]
async fn a_root_that_is_kept_outlives_its_simulator() {
    let folder = TemporaryFolder::new().unwrap();
    let first = kept_in(folder.path());
    assert_eq!(std::fs::read_dir(folder.path()).unwrap().count(), 0, "made when needed");
    let root = root_of(&first).await;
    check(&first, &root).await;
    let pem = std::fs::read_to_string(folder.path().join("user-ca.pem")).unwrap();
    assert_eq!(pem, first.root_pem().await.unwrap());

    let second = kept_in(folder.path());
    check(&second, &root).await;
    assert_eq!(std::fs::read_to_string(folder.path().join("user-ca.pem")).unwrap(), pem);
    // Another folder has another root.
    let elsewhere = TemporaryFolder::new().unwrap();
    assert_ne!(root_of(&kept_in(elsewhere.path())).await, root);
}

#[tokio::test]
async fn a_folder_can_have_its_root_beforehand() {
    let folder = TemporaryFolder::new().unwrap();
    keep_root(folder.path()).unwrap();
    let pem = std::fs::read_to_string(folder.path().join("user-ca.pem")).unwrap();
    keep_root(folder.path()).unwrap();
    assert_eq!(kept_in(folder.path()).root_pem().await.unwrap(), pem);
}

#[tokio::test]
async fn a_folder_that_is_gone_costs_no_completion() {
    let folder = TemporaryFolder::new().unwrap();
    let signers = kept_in(folder.path());
    std::fs::remove_dir_all(folder.path()).unwrap();
    let root = root_of(&signers).await;
    check(&signers, &root).await;
    assert!(!folder.path().exists());
}

#[test]
fn a_root_of_somebody_else_is_refused() {
    let folder = TemporaryFolder::new().unwrap();
    let other = crate::pki::Certificates::generate(&[], 1_767_225_600_000).unwrap();
    let files = other.write(folder.path()).unwrap();
    for (from, to) in [("ca.pem", "user-ca.pem"), ("ca.key", "user-ca.key")] {
        std::fs::copy(folder.path().join(from), folder.path().join(to)).unwrap();
    }
    let refused = Signers::kept_in(folder.path()).unwrap_err().to_string();
    assert!(
        refused.contains("user-ca.pem is not the root of a simulator's signatures"),
        "{refused}"
    );
    assert_eq!(
        std::fs::read(&files.ca).unwrap(),
        std::fs::read(&files.user_ca).unwrap(),
        "untouched"
    );
}

#[tokio::test]
async fn keys_are_made_ahead_once() {
    let folder = TemporaryFolder::new().unwrap();
    let signers = kept_in(folder.path());
    for _ in 0..3 {
        signers.expect_completions();
    }
    let root = folder.path().join("user-ca.pem");
    while !root.exists() {
        tokio::task::yield_now().await;
    }
    let made = std::fs::read(&root).unwrap();
    assert_eq!(signers.root_pem().await.unwrap().as_bytes(), made);
}

#[test]
fn nothing_is_made_ahead_for_a_simulator_that_is_over() {
    let folder = TemporaryFolder::new().unwrap();
    let signers = kept_in(folder.path());
    signers.end();
    signers.make_ahead().unwrap();
    assert_eq!(std::fs::read_dir(folder.path()).unwrap().count(), 0);
}
