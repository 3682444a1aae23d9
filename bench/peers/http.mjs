// A simulator on bare node:http and, given the simulator's folder of certificates, on node:https as well.
import { readFileSync } from "node:fs";
import http from "node:http";
import https from "node:https";
import { join } from "node:path";
import { headers, operations } from "./store.mjs";

const MAX_BODY_BYTES = 512 * 1024;

const answer = (response, { status, body }) => {
  const text = JSON.stringify(body);
  response.writeHead(status, { ...headers, "Content-Length": Buffer.byteLength(text) });
  response.end(text);
};

const refuse = (response, status, errorCode, details) => answer(response, { status, body: { errorCode, details } });

const listener = (rp) => (request, response) => {
  const operation = operations[request.url];
  if (operation === undefined) return refuse(response, 404, "notFound", "Not found");
  if (request.method !== "POST") return refuse(response, 405, "methodNotAllowed", "Method not allowed");
  if (request.headers["content-type"] !== "application/json") {
    return refuse(response, 415, "unsupportedMediaType", "Unsupported media type");
  }
  const chunks = [];
  let bytes = 0;
  request.on("data", (chunk) => {
    bytes += chunk.length;
    if (bytes <= MAX_BODY_BYTES) chunks.push(chunk);
  });
  request.on("end", () => {
    let parsed = null;
    try {
      if (bytes <= MAX_BODY_BYTES) parsed = JSON.parse(chunks.length === 1 ? chunks[0] : Buffer.concat(chunks));
    } catch {
      // Left as null, which every operation refuses.
    }
    answer(response, operation(parsed, rp));
  });
};

const listen = (server) =>
  new Promise((resolve) => server.listen(0, "127.0.0.1", () => resolve(server.address().port)));

const ready = { http: `http://127.0.0.1:${await listen(http.createServer(listener("plain")))}`, https: null };
const folder = process.argv[2];
if (folder !== undefined) {
  const [cert, key, ca] = ["server.pem", "server.key", "rp-ca.pem"].map((file) => readFileSync(join(folder, file)));
  const server = https.createServer({ cert, key, ca, requestCert: true, rejectUnauthorized: true }, listener("tls"));
  ready.https = `https://127.0.0.1:${await listen(server)}`;
}
console.log(JSON.stringify(ready));
