// Start links, the way back, and what a browser is (protocol section 8).

import { randomBytes } from "node:crypto";

import { count, object, optional, string, textOrBytes } from "./arguments.js";
import { direct } from "./errors.js";
import native from "./native/index.js";

export const detectBrowser = (userAgent, maxTouchPoints = 0) =>
  direct("detectBrowser", detectBrowser, () =>
    native.detectBrowser(string("userAgent", userAgent), count("maxTouchPoints", maxTouchPoints)));

export const startUrl = (order, options = {}) =>
  direct("startUrl", startUrl, () => {
    const { autoStartToken } = object("order", order);
    const { redirect, rpRef } = object("options", options);
    const rpRefBytes = optional(textOrBytes, "rpRef", rpRef);
    return native.startUrl({
      autoStartToken: string("order.autoStartToken", autoStartToken),
      ...device(options),
      appLinks: optional(string, "appLinks", options.appLinks),
      link: optional(string, "link", options.link),
      redirect: redirect === null ? "null" : optional(string, "redirect", redirect),
      rpRef: rpRefBytes && Buffer.from(rpRefBytes).toString("base64"),
    });
  });

export const returnUrl = (page, options = {}) =>
  direct("returnUrl", returnUrl, () => {
    const { userAgent, maxTouchPoints } = device(object("options", options));
    return native.returnUrl(string("page", page), userAgent, maxTouchPoints, optional(string, "nonce", options.nonce));
  });

/** What options say of the browser. */
export const device = ({ userAgent, maxTouchPoints }) => ({
  userAgent: optional(string, "userAgent", userAgent),
  maxTouchPoints: optional(count, "maxTouchPoints", maxTouchPoints),
});

export const newNonce = () => direct("newNonce", newNonce, () => native.nonce(randomBytes(16)));

export const nonceIsIn = (returned, nonce) =>
  direct("nonceIsIn", nonceIsIn, () => native.nonceIsIn(string("returned", returned), string("nonce", nonce)));
