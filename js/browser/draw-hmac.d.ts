/**
 * Draws BankID's QR codes in a page that has the order's start token and start secret, and makes their texts too: for those
 * who follow the documented flow that hands both to the page. Rather let the backend make the texts and take `draw`: whoever
 * has the secret can make the codes of an order, and send them to a victim (protocol 7.4).
 *
 * @example
 * ```js
 * await load();
 * path.setAttribute("d", qrPath(qrText(qrStartToken, qrStartSecret, seconds)));
 * ```
 */
export * from "./draw.js";

/**
 * The text of an order's QR code (protocol 7.1).
 *
 * @param seconds whole seconds since the backend received the order
 * @throws {RangeError} a token of no or more than 256 bytes, a secret of more than 20,000, or seconds that are no whole number
 * @throws {Error} nothing is loaded yet
 */
export function qrText(qrStartToken: string, qrStartSecret: string, seconds: number): string;
