/**
 * `bankid-kit/browser` for who follows the documented flow that hands an order's tokens and start secret to the page: `<bankid-qr>`
 * takes them as `tokens`, and makes each second's code itself. Rather let the backend make the texts and import
 * `bankid-kit/browser`: whoever has the secret can make all codes of the order, and send them to a victim (7.4).
 *
 * ```js
 * import "bankid-kit/browser/hmac";
 * const { qrStartToken, qrStartSecret, receivedAt, at } = await (await fetch("/bankid/tokens")).json();
 * document.querySelector("bankid-qr").tokens = { qrStartToken, qrStartSecret, receivedAt, at };
 * ```
 *
 * Import one of the two, not both.
 */
export * from "./index.js";
