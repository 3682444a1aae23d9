// `npm run build:cross [-- PLATFORM...]`: builds the addon for all platforms, or some, on a Linux x64 machine, and says
// what each asks of the system it runs on. They come to lie in target/addons/. What it needs (zig, Rust's targets) it
// fetches. Exit code 1: one could not be built, or must not be shipped.

import { copyFileSync, mkdirSync, writeFileSync } from "node:fs";
import { homedir } from "node:os";
import { delimiter, join } from "node:path";
import { parseArgs } from "node:util";

import { ADDONS, ROOT, TARGET, TOOLS } from "./build.mjs";
import { factsOf, faultsOf } from "./inspect-addon.mjs";
import { GLIBC_FLOOR, addonName, platformsNamed } from "./platforms.mjs";
import { run } from "./process.mjs";
import { STEPS, ZIG, rustTarget } from "./set-up.mjs";

/**
 * For Windows, napi's build script wants a folder with Node's DLL and links with it. The addon asks Node for its functions
 * when it is loaded (the feature `dyn-symbols`), so a library without content does.
 */
const emptyLibnode = () => {
  const folder = join(TOOLS, "libnode");
  mkdirSync(folder, { recursive: true });
  writeFileSync(join(folder, "libnode.dll"), "");
  writeFileSync(join(folder, "libnode.a"), "!<arch>\n");
  return folder;
};

const CARGO_HOME = process.env.CARGO_HOME ?? join(homedir(), ".cargo");

const flags = ({ libc }) => [
  // The names of this machine's folders are nobody's business, and builds elsewhere come out the same.
  `--remap-path-prefix=${ROOT}=bankid-kit`,
  `--remap-path-prefix=${CARGO_HOME}=cargo`,
  // Node on musl is linked dynamically, and so must be what it loads.
  ...(libc === "musl" ? ["-Ctarget-feature=-crt-static"] : []),
];

const environment = (platform) => ({
  PATH: `${ZIG}${delimiter}${process.env.PATH}`,
  // In this form a path may have blanks.
  CARGO_ENCODED_RUSTFLAGS: flags(platform).join("\u001f"),
  ...(platform.os === "win32" && { LIBNODE_PATH: emptyLibnode() }),
});

const LIBRARY = { linux: "libnode_binding.so", darwin: "libnode_binding.dylib", win32: "node_binding.dll" };

/** Builds one addon; resolves to its line of the report. */
const build = async (platform) => {
  await rustTarget(platform.target)();
  const target = platform.libc === "glibc" ? `${platform.target}.${GLIBC_FLOOR}` : platform.target;
  const args = ["zigbuild", "--profile", "addon", "--locked", "--package", "node-binding", "--target", target];
  const { code } = await run("cargo", args, { cwd: ROOT, direct: true, env: environment(platform) });
  if (code !== 0) return { name: platform.name, faults: [`could not be built: cargo ended with ${code}`] };

  const addon = join(ADDONS, addonName(platform));
  mkdirSync(ADDONS, { recursive: true });
  copyFileSync(join(TARGET, platform.target, "addon", LIBRARY[platform.os]), addon);
  const facts = await factsOf(addon);
  return { name: platform.name, facts, faults: faultsOf(platform, facts) };
};

const report = ({ name, facts, faults }) => {
  const { bytes, machine, imports, glibc } = facts ?? {};
  if (facts) console.log(`${name}: ${bytes} bytes; ${machine}; ${glibc ? `glibc ${glibc}; ` : ""}needs ${imports.join(", ")}`);
  for (const fault of faults) console.error(`${name} ${fault}`);
};

const main = async () => {
  const platforms = platformsNamed(parseArgs({ allowPositionals: true }).positionals);
  const missing = await STEPS.zig();
  if (missing !== null) throw new Error(missing);

  const lines = [];
  for (const platform of platforms) lines.push(await build(platform));
  lines.forEach(report);
  if (lines.some(({ faults }) => faults.length > 0)) process.exitCode = 1;
};

await main().catch((error) => {
  console.error(error.message);
  process.exitCode = 1;
});
