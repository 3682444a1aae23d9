//! A gateway with its upstream, and what the documentation's examples are made of.

use std::sync::{Arc, LazyLock};

use bankid_client::{Client, Config, Endpoint};
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use bytes::Bytes;
use gateway::{ApiKey, Gateway, Keys, Limits, Store};
use http::{Request, Response};
use rcgen::{CertificateParams, KeyPair};
use time::OffsetDateTime;

use crate::clock::Turned;
use crate::upstream::{Act, Upstream};

/// The key that may do everything.
pub(crate) const KEY: &str = "example-api-key";

pub(crate) const ORDER_REF: &str = "131daac9-16c6-4618-beb0-365768f37288";

/// The answer of BankID's documentation to what starts an order.
pub(crate) const STARTED: &str = r#"{"orderRef":"131daac9-16c6-4618-beb0-365768f37288","autoStartToken":"7c40b5c9-fa74-49cf-b98c-bfe651f9a7c6","qrStartToken":"67df3917-fa0d-44e5-b327-edcc928297f8","qrStartSecret":"d28db9a7-4cde-429e-a983-359be676944c"}"#;

pub(crate) const PENDING: &str = r#"{"orderRef":"131daac9-16c6-4618-beb0-365768f37288","status":"pending","hintCode":"outstandingTransaction"}"#;

pub(crate) const NO_SUCH_ORDER: &str =
    r#"{"errorCode":"invalidParameters","details":"No such order"}"#;

pub(crate) struct World {
    pub(crate) upstream: Upstream,
    pub(crate) gateway: Gateway,
    pub(crate) clock: Arc<Turned>,
}

impl World {
    pub(crate) async fn new() -> Self {
        Self::with(|keys| keys, Limits::default(), false).await
    }

    /// With further keys.
    pub(crate) async fn keys(further: impl IntoIterator<Item = ApiKey>) -> Self {
        Self::with(|keys| keys.into_iter().chain(further).collect(), Limits::default(), false).await
    }

    pub(crate) async fn with(
        keys: impl FnOnce(Vec<ApiKey>) -> Vec<ApiKey>,
        limits: Limits,
        strict_numbers: bool,
    ) -> Self {
        let upstream = Upstream::start().await;
        let clock = Turned::new();
        let client = client(&upstream, &clock);
        let keys = Keys::new(keys(vec![ApiKey::new("shop").accepting(KEY)])).expect("good keys");
        let gateway = Gateway::with(client, keys, limits, strict_numbers);
        Self { upstream, gateway, clock }
    }

    /// With a store that others may share.
    pub(crate) async fn store<S: Store + 'static>(store: &Arc<S>) -> Self {
        let upstream = Upstream::start().await;
        let clock = Turned::new();
        let gateway = instance(&upstream, &clock, Arc::<S>::clone(store));
        Self { upstream, gateway, clock }
    }

    /// Another instance, with this store.
    pub(crate) fn instance<S: Store + 'static>(&self, store: &Arc<S>) -> Gateway {
        instance(&self.upstream, &self.clock, Arc::<S>::clone(store))
    }

    /// Ends it; everything that the upstream was told must have been asked for.
    pub(crate) async fn stop(self) {
        drop(self.gateway);
        self.upstream.stop().await;
    }

    /// Posts as the documentation has it.
    pub(crate) async fn post(&self, target: &str, body: &str) -> Answer {
        self.send(request(target, &[("x-api-key", KEY)], body)).await
    }

    /// The same in strict JSON:API both ways.
    pub(crate) async fn post_strict(&self, target: &str, kind: &str, attributes: &str) -> Answer {
        let body = format!(r#"{{"data":{{"type":"{kind}","attributes":{attributes}}}}}"#);
        let strict = "application/vnd.api+json";
        let headers = [("x-api-key", KEY), ("accept", strict), ("content-type", strict)];
        self.send(request(target, &headers, &body)).await
    }

    pub(crate) async fn send(&self, request: Request<Bytes>) -> Answer {
        Answer::of(self.gateway.answer(request).await)
    }

    /// Starts the order of the documentation.
    pub(crate) async fn auth(&self) {
        self.upstream.answers(200, STARTED);
        let answer = self.post("/auth", r#"{"endUserIp":"0.0.0.0"}"#).await;
        assert_eq!(answer.status, 200, "{}", answer.body);
    }

    pub(crate) async fn collect(&self) -> Answer {
        self.post("/collect", &by_order_ref()).await
    }

    /// What the next call is told is held back until the sender says so.
    pub(crate) fn hold(&self, status: u16, body: &str) -> tokio::sync::oneshot::Sender<()> {
        let (go_on, held) = tokio::sync::oneshot::channel();
        self.upstream.next(Act::Held(held, status, body.to_owned()));
        go_on
    }
}

fn client(upstream: &Upstream, clock: &Arc<Turned>) -> Client {
    let endpoint = Endpoint::custom(&upstream.url, b"").expect("an endpoint");
    let config = Config::plain(endpoint).clock(Arc::<Turned>::clone(clock)).retries(0);
    Client::new(config).expect("the settings hold")
}

fn instance(upstream: &Upstream, clock: &Arc<Turned>, store: Arc<dyn Store>) -> Gateway {
    let keys = Keys::new([ApiKey::new("shop").accepting(KEY)]).expect("good keys");
    Gateway::with_store(client(upstream, clock), keys, Limits::default(), false, store)
}

pub(crate) fn by_order_ref() -> String {
    format!(r#"{{"orderRef":"{ORDER_REF}"}}"#)
}

/// A request to post, as JSON unless a header says otherwise.
pub(crate) fn request(target: &str, headers: &[(&str, &str)], body: &str) -> Request<Bytes> {
    let mut request = Request::post(target);
    if !headers.iter().any(|(name, _)| *name == "content-type") {
        request = request.header("content-type", "application/json");
    }
    for (name, value) in headers {
        request = request.header(*name, *value);
    }
    request.body(Bytes::copy_from_slice(body.as_bytes())).expect("a request")
}

/// What came back.
#[derive(Clone, Debug)]
pub(crate) struct Answer {
    pub(crate) status: u16,
    pub(crate) headers: http::HeaderMap,
    pub(crate) body: String,
}

impl Answer {
    pub(crate) fn of(response: Response<Bytes>) -> Self {
        let (head, body) = response.into_parts();
        let body = String::from_utf8(body.to_vec()).expect("a document is text");
        Self { status: head.status.as_u16(), headers: head.headers, body }
    }

    pub(crate) fn header(&self, name: &str) -> &str {
        self.headers.get(name).map_or("", |value| value.to_str().expect("ASCII"))
    }

    #[track_caller]
    pub(crate) fn json(&self) -> serde_json::Value {
        serde_json::from_str(&self.body).expect("JSON")
    }

    /// Status, code and source of an error document.
    #[track_caller]
    pub(crate) fn error(&self) -> (u16, String, String) {
        let json = self.json();
        let error = &json["errors"][0];
        assert_eq!(error["status"], self.status.to_string(), "{}", self.body);
        assert!(error["title"].is_string() && error["detail"].is_string(), "{}", self.body);
        assert!(json.get("data").is_none(), "{}", self.body);
        let code = error["code"].as_str().expect("a code").to_owned();
        let source = error.get("source").and_then(|source| source.as_object());
        let source = source.and_then(|source| source.iter().next());
        let source = source.map_or(String::new(), |(kind, place)| {
            format!("{kind} {}", place.as_str().expect("text"))
        });
        (self.status, code, source)
    }

    #[track_caller]
    pub(crate) fn is(&self, status: u16, body: &str) {
        assert_eq!((self.status, &*self.body), (status, body));
    }

    #[track_caller]
    pub(crate) fn fails(&self, status: u16, code: &str, source: &str) {
        assert_eq!(self.error(), (status, code.to_owned(), source.to_owned()), "{}", self.body);
    }
}

/// The smallest document with a certificate that is valid from 1502983274 to 1563549674, as in the documentation.
pub(crate) static SIGNATURE: LazyLock<String> = LazyLock::new(|| {
    let at = |unix| OffsetDateTime::from_unix_timestamp(unix).expect("a time");
    let mut params = CertificateParams::default();
    (params.not_before, params.not_after) = (at(1_502_983_274), at(1_563_549_674));
    let key = KeyPair::generate().expect("a key");
    let certificate = params.self_signed(&key).expect("a certificate");
    let der = STANDARD.encode(certificate.der());
    let xml = format!(
        r#"<Signature xmlns="http://www.w3.org/2000/09/xmldsig#"><KeyInfo><X509Data><X509Certificate>{der}</X509Certificate></X509Data></KeyInfo></Signature>"#
    );
    STANDARD.encode(xml)
});

/// BankID's answer to a completed order, with these members beyond the documented ones: in the device, and at the end of
/// the completion data.
pub(crate) fn complete(device: &str, further: &str) -> String {
    let signature = &*SIGNATURE;
    format!(
        r#"{{"orderRef":"{ORDER_REF}","status":"complete","completionData":{{"user":{{"personalNumber":"190000000000","name":"Karl Karlsson","givenName":"Karl","surname":"Karlsson"}},"device":{{"ipAddress":"192.168.0.1"{device}}},"signature":"{signature}","ocspResponse":"MIIHfgoBAKCCB3cw"{further}}}}}"#
    )
}
