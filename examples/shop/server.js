// A shop whose customers log in and sign their orders with BankID, by way of the gateway: the relying party's backend. It serves
// the page, hands `/session` on to the gateway, and alone has the key, by which it asks for what may be signed, and learns who
// a customer is. It knows nothing of BankID. In a demo, `simulator` lets the page say what the pretend customer does.

import { randomUUID } from "node:crypto";
import { once } from "node:events";
import { existsSync, readFileSync, readdirSync } from "node:fs";
import { createServer, request as forwarded } from "node:http";
import { extname, join } from "node:path";
import { pathToFileURL } from "node:url";

import { demoRoutes } from "./demo.js";
import { TOTAL, agreement, lines } from "./goods.js";

const FOLDER = join(import.meta.dirname, "page");
const PAGE = Object.fromEntries(readdirSync(FOLDER).map((name) => [`/${name === "index.html" ? "" : name}`, join(FOLDER, name)]));
const TYPES = { ".html": "text/html; charset=utf-8", ".js": "text/javascript", ".css": "text/css" };
const POLICY = "default-src 'none'; script-src 'self' 'wasm-unsafe-eval'; style-src 'self'; connect-src 'self'; img-src data:; " +
  "base-uri 'none'; form-action 'none'; frame-ancestors 'none'; require-trusted-types-for 'script'";

const BODY_LIMIT = 16_384;
const SESSION_LIMIT = 10_000;

/** What goes wrong, with what the page is told: a status and a code. */
const refusal = (status, code) => Object.assign(new Error(code), { status, code });

/**
 * Starts it; resolves to its `url`, what it has `sold`, and `stop`. `places` says where the `gateway` is, by which `key` it is
 * called, and in a demo where the `simulator` is. The first two are read at each call: a gateway wants to know where the shop is.
 */
export const startShop = async (places, port = 0) => {
  const sessions = new Map();
  const sold = [];

  const ask = async (path, body) => {
    const headers = { "x-api-key": places.key, "content-type": "application/json" };
    const response = await fetch(new URL(path, places.gateway), { method: "POST", headers, body: JSON.stringify(body) });
    const { errors, ...answer } = await response.json();
    if (errors) throw refusal(response.status, errors[0].code);
    return answer;
  };

  /** Who has completed what: a code is good once, and for nobody but us. */
  const resultOf = async (code) => {
    const { data, meta } = await ask("/result", { code: String(code) });
    return { ...data.completionData, ticket: meta.session.ticket };
  };

  const routes = {
    "GET /shop": (session) => ({ lines, total: TOTAL, name: session.user?.name, receipt: session.receipt, isDemo: places.simulator !== undefined }),

    "POST /shop/login": async (session, { code }, open) => {
      const { user, ticket } = await resultOf(code);
      if (ticket !== undefined) throw refusal(403, "notALogin");
      open({ user }); // new rights, new session
      return { name: user.name };
    },

    // What is signed is for us to say, never for the page, and only who has logged in may sign it.
    "POST /shop/ticket": async (session, { language }) => {
      if (!session.user) throw refusal(403, "notLoggedIn");
      const { personalNumber } = session.user;
      session.text = agreement(language === "en" ? "en" : "sv");
      const order = { personalNumber, userVisibleData: session.text, userVisibleDataFormat: "simpleMarkdownV1" };
      session.ticket = (await ask("/ticket/sign", order)).data.attributes.ticket;
      return { ticket: session.ticket };
    },

    "POST /shop/signed": async (session, { code }) => {
      const { user, ticket, signature, ocspResponse } = await resultOf(code);
      // Somebody else's signature, or one of something else, is none.
      if (ticket === undefined || ticket !== session.ticket) throw refusal(403, "notThisOrder");
      const number = sold.push({ user, text: session.text, signature, ocspResponse }); // the evidence, kept for years
      session.receipt = { number, name: user.name };
      return session.receipt;
    },

    "POST /shop/logout": (session, body, open) => void open({}),

    ...(places.simulator && demoRoutes(places.simulator)),
  };

  const sessionOf = (request) => sessions.get(/(?<=\bshop=)[\w-]+/.exec(request.headers.cookie ?? "")?.[0]) ?? {};
  const open = (response) => (session) => {
    const id = randomUUID();
    if (sessions.size >= SESSION_LIMIT) sessions.delete(sessions.keys().next().value);
    sessions.set(id, session);
    response.setHeader("set-cookie", `shop=${id}; HttpOnly; SameSite=Lax; Path=/`);
  };

  const answer = async (request, response) => {
    const { pathname } = new URL(request.url, "http://shop");
    if (/^\/session(\/|$)/.test(pathname)) return handOn(request, response, places.gateway);
    const route = routes[`${request.method} ${pathname}`];
    if (route === undefined) return file(pathname, request, response);
    // What another site's page sends is not what our customer wants.
    if (request.method === "POST" && request.headers.origin !== `http://${request.headers.host}`) throw refusal(403, "originRefused");
    const body = request.method === "POST" ? await bodyOf(request) : {};
    const json = await route(sessionOf(request), body, open(response));
    response.writeHead(200, { "content-type": "application/json", "cache-control": "no-store" }).end(JSON.stringify(json ?? {}));
  };

  const server = createServer((request, response) => {
    answer(request, response).catch(({ status = 502, code = "unreachable" }) => {
      if (response.headersSent) return response.destroy();
      response.writeHead(status, { "content-type": "application/json" }).end(JSON.stringify({ code }));
    });
  });
  await once(server.listen(port, "127.0.0.1"), "listening");
  const stop = async () => {
    server.close();
    server.closeAllConnections();
    await once(server, "close");
  };
  return { url: `http://localhost:${server.address().port}/`, sold, stop };
};

const bodyOf = async (request) => {
  let text = "";
  for await (const chunk of request.setEncoding("utf8")) {
    text += chunk;
    if (text.length > BODY_LIMIT) throw refusal(413, "bodyTooLarge");
  }
  try {
    return Object(JSON.parse(text));
  } catch {
    throw refusal(400, "invalidJson");
  }
};

/** The gateway's surface for pages is at our own origin: so its cookie is too. It hears whom we have heard from. */
const handOn = (request, response, gateway) => new Promise((resolve, reject) => {
  const { connection, ...headers } = request.headers;
  headers["x-forwarded-for"] = request.socket.remoteAddress;
  const onward = forwarded(new URL(request.url, gateway), { method: request.method, headers }, (answered) => {
    response.writeHead(answered.statusCode, answered.headers);
    answered.pipe(response).on("close", resolve);
  });
  onward.on("error", reject);
  response.on("close", () => onward.destroy());
  request.pipe(onward);
});

/** The page, and the package's modules as they are. */
const file = (pathname, request, response) => {
  const [, module] = /^\/bankid-kit\/((?:[\w-]+\/)*[\w-]+\.js)$/.exec(pathname) ?? [];
  const path = module ? new URL(module, import.meta.resolve("bankid-kit/browser")) : PAGE[pathname];
  if (path === undefined || !existsSync(path)) return response.writeHead(404).end();
  const type = TYPES[extname(module ?? path)];
  response.writeHead(200, { "content-type": type, "content-security-policy": POLICY, "x-content-type-options": "nosniff" }).end(readFileSync(path));
};

if (import.meta.url === pathToFileURL(process.argv[1] ?? "").href) {
  const { PORT = "3000", GATEWAY = "http://127.0.0.1:8020", GATEWAY_KEY, SIMULATOR } = process.env;
  const { url } = await startShop({ gateway: GATEWAY, key: GATEWAY_KEY, simulator: SIMULATOR }, Number(PORT));
  console.log(`listening on ${url}`);
}
