use std::io::Write;
use std::sync::{Arc, Mutex};

use tracing::level_filters::LevelFilter;

use super::mask::mask;
use super::{Format, subscriber};

#[track_caller]
fn check(text: &str, expected: &str) {
    assert_eq!(String::from_utf8_lossy(&mask(text.as_bytes())), expected);
}

#[test]
fn personal_numbers_of_every_spelling_are_masked() {
    check("191212121212", "************");
    check("lane=191212121212 status=200", "lane=************ status=200");
    check("\"19121212-1212\"", "\"********-****\"");
    check("121212-1212 and 121212+1212", "******-**** and ******+****");
    check("1212121212", "**********");
    check("190001010101191212121212", "190001010101191212121212");
}

#[test]
fn what_is_no_personal_number_stays() {
    check("2026-11-23T13:38:53.123456Z 404 12345", "2026-11-23T13:38:53.123456Z 404 12345");
    check("1795440000000", "1795440000000");
    check("", "");
}

/// A log that a test can read.
#[derive(Clone, Default)]
struct Kept(Arc<Mutex<Vec<u8>>>);

impl Write for Kept {
    fn write(&mut self, bytes: &[u8]) -> std::io::Result<usize> {
        self.0.lock().unwrap().write(bytes)
    }

    fn flush(&mut self) -> std::io::Result<()> {
        Ok(())
    }
}

fn logged(format: Format, level: LevelFilter) -> String {
    let kept = Kept::default();
    let writer = kept.clone();
    tracing::subscriber::with_default(subscriber(format, level, move || writer.clone()), || {
        tracing::info!(lane = "191212121212", status = 200, "answered 199001012385");
        tracing::debug!("only for the curious");
    });
    let bytes = kept.0.lock().unwrap().clone();
    String::from_utf8(bytes).unwrap()
}

#[test]
fn text_lines_are_masked() {
    let log = logged(Format::Text, LevelFilter::INFO);
    assert!(log.contains("INFO answered ************ lane=\"************\" status=200"), "{log}");
    assert_eq!(log.lines().count(), 1, "{log}");
}

#[test]
fn json_lines_are_json_and_masked() {
    let log = logged(Format::Json, LevelFilter::DEBUG);
    let lines: Vec<serde_json::Value> =
        log.lines().map(|line| serde_json::from_str(line).unwrap()).collect();
    assert_eq!(lines[0]["message"], "answered ************");
    assert_eq!(lines[0]["lane"], "************");
    assert_eq!(lines[0]["status"], 200);
    assert_eq!(lines[1]["level"], "DEBUG");
}

#[test]
fn off_is_silent() {
    assert_eq!(logged(Format::Text, LevelFilter::OFF), "");
}
