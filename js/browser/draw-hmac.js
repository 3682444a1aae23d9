// The tokens of orders into QR texts, and these into pictures; `draw-hmac.d.ts` documents it.

import { createDrawer } from "./drawer.js";
import { __wbg_set_wasm, path, room, text } from "./wasm/draw-hmac.js";
import { wasm } from "./wasm/draw-hmac-inlined.js";

export { SIZE } from "./drawer.js";

const { put, taken, ...drawer } = createDrawer({ __wbg_set_wasm, path, room }, wasm);

export const { load, loaded, qrPath, qrPixels } = drawer;

export const qrText = (qrStartToken, qrStartSecret, seconds) => {
  if (seconds >>> 0 !== seconds) throw new RangeError("seconds: must be a whole number from 0 to 4294967295");
  const token = put("qrStartToken", qrStartToken, 0);
  const secret = put("qrStartSecret", qrStartSecret, token);
  const bytes = text(token, secret, seconds);
  if (bytes === 0) throw new RangeError("qrStartToken: must have from 1 to 256 bytes, and qrStartSecret at most 20000");
  return taken(token + secret, bytes);
};
