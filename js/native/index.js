// Loads the addon of this machine: from beside this file where it was built here, or from the optional package of the
// platform, as it comes with an installation.

import { existsSync } from "node:fs";
import { createRequire } from "node:module";

const BUILT = ["linux-x64-gnu", "linux-arm64-gnu", "linux-x64-musl", "linux-arm64-musl", "darwin-x64", "darwin-arm64", "win32-x64-msvc"];

/** The platform, as napi names it; Node's report tells glibc from musl. */
const platform = () => {
  const { platform: system, arch } = process;
  if (system === "win32") return `win32-${arch}-msvc`;
  if (system !== "linux") return `${system}-${arch}`;
  return `linux-${arch}-${isMusl() ? "musl" : "gnu"}`;
};

// The report lists every handle and can take long on a busy machine, so a look at the loader comes first.
const isMusl = () => {
  if (existsSync(`/lib/ld-musl-${process.arch === "arm64" ? "aarch64" : "x86_64"}.so.1`)) {
    return process.report.getReport().header.glibcVersionRuntime === undefined;
  }
  return false;
};

const load = () => {
  const name = platform();
  const require = createRequire(import.meta.url);
  const tried = [];
  for (const path of [`./bankid-kit.${name}.node`, `bankid-kit-${name}`]) {
    try {
      return require(path);
    } catch (cause) {
      if (cause.code !== "MODULE_NOT_FOUND") throw new Error(`bankid-kit: its addon for ${name} does not load`, { cause });
      tried.push(path);
    }
  }
  const { version } = require("../../package.json");
  const help = BUILT.includes(name)
    ? `it comes with bankid-kit unless optional dependencies are left out (--omit=optional) or the lock file was made on another platform: \`npm install bankid-kit-${name}@${version}\`; in a clone, \`npm run build:node\` builds it`
    : `there is none for this platform: there are ${BUILT.join(", ")}`;
  throw new Error(`bankid-kit: no addon for ${name} (tried ${tried.join(" and ")}); ${help}`);
};

export default load();
