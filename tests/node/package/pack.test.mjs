// The packages as they are published: what is in them, and that they work in an empty project, installed from files.
// With PACKAGES, a folder of tarballs, those are tried instead of what was built here: a release does so on each platform.

import assert from "node:assert/strict";
import { mkdtempSync, readFileSync, readdirSync, rmSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { after, before, test } from "node:test";

import { NATIVE, ROOT } from "../../../scripts/build.mjs";
import { packMain } from "../../../scripts/pack.mjs";
import { ADDON_LIMIT, PLATFORMS, addonName, packageName } from "../../../scripts/platforms.mjs";
import { npm, run } from "../../../scripts/process.mjs";
import { HERE, newProject, packHere } from "../../support/project.mjs";

/** What is published is looked at once more here: a new file is named on purpose. */
const FILES = [
  "LICENSE-APACHE",
  "LICENSE-MIT",
  "README.md",
  "js/README.md",
  "js/arguments.js",
  "js/bin.js",
  "js/browser/code.js",
  "js/browser/define.js",
  "js/browser/dom.js",
  "js/browser/draw-hmac.d.ts",
  "js/browser/draw-hmac.js",
  "js/browser/draw.d.ts",
  "js/browser/draw.js",
  "js/browser/drawer.js",
  "js/browser/hmac.d.ts",
  "js/browser/hmac.js",
  "js/browser/index.d.ts",
  "js/browser/index.js",
  "js/browser/launch.d.ts",
  "js/browser/launch.js",
  "js/browser/login-element.js",
  "js/browser/messages.d.ts",
  "js/browser/messages.js",
  "js/browser/qr-element.js",
  "js/browser/react.d.ts",
  "js/browser/stream.js",
  "js/browser/theme.js",
  "js/browser/wasm/draw-hmac-inlined.js",
  "js/browser/wasm/draw-hmac.js",
  "js/browser/wasm/draw-hmac.wasm",
  "js/browser/wasm/draw-inlined.js",
  "js/browser/wasm/draw.js",
  "js/browser/wasm/draw.wasm",
  "js/browser/words.js",
  "js/client.js",
  "js/compat.d.ts",
  "js/compat.js",
  "js/compat/client.js",
  "js/compat/errors.js",
  "js/compat/qr.js",
  "js/compat/transport.js",
  "js/errors.js",
  "js/follow.js",
  "js/index.d.ts",
  "js/index.js",
  "js/launch.js",
  "js/native/binding.d.ts",
  "js/native/index.d.ts",
  "js/native/index.js",
  "js/order.js",
  "js/picture.js",
  "js/qr.js",
  "js/request.js",
  "js/simulator.d.ts",
  "js/simulator.js",
  "js/stop.js",
  "js/texts.js",
  "package.json",
];

/** All of the package but the addon, in bytes. */
const SIZE_LIMIT = 250_000;

const folder = mkdtempSync(join(tmpdir(), "bankid-kit-pack-"));
after(() => rmSync(folder, { recursive: true }));

let main;
let platform;
before(async () => {
  main = await packMain(folder);
  platform = await packHere(folder).catch((error) => {
    if (process.env.PACKAGES === undefined) throw error;
  });
});

/** The tarball to install. */
const tarball = (name, built) => {
  if (process.env.PACKAGES === undefined) return built.file;
  const given = resolve(process.env.PACKAGES);
  return join(given, readdirSync(given).find((file) => new RegExp(`^${name}-\\d[^-]*(-[a-z.0-9]+)?\\.tgz$`).test(file)));
};

const project = (name, ...tarballs) => newProject(folder, name, ...tarballs);

const complete = () => project("complete", tarball("bankid-kit", main), tarball(packageName(HERE), platform));

test("the package has these files and no others", () => {
  assert.deepEqual(main.files, FILES);
  assert.ok(main.unpackedSize < SIZE_LIMIT, `${main.unpackedSize} bytes`);
});

test("what is published knows its addons, and nothing of how it is developed", () => {
  const published = JSON.parse(readFileSync(join(folder, "bankid-kit", "package.json"), "utf8"));
  assert.deepEqual(published.optionalDependencies, Object.fromEntries(PLATFORMS.map((each) => [packageName(each), published.version])));
  for (const member of ["private", "scripts", "devDependencies", "dependencies", "overrides"]) assert.equal(published[member], undefined, member);
  const listed = [published.exports, published.bin].flatMap((member) => JSON.stringify(member).match(/(?<="\.\/|")js\/[^"]+/g));
  for (const file of listed) assert.ok(FILES.includes(file), file);
});

test("the loader looks for the addons that are built", () => {
  const loader = readFileSync(join(NATIVE, "index.js"), "utf8");
  const [, names] = /^const BUILT = \[(.*)\];$/m.exec(loader);
  assert.deepEqual(JSON.parse(`[${names}]`).sort(), PLATFORMS.map(({ name }) => name).sort());
});

test("a platform's package has its addon, and is for that platform only", { skip: process.env.PACKAGES !== undefined && "made elsewhere" }, () => {
  assert.deepEqual(platform.files, ["LICENSE-APACHE", "LICENSE-MIT", "README.md", addonName(HERE), "package.json"].sort());
  const { os, cpu, main: file, libc: only } = JSON.parse(readFileSync(join(folder, packageName(HERE), "package.json"), "utf8"));
  assert.deepEqual({ os, cpu, file, only }, { os: [HERE.os], cpu: [HERE.cpu], file: addonName(HERE), only: HERE.libc && [HERE.libc] });
});

test("installed into an empty project, README's lines log in, and TypeScript takes them", async () => {
  const cwd = await complete();
  const { size } = statSync(join(cwd, "node_modules", packageName(HERE), addonName(HERE)));
  assert.ok(size <= ADDON_LIMIT, `the addon has ${size} bytes`);

  const blocks = [...readFileSync(join(ROOT, "README.md"), "utf8").matchAll(/^```js\n(.*?)^```$/gms)].map(([, script]) => script);
  const [script, ...more] = blocks.filter((block) => block.includes('from "bankid-kit"'));
  assert.deepEqual(more, [], "one block of README shows the package");
  writeFileSync(join(cwd, "login.js"), script);
  const ran = await run(process.execPath, ["login.js"], { cwd, quiet: true, limitMs: 30_000 });
  assert.equal(ran.code, 0, ran.output);
  assert.match(ran.output, /Tolvan Tolvansson/);

  writeFileSync(join(cwd, "login.mts"), script);
  const options = ["--noEmit", "--strict", "--module", "nodenext", "--target", "es2022", "--types", "node", "--typeRoots", join(ROOT, "node_modules", "@types")];
  const checked = await run(process.execPath, [join(ROOT, "node_modules", "typescript", "bin", "tsc"), ...options, "login.mts"], { cwd, quiet: true });
  assert.equal(checked.code, 0, checked.output);
});

test("installed, its program is there, and a simulator starts in process", async () => {
  const cwd = await project("simulating", tarball("bankid-kit", main), tarball(packageName(HERE), platform));
  const { code, output } = await npm(["exec", "--offline", "--", "bankid-kit", "simulator", "schema"], { cwd, quiet: true });
  assert.equal(code, 0, output);
  assert.ok(output.includes('"$schema"'), output);

  const script = `import { Simulator } from "bankid-kit/simulator";
    import { BankIdClientV6 } from "bankid-kit/compat";
    const simulator = await Simulator.start({ scenario: "complete" });
    const { ca, rp } = simulator.certificates;
    const baseUrl = new URL("/rp", simulator.https).href;
    const client = new BankIdClientV6({ production: false, baseUrl, ca: Buffer.from(ca), ...rp, refreshInterval: 1 });
    const { status } = await client.authenticateAndCollect({ endUserIp: "203.0.113.25" });
    await simulator.stop();
    console.log(status);`;
  const ran = await run(process.execPath, ["--input-type=module", "--eval", script], { cwd, quiet: true });
  assert.deepEqual([ran.code, ran.output], [0, "complete\n"]);
});

test("without the platform's package, the error says what to install", async () => {
  const cwd = await project("lacking", tarball("bankid-kit", main));
  const { code, output } = await run(process.execPath, ["--eval", 'import("bankid-kit")'], { cwd, quiet: true });
  assert.notEqual(code, 0);
  const { version } = JSON.parse(readFileSync(join(cwd, "node_modules", "bankid-kit", "package.json"), "utf8"));
  assert.ok(output.includes(`npm install ${packageName(HERE)}@${version}`), output);
});
