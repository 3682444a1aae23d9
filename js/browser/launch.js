// Which browser this is, and the link that starts the app from it (protocol section 8). The same rules as bankid-core's, and
// held to the same vectors. Opens nothing: a link is for a button, since most browsers start the app only from a tap (8.3).

/** Apps that show pages inside themselves, and yet may call themselves a known browser. */
const IN_APP = ["FBAN/", "FBAV/", "Instagram", "GSA/", "LinkedInApp", "Line/", "Pinterest/", "Snapchat", "musical_ly", "; wv)"];

/** Marks of browsers, of which the first that is found decides. */
const RARE = [["Brave/", "brave"], ["DuckDuckGo/", "duckDuckGo"], ["Ddg/", "duckDuckGo"]];
const FAMILIES = {
  // All browsers of iOS contain `Safari`, and those inside apps normally do not.
  ios: [["CriOS", "chrome"], ["FxiOS", "firefox"], ["EdgiOS", "edge"], ["OPT/", "opera"], ...RARE, ["Safari", "safari"]],
  // Nearly all browsers of Android contain `Chrome`.
  android: [["SamsungBrowser", "samsung"], ["EdgA", "edge"], ["OPR", "opera"], ["Firefox", "firefox"], ...RARE, ["Chrome", "chrome"]],
  desktop: [["Edg/", "edge"], ["OPR/", "opera"], ["Firefox/", "firefox"], ...RARE, ["Chrome/", "chrome"], ["Safari/", "safari"]],
};

/** Where no page is rendered there is no browser either. */
const here = () => globalThis.navigator ?? {};

export const detectBrowser = (userAgent = here().userAgent ?? "", maxTouchPoints = here().maxTouchPoints ?? 0) => {
  const has = (mark) => userAgent.includes(mark);
  const isMacWithTouch = has("Macintosh") && (maxTouchPoints > 1 || ["CriOS", "FxiOS", "EdgiOS"].some(has));
  const isIos = ["iPhone", "iPad", "iPod"].some(has) || isMacWithTouch;
  const platform = isIos ? "ios" : has("Android") ? "android" : "desktop";
  const family = IN_APP.some(has) ? "other" : (FAMILIES[platform].find(([mark]) => has(mark))?.[1] ?? "other");
  const device = platform === "desktop" ? "computer" : "mobile";
  const version = platform === "android" ? Number(/Android (\d+)/.exec(userAgent)?.[1]) : NaN;
  // A number that no version can have is none.
  return { platform, family, device, ...(version < 0x10000 && { androidVersion: version }) };
};

/** Which mobile browsers get the app link: two schools exist, and the table of 8.3 stands between them. */
const APP_LINKS = {
  byBrowser: ({ platform, family }) => platform !== "ios" || family !== "other",
  everywhere: () => true,
  whereKnown: ({ platform, family, androidVersion = Infinity }) =>
    platform === "ios" ? family === "safari" : ["chrome", "edge"].includes(family) && androidVersion >= 6,
};

export const startWay = (browser = detectBrowser(), appLinks = "byBrowser") => {
  const isApp = oneOf("appLinks", appLinks, APP_LINKS)(browser) && browser.platform !== "desktop";
  const isHandedOver = browser.platform === "ios" ? browser.family === "safari" : ["chrome", "edge"].includes(browser.family);
  return { link: isApp ? "app" : "scheme", fallback: isApp && !isHandedOver ? "scheme" : undefined };
};

/** All that comes before the parameters. */
const STARTS = { scheme: "bankid:///?", app: "https://app.bankid.com/?" };

export const startUrl = ({ autoStartToken }, { userAgent, maxTouchPoints, appLinks, link, redirect, rpRef } = {}) => {
  if (typeof autoStartToken !== "string" || autoStartToken === "") throw new TypeError("order.autoStartToken must be a string");
  const browser = detectBrowser(userAgent, maxTouchPoints);
  const start = oneOf("link", link ?? startWay(browser, appLinks).link, STARTS);
  // From a computer's browser the app needs not go anywhere: the page goes on by itself.
  const back = redirect === undefined && link === undefined && browser.platform === "desktop" ? null : redirect;
  const reference = rpRef === undefined ? "" : `&rpref=${encoded(base64(rpRef))}`;
  // BankID wants `redirect` last.
  return `${start}autostarttoken=${encoded(autoStartToken)}${reference}${back === undefined ? "" : `&redirect=${encoded(String(back))}`}`;
};

/** Whether a text is a link that starts the app: nothing else may become a button's target. */
export const isStartUrl = (text) => Object.values(STARTS).some((start) => typeof text === "string" && text.startsWith(start));

/** The link to offer in this browser if nothing happens with `url`, if there is another. */
export const otherStartUrl = (url) =>
  url.startsWith(STARTS.app) && startWay().fallback !== undefined ? url.replace(STARTS.app, STARTS[startWay().fallback]) : undefined;

const oneOf = (member, word, table) => {
  if (!Object.hasOwn(table, word)) throw new TypeError(`${member} must be one of ${Object.keys(table).join(", ")}`);
  return table[word];
};

/** Everything outside the unreserved set (8.2). */
const encoded = (text) => encodeURIComponent(text).replace(/[!'()*]/g, (letter) => `%${letter.charCodeAt(0).toString(16).toUpperCase()}`);

const base64 = (reference) => {
  const bytes = typeof reference === "string" ? new TextEncoder().encode(reference) : reference;
  const text = btoa(String.fromCharCode(...bytes));
  if (text.length < 8 || text.length > 255) throw new RangeError("rpRef must have 8 to 255 characters as base64");
  return text;
};
