// `node scripts/publish.mjs [--publish] [--provenance]`: publishes what lies in target/packages/, the platforms first, so that
// `bankid-kit` never names a package that is not there. Without `--publish` it only says what it would do.

import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { parseArgs } from "node:util";

import { PACKAGES, ROOT } from "./build.mjs";
import { PLATFORMS, packageName } from "./platforms.mjs";
import { npm, run } from "./process.mjs";

const { name, version, repository } = JSON.parse(readFileSync(join(ROOT, "package.json"), "utf8"));

/** What must hold before anything is published; the reasons against it. */
const objections = async (tarballs, { provenance }) => {
  const { output: tag } = await run("git", ["tag", "--points-at", "HEAD"], { cwd: ROOT, quiet: true });
  const { output: changes } = await run("git", ["status", "--porcelain"], { cwd: ROOT, quiet: true });
  return [
    ...(version === "0.0.0" ? ["the version is 0.0.0: set it"] : []),
    ...(tag.split("\n").includes(`v${version}`) ? [] : [`HEAD does not carry the tag v${version}`]),
    ...(changes === "" ? [] : ["the work tree has changes"]),
    ...(readFileSync(join(ROOT, "CHANGELOG.md"), "utf8").includes(`## [${version}]`) ? [] : [`CHANGELOG.md says nothing of ${version}`]),
    ...(provenance && !repository ? ["package.json has no `repository`, which provenance needs"] : []),
    ...tarballs.filter((file) => !existsSync(file)).map((file) => `${file} is not there: run \`npm run build:cross\` and \`npm run pack\``),
  ];
};

const main = async () => {
  const { values } = parseArgs({ options: { publish: { type: "boolean" }, provenance: { type: "boolean" } } });
  const tarballs = [...PLATFORMS.map(packageName), name].map((each) => join(PACKAGES, `${each}-${version}.tgz`));
  const against = await objections(tarballs, values);
  against.forEach((reason) => console.error(`not ready: ${reason}`));
  if (values.publish && against.length > 0) return 1;

  for (const file of tarballs) {
    const args = ["publish", file, "--access", "public", ...(values.provenance ? ["--provenance"] : [])];
    console.log(`${values.publish ? "" : "would run: "}npm ${args.join(" ")}`);
    const { code } = values.publish ? await npm(args, { cwd: ROOT, direct: true }) : { code: 0 };
    if (code !== 0) return code;
  }
  return 0;
};

process.exitCode = await main();
