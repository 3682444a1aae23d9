// Elements and style sheets without markup and without inline styles, so that the strictest content security policy holds.
// Nothing here touches the document before it is called: modules load on servers too.

/** What custom elements extend; on a server, where nothing is rendered, an empty class. */
export const Base = globalThis.HTMLElement ?? class {};

const SVG = "http://www.w3.org/2000/svg";

/** An element with these attributes (`true` sets an empty one, `false` none) and children. */
export const make = (tag, attributes = {}, ...children) => {
  const element = tag === "svg" || tag === "path" ? document.createElementNS(SVG, tag) : document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) set(element, name, value);
  element.append(...children);
  return element;
};

export const set = (element, name, value) => {
  if (value === false || value === undefined) element.removeAttribute(name);
  else element.setAttribute(name, value === true ? "" : value);
};

/** A shadow root with a style sheet, which all elements of the class share. */
export const shadow = (host, css) => {
  let sheet = sheets.get(css);
  if (sheet === undefined) {
    sheet = new CSSStyleSheet();
    sheet.replaceSync(css);
    sheets.set(css, sheet);
  }
  const root = host.attachShadow({ mode: "open" });
  root.adoptedStyleSheets = [sheet];
  return root;
};

const sheets = new Map();

/** A link for `href`s that start the app, which sees whose page it was. The app's site refuses to stand in a frame (8.1). */
export const startLink = () => make("a", { part: "open", referrerpolicy: "origin", target: "_top", hidden: true });

/** Properties that frameworks, or pages in a hurry, have set on the element before its class was there. */
export const upgraded = (element, names) => {
  for (const name of names) {
    if (!Object.hasOwn(element, name)) continue;
    const value = element[name];
    delete element[name];
    element[name] = value;
  }
};

/** Swedish or English, by the `lang` of the element or what it stands in; Swedish if neither says. */
export const languageOf = (element) => {
  const lang = element.closest("[lang]")?.getAttribute("lang") ?? "";
  return lang === "" || /^sv\b/i.test(lang) ? "sv" : "en";
};

/** Calls whenever a `lang` of the page changes, until the returned function is called. */
export const onLanguage = (call) => {
  const observer = new MutationObserver(call);
  observer.observe(document.documentElement, { attributeFilter: ["lang"], subtree: true });
  return () => observer.disconnect();
};
