// Projects of strangers: empty ones, with the packages as they are published, installed from files.

import assert from "node:assert/strict";
import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";

import { NATIVE } from "../../scripts/build.mjs";
import { packMain, packPlatform } from "../../scripts/pack.mjs";
import { PLATFORMS, addonName } from "../../scripts/platforms.mjs";
import { npm } from "../../scripts/process.mjs";

const libc = process.platform !== "linux" ? undefined : process.report.getReport().header.glibcVersionRuntime ? "glibc" : "musl";

/** The platform that this runs on. */
export const HERE = PLATFORMS.find((platform) => platform.os === process.platform && platform.cpu === process.arch && platform.libc === libc);

/** Packs what was built here into the folder: the package, and that of this platform. */
export const packAll = async (folder) => [await packMain(folder), await packHere(folder)];

export const packHere = (folder) => packPlatform(HERE, join(NATIVE, addonName(HERE)), folder);

/** A new project in the folder that has these packages and nothing else; resolves to its path. */
export const newProject = async (folder, name, ...tarballs) => {
  const cwd = join(folder, name);
  mkdirSync(cwd);
  writeFileSync(join(cwd, "package.json"), JSON.stringify({ private: true, type: "module" }));
  const { code, output } = await npm(["install", "--offline", "--no-audit", "--no-fund", "--ignore-scripts", ...tarballs], { cwd, quiet: true });
  assert.equal(code, 0, output);
  return cwd;
};
