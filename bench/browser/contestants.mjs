// What draws a BankID code in a page: ours, and libraries from npm. Each is the source of a module with `draw(text)`, which answers
// an SVG path or a whole `<svg>`: level L, with a quiet zone of four modules, or where the path has none, room for it.

const path = (viewBox) => (d) => `<svg xmlns="http://www.w3.org/2000/svg" viewBox="${viewBox}" shape-rendering="crispEdges"><path d="${d}"/></svg>`;

const whole = (svg) => svg;

export const OURS = "bankid-kit";

export const CONTESTANTS = {
  [OURS]: {
    source: 'import { load, qrPath } from "./js/browser/draw.js"; export { load, qrPath as draw };',
    withText: 'export { load, qrPath as draw, qrText as text } from "./js/browser/draw-hmac.js";',
    svg: path("0 0 49 49"),
  },
  qr: {
    source: 'import encodeQR from "qr"; export const draw = (text) => encodeQR(text, "svg", { ecc: "low", border: 4, encoding: "byte" });',
    svg: whole,
  },
  "lean-qr": {
    source: `import { correction, generate } from "lean-qr"; import { toSvgPath } from "lean-qr/extras/svg";
      const options = { minCorrectionLevel: correction.L, maxCorrectionLevel: correction.L };
      export const draw = (text) => toSvgPath(generate(text, options));`,
    svg: path("-4 -4 49 49"),
  },
  "lean-qr/nano": {
    source: `import { correction, generate } from "lean-qr/nano"; import { toSvgPath } from "lean-qr/extras/svg";
      const options = { minCorrectionLevel: correction.L, maxCorrectionLevel: correction.L };
      export const draw = (text) => toSvgPath(generate(text, options));`,
    svg: path("-4 -4 49 49"),
  },
  uqr: {
    source: 'import { renderSVG } from "uqr"; export const draw = (text) => renderSVG(text, { ecc: "L", border: 4 });',
    svg: whole,
  },
  qrcode: {
    source: `import { toString } from "qrcode";
      export const draw = (text) => {
        let drawn;
        toString(text, { type: "svg", errorCorrectionLevel: "L", margin: 4 }, (error, svg) => { if (error) throw error; drawn = svg; });
        return drawn;
      };`,
    svg: whole,
  },
  "qrcode-generator": {
    source: `import qrcode from "qrcode-generator";
      export const draw = (text) => {
        const code = qrcode(0, "L");
        code.addData(text, "Byte");
        code.make();
        return code.createSvgTag({ cellSize: 1, margin: 4 });
      };`,
    svg: whole,
  },
};

/** What a page adds that makes the texts itself, and has no HMAC but WebCrypto's. */
export const WEB_CRYPTO = `
  const encoder = new TextEncoder();
  export const text = async (token, secret, seconds) => {
    const key = await crypto.subtle.importKey("raw", encoder.encode(secret), { name: "HMAC", hash: "SHA-256" }, false, ["sign"]);
    const code = new Uint8Array(await crypto.subtle.sign("HMAC", key, encoder.encode(seconds)));
    return \`bankid.\${token}.\${seconds}.\${Array.from(code, (byte) => byte.toString(16).padStart(2, "0")).join("")}\`;
  };`;
