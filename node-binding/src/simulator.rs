//! The simulator in the process, and its command line.
//!
//! Documents go in and out as JSON text: those of the control plane, and refusals as problem documents, from which
//! `js/simulator.js` makes its errors.

use std::sync::{Arc, Mutex, PoisonError};

use napi::Env;
use napi::bindgen_prelude::{Buffer, Either, PromiseRaw};
use napi_derive::napi;
use simulator::pki::{self, Certificates, Identity};
use simulator::simulator::StartError;
use simulator::{Answer, Builder, Called, Controller, Refusal, Simulator, cli};

use crate::stop::Stop;

/// Runs the program `bankid-simulator` to its end, on this thread, and gives its exit code. Signals are its own matter.
#[napi(catch_unwind)]
pub fn run_simulator(name: String, arguments: Vec<String>) -> u32 {
    u32::from(cli::run([vec![name], arguments].concat()))
}

/// Starts a simulator; a refusal is a problem document.
///
/// # Errors
/// Node gives no promise.
#[napi(catch_unwind)]
pub fn start_simulator(
    env: &Env,
    options: String,
) -> napi::Result<PromiseRaw<'_, Either<RunningSimulator, String>>> {
    env.spawn_future(async move {
        Ok(match start(&options).await {
            Ok(running) => Either::A(running),
            Err(refusal) => Either::B(document(&refusal)),
        })
    })
}

async fn start(options: &str) -> Result<RunningSimulator, Refusal> {
    let simulator = Builder::from_json(options)?.start().await?;
    let rp =
        simulator.certificates().and_then(|made| Some((made, made.relying_parties().first()?)));
    let party = rp.map(|(certificates, rp)| Party::of(certificates, rp)).transpose();
    let party = party.map_err(StartError::Certificates)?;
    let (controller, simulator) = (simulator.controller(), Arc::new(Mutex::new(Some(simulator))));
    Ok(RunningSimulator { controller, party, simulator })
}

fn document(refusal: &Refusal) -> String {
    serde_json::to_string(refusal).unwrap_or_default()
}

/// A relying party's certificate in all its forms, and the authority that it trusts.
struct Party {
    ca: String,
    certificate: String,
    key: String,
    pfx: Vec<u8>,
    legacy_pfx: Vec<u8>,
}

impl Party {
    fn of(certificates: &Certificates, rp: &Identity) -> Result<Self, pki::Error> {
        Ok(Self {
            ca: certificates.ca_pem(),
            certificate: rp.certificate_pem(),
            key: rp.key_pem(),
            pfx: rp.pfx()?,
            legacy_pfx: rp.legacy_pfx()?,
        })
    }
}

/// What clients need for mutual TLS.
#[expect(missing_debug_implementations, reason = "it holds keys")]
#[napi(object, object_from_js = false)]
pub struct SimulatorParty {
    /// The authority to trust, as PEM.
    pub ca: String,
    /// As PEM.
    pub certificate: String,
    /// As PEM, not encrypted.
    pub key: String,
    /// Both as PKCS#12.
    pub pfx: Buffer,
    /// The same in the old encryption.
    pub legacy_pfx: Buffer,
    /// Of both files.
    pub passphrase: String,
}

/// A simulator that runs in this process until it is stopped, or nobody holds it any longer.
#[expect(missing_debug_implementations, reason = "it holds keys")]
#[napi]
pub struct RunningSimulator {
    controller: Controller,
    party: Option<Party>,
    simulator: Arc<Mutex<Option<Simulator>>>,
}

/// An answer of the control plane.
#[expect(missing_debug_implementations, reason = "orders have personal numbers in them")]
#[napi(object, object_from_js = false)]
pub struct ControlAnswer {
    /// The HTTP status it would have.
    pub status: u32,
    /// A document; empty if there is none.
    pub body: String,
}

impl From<Answer> for ControlAnswer {
    fn from(answer: Answer) -> Self {
        // Our own documents are UTF-8.
        let body = String::from_utf8_lossy(&answer.body).into_owned();
        Self { status: u32::from(answer.status), body }
    }
}

#[napi]
impl RunningSimulator {
    /// URLs of plain HTTP, mutual TLS and the control plane, as far as they are on.
    #[napi(
        getter,
        catch_unwind,
        ts_return_type = "[http: string | undefined, https: string | undefined, control: string | undefined]"
    )]
    pub fn urls(&self) -> Vec<Option<String>> {
        let simulator = self.simulator.lock().unwrap_or_else(PoisonError::into_inner);
        let urls = simulator.as_ref().map(|simulator| {
            vec![simulator.http_url(), simulator.https_url(), simulator.control_url()]
        });
        urls.unwrap_or_default()
    }

    /// What clients need for mutual TLS, if that is on.
    #[napi(getter, catch_unwind)]
    pub fn party(&self) -> Option<SimulatorParty> {
        self.party.as_ref().map(|party| SimulatorParty {
            ca: party.ca.clone(),
            certificate: party.certificate.clone(),
            key: party.key.clone(),
            pfx: party.pfx.clone().into(),
            legacy_pfx: party.legacy_pfx.clone().into(),
            passphrase: pki::PASSPHRASE.to_owned(),
        })
    }

    /// Calls an operation of the control plane that need not wait.
    ///
    /// # Errors
    /// It is one that waits.
    #[napi(catch_unwind)]
    pub fn call(
        &self,
        operation: String,
        lane: String,
        order_ref: String,
        input: String,
    ) -> napi::Result<ControlAnswer> {
        let path = [("lane", lane.as_str()), ("orderRef", order_ref.as_str())];
        match self.controller.call(&operation, &path, &input) {
            Called::Done(answer) => Ok(answer.into()),
            Called::Waiting(_) => {
                Err(napi::Error::from_reason(format!("{operation} waits: use `wait`")))
            }
        }
    }

    /// Calls an operation that may wait; `null` if it is ended before its answer is there.
    ///
    /// # Errors
    /// Node gives no promise.
    #[napi(catch_unwind)]
    pub fn wait<'env>(
        &self,
        env: &'env Env,
        operation: String,
        lane: String,
        input: String,
        stop: Option<&Stop>,
    ) -> napi::Result<PromiseRaw<'env, Option<ControlAnswer>>> {
        let called = self.controller.call(&operation, &[("lane", &lane)], &input);
        let stop = stop.cloned();
        env.spawn_future(async move {
            let answer = match called {
                Called::Done(answer) => Some(answer),
                Called::Waiting(waiting) => Stop::or(stop, waiting).await,
            };
            Ok(answer.map(ControlAnswer::from))
        })
    }

    /// The number of the order that was started last in a lane; 0 if none was.
    #[napi(catch_unwind)]
    pub fn last_order(&self, lane: String) -> i64 {
        i64::try_from(self.controller.last_order(&lane)).unwrap_or(i64::MAX)
    }

    /// Closes the ports, lets requests under way end, and says what had gone wrong, if anything.
    ///
    /// # Errors
    /// Node gives no promise.
    #[napi(catch_unwind)]
    pub fn stop<'env>(&self, env: &'env Env) -> napi::Result<PromiseRaw<'env, Option<String>>> {
        let simulator = self.simulator.lock().unwrap_or_else(PoisonError::into_inner).take();
        env.spawn_future(async move {
            match simulator {
                Some(simulator) => Ok(simulator.stop().await.err().map(|error| error.to_string())),
                None => Ok(None),
            }
        })
    }
}
