//! Documents with every member that there is, for the description to be held against.

use std::sync::Arc;
use std::time::Duration;

use bankid_client::{Moment, Order, Tokens};
use bankid_core::collect::Collect;
use bankid_core::message::{Language, StartMode};
use bankid_core::request::{ApiVersion, Operation};

use super::Form;
use super::completed::Certificate;
use crate::fault::{Code, Fault, Source};
use crate::media::Media;
use crate::orders::Standing;
use crate::pages::SessionOrigin;
use crate::query::Query;

const COLLECTED: [&str; 3] = [
    r#"{"orderRef":"order","status":"pending","hintCode":"userSign"}"#,
    r#"{"orderRef":"order","status":"failed","hintCode":"userCancel"}"#,
    r#"{"orderRef":"order","status":"complete","completionData":{"user":{"personalNumber":"190000000000","name":"Karl Karlsson","givenName":"Karl","surname":"Karlsson"},"device":{"ipAddress":"192.168.0.1","uhi":"a"},"bankIdIssueDate":"2020-02-01","stepUp":{"mrtd":true},"signature":"AA==","ocspResponse":"AA==","risk":"low"}}"#,
];

pub(crate) fn form(media: Media) -> Form {
    let query = Query { qr: true, links: true, message: true, no_secrets: false };
    Form { media, query, language: Language::Swedish }
}

pub(crate) fn order(operation: Operation) -> Order {
    let tokens = Tokens {
        auto_start_token: "auto".try_into().unwrap(),
        qr_start_token: "qr".try_into().unwrap(),
        qr_start_secret: "secret".try_into().unwrap(),
    };
    let tokens = (!operation.answers_order_ref_only()).then_some(tokens);
    let received_at = Moment { monotonic: Duration::ZERO, unix_ms: 0 };
    Order::new(operation, ApiVersion::V6_0, "order".try_into().unwrap(), tokens, received_at)
}

pub(crate) fn standings() -> impl Iterator<Item = Arc<Standing>> {
    COLLECTED.into_iter().map(|text| {
        let answer: Collect = serde_json::from_str(text).unwrap();
        let certificate = matches!(answer, Collect::Complete { .. }).then(|| Certificate {
            not_before: "1502983274000".to_owned(),
            not_after: "1563549674000".to_owned(),
        });
        Arc::new(Standing { answer, certificate })
    })
}

pub(crate) fn session() -> SessionOrigin {
    SessionOrigin {
        end_user_ip: "203.0.113.25".to_owned(),
        start_mode: StartMode::Qr,
        returned: false,
        ticket: Some("a".into()),
    }
}

pub(crate) fn faults() -> [Fault; 6] {
    [
        Fault::no_such_order(),
        Fault::result_lost(),
        Fault::new(Code::Unauthorized, "a").at(Source::Header("x-api-key")),
        Fault::new(Code::InvalidQuery, "a").at(Source::Parameter("meta".to_owned())),
        Fault::new(Code::InvalidParameters, "a").at(Source::Pointer("/orderRef".to_owned())),
        Fault::new(Code::StoreFull, "a"),
    ]
}
