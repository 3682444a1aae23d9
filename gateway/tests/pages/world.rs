//! A gateway with its surface for pages, its upstream, and browsers.

use std::net::IpAddr;
use std::sync::Arc;
use std::sync::atomic::{AtomicU8, Ordering};

use bankid_client::{Client, Config, Endpoint};
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use bytes::Bytes;
use gateway::{
    ApiKey, BadPageSettings, Gateway, Keys, Limits, MemoryStore, Origin, PageAdmission, PageBody,
    PageSettings, Pages, Random,
};
use http::{HeaderMap, Request, Response};
use serde_json::{Value, json};

use crate::clock::Turned;
use crate::upstream::Upstream;

pub(crate) const KEY: &str = "example-api-key";

pub(crate) const SHOP: &str = "https://shop.example";

pub(crate) const USER: &str = "203.0.113.25";

pub(crate) const IPHONE: &str = "Mozilla/5.0 (iPhone; CPU iPhone OS 17_5 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/17.5 Mobile/15E148 Safari/604.1";

pub(crate) struct World {
    pub(crate) upstream: Upstream,
    pub(crate) gateway: Gateway,
    store: Arc<MemoryStore>,
    pub(crate) pages: Pages,
    pub(crate) clock: Arc<Turned>,
}

impl World {
    pub(crate) async fn new() -> Self {
        Self::with(|_| ()).await
    }

    pub(crate) async fn with(set: impl FnOnce(&mut PageSettings)) -> Self {
        let mut settings = PageSettings::new("shop", [Origin::try_from(SHOP).expect("an origin")]);
        set(&mut settings);
        Self::open(settings).await.expect("the settings hold")
    }

    pub(crate) async fn open(settings: PageSettings) -> Result<Self, BadPageSettings> {
        let upstream = Upstream::start().await;
        let clock = Turned::new();
        let endpoint = Endpoint::custom(&upstream.url, b"").expect("an endpoint");
        let config = Config::plain(endpoint).clock(Arc::<Turned>::clone(&clock)).retries(0);
        let client = Client::new(config).expect("the settings hold");
        let store = Arc::new(MemoryStore::new(Limits::default().store_kib));
        let gateway = instance(client, Arc::<MemoryStore>::clone(&store));
        let pages = gateway.open_pages(settings, drawing(0))?;
        Ok(Self { upstream, gateway, store, pages, clock })
    }

    /// Another instance, behind the same balancer.
    pub(crate) fn another(&self, settings: PageSettings) -> Gateway {
        let gateway =
            instance(self.gateway.client().clone(), Arc::<MemoryStore>::clone(&self.store));
        gateway.open_pages(settings, drawing(100)).expect("the settings hold");
        gateway
    }

    pub(crate) async fn stop(self) {
        drop(self.gateway);
        self.upstream.stop().await;
    }

    /// A browser of its own.
    pub(crate) fn browser(&self) -> Browser<'_> {
        Browser { world: self, cookie: String::new(), address: USER.to_owned(), agent: "" }
    }

    /// A browser that has started an order of this name.
    pub(crate) async fn started(&self, name: &str, body: Value) -> Browser<'_> {
        let mut browser = self.browser();
        self.upstream.answers(200, &started(name));
        let answer = browser.start(body).await;
        assert_eq!(answer.status, 204, "{}", answer.body);
        browser
    }

    /// The next collect is answered so; the clock goes on to when it is due.
    pub(crate) fn collected(&self, answer: &str) {
        self.upstream.answers(200, answer);
        self.clock.advance_ms(2_000);
    }

    /// A call of the backend.
    pub(crate) async fn post(&self, path: &str, key: &str, body: &Value) -> (u16, Value) {
        post(&self.gateway, path, key, body).await
    }

    pub(crate) async fn exchange(&self, code: &Value) -> (u16, Value) {
        self.post("/result", KEY, &json!({"code": code})).await
    }

    /// What a request comes to, whoever sends it.
    pub(crate) async fn send(&self, request: Request<Bytes>, from: &str) -> Answer {
        let (head, body) = request.into_parts();
        let from: IpAddr = from.parse().expect("an address");
        let response = match self.pages.admit(&head, from).expect("a path of pages") {
            PageAdmission::Answered(response) => response,
            PageAdmission::Admitted(call) => self.pages.serve(&call, body).await,
        };
        Answer::of(response).await
    }
}

fn instance(client: Client, store: Arc<MemoryStore>) -> Gateway {
    let auth = bankid_client::Call::Start(bankid_core::request::Operation::Auth);
    let keys = [
        ApiKey::new("shop").accepting(KEY),
        ApiKey::new("other").accepting("other-key"),
        ApiKey::new("auth").accepting("auth-key").rights([auth]),
    ];
    let keys = Keys::new(keys).expect("good keys");
    Gateway::with_store(client, keys, Limits::default(), false, store)
}

/// Names that are drawn one after the other.
fn drawing(first: u8) -> Box<Random> {
    let drawn = AtomicU8::new(first);
    Box::new(move |bytes| {
        bytes.fill(drawn.fetch_add(1, Ordering::Relaxed));
        Ok(())
    })
}

/// A call of a backend to an instance.
pub(crate) async fn post(gateway: &Gateway, path: &str, key: &str, body: &Value) -> (u16, Value) {
    let request = Request::post(path)
        .header("x-api-key", key)
        .header("content-type", "application/json")
        .body(Bytes::from(body.to_string()))
        .expect("a request");
    let response = gateway.answer(request).await;
    let body = serde_json::from_slice(response.body()).expect("a document");
    (response.status().as_u16(), body)
}

/// One browser: its cookie, and where it is.
#[derive(Clone)]
pub(crate) struct Browser<'a> {
    pub(crate) world: &'a World,
    pub(crate) cookie: String,
    pub(crate) address: String,
    pub(crate) agent: &'a str,
}

impl Browser<'_> {
    pub(crate) async fn start(&mut self, body: Value) -> Answer {
        let answer = self.post("/session/start", &body).await;
        if let Some(cookie) = answer.headers.get("set-cookie") {
            let cookie = cookie.to_str().expect("ASCII");
            self.cookie = cookie.split(';').next().expect("a pair").to_owned();
        }
        answer
    }

    pub(crate) async fn post(&self, path: &str, body: &Value) -> Answer {
        let request = self.request(Request::post(path)).header("origin", SHOP);
        let request = request.header("content-type", "application/json");
        let request = request.body(Bytes::from(body.to_string())).expect("a request");
        self.world.send(request, &self.address).await
    }

    pub(crate) async fn get(&self, path: &str) -> Answer {
        let request = self.request(Request::get(path)).header("sec-fetch-site", "same-origin");
        self.world.send(request.body(Bytes::new()).expect("a request"), &self.address).await
    }

    /// The session as a page sees it that was loaded anew.
    pub(crate) async fn state(&self) -> Value {
        self.get("/session").await.json()["order"].clone()
    }

    pub(crate) async fn listen(&self) -> Stream {
        let answer = self.get("/session/events").await;
        assert_eq!(answer.status, 200, "{}", answer.body);
        answer.stream.expect("a stream")
    }

    pub(crate) async fn cancel(&self) {
        assert_eq!(self.post("/session/cancel", &json!({})).await.status, 204);
    }

    fn request(&self, request: http::request::Builder) -> http::request::Builder {
        let mut request = request.header("user-agent", self.agent).header("accept-language", "sv");
        if !self.cookie.is_empty() {
            request = request.header("cookie", format!("theme=dark; {}", self.cookie));
        }
        request
    }
}

/// What came back; a stream is read piece by piece.
pub(crate) struct Answer {
    pub(crate) status: u16,
    pub(crate) headers: HeaderMap,
    pub(crate) body: String,
    pub(crate) stream: Option<Stream>,
}

impl Answer {
    async fn of(response: Response<PageBody>) -> Self {
        let (head, mut body) = response.into_parts();
        let mut text = Vec::new();
        let mut stream = None;
        if body.is_stream() {
            stream = Some(Stream(body));
        } else {
            while let Some(piece) = body.next().await {
                text.extend(piece);
            }
        }
        let body = String::from_utf8(text).expect("text");
        Self { status: head.status.as_u16(), headers: head.headers, body, stream }
    }

    pub(crate) fn header(&self, name: &str) -> &str {
        self.headers.get(name).map_or("", |value| value.to_str().expect("ASCII"))
    }

    #[track_caller]
    pub(crate) fn json(&self) -> Value {
        serde_json::from_str(&self.body).expect("JSON")
    }

    /// Status and code of a refusal, which tells its user something.
    #[track_caller]
    pub(crate) fn refusal(&self) -> (u16, String) {
        let json = self.json();
        let message = json["message"].as_str().expect("a message");
        assert!(!message.is_empty());
        (self.status, json["code"].as_str().expect("a code").to_owned())
    }
}

/// A page that listens.
#[derive(Debug)]
pub(crate) struct Stream(PageBody);

impl Stream {
    /// The next event, heartbeats left out; nothing at the end.
    pub(crate) async fn next(&mut self) -> Option<Value> {
        loop {
            let piece = self.piece().await?;
            if piece == ":\n\n" {
                continue;
            }
            let data = piece.strip_suffix("\n\n").expect("a whole event");
            let data = data.strip_prefix("retry: 1000\n").unwrap_or(data);
            return Some(
                serde_json::from_str(data.strip_prefix("data: ").expect("data")).expect("JSON"),
            );
        }
    }

    /// The next event that is no code of the same hint, as it comes.
    pub(crate) async fn hint(&mut self) -> Value {
        loop {
            let event = self.next().await.expect("an event");
            if event["hintCode"] != "outstandingTransaction" {
                return event;
            }
        }
    }

    /// The last event.
    pub(crate) async fn end(&mut self) -> Value {
        loop {
            let event = self.next().await.expect("an event");
            if event["status"] != "pending" {
                return event;
            }
        }
    }

    pub(crate) async fn piece(&mut self) -> Option<String> {
        let piece = self.0.next().await?;
        Some(String::from_utf8(piece.to_vec()).expect("text"))
    }
}

/// BankID's answer to what starts an order of this name.
pub(crate) fn started(name: &str) -> String {
    json!({
        "orderRef": name, "autoStartToken": "7c40b5c9-fa74-49cf-b98c-bfe651f9a7c6",
        "qrStartToken": "67df3917-fa0d-44e5-b327-edcc928297f8",
        "qrStartSecret": "d28db9a7-4cde-429e-a983-359be676944c",
    })
    .to_string()
}

pub(crate) fn pending(name: &str, hint: &str) -> String {
    json!({"orderRef": name, "status": "pending", "hintCode": hint}).to_string()
}

pub(crate) fn failed(name: &str, hint: &str) -> String {
    json!({"orderRef": name, "status": "failed", "hintCode": hint}).to_string()
}

/// BankID's answer to a completed order, with the smallest signature that holds a certificate.
pub(crate) fn complete(name: &str) -> String {
    let key = rcgen::KeyPair::generate().expect("a key");
    let certificate = rcgen::CertificateParams::default().self_signed(&key).expect("a certificate");
    let der = STANDARD.encode(certificate.der());
    let xml = format!(
        r#"<Signature xmlns="http://www.w3.org/2000/09/xmldsig#"><KeyInfo><X509Data><X509Certificate>{der}</X509Certificate></X509Data></KeyInfo></Signature>"#
    );
    json!({
        "orderRef": name, "status": "complete", "completionData": {
            "user": {"personalNumber": "190000000000", "name": "Karl Karlsson", "givenName": "Karl", "surname": "Karlsson"},
            "device": {"ipAddress": USER}, "signature": STANDARD.encode(xml), "ocspResponse": "MIIHfgoBAKCCB3cw",
        },
    })
    .to_string()
}
