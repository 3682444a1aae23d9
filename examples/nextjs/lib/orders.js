// Login and sign with BankID. The order, its secrets and its result stay in the session; the page gets what there is to
// show, as server-sent events.

import { readFileSync } from "node:fs";

import { currentSession, newSession } from "./session.js";

// An installed package is left to Node by next.config.js; this one is a link to the folders above, which must be told so.
const {
  BankIdClient, BankIdError, detectBrowser, environments, messageFor, newNonce, nonceIsIn, returnUrl, toBrowser,
} = await import(/* turbopackIgnore: true */ "bankid-kit");

const { ORIGIN, BANKID_ENVIRONMENT = "test", BANKID_URL, BANKID_CA, BANKID_PFX, BANKID_PASSPHRASE = "" } = process.env;
const { BANKID_POLL_MS = 2000 } = process.env;

// One for all routes, and made when the first needs it: while Next.js builds there is no certificate.
const bankid = () => (globalThis.bankid ??= new BankIdClient({
  environment: BANKID_URL
    ? { baseUrl: BANKID_URL, ca: BANKID_CA && readFileSync(BANKID_CA) }
    : environments[BANKID_ENVIRONMENT],
  identity: BANKID_PFX ? { pfx: readFileSync(BANKID_PFX), passphrase: BANKID_PASSPHRASE } : undefined,
  pollIntervalMs: Number(BANKID_POLL_MS),
}));

export const start = async (request, operation, ask) => {
  const session = (await currentSession()) ?? (await newSession({}));
  const body = await request.json();
  const asked = ask(body);
  const startMode = body.startMode === "autostart" ? "autostart" : "qr";
  const { headers, nextUrl } = request;
  const browser = { userAgent: headers.get("user-agent") ?? "", maxTouchPoints: Number(body.maxTouchPoints ?? 0) };
  const nonce = newNonce();
  const back = returnUrl(`${ORIGIN ?? `${nextUrl.protocol}//${headers.get("host")}`}/`, { ...browser, nonce });

  await stop(session);
  // As the last proxy has seen it; without one, Next.js says it. BankID judges risk by the user's address.
  const endUserIp = headers.get("x-forwarded-for").split(",").at(-1).trim();
  const order = await bankid()[operation]({ ...asked, endUserIp, returnUrl: back });
  // Where the app brings the user back to the page, the result is only for who comes back with the nonce.
  const mustReturn = startMode === "autostart" && nonceIsIn(back, nonce);
  session.pending = { order, startMode, browser, nonce: mustReturn ? nonce : undefined, text: asked.userVisibleData };
};

/** Ends the order that the session has, if any. */
export const stop = async (session) => {
  const { pending } = session ?? {};
  if (!pending) return;
  delete session.pending;
  if (!pending.result) await bankid().cancel(pending.order).catch(() => {}); // it may be over
};

/** What the page is told. Follows the order for as long as the page listens: phones hang up while the app is in front. */
export async function* events({ pending }, signal) {
  const event = (update) => `data: ${JSON.stringify(update)}\n\n`;
  const { browser, startMode } = pending;
  const { device } = detectBrowser(browser.userAgent, browser.maxTouchPoints);
  // Another window has seen the end of it.
  if (pending.result) return yield event({ status: "complete" });
  try {
    for await (const update of bankid().follow(pending.order, { ...browser, startMode, signal })) {
      pending.result = update.completionData; // kept first of all: BankID gives a result only once
      yield event({ ...toBrowser(update), message: messages(update, { device, startMode }) });
    }
  } catch (error) {
    if (!signal.aborted) yield event({ status: "failed", message: messages(error) });
  }
}

/** Binds the result to the session; resolves to nothing if the user has not come back where the order was started. */
export const finish = async ({ pending }, returned) => {
  if (!pending?.result || (pending.nonce && !nonceIsIn(String(returned), pending.nonce))) return undefined;
  // Here a site keeps `pending.result`: signature and ocspResponse prove what was done.
  const { user } = pending.result;
  await newSession({ user }); // new rights, new session id
  return { name: user.name, text: pending.text };
};

/** The recommended message in both languages; a site of one language uses `update.message`. */
const messages = (event, situation) => ({
  sv: messageFor(event, { ...situation, language: "sv" })?.text,
  en: messageFor(event, { ...situation, language: "en" })?.text,
});

/** A route handler whose BankID errors become messages for the user. */
export const answering = (handler) => async (request) => {
  try {
    return (await handler(request)) ?? new Response(null, { status: 204 });
  } catch (error) {
    if (!(error instanceof BankIdError)) throw error;
    console.error(`BankID: ${error.code}`);
    return Response.json({ message: messages(error) }, { status: error.code === "alreadyInProgress" ? 409 : 502 });
  }
};
