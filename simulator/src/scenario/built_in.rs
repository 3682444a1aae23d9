//! The scenarios that need no configuration.

use std::sync::Arc;

use super::{End, Hint, Scenario, Scenarios, Stay, Step, Timeline};

/// The scenario that waits for a person with the virtual phone.
pub(super) const PHONE: &str = "phone";

struct BuiltIn {
    name: &'static str,
    about: &'static str,
    steps: &'static str,
    /// What phone orders follow; empty where it is the same.
    phone: &'static str,
}

const fn built_in(
    name: &'static str,
    about: &'static str,
    steps: &'static str,
    phone: &'static str,
) -> BuiltIn {
    BuiltIn { name, about, steps, phone }
}

/// What orders follow about which nothing is said.
const DEFAULT: BuiltIn = built_in(
    Scenarios::DEFAULT,
    "completes at the fourth collect, without waiting",
    "outstandingTransaction, started, userSign, complete",
    "outstandingTransaction, userCallConfirm, userSign, complete",
);

/// First what completes, then one scenario for every documented pending hint (4.2), then one for every documented way to
/// fail (4.3), then the deadlines.
const ALL: &[BuiltIn] = &[
    DEFAULT,
    built_in(
        "realistic",
        "takes the time that people take, some 12 seconds",
        "outstandingTransaction 4s, started 1s, userSign 6s, processing 1s, complete",
        "outstandingTransaction 5s, userCallConfirm 3s, userSign 6s, processing 1s, complete",
    ),
    built_in(
        "sameDevice",
        "as when the app is started on the same device",
        "outstandingTransaction, started x2, userSign x2, complete",
        "outstandingTransaction, userCallConfirm, userSign x2, complete",
    ),
    built_in(
        "otherDevice",
        "as when the QR code is scanned with another device",
        "outstandingTransaction x2, userSign x2, complete",
        "outstandingTransaction, userCallConfirm, userSign x2, complete",
    ),
    built_in(
        "outstandingTransaction",
        "completes after a long wait for the app",
        "outstandingTransaction x5, userSign, complete",
        "outstandingTransaction x5, userCallConfirm, userSign, complete",
    ),
    built_in(
        "noClient",
        "completes after the app was not reached at first",
        "outstandingTransaction, noClient x2, userSign, complete",
        "outstandingTransaction, noClient x2, userCallConfirm, userSign, complete",
    ),
    built_in(
        "started",
        "completes after the app looked for a BankID",
        "outstandingTransaction, started x3, userSign, complete",
        "outstandingTransaction, started x3, userCallConfirm, userSign, complete",
    ),
    built_in(
        "userMrtd",
        "completes after a passport or identity card was read",
        "outstandingTransaction, userMrtd x2, userSign, complete",
        "outstandingTransaction, userCallConfirm, userMrtd x2, userSign, complete",
    ),
    built_in(
        "userCallConfirm",
        "completes after the user took time to confirm the call",
        "outstandingTransaction, userCallConfirm x3, userSign, complete",
        "",
    ),
    built_in(
        "userSign",
        "completes after the user took time to enter the code",
        "outstandingTransaction, userSign x4, complete",
        "outstandingTransaction, userCallConfirm, userSign x4, complete",
    ),
    built_in(
        "processing",
        "completes after being finished for a while",
        "outstandingTransaction, userSign, processing x2, complete",
        "outstandingTransaction, userCallConfirm, userSign, processing x2, complete",
    ),
    built_in(
        "userStepUp",
        "completes after the user chose how to confirm the identity",
        "outstandingTransaction, userStepUp x2, userSign, complete",
        "outstandingTransaction, userCallConfirm, userStepUp x2, userSign, complete",
    ),
    built_in(
        "userFace",
        "completes after facial recognition",
        "outstandingTransaction, userFace x2, userSign, complete",
        "outstandingTransaction, userCallConfirm, userFace x2, userSign, complete",
    ),
    built_in(
        "unknownPending",
        "completes after a pending hint that nobody knows",
        "outstandingTransaction, pending:unheardOf x2, userSign, complete",
        "outstandingTransaction, userCallConfirm, pending:unheardOf x2, userSign, complete",
    ),
    built_in(
        "expiredTransaction",
        "fails as if the user had not finished in time",
        "outstandingTransaction, userSign, expiredTransaction",
        "outstandingTransaction, userCallConfirm, userSign, expiredTransaction",
    ),
    built_in(
        "certificateErr",
        "fails because the BankID is blocked, revoked or too old",
        "outstandingTransaction, userSign, certificateErr",
        "outstandingTransaction, userCallConfirm, userSign, certificateErr",
    ),
    built_in(
        "userCancel",
        "fails because the user cancels in the app",
        "outstandingTransaction, userSign, userCancel",
        "outstandingTransaction, userCallConfirm, userSign, userCancel",
    ),
    built_in(
        "cancelled",
        "fails as if a new order for the user had arrived",
        "outstandingTransaction, userSign, cancelled",
        "outstandingTransaction, userCallConfirm, cancelled",
    ),
    built_in(
        "startFailed",
        "fails as if nobody had started the app in time",
        "outstandingTransaction x2, startFailed",
        "",
    ),
    built_in(
        "userDeclinedCall",
        "fails because the user denies being in a call",
        "outstandingTransaction, userCallConfirm, userDeclinedCall",
        "",
    ),
    built_in(
        "notSupportedByUserApp",
        "fails because the app is too old for the order",
        "outstandingTransaction, notSupportedByUserApp",
        "",
    ),
    built_in(
        "transactionRiskBlocked",
        "fails because the risk was too high",
        "outstandingTransaction, started, transactionRiskBlocked",
        "outstandingTransaction, userCallConfirm, transactionRiskBlocked",
    ),
    built_in(
        "mrtdVerificationFailed",
        "fails because the identity document was not accepted",
        "outstandingTransaction, userMrtd, mrtdVerificationFailed",
        "outstandingTransaction, userCallConfirm, userMrtd, mrtdVerificationFailed",
    ),
    built_in(
        "facialRecognitionFailed",
        "fails because the face was not recognised",
        "outstandingTransaction, userFace, facialRecognitionFailed",
        "outstandingTransaction, userCallConfirm, userFace, facialRecognitionFailed",
    ),
    built_in(
        "nfcNotSupportedByDevice",
        "fails because the device cannot read chips",
        "outstandingTransaction, userMrtd, nfcNotSupportedByDevice",
        "outstandingTransaction, userCallConfirm, userMrtd, nfcNotSupportedByDevice",
    ),
    built_in(
        "multipleBankIdsOnDevice",
        "fails because there are several BankIDs on the device",
        "outstandingTransaction, started, multipleBankIdsOnDevice",
        "outstandingTransaction, userCallConfirm, multipleBankIdsOnDevice",
    ),
    built_in(
        "stepUpFailed",
        "fails because the extra confirmation of the identity failed",
        "outstandingTransaction, userStepUp, stepUpFailed",
        "outstandingTransaction, userCallConfirm, userStepUp, stepUpFailed",
    ),
    built_in(
        "unknownFailed",
        "fails with a hint that nobody knows",
        "outstandingTransaction, userSign, failed:unheardOf",
        "outstandingTransaction, userCallConfirm, userSign, failed:unheardOf",
    ),
    built_in(
        "neverStarted",
        "is never picked up: the start deadline ends it",
        "outstandingTransaction 24h, startFailed",
        "",
    ),
    built_in(
        "neverFinished",
        "is picked up and then left: the deadline of three minutes ends it",
        "outstandingTransaction, userSign 24h, expiredTransaction",
        "outstandingTransaction, userCallConfirm, userSign 24h, expiredTransaction",
    ),
];

/// Every built-in scenario, in the order of the documentation.
pub(super) fn all() -> Vec<Arc<Scenario>> {
    let phone = Scenario::named(
        PHONE,
        "waits for a person with the virtual phone; the deadlines apply",
        waiting(),
        None,
    );
    let mut all: Vec<_> = ALL.iter().map(|entry| Arc::new(entry.scenario())).collect();
    all.insert(2, Arc::new(phone));
    all
}

/// What orders follow about which nothing is said.
pub(super) fn default() -> Arc<Scenario> {
    Arc::new(DEFAULT.scenario())
}

impl BuiltIn {
    fn scenario(&self) -> Scenario {
        let phone = (!self.phone.is_empty()).then(|| timeline(self.phone));
        Scenario::named(self.name, self.about, timeline(self.steps), phone)
    }
}

#[expect(clippy::expect_used, reason = "the tests parse every built-in timeline")]
fn timeline(text: &str) -> Timeline {
    text.parse().expect("a built-in timeline is well formed")
}

/// Pending until somebody acts. The end is never reached by itself.
fn waiting() -> Timeline {
    let hint = Hint::documented("outstandingTransaction");
    Timeline::new(vec![Step { hint, stay: Stay::UntilActed }], End::Complete)
}
