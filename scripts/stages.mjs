// The stages of `npm test`, in the order they run. A stage has a name, what it shows, the set-up
// steps it needs, the stages that must have run before it, and its commands, which are run one
// after the other. `counts` says that its output reports test cases.

import { readdirSync } from "node:fs";
import { join } from "node:path";

import { ROOT, buildAddon, buildBrowser, buildGateway, buildSimulator, buildStaticGateway } from "./build.mjs";
import { treeUnchanged } from "./generated.mjs";
import { BARE, PYTHON, SCHEMATHESIS, WASM, cargoDeny } from "./set-up.mjs";

const WARNINGS = ["--", "-D", "warnings"];

/** In Node, in a page with React 19, and with React 18. */
const TYPES = ["tests/types", "tests/types/browser", "tests/types/browser/react-18.json"];

/** The longest of them takes a few seconds; what takes longer than this hangs. */
const TEST_LIMIT_MS = 120_000;

/** For a whole file, which drives a browser through half a minute of pages. */
const BROWSER_LIMIT_MS = 300_000;

const suites = (options, ...folder) => {
  const path = join("tests", ...folder);
  const files = readdirSync(join(ROOT, path)).filter((name) => name.endsWith(".test.mjs")).map((name) => join(path, name));
  return [process.execPath, ["--test", "--test-reporter=spec", ...options, ...files]];
};

const nodeTests = (...folder) => suites([`--test-timeout=${TEST_LIMIT_MS}`], "node", ...folder);

/** People wait most of the time, so two of them share the machine. */
const browserTests = () => suites([`--test-timeout=${BROWSER_LIMIT_MS}`, "--test-concurrency=2"], "browser");

const pythonTests = (python, folder, ...options) => [
  python,
  [...options, "-m", "unittest", "discover", "--verbose", "--start-directory", join("tests", folder)],
  { PYTHONPATH: join(ROOT, "tests", "support") },
];

export const STAGES = [
  {
    name: "fmt",
    shows: "Rust is formatted",
    needs: ["rustfmt"],
    commands: () => [
      ["cargo", ["fmt", "--all", "--check"]],
      ["cargo", ["fmt", "--check", "--manifest-path", "fuzz/Cargo.toml"]],
    ],
  },
  {
    name: "clippy",
    shows: "lints, all targets, no warnings",
    needs: ["clippy"],
    commands: () => [
      ["cargo", ["clippy", "--locked", "--workspace", "--all-targets", ...WARNINGS]],
      ["cargo", ["clippy", "--locked", "--package", "browser-binding", "--all-features", ...WARNINGS]],
    ],
  },
  {
    name: "docs",
    shows: "Rust documentation without warnings",
    commands: () => [["cargo", ["doc", "--locked", "--workspace", "--no-deps"], { RUSTDOCFLAGS: "-D warnings" }]],
  },
  {
    name: "deny",
    shows: "bans, licences and sources of dependencies",
    needs: ["deny"],
    commands: async () => [[await cargoDeny(), ["--locked", "check", "bans", "licenses", "sources"]]],
  },
  {
    name: "core",
    shows: "bankid-core for wasm, and for a target without std",
    needs: ["wasm", "bare"],
    commands: () => [
      ["cargo", ["build", "--locked", "--package", "bankid-core", "--target", WASM]],
      ["cargo", ["check", "--locked", "--package", "bankid-core", "--target", BARE]],
    ],
  },
  {
    name: "rust",
    shows: "all Rust tests, doc tests included",
    needs: ["redis"],
    counts: true,
    commands: () => [["cargo", ["test", "--locked", "--workspace", "--no-fail-fast"]]],
  },
  {
    name: "generated",
    shows: "generated files are what their generators write",
    commands: () => [
      ["cargo", ["test", "--locked", "--workspace", "--quiet", "--lib", "--bins", "--tests", "golden"], { UPDATE_GOLDEN: "1" }],
    ],
    around: treeUnchanged,
  },
  {
    name: "build",
    shows: "simulator and gateway in release mode",
    commands: () => [buildSimulator, buildGateway],
  },
  {
    name: "node",
    shows: "house rules, scripts, README, vectors, the released binary",
    needs: ["npm", "curl"],
    after: ["build"],
    counts: true,
    commands: () => [nodeTests()],
  },
  {
    name: "static",
    shows: "the gateway as one file that needs no other",
    needs: ["musl"],
    commands: () => [buildStaticGateway],
  },
  {
    name: "deploy",
    shows: "that file as nobody in an empty root folder, and its systemd unit",
    needs: ["musl", "systemd"],
    after: ["build", "static"],
    counts: true,
    commands: () => [nodeTests("deploy")],
  },
  {
    name: "wasm",
    shows: "the wasm that pages draw with",
    needs: ["npm", "wasm", "bindgen"],
    commands: () => [buildBrowser],
  },
  {
    name: "draw",
    shows: "what is drawn with it, without a browser",
    needs: ["npm"],
    after: ["wasm"],
    counts: true,
    commands: () => [nodeTests("wasm")],
  },
  {
    name: "addon",
    shows: "the addon in release mode, and its declarations as committed",
    needs: ["npm"],
    commands: () => [buildAddon],
    around: treeUnchanged,
  },
  {
    name: "types",
    shows: "TypeScript users, and the written declarations against the generated ones",
    needs: ["npm"],
    commands: () => TYPES.map((project) => [process.execPath, [join(ROOT, "node_modules", "typescript", "bin", "tsc"), "--project", project]]),
  },
  {
    name: "package",
    shows: "the npm package bankid-kit",
    needs: ["npm"],
    after: ["build", "addon", "wasm"],
    counts: true,
    commands: () => [nodeTests("package")],
  },
  {
    name: "npm-client",
    shows: "npm's bankid against the released simulator",
    needs: ["npm"],
    after: ["build"],
    counts: true,
    commands: () => [nodeTests("clients")],
  },
  {
    name: "pypi-client",
    shows: "PyPI's pybankid against the released simulator",
    needs: ["python"],
    after: ["build"],
    counts: true,
    commands: () => [pythonTests(PYTHON, "python", "-W", "ignore::DeprecationWarning:httpx")],
  },
  {
    name: "openapi",
    shows: "the gateway against its own description, by schemathesis",
    needs: ["schemathesis"],
    after: ["build"],
    counts: true,
    commands: () => [pythonTests(SCHEMATHESIS, "openapi")],
  },
  {
    name: "examples",
    shows: "the example that has a build: Next.js",
    needs: ["examples"],
    after: ["addon", "wasm"],
    commands: () => [["npm", ["run", "build", "--prefix", join("examples", "nextjs")], { NEXT_TELEMETRY_DISABLED: "1" }]],
  },
  {
    name: "browser",
    shows: "the elements and the examples, used by people in Chromium",
    needs: ["npm", "chromium"],
    after: ["build", "examples"],
    counts: true,
    commands: () => [browserTests()],
  },
];
