// The same simulator on Fastify, with the schemas that make Fastify's answers fast.
import fastify from "fastify";
import { headers, operations } from "./store.mjs";

const text = { type: "string" };
const properties = {
  orderRef: text,
  autoStartToken: text,
  qrStartToken: text,
  qrStartSecret: text,
  status: text,
  hintCode: text,
  errorCode: text,
  details: text,
};
const schema = { response: { "2xx": { type: "object", properties }, "4xx": { type: "object", properties } } };

const app = fastify({ bodyLimit: 512 * 1024 });
for (const [path, operation] of Object.entries(operations)) {
  app.post(path, { schema }, (request, reply) => {
    const { status, body } = operation(request.body, "plain");
    reply.code(status).headers(headers).send(body);
  });
}
await app.listen({ port: 0, host: "127.0.0.1" });
console.log(JSON.stringify({ http: `http://127.0.0.1:${app.server.address().port}`, https: null }));
