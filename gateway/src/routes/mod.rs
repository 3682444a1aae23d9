//! The API: from a request to a response, without sockets.
//!
//! [`Gateway::admit`] looks at the head alone: path, method, key, right, media types and query. Only who passes has its body
//! read, and [`Gateway::serve`] answers it. [`Gateway::answer`] is both, for callers that have the body already.

mod admission;

use std::collections::HashMap;
use std::fmt;
use std::sync::{Arc, OnceLock, PoisonError, RwLock};

use bankid_client::{Call, Client};
use bankid_core::request::{Operation, Start};
use bytes::Bytes;
use http::{Request, Response};

use self::admission::Route;
pub use self::admission::{Admission, Admitted};
use crate::documents::{CANCEL, COLLECT, TICKET};
use crate::fault::{Code, Fault};
use crate::keys::Keys;
use crate::metrics::Metrics;
use crate::orders::{Limits, Orders};
use crate::pages::{BadPageSettings, Desk, PageSettings, Pages, Random, Secret, shelf};
use crate::request::{StartBody, order_ref, result_code};
use crate::store::{MemoryStore, Store};

/// The service. Cheap to copy; copies share orders and keys.
///
/// It needs a tokio runtime: a call to BankID goes on when its caller hangs up.
#[derive(Clone)]
pub struct Gateway {
    inner: Arc<Inner>,
}

struct Inner {
    client: Client,
    keys: RwLock<Arc<Keys>>,
    orders: Orders,
    metrics: Arc<Metrics>,
    strict_numbers: bool,
    pages: OnceLock<Arc<Desk>>,
}

/// Why a body was not read to its end.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum BodyFault {
    /// It is longer than the limit.
    TooLarge,
    /// It did not arrive in time.
    TooSlow,
    /// It broke off.
    Broken,
}

impl Gateway {
    /// A gateway for these callers, with the default [`Limits`].
    pub fn new(client: Client, keys: Keys) -> Self {
        Self::with(client, keys, Limits::default(), false)
    }

    /// The same with limits of its own. With `strict_numbers` a personal number must be one that can exist, which BankID
    /// does not check.
    pub fn with(client: Client, keys: Keys, limits: Limits, strict_numbers: bool) -> Self {
        let store = Arc::new(MemoryStore::new(limits.store_kib));
        Self::with_store(client, keys, limits, strict_numbers, store)
    }

    /// The same with a store that several gateways may share. They then answer as one.
    pub fn with_store(
        client: Client,
        keys: Keys,
        limits: Limits,
        strict_numbers: bool,
        store: Arc<dyn Store>,
    ) -> Self {
        let keys = RwLock::new(Arc::new(keys));
        let metrics = Arc::<Metrics>::default();
        let orders = Orders::new(client.clone(), limits, store, Arc::clone(&metrics));
        let pages = OnceLock::new();
        Self { inner: Arc::new(Inner { client, keys, orders, metrics, strict_numbers, pages }) }
    }

    /// Opens the surface for pages, with names made of these random bytes. Where it is open already, it stays as it was.
    ///
    /// # Errors
    /// See [`BadPageSettings`].
    pub fn open_pages(
        &self,
        settings: PageSettings,
        random: Box<Random>,
    ) -> Result<Pages, BadPageSettings> {
        let desk = Arc::new(Desk::new(settings, random)?);
        let desk = self.inner.pages.get_or_init(|| desk);
        Ok(Pages::new(self.clone(), Arc::clone(desk)))
    }

    /// The surface for pages, if it is open.
    pub fn pages(&self) -> Option<Pages> {
        let desk = self.inner.pages.get()?;
        Some(Pages::new(self.clone(), Arc::clone(desk)))
    }

    /// The client that it calls BankID with.
    pub fn client(&self) -> &Client {
        &self.inner.client
    }

    /// Lets other callers in from now on. An order stays its key's, by name.
    pub fn replace_keys(&self, keys: Keys) {
        let mut known = self.inner.keys.write().unwrap_or_else(PoisonError::into_inner);
        *known = Arc::new(keys);
    }

    /// Lets the keys of these names be those of other relying parties, each with a client of its own; the rest stay with
    /// [`client`](Self::client). BankID knows an order by the certificate that started it, so that one under way is lost
    /// to a key that changes sides.
    pub fn replace_clients(&self, clients: HashMap<String, Client>) {
        self.inner.orders.replace_clients(clients);
    }

    /// The client of each relying party.
    #[cfg(feature = "server")]
    pub(crate) fn clients(&self) -> Vec<Client> {
        self.inner.orders.clients()
    }

    /// Whether the last call reached BankID.
    #[cfg(feature = "server")]
    pub(crate) fn upstream(&self) -> crate::orders::Upstream {
        self.inner.orders.upstream()
    }

    /// How many orders are kept, if the store knows.
    pub fn orders(&self) -> Option<usize> {
        self.inner.orders.store().count()
    }

    pub(crate) fn order_store(&self) -> &Orders {
        &self.inner.orders
    }

    /// What was counted, for Prometheus.
    #[cfg(feature = "server")]
    pub(crate) fn metrics(&self) -> String {
        self.inner.metrics.text(self.orders(), self.certificate_days_left())
    }

    /// Whole days until BankID does not accept a certificate any more: the first one that expires.
    #[cfg(feature = "server")]
    pub(crate) fn certificate_days_left(&self) -> Option<i64> {
        let now_s = i64::try_from(self.inner.client.now().unix_ms / 1_000).unwrap_or(i64::MAX);
        let identities = self.clients().into_iter().filter_map(|client| client.identity());
        identities.map(|identity| identity.days_left(now_s)).min()
    }

    /// Forgets orders whose time is over. Without it they are forgotten when their room is needed.
    pub fn sweep(&self) {
        self.inner.orders.store().sweep(self.inner.orders.now());
    }

    /// Ends once no call to BankID is under way, and every answer is kept. A process that ends earlier may lose a result.
    pub async fn settled(&self) {
        self.inner.orders.settled().await;
    }

    /// Whether the store is reached.
    #[cfg(feature = "server")]
    pub(crate) async fn reaches_store(&self) -> bool {
        self.inner.orders.store().check().await.is_ok()
    }

    /// Answers a request whose body is there.
    pub async fn answer(&self, request: Request<Bytes>) -> Response<Bytes> {
        let (head, body) = request.into_parts();
        match self.admit(&head) {
            Admission::Answered(response) => response,
            Admission::Admitted(admitted) => self.serve(&admitted, body).await,
        }
    }

    /// Answers a request that was admitted.
    pub async fn serve(&self, admitted: &Admitted, body: Bytes) -> Response<Bytes> {
        let began = self.inner.orders.now().monotonic;
        let served = match admitted.route {
            Route::Call(Call::Start(_)) => self.start(admitted, &body).await,
            Route::Call(Call::Collect) => self.collect(admitted, &body).await,
            Route::Call(Call::Cancel) => self.cancel(admitted, &body).await,
            Route::Ticket(operation) => self.ticket(operation, admitted, &body).await,
            Route::Result => self.result(admitted, &body).await,
        };
        let code = served.as_ref().err().map(|fault| fault.code.to_string());
        let response = served.unwrap_or_else(|fault| admitted.form.failed(&fault));
        let took = self.inner.orders.now().monotonic.saturating_sub(began);
        let (caller, path, status) =
            (admitted.caller(), admitted.route.path(), response.status().as_u16());
        self.inner.metrics.answered(caller, path, status, took);
        tracing::info!(
            caller,
            call = path,
            status,
            code,
            micros = u64::try_from(took.as_micros()).unwrap_or(u64::MAX),
            "answered"
        );
        response
    }

    /// Answers a request that was admitted and whose body could not be read. The connection cannot be used again.
    pub fn refuse(&self, admitted: &Admitted, fault: BodyFault) -> Response<Bytes> {
        admitted.form.failed(&fault.into())
    }

    async fn start(&self, admitted: &Admitted, body: &[u8]) -> Result<Response<Bytes>, Arc<Fault>> {
        let Route::Call(Call::Start(operation)) = admitted.route else {
            return Err(Fault::no_such_order().into());
        };
        let body = StartBody::read(operation, admitted.body, body)?;
        let start = self.checked(&body)?;
        let owner = admitted.key.name();
        let live = self.inner.orders.start(owner, &start, body.len()).await?;
        Ok(admitted.form.started(&live.order, 0))
    }

    async fn collect(
        &self,
        admitted: &Admitted,
        body: &[u8],
    ) -> Result<Response<Bytes>, Arc<Fault>> {
        let order_ref = order_ref(admitted.body, COLLECT, body)?;
        let orders = &self.inner.orders;
        let (live, standing) = orders.collect(admitted.key.name(), &order_ref).await?;
        let elapsed = orders.now().monotonic.saturating_sub(live.order.received_at.monotonic);
        Ok(admitted.form.collected(&live.order, &standing, elapsed.as_secs()))
    }

    /// The request, by BankID's checks and by those that are set.
    fn checked<'a>(&self, body: &'a StartBody) -> Result<Start<'a>, Fault> {
        let start = body.start()?;
        if self.inner.strict_numbers {
            body.check_number(&start)?;
        }
        Ok(start)
    }

    /// What a page needs to start an order that it may not start of its own accord.
    async fn ticket(
        &self,
        operation: Operation,
        admitted: &Admitted,
        body: &[u8],
    ) -> Result<Response<Bytes>, Arc<Fault>> {
        let desk = self.inner.pages.get().ok_or_else(Fault::no_pages)?;
        let body = StartBody::read_as(operation, TICKET, admitted.body, body)?;
        // What only the page's connection tells stands in for itself.
        self.checked(&body.with("endUserIp", "192.0.2.1").with("returnUrl", "null"))?;
        let ticket = desk.secret()?;
        let (owner, time) = (admitted.key.name(), desk.ticket_time());
        shelf::prepare(&self.inner.orders, owner, &body, &ticket, time).await?;
        Ok(admitted.form.ticket(ticket.as_str()))
    }

    /// The result of an order that a page has started, for the code that the page was given at its end.
    async fn result(
        &self,
        admitted: &Admitted,
        body: &[u8],
    ) -> Result<Response<Bytes>, Arc<Fault>> {
        let desk = self.inner.pages.get().ok_or_else(Fault::no_pages)?;
        let code = Secret::presented(&result_code(admitted.body, body)?);
        let (orders, owner) = (&self.inner.orders, admitted.key.name());
        let result = shelf::exchange(orders, owner, &code).await?.ok_or_else(|| {
            Fault::new(Code::NoSuchResult, "It is unknown, used already, or too old.")
        })?;
        desk.exchanged(&code);
        let (live, standing) = orders.collect(owner, &result.order_ref).await?;
        Ok(admitted.form.result(&live.order, &standing, result.session))
    }

    async fn cancel(
        &self,
        admitted: &Admitted,
        body: &[u8],
    ) -> Result<Response<Bytes>, Arc<Fault>> {
        let order_ref = order_ref(admitted.body, CANCEL, body)?;
        self.inner.orders.cancel(admitted.key.name(), &order_ref).await?;
        Ok(admitted.form.cancelled(order_ref.as_str()))
    }
}

impl fmt::Debug for Gateway {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Gateway")
            .field("client", &self.inner.client)
            .field("orders", &self.inner.orders)
            .finish_non_exhaustive()
    }
}
