// Whether a stage leaves the work tree as it was: what is written by generators and committed must
// come out the same. Compares before with after, so that work not yet committed does not disturb.

import { createHash } from "node:crypto";
import { readFileSync } from "node:fs";
import { join } from "node:path";

import { ROOT } from "./build.mjs";
import { run } from "./process.mjs";

const git = async (...args) => {
  const { code, output } = await run("git", args, { cwd: ROOT, quiet: true });
  if (code !== 0) throw new Error(`git ${args.join(" ")} ended with ${code}: ${output}`);
  return output.split("\0").filter((name) => name !== "");
};

const digests = async () => {
  const names = await git("ls-files", "-z", "--cached", "--others", "--exclude-standard");
  const digest = (name) => {
    try {
      return createHash("sha256").update(readFileSync(join(ROOT, name))).digest("hex");
    } catch {
      return "absent";
    }
  };
  return new Map(names.map((name) => [name, digest(name)]));
};

/** Does the work, then resolves to what went wrong: null if every file is as it was. */
export const treeUnchanged = async (work) => {
  const before = await digests();
  await work();
  const after = await digests();
  const changed = [...after.keys()].filter((name) => before.get(name) !== after.get(name));
  return changed.length === 0 ? null : `not what their generators write (now rewritten): ${changed.join(", ")}`;
};
