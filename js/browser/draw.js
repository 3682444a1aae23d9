// QR texts into pictures; `draw.d.ts` documents it. The texts come from the backend, and the start secret stays there.

import { createDrawer } from "./drawer.js";
import { __wbg_set_wasm, path, room } from "./wasm/draw.js";
import { wasm } from "./wasm/draw-inlined.js";

export { SIZE } from "./drawer.js";

export const { load, loaded, qrPath, qrPixels } = createDrawer({ __wbg_set_wasm, path, room }, wasm);
