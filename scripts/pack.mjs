// `npm run pack [-- PLATFORM...]`: makes the packages that are published, as files in target/packages/: `bankid-kit`, and
// one for each platform (or these) from the addons in target/addons/. Publishes nothing.
//
// The repository's own package.json is private and knows nothing of the platforms, since npm would look for packages that
// are not published yet. What is published is laid out beside it, with a package.json made from it.

import { cpSync, existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { pathToFileURL } from "node:url";
import { parseArgs } from "node:util";

import { ADDONS, PACKAGES, ROOT } from "./build.mjs";
import { PLATFORMS, addonName, packageName, platformsNamed } from "./platforms.mjs";
import { npm } from "./process.mjs";

const own = JSON.parse(readFileSync(join(ROOT, "package.json"), "utf8"));

/** What package and platform packages have in common. */
const shared = ({ version, license, author, homepage, repository, bugs, engines } = own) => ({
  version, license, author, homepage, repository, bugs, engines,
});

/** Packs `bankid-kit` into the folder; resolves to the tarball as `file`, the paths in it, and their size. */
export const packMain = async (folder) => {
  const { name, description, keywords, type, exports, sideEffects, bin, files } = own;
  const optionalDependencies = Object.fromEntries(PLATFORMS.map((platform) => [packageName(platform), own.version]));
  const stage = emptied(join(folder, name));
  const { files: listed } = await npmPack(ROOT, ["--dry-run"]);
  for (const path of listed) copy(join(ROOT, path), join(stage, path));
  writeJson(stage, { name, description, keywords, ...shared(), type, exports, sideEffects, bin, files, optionalDependencies });
  return npmPack(stage, ["--pack-destination", folder]);
};

/** The same for the package of a platform, from its addon. */
export const packPlatform = async (platform, addon, folder) => {
  const { os, cpu, libc } = platform;
  const name = packageName(platform);
  const stage = emptied(join(folder, name));
  copy(addon, join(stage, addonName(platform)));
  for (const license of ["LICENSE-APACHE", "LICENSE-MIT"]) copy(join(ROOT, license), join(stage, license));
  writeFileSync(join(stage, "README.md"), `# ${name}\n\nThe native part of ${own.name} for ${platform.name}. Install \`${own.name}\`, which brings it.\n`);
  writeJson(stage, {
    name,
    description: `The native part of ${own.name} for ${platform.name}`,
    ...shared(),
    os: [os],
    cpu: [cpu],
    libc: libc && [libc],
    main: addonName(platform),
    files: [addonName(platform), "LICENSE-*"],
  });
  return npmPack(stage, ["--pack-destination", folder]);
};

const emptied = (folder) => {
  rmSync(folder, { recursive: true, force: true });
  mkdirSync(folder, { recursive: true });
  return folder;
};

const copy = (from, to) => {
  mkdirSync(dirname(to), { recursive: true });
  cpSync(from, to);
};

const writeJson = (folder, content) => writeFileSync(join(folder, "package.json"), `${JSON.stringify(content, null, 2)}\n`);

const npmPack = async (cwd, args) => {
  // No scripts: nothing is built on the way.
  const { code, output } = await npm(["pack", "--json", "--silent", "--ignore-scripts", ...args], { cwd, quiet: true });
  if (code !== 0) throw new Error(`npm pack in ${cwd} ended with ${code}: ${output}`);
  const answer = JSON.parse(output);
  // A list in npm 10 and 11, an object by name in later ones.
  const [{ filename, files, unpackedSize }] = Array.isArray(answer) ? answer : Object.values(answer);
  return { file: join(args.at(-1), filename), files: files.map(({ path }) => path).sort(), unpackedSize };
};

const main = async () => {
  const platforms = platformsNamed(parseArgs({ allowPositionals: true }).positionals);
  const absent = platforms.filter((platform) => !existsSync(join(ADDONS, addonName(platform))));
  if (absent.length > 0) {
    throw new Error(`no addon for ${absent.map(({ name }) => name).join(", ")} in ${ADDONS}: run \`npm run build:cross\` first, or name others`);
  }
  emptied(PACKAGES);
  const packed = [await packMain(PACKAGES)];
  for (const platform of platforms) packed.push(await packPlatform(platform, join(ADDONS, addonName(platform)), PACKAGES));
  for (const { file } of packed) console.log(file);
};

if (import.meta.url === pathToFileURL(process.argv[1] ?? "").href) {
  await main().catch((error) => {
    console.error(error.message);
    process.exitCode = 1;
  });
}
