// Login and sign with BankID in Fastify. The order, its secrets and its result stay in the session; the page gets what
// there is to show, as server-sent events.

import { randomBytes } from "node:crypto";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { Readable } from "node:stream";
import { fileURLToPath } from "node:url";

import cookie from "@fastify/cookie";
import session from "@fastify/session";
import files from "@fastify/static";
import {
  BankIdClient, BankIdError, detectBrowser, environments, messageFor, newNonce, nonceIsIn, returnUrl, toBrowser,
} from "bankid-kit";
import fastify from "fastify";

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

// Behind a proxy also `trustProxy`: BankID judges risk by the user's address.
const app = fastify({ forceCloseConnections: true });
app.register(files, { root: join(import.meta.dirname, "..", "page") });
app.register(files, {
  root: fileURLToPath(new URL(".", import.meta.resolve("bankid-kit/browser"))), prefix: "/bankid-kit/", decorateReply: false,
});
app.register(cookie);
app.register(session, {
  cookieName: "session",
  secret: SESSION_SECRET,
  saveUninitialized: false,
  cookie: { httpOnly: true, sameSite: "lax", secure: "auto", maxAge: 30 * 60_000 },
});

app.get("/session", async ({ session: { user, pending } }, reply) => {
  const order = pending && { startMode: pending.startMode, complete: Boolean(pending.result) };
  reply.header("cache-control", "no-store");
  return { name: user?.name, pending: order };
});

app.delete("/session", async ({ session }, reply) => {
  await session.destroy();
  return reply.code(204).send();
});

app.post("/bankid/login", (request, reply) => start(request, reply, "auth", {}));

app.post("/bankid/sign", async (request, reply) => {
  const { user } = request.session;
  if (!user) return reply.code(403).send();
  const userVisibleData = request.body.language === "en" ? agreement.en : agreement.sv;
  // Only who has logged in may sign.
  return start(request, reply, "sign", { userVisibleData, requirement: { personalNumber: user.personalNumber } });
});

const start = async ({ session, body, headers, protocol, host, ip }, reply, operation, asked) => {
  const startMode = body.startMode === "autostart" ? "autostart" : "qr";
  const browser = { userAgent: headers["user-agent"] ?? "", maxTouchPoints: Number(body.maxTouchPoints ?? 0) };
  const nonce = newNonce();
  const back = returnUrl(`${ORIGIN ?? `${protocol}://${host}`}/`, { ...browser, nonce });

  await stop(session);
  const order = await bankid[operation]({ ...asked, endUserIp: ip, returnUrl: back });
  // Where the app brings the user back to the page, the result is only for who comes back with the nonce.
  const mustReturn = startMode === "autostart" && nonceIsIn(back, nonce);
  session.pending = { order, startMode, browser, nonce: mustReturn ? nonce : undefined, text: asked.userVisibleData };
  return reply.code(204).send();
};

/** Ends the order that the session has, if any. */
const stop = async (session) => {
  const { pending } = session;
  session.pending = undefined;
  if (pending && !pending.result) await bankid.cancel(pending.order).catch(() => {}); // it may be over
};

app.get("/bankid/events", async (request, reply) => {
  if (!request.session.pending) return reply.code(204).send(); // the browser does not ask again
  const left = new AbortController();
  reply.raw.on("close", () => left.abort());
  reply.headers({ "content-type": "text/event-stream", "cache-control": "no-store", "x-accel-buffering": "no" });
  return Readable.from(events(request.session, left.signal));
});

/** What the page is told. Follows the order for as long as the page listens: phones hang up while the app is in front. */
async function* events(session, signal) {
  const event = (update) => `data: ${JSON.stringify(update)}\n\n`;
  const { pending } = session;
  const { browser, startMode } = pending;
  const { device } = detectBrowser(browser.userAgent, browser.maxTouchPoints);
  // Another window has seen the end of it.
  if (pending.result) return yield event({ status: "complete" });
  try {
    for await (const update of bankid.follow(pending.order, { ...browser, startMode, signal })) {
      pending.result = update.completionData;
      if (pending.result) await session.save(); // first of all: BankID gives a result only once
      yield event({ ...toBrowser(update), message: messages(update, { device, startMode }) });
    }
  } catch (error) {
    if (!signal.aborted) yield event({ status: "failed", message: messages(error) });
  }
}

/** The recommended message in both languages; a site of one language uses `update.message`. */
const messages = (event, situation) => ({
  sv: messageFor(event, { ...situation, language: "sv" })?.text,
  en: messageFor(event, { ...situation, language: "en" })?.text,
});

app.post("/bankid/finish", async (request, reply) => {
  const { pending } = request.session;
  if (!pending?.result) return reply.code(409).send();
  if (pending.nonce && !nonceIsIn(String(request.body.returned), pending.nonce)) return reply.code(403).send();
  // Here a site keeps `pending.result`: signature and ocspResponse prove what was done.
  const { user } = pending.result;
  await request.session.regenerate(); // new rights, new session id
  request.session.user = user;
  return { name: user.name, text: pending.text };
});

app.post("/bankid/cancel", async (request, reply) => {
  await stop(request.session);
  return reply.code(204).send();
});

app.setErrorHandler((error, request, reply) => {
  if (!(error instanceof BankIdError)) return reply.send(error);
  console.error(`BankID: ${error.code}`);
  return reply.code(error.code === "alreadyInProgress" ? 409 : 502).send({ message: messages(error) });
});

await app.listen({ port: Number(PORT), host: "127.0.0.1" });
console.log(`listening on http://localhost:${app.server.address().port}`);
