// Puts the page that the examples share, and what the package has for pages, where Next.js serves files from.

import { cpSync, rmSync } from "node:fs";
import { fileURLToPath } from "node:url";

const here = (path) => fileURLToPath(new URL(path, import.meta.url));

rmSync(here("public"), { recursive: true, force: true });
cpSync(here("../page"), here("public"), { recursive: true });
cpSync(fileURLToPath(new URL(".", import.meta.resolve("bankid-kit/browser"))), here("public/bankid-kit"), { recursive: true });
