//! Input that chooses the scenario without any API: reserved personal numbers, and a marker at the end of the text shown.

use std::sync::Arc;

use bankid_core::{PersonalNumber, request::decode_text};

use crate::scenario::{BadScenario, Scenario, Scenarios};

/// Personal numbers that choose a scenario, for orders that carry them. They follow the patterns of numbers that are
/// nobody's (11.1): born in January 1990 for what completes, in February 1990 for what fails, with serial 238.
pub const RESERVED: [(u64, &str); 30] = [
    (199_001_012_385, "realistic"),
    (199_001_022_384, "phone"),
    (199_001_032_383, "sameDevice"),
    (199_001_042_382, "otherDevice"),
    (199_001_052_381, "outstandingTransaction"),
    (199_001_062_380, "noClient"),
    (199_001_072_389, "started"),
    (199_001_082_388, "userMrtd"),
    (199_001_092_387, "userCallConfirm"),
    (199_001_102_384, "userSign"),
    (199_001_112_383, "processing"),
    (199_001_122_382, "userStepUp"),
    (199_001_132_381, "userFace"),
    (199_001_142_380, "unknownPending"),
    (199_002_012_384, "expiredTransaction"),
    (199_002_022_383, "certificateErr"),
    (199_002_032_382, "userCancel"),
    (199_002_042_381, "cancelled"),
    (199_002_052_380, "startFailed"),
    (199_002_062_389, "userDeclinedCall"),
    (199_002_072_388, "notSupportedByUserApp"),
    (199_002_082_387, "transactionRiskBlocked"),
    (199_002_092_386, "mrtdVerificationFailed"),
    (199_002_102_383, "facialRecognitionFailed"),
    (199_002_112_382, "nfcNotSupportedByDevice"),
    (199_002_122_381, "multipleBankIdsOnDevice"),
    (199_002_132_380, "stepUpFailed"),
    (199_002_142_389, "unknownFailed"),
    (199_002_152_388, "neverStarted"),
    (199_002_162_387, "neverFinished"),
];

/// The scenario that a personal number is reserved for.
pub(super) fn reserved(number: PersonalNumber) -> Option<&'static str> {
    let index = RESERVED.binary_search_by_key(&number.as_u64(), |(reserved, _)| *reserved).ok()?;
    RESERVED.get(index).map(|(_, name)| *name)
}

/// What a text of `userVisibleData`, in base64, asks for at its end: `[bankid:NAME]`, with the name of a scenario or a
/// timeline.
///
/// # Errors
/// There is a marker, but it names no scenario. The call is then refused: a misspelt marker must not pass for success.
pub(crate) fn marker(
    base64: &str,
    scenarios: &Scenarios,
) -> Result<Option<Arc<Scenario>>, BadScenario> {
    if !may_end_with_bracket(base64) {
        return Ok(None);
    }
    let Some(text) = decode_text(base64) else { return Ok(None) };
    match inside(&text) {
        Some(name) => scenarios.resolve(name).map(Some),
        None => Ok(None),
    }
}

/// Whether it is worth decoding the whole text: its last characters may be a bracket and white space.
fn may_end_with_bracket(base64: &str) -> bool {
    let mut tail = [b'='; 8];
    let mut rest = base64.bytes().rev().filter(|byte| !matches!(byte, b'\r' | b'\n'));
    for place in tail.iter_mut().rev() {
        match rest.next() {
            Some(byte) => *place = byte,
            None => return true,
        }
    }
    let Some(end) = std::str::from_utf8(&tail).ok().and_then(bankid_core::request::decode) else {
        return true;
    };
    // What may be the end of a blank outside ASCII is left to the closer look, and so is the one that `trim_ascii_end`
    // does not count.
    matches!(end.trim_ascii_end().last(), None | Some(b']' | b'\x0b' | 0x80..))
}

/// The text of the marker, without brackets and key.
fn inside(text: &str) -> Option<&str> {
    let (_, marker) = text.trim_end().strip_suffix(']')?.rsplit_once('[')?;
    let (key, name) = marker.split_once(':')?;
    key.trim().eq_ignore_ascii_case("bankid").then(|| name.trim())
}
