// Draws the code: the only place that knows with what.

import { generate } from "./node_modules/lean-qr/index.mjs";

/** The quiet zone of the standard, in modules. */
const MARGIN = 4;

/** Dark on light whatever the colours of the page, since scanners expect that. */
export const drawQr = (canvas, text) =>
  generate(text).toCanvas(canvas, { on: [0, 0, 0, 255], off: [255, 255, 255, 255], pad: MARGIN });
