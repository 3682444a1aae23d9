// What a built addon asks of the system that loads it, read from the file by the llvm-readobj that comes with Rust.

import { existsSync, statSync } from "node:fs";
import { join } from "node:path";

import { run } from "./process.mjs";
import { ADDON_LIMIT, GLIBC_FLOOR } from "./platforms.mjs";
import { look, must } from "./set-up.mjs";

/** The program; rustup installs it if it is absent. */
const readobj = async () => {
  const sysroot = await look("rustc", ["--print", "sysroot"]);
  const host = /^host: (.*)$/m.exec(await look("rustc", ["-vV"]))[1];
  const program = join(sysroot, "lib", "rustlib", host, "bin", "llvm-readobj");
  if (!existsSync(program)) await must("rustup", ["component", "add", "llvm-tools"]);
  return program;
};

/** `{ bytes, machine, imports, glibc }`; `glibc` is the newest version asked for, if any. */
export const factsOf = async (file) => {
  const { code, output } = await run(await readobj(), ["--file-headers", "--needed-libs", "--version-info", file], { quiet: true });
  if (code !== 0) throw new Error(`${file}: llvm-readobj ended with ${code}: ${output}`);
  const imports = /^NeededLibraries \[\n(.*?)^\]/ms.exec(output)?.[1].split("\n").map((line) => line.trim()).filter((line) => line !== "");
  const versions = [...output.matchAll(/^\s+Name: GLIBC_([\d.]+)$/gm)].map(([, version]) => version);
  return {
    bytes: statSync(file).size,
    machine: `${/^Format: (.*)$/m.exec(output)[1]}, ${/^Arch: (.*)$/m.exec(output)[1]}`,
    imports: [...new Set(imports)],
    glibc: versions.sort(byVersion).at(-1),
  };
};

/** Why an addon with these facts must not be shipped for the platform; empty if nothing is wrong. */
export const faultsOf = (platform, { bytes, imports, glibc }) => [
  ...(bytes > ADDON_LIMIT ? [`has ${bytes} bytes, over the limit of ${ADDON_LIMIT}`] : []),
  ...imports.filter((name) => !platform.imports.some((allowed) => allowed.test(name))).map((name) => `needs ${name}, which a plain system lacks`),
  ...(glibc !== undefined && byVersion(glibc, GLIBC_FLOOR) > 0 ? [`needs glibc ${glibc}, over ${GLIBC_FLOOR}`] : []),
];

const byVersion = (left, right) => {
  const [a, b] = [left, right].map((version) => version.split(".").map(Number));
  return a[0] - b[0] || a[1] - b[1] || (a[2] ?? 0) - (b[2] ?? 0);
};
