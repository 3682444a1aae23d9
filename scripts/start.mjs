// `npm start`: the demo. `npm start -- --headless`: its story, told by itself in Chromium. With other arguments, the simulator alone,
// in release mode: signals go on to it, and its exit code is ours.

import { once } from "node:events";
import { join } from "node:path";

import { SIMULATOR, buildSimulator } from "./build.mjs";
import { run } from "./process.mjs";

const args = process.argv.slice(2);
const isHeadless = args.length === 1 && args[0] === "--headless";

const simulatorAlone = async () => {
  const build = await run(...buildSimulator, { direct: true });
  if (build.code === 127) console.error("cargo is not on PATH: install Rust first, https://rustup.rs");
  const { code } = build.code === 0 ? await run(SIMULATOR, args, { direct: true }) : build;
  return code;
};

const demo = async () => {
  // With what they are built on: on a fresh machine that is fetched first.
  const stages = ["wasm", "build"];
  const build = await run(process.execPath, [join(import.meta.dirname, "test.mjs"), ...stages], { direct: true });
  if (build.code !== 0) return build.code;
  const { startDemo } = await import("./demo.mjs");
  const { shop, gateway, simulator, ended, stop } = await startDemo();
  console.log(`
Open the shop     ${shop}
  Log in and sign. Below the cart you choose what the pretend customer does: everything by itself, cancel, fail,
  or wait for you, and then you are the customer, with the phone beside it or by these commands:
    curl -X POST ${simulator}/_simulator/v1/lanes/default/phone/approve -H 'Content-Type: application/json' -d '{"persona":"anna"}'
    curl ${simulator}/_simulator/v1/lanes/default/orders
The gateway       ${gateway}  (GET /health/ready; docs/gateway.md)
The simulator     ${simulator}  (simulator/README.md)
Ctrl-C ends it all.
`);
  if (isHeadless) {
    const { tell } = await import("./story.mjs");
    await tell(shop).finally(stop);
    return 0;
  }
  const told = Promise.race(["SIGINT", "SIGTERM", "SIGHUP"].map((signal) => once(process, signal)));
  const what = await Promise.race([ended, told.then(() => undefined)]);
  if (what !== undefined) console.error(what);
  await stop();
  return what === undefined ? 0 : 1;
};

process.exitCode = await (args.length === 0 || isHeadless ? demo() : simulatorAlone());
