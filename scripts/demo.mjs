// The demo: the simulator in BankID's place, the gateway in front of it, and a shop whose customers log in and sign. Three servers
// on this machine, all of which end with us, or with the first of them that ends.

import { spawn } from "node:child_process";
import { createHash, randomBytes } from "node:crypto";
import { once } from "node:events";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";

import { startShop } from "../examples/shop/server.js";
import { GATEWAY, SIMULATOR } from "./build.mjs";

/**
 * Starts it; resolves to the `url`s of its parts (`shop`, `gateway`, `simulator`), `ended`, which resolves to what ended by itself,
 * and `stop`. `ports` are for tests: with 0, free ones.
 */
export const startDemo = async (ports = { shop: 3000, gateway: 8020, simulator: 8010, tls: 8011 }) => {
  const folder = mkdtempSync(join(tmpdir(), "bankid-kit-demo-"));
  const key = randomBytes(32).toString("hex");
  const children = [];
  let shop;

  const stop = async () => {
    await Promise.all(children.toReversed().map(({ child, ended }) => child.kill("SIGTERM") && ended));
    await shop?.stop();
    rmSync(folder, { recursive: true, force: true });
  };
  const start = async (program, args) => {
    const server = launch(program, [...args, "--json", "--log-level", "warn"]);
    children.push(server);
    return server.ready;
  };

  try {
    const tls = ["--tls-port", String(ports.tls)];
    const simulator = await start(SIMULATOR, ["--port", String(ports.simulator), ...tls]);
    const places = { key, simulator: new URL(simulator.http).origin };
    shop = await startShop(places, ports.shop);
    const file = join(folder, "gateway.toml");
    writeFileSync(file, configuration(simulator.http, key, shop.url));
    const gateway = await start(GATEWAY, ["--config", file, "--port", String(ports.gateway)]);
    places.gateway = gateway.http;
    const ended = Promise.race(children.map(({ ended }) => ended));
    return { shop: shop.url, gateway: gateway.http, simulator: places.simulator, ended, stop };
  } catch (error) {
    await stop();
    throw error;
  }
};

/** Who the gateway's only caller is, and where its pages come from: by way of the shop, which says whom it has heard. */
const configuration = (simulator, key, shop) => `
  environment = "simulator"
  url = "${new URL(simulator).origin}"
  [[keys]]
  name = "shop"
  sha256 = ["${createHash("sha256").update(key).digest("hex")}"]
  [pages]
  origins = ["${new URL(shop).origin}"]
  trustedProxies = ["127.0.0.1"]
`;

/** A server that says where it is in one line of JSON. It shares our process group, so that whatever ends that ends it too. */
const launch = (program, args) => {
  const child = spawn(program, args, { stdio: ["ignore", "pipe", "inherit"] });
  const ended = new Promise((resolve) => {
    child.on("error", (error) => resolve(`${program}: ${error.message}`));
    child.on("exit", (code, signal) => resolve(`${program} ended with ${code ?? signal}`));
  });
  const kill = () => child.kill("SIGKILL");
  process.once("exit", kill);
  void ended.then(() => process.off("exit", kill));
  const line = once(createInterface(child.stdout), "line").then(([text]) => JSON.parse(text));
  const early = ended.then((what) => Promise.reject(new Error(what)));
  early.catch(() => {}); // it ends one day
  return { child, ended, ready: Promise.race([line, early]) };
};
