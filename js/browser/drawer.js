// What `draw.js` and `draw-hmac.js` have in common: loading their wasm, handing it a text, and taking the picture back. Text
// and picture lie in one room in the wasm's memory, which never grows. Nothing is compiled when this is imported, and nothing
// here knows of a document.

/** Modules of a picture in a row and in a column: 41 of the symbol, and 4 that are light on each side. */
export const SIZE = 49;

const MAX_BYTES = 134;
const MAX_SCALE = 64;

// As red, green, blue and opacity lie in memory, on processors that browsers run on.
const DARK = 0xff000000;
const LIGHT = 0xffffffff;

const encoder = new TextEncoder();
const decoder = new TextDecoder();

/** The functions of one wasm: `glue` is what wasm-bindgen made, `inlined` gives the wasm itself. */
export const createDrawer = (glue, inlined) => {
  let loading;
  let room;

  const start = async (source) => {
    const { exports } = await WebAssembly.instantiate(await compiled(source ?? inlined()));
    glue.__wbg_set_wasm(exports);
    room = new Uint8Array(exports.memory.buffer, glue.room());
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

  /** Puts a text at some place of the room; answers how many bytes there was room for. */
  const put = (name, text, at) => {
    if (typeof text !== "string") throw new TypeError(`${name}: must be a string`);
    return encoder.encodeInto(text, ready().subarray(at)).written;
  };

  /** What was left there. */
  const taken = (at, bytes) => decoder.decode(room.subarray(at, at + bytes));

  const qrPath = (text) => {
    const bytes = glue.path(put("text", text, 0));
    if (bytes === 0) throw new RangeError(`text: must have from 1 to ${MAX_BYTES} bytes`);
    return taken(0, bytes);
  };

  const qrPixels = (text, scale) => {
    if (!(scale >= 1 && scale <= MAX_SCALE && Number.isInteger(scale))) {
      throw new RangeError(`scale: must be a whole number from 1 to ${MAX_SCALE}`);
    }
    const side = SIZE * scale;
    const pixels = new Uint32Array(side * side).fill(LIGHT);
    for (const { x, y, width } of rectangles(qrPath(text))) {
      for (let row = y * scale; row < (y + 1) * scale; row += 1) {
        pixels.fill(DARK, row * side + x * scale, row * side + (x + width) * scale);
      }
    }
    return { data: new Uint8ClampedArray(pixels.buffer), width: side, height: side };
  };

  return { load, loaded: () => room !== undefined, qrPath, qrPixels, put, taken };
};

/** The rectangles that a path fills: each is one unit high. */
export function* rectangles(path) {
  let [x, y] = [0, 0];
  for (const [, right, down, width] of path.matchAll(/m(-?\d+) ?(-?\d+)h(\d+)/g)) {
    x += +right;
    y += +down;
    yield { x, y, width: +width };
    // A path goes on at the lower left of what it has painted.
    y += 1;
  }
}

/** A wasm module from wherever it is. */
const compiled = async (source) => {
  if (source instanceof WebAssembly.Module) return source;
  return WebAssembly.compile(await bytesOf(source));
};

const bytesOf = async (source) => {
  const answer = typeof source === "string" || source instanceof URL ? await fetch(source) : source;
  if (!(answer instanceof Response)) return answer;
  if (!answer.ok) throw new Error(`${answer.url}: answered ${answer.status}`);
  return answer.arrayBuffer();
};
