// What `draw.js` and `draw-hmac.js` have in common: loading their wasm, handing it a text, and taking the picture back. Text
// and picture lie in one room in the wasm's memory, which never grows. Nothing is compiled when this is imported, and nothing
// here knows of a document.

/** Modules of a picture in a row and in a column: 41 of the symbol, and 4 that are light on each side. */
export const SIZE = 49;

const SYMBOL = 41;
const QUIET_ZONE = 4;
const MAX_BYTES = 134;
const MAX_SCALE = 64;

// As red, green, blue and opacity lie in memory, on processors that browsers run on.
const DARK = 0xff000000;
const LIGHT = 0xffffffff;

const encoder = new TextEncoder();
const decoder = new TextDecoder();

/** The functions of one wasm: `glue` is what wasm-bindgen made, `inlined` gives the wasm itself in base64. */
export const createDrawer = (glue, inlined) => {
  let loading;
  let room;

  const start = async (source) => {
    const { memory } = glue.initSync({ module: await compiled(source ?? inlined) });
    room = new Uint8Array(memory.buffer, glue.room());
  };

  const load = (source) => {
    loading ??= start(source).catch((cause) => {
      loading = undefined;
      throw cause;
    });
    return loading;
  };

  const ready = () => {
    if (room === undefined) throw new Error("not loaded: `await load()` before codes are drawn");
    return room;
  };

  /** Has the wasm do something with a text; answers what that left in the room. */
  const made = (text, work) => {
    if (typeof text !== "string") throw new TypeError("text: must be a string");
    const bytes = work(encoder.encodeInto(text, ready()).written);
    if (bytes === 0) throw new RangeError(`text: must have from 1 to ${MAX_BYTES} bytes`);
    return room.subarray(0, bytes);
  };

  const qrPath = (text) => decoder.decode(made(text, glue.path));

  const qrPixels = (text, scale) => {
    if (!(scale >= 1 && scale <= MAX_SCALE && Number.isInteger(scale))) {
      throw new RangeError(`scale: must be a whole number from 1 to ${MAX_SCALE}`);
    }
    const rows = made(text, glue.rows);
    const side = SIZE * scale;
    const pixels = new Uint32Array(side * side).fill(LIGHT);
    for (let y = 0; y < SYMBOL; y += 1) {
      const row = (y + QUIET_ZONE) * scale * side;
      for (let x = 0; x < SYMBOL; x += 1) {
        const at = row + (x + QUIET_ZONE) * scale;
        if ((rows[y * 8 + (x >> 3)] >> (x & 7)) & 1) pixels.fill(DARK, at, at + scale);
      }
      for (let copy = 1; copy < scale; copy += 1) pixels.copyWithin(row + copy * side, row, row + side);
    }
    return { data: new Uint8ClampedArray(pixels.buffer), width: side, height: side };
  };

  return { load, loaded: () => room !== undefined, qrPath, qrPixels, ready };
};

/** A wasm module from wherever it is. */
const compiled = async (source) => {
  if (source instanceof WebAssembly.Module) return source;
  return WebAssembly.compile(await bytesOf(source));
};

const bytesOf = async (source) => {
  if (typeof source === "function") return Uint8Array.from(atob(source()), (char) => char.charCodeAt(0));
  const answer = typeof source === "string" || source instanceof URL ? await fetch(source) : source;
  if (!(answer instanceof Response)) return answer;
  if (!answer.ok) throw new Error(`${answer.url}: answered ${answer.status}`);
  return answer.arrayBuffer();
};
