/**
 * Draws BankID's QR codes in a page, from texts that the backend has made (`qr` of `bankid-kit`): the recommended way, since
 * the start secret stays there. Who hands tokens and secret to the page takes `draw-hmac` instead; nobody needs both.
 *
 * Nothing is compiled when it is imported, and nothing touches a document, so it can be imported on a server.
 *
 * @example
 * ```js
 * await load();
 * path.setAttribute("d", qrPath(text));   // in an <svg viewBox="0 0 49 49">
 * ```
 */

/** Where the wasm comes from. A text or a URL is fetched. */
export type WasmSource = string | URL | Response | BufferSource | WebAssembly.Module;

/** Pixels as `ImageData` takes them. */
export interface QrPixels {
  data: Uint8ClampedArray<ArrayBuffer>;
  width: number;
  height: number;
}

/**
 * Compiles and starts the wasm, once: later calls answer the first promise, unless that was rejected. Without a source the wasm
 * that comes with this module is used.
 */
export function load(source?: WasmSource): Promise<void>;

/** Whether `load` is done, so that codes can be drawn. */
export function loaded(): boolean;

/**
 * The `d` of one SVG path that fills the dark modules. A module is one unit, and the quiet zone is included: the `viewBox` is
 * `0 0 ${SIZE} ${SIZE}`.
 *
 * @throws {RangeError} the text is empty, or longer than 134 bytes in UTF-8
 * @throws {Error} nothing is loaded yet
 */
export function qrPath(text: string): string;

/**
 * The code dark on light with its quiet zone, for a canvas.
 *
 * @param scale pixels of a module in each direction, from 1 to 64
 * @throws {RangeError} as `qrPath`, or the scale is another number
 */
export function qrPixels(text: string, scale: number): QrPixels;

/** Modules of the picture in each direction, the quiet zone included. */
export const SIZE: 49;
