//! Committed files that are generated from code: compared in tests, rewritten under `UPDATE_GOLDEN=1`.

/// Fails if `file` (in the package's folder) does not hold exactly `text`.
#[track_caller]
pub(crate) fn check(file: &str, text: &str) {
    let path = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join(file);
    if std::env::var_os("UPDATE_GOLDEN").is_some_and(|value| value == "1") {
        std::fs::write(&path, text).unwrap();
        return;
    }
    let committed = std::fs::read_to_string(&path).unwrap_or_default();
    assert!(
        committed == text,
        "{file} is not what the code generates: run the test again with UPDATE_GOLDEN=1"
    );
}
