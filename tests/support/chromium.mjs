// Debian's Chromium, driven by playwright-core: which one, and with which flags, is said here alone.

import { chromium } from "playwright-core";

import { findChromium } from "../../scripts/set-up.mjs";

/** Starts a browser without a window. Root has no sandbox; nothing but our own pages is shown. */
export const launchChromium = () =>
  chromium.launch({ executablePath: findChromium(), chromiumSandbox: process.getuid?.() !== 0, args: ["--disable-gpu"] });
