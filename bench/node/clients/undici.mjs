// What a careful user of undici writes: a pool of kept connections, one request on each at a time.

import { readFileSync } from "node:fs";

import { Pool } from "undici";

export const connect = ({ https, ca, rp }) => {
  const tls = { ca: readFileSync(ca), cert: readFileSync(rp.certificate), key: readFileSync(rp.key) };
  const pool = new Pool(https, { connections: 64, connect: tls });
  const post = async (operation, request) => {
    const { statusCode, body } = await pool.request({
      path: `/rp/v6.0/${operation}`,
      method: "POST",
      headers: { "content-type": "application/json" },
      body: JSON.stringify(request),
    });
    const answer = await body.json();
    if (statusCode !== 200) throw new Error(`${statusCode}: ${JSON.stringify(answer)}`);
    return answer;
  };
  return { auth: (request) => post("auth", request), collect: (request) => post("collect", request) };
};
