// A site of one page, for tests of what runs in the page: it hands out the package's files as they are, whatever else a test adds,
// and streams of updates that the test writes.

import { once } from "node:events";
import { readFileSync } from "node:fs";
import { createServer } from "node:http";
import { extname, join } from "node:path";

import { ROOT } from "../../scripts/build.mjs";

const PACKAGE = "/bankid-kit/";
const TYPES = { ".js": "text/javascript", ".html": "text/html; charset=utf-8", ".css": "text/css", ".wasm": "application/wasm" };

/** Nothing but scripts and connections of its own, and WebAssembly. */
export const STRICT = "default-src 'none'; script-src 'self' 'wasm-unsafe-eval'; connect-src 'self'; base-uri 'none'; require-trusted-types-for 'script'";

/** The same without WebAssembly. */
export const WITHOUT_WASM = STRICT.replace(" 'wasm-unsafe-eval'", "");

/** As wide as the device, and in the colours that its owner prefers. */
const VIEW = '<meta name="viewport" content="width=device-width"><meta name="color-scheme" content="light dark">';

export const page = (body, { lang = "sv", head = "" } = {}) =>
  `<!doctype html><html lang="${lang}"><head><meta charset="utf-8">${VIEW}<title>BankID</title>${head}</head><body><main>${body}</main></body></html>`;

/**
 * Starts it; resolves to `url`, `files` (path to text), `send(update)` to all who listen, `posted`, and `stop`. Pages of the
 * origin `allow` may call it with cookies.
 */
export const startSite = async (files, { policy = STRICT, allow } = {}) => {
  const listeners = new Set();
  const posted = [];
  const site = { files, policy, posted, asked: [], streams: true, opened: 0, answer: () => ({ status: 204 }) };

  const stream = (request, response) => {
    site.cookie = request.headers.cookie;
    if (!site.streams) return response.writeHead(204).end();
    response.writeHead(200, { "content-type": "text/event-stream", "cache-control": "no-store" });
    response.write("retry: 10\n\n"); // who loses the line comes back at once
    listeners.add(response);
    site.opened += 1;
    response.on("close", () => listeners.delete(response));
    site.onListen?.();
  };
  const post = async (request, response) => {
    const chunks = await request.toArray();
    posted.push({ path: request.url, body: JSON.parse(Buffer.concat(chunks).toString() || "null"), headers: request.headers });
    const { status, json } = await site.answer(request.url);
    response.writeHead(status, { "content-type": "application/json" }).end(json && JSON.stringify(json));
  };
  const file = (path) => (path.startsWith(PACKAGE) ? readFileSync(join(ROOT, "js", "browser", path.slice(PACKAGE.length))) : site.files[path]);

  const server = createServer((request, response) => {
    const path = new URL(request.url, "http://site").pathname;
    if (allow !== undefined) {
      const cors = { "access-control-allow-origin": allow, "access-control-allow-credentials": "true", "access-control-allow-headers": "content-type" };
      for (const [name, value] of Object.entries(cors)) response.setHeader(name, value);
      if (request.method === "OPTIONS") return response.writeHead(204).end();
    }
    if (request.method === "POST") return post(request, response);
    site.asked.push(path);
    if (path.endsWith("/events")) return stream(request, response);
    const found = file(path);
    if (found === undefined) return response.writeHead(404).end();
    const policyOf = site.policy && { "content-security-policy": site.policy };
    return response.writeHead(200, { "content-type": TYPES[extname(path) || ".html"], ...policyOf }).end(found);
  });
  await once(server.listen(0, "127.0.0.1"), "listening");

  return Object.assign(site, {
    url: `http://localhost:${server.address().port}/`,
    send: (update) => {
      for (const each of listeners) each.write(`data: ${JSON.stringify(update)}\n\n`);
    },
    /** Resolves once somebody listens. */
    listened: () => (listeners.size > 0 ? Promise.resolve() : new Promise((resolve) => (site.onListen = resolve))),
    listeners: () => listeners.size,
    hangUp: () => {
      for (const each of listeners) each.end();
    },
    stop: async () => {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  });
};
