// Login and sign with BankID in Express. The order, its secrets and its result stay in the session; the page gets what
// there is to show, as server-sent events.

import { randomBytes } from "node:crypto";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";

import {
  BankIdClient, BankIdError, detectBrowser, environments, messageFor, newNonce, nonceIsIn, returnUrl, toBrowser,
} from "bankid-kit";
import express from "express";
import session from "express-session";

const { PORT = 3000, ORIGIN, SESSION_SECRET = randomBytes(32).toString("hex") } = process.env;
const { BANKID_ENVIRONMENT = "test", BANKID_URL, BANKID_CA, BANKID_PFX, BANKID_PASSPHRASE = "" } = process.env;
const { BANKID_POLL_MS = 2000 } = process.env;

const bankid = new BankIdClient({
  environment: BANKID_URL
    ? { baseUrl: BANKID_URL, ca: BANKID_CA && readFileSync(BANKID_CA) }
    : environments[BANKID_ENVIRONMENT],
  identity: BANKID_PFX ? { pfx: readFileSync(BANKID_PFX), passphrase: BANKID_PASSPHRASE } : undefined,
  pollIntervalMs: Number(BANKID_POLL_MS),
});

/** What is signed is for the backend to say, never for the page. */
const agreement = { sv: "Jag godkänner avtal 4711.", en: "I approve agreement 4711." };

const app = express();
// Behind a proxy also `app.set("trust proxy", ...)`: BankID judges risk by the user's address.
app.use(express.static(join(import.meta.dirname, "..", "page")));
app.use("/bankid-kit", express.static(fileURLToPath(new URL(".", import.meta.resolve("bankid-kit/browser")))));
app.use((request, response, next) => {
  response.set("cache-control", "no-store");
  next();
});
app.use(express.json());
app.use(session({
  name: "session",
  secret: SESSION_SECRET,
  resave: false,
  saveUninitialized: false,
  cookie: { httpOnly: true, sameSite: "lax", secure: "auto", maxAge: 30 * 60_000 },
}));

app.get("/session", ({ session: { user, pending } }, response) => {
  const order = pending && { startMode: pending.startMode, complete: Boolean(pending.result) };
  response.json({ name: user?.name, pending: order });
});

app.delete("/session", ({ session }, response) => session.destroy(() => response.sendStatus(204)));

app.post("/bankid/login", (request, response) => start(request, response, "auth", {}));

app.post("/bankid/sign", (request, response) => {
  const { user } = request.session;
  if (!user) return response.sendStatus(403);
  const userVisibleData = request.body.language === "en" ? agreement.en : agreement.sv;
  // Only who has logged in may sign.
  return start(request, response, "sign", { userVisibleData, requirement: { personalNumber: user.personalNumber } });
});

const start = async (request, response, operation, asked) => {
  const { session, body } = request;
  const startMode = body.startMode === "autostart" ? "autostart" : "qr";
  const browser = { userAgent: request.get("user-agent") ?? "", maxTouchPoints: Number(body.maxTouchPoints ?? 0) };
  const nonce = newNonce();
  const back = returnUrl(`${ORIGIN ?? `${request.protocol}://${request.host}`}/`, { ...browser, nonce });

  await stop(session);
  const order = await bankid[operation]({ ...asked, endUserIp: request.ip, returnUrl: back });
  // Where the app brings the user back to the page, the result is only for who comes back with the nonce.
  const mustReturn = startMode === "autostart" && nonceIsIn(back, nonce);
  session.pending = { order, startMode, browser, nonce: mustReturn ? nonce : undefined, text: asked.userVisibleData };
  response.sendStatus(204);
};

/** Ends the order that the session has, if any. */
const stop = async (session) => {
  const { pending } = session;
  delete session.pending;
  if (pending && !pending.result) await bankid.cancel(pending.order).catch(() => {}); // it may be over
};

app.get("/bankid/events", async (request, response) => {
  if (!request.session.pending) return response.sendStatus(204); // the browser does not ask again
  const left = new AbortController();
  response.on("close", () => left.abort());
  response.set({ "content-type": "text/event-stream", "x-accel-buffering": "no" });
  for await (const update of updates(request.session, left.signal)) response.write(`data: ${JSON.stringify(update)}\n\n`);
  response.end();
});

/** What the page is told. Follows the order for as long as the page listens: phones hang up while the app is in front. */
async function* updates(session, signal) {
  const { pending } = session;
  const { browser, startMode } = pending;
  const { device } = detectBrowser(browser.userAgent, browser.maxTouchPoints);
  // Another window has seen the end of it.
  if (pending.result) return yield { status: "complete" };
  try {
    for await (const update of bankid.follow(pending.order, { ...browser, startMode, signal })) {
      pending.result = update.completionData;
      if (pending.result) await save(session); // first of all: BankID gives a result only once
      yield { ...toBrowser(update), message: messages(update, { device, startMode }) };
    }
  } catch (error) {
    if (!signal.aborted) yield { status: "failed", message: messages(error) };
  }
}

const save = (session) => new Promise((resolve, reject) => session.save((error) => (error ? reject(error) : resolve())));

/** The recommended message in both languages; a site of one language uses `update.message`. */
const messages = (event, situation) => ({
  sv: messageFor(event, { ...situation, language: "sv" })?.text,
  en: messageFor(event, { ...situation, language: "en" })?.text,
});

app.post("/bankid/finish", (request, response, next) => {
  const { pending } = request.session;
  if (!pending?.result) return response.sendStatus(409);
  if (pending.nonce && !nonceIsIn(String(request.body.returned), pending.nonce)) return response.sendStatus(403);
  // Here a site keeps `pending.result`: signature and ocspResponse prove what was done.
  const { user } = pending.result;
  request.session.regenerate((error) => { // new rights, new session id
    if (error) return next(error);
    request.session.user = user;
    response.json({ name: user.name, text: pending.text });
  });
});

app.post("/bankid/cancel", async (request, response) => {
  await stop(request.session);
  response.sendStatus(204);
});

app.use((error, request, response, next) => {
  if (!(error instanceof BankIdError)) return next(error);
  console.error(`BankID: ${error.code}`);
  response.status(error.code === "alreadyInProgress" ? 409 : 502).json({ message: messages(error) });
});

const server = app.listen(PORT, "127.0.0.1", () => console.log(`listening on http://localhost:${server.address().port}`));
