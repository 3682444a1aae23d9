// `npm run build:node [-- --release]`: builds the addon into js/native/, in release mode as it is shipped, or for
// development without.

import { buildAddon, buildAddonForDevelopment } from "./build.mjs";
import { run } from "./process.mjs";

const command = process.argv.includes("--release") ? buildAddon : buildAddonForDevelopment;
const { code } = await run(...command, { direct: true });
process.exitCode = code;
