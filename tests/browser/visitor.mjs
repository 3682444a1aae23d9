// A person at the page of an example: sees what is shown, presses what can be pressed, and remembers all that was sent.

import jsqr from "jsqr";

const LIMIT_MS = 15_000;

const IPHONE = {
  userAgent: "Mozilla/5.0 (iPhone; CPU iPhone OS 18_6 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) " +
    "Version/18.6 Mobile/15E148 Safari/604.1",
  viewport: { width: 390, height: 844 },
  hasTouch: true,
  isMobile: true,
};

/** Opens the page as somebody who has not been there before. */
export const visit = async (browser, url, { device, locale = "sv-SE" } = {}) => {
  const context = await browser.newContext({ locale, ...(device === "iphone" && IPHONE) });
  context.setDefaultTimeout(LIMIT_MS);
  const links = [];
  const received = [];
  await context.exposeBinding("linkFollowed", (source, link) => links.push(link));
  // A link that leaves for the app is followed by whoever has the phone, not by this browser.
  await context.addInitScript(() => {
    navigation.addEventListener("navigate", (event) => {
      if (new URL(event.destination.url).host === location.host) return;
      event.preventDefault();
      linkFollowed(event.destination.url);
    });
  });
  return open(context, url, links, received);
};

const open = async (context, url, links, received) => {
  const page = await context.newPage();
  const wire = await context.newCDPSession(page);
  await wire.send("Network.enable");
  wire.on("Network.eventSourceMessageReceived", ({ data }) => received.push(data));
  const bodies = [];
  page.on("response", (response) => {
    received.push(JSON.stringify(response.headers()));
    const isStream = response.headers()["content-type"]?.startsWith("text/event-stream");
    if (!isStream) bodies.push(response.text().then((text) => received.push(text), () => {}));
  });
  page.on("pageerror", (error) => received.push(`error in the page: ${error.message}`));
  await page.goto(url);
  const button = (name) => page.getByRole("button", { name, exact: true });

  return {
    page,
    press: (name) => button(name).click(),
    /** Resolves when the text is to be seen. */
    sees: (text) => page.getByText(text, { exact: true }).filter({ visible: true }).first().waitFor(),

    /** The text of the code that is shown, once there is one that differs from `old`. */
    qr: async (old = "") => {
      const drawn = await page.waitForFunction((known) => {
        const canvas = document.querySelector("#qr");
        return !canvas.hidden && canvas.dataset.drawn !== known && canvas.dataset.drawn;
      }, old);
      return drawn.jsonValue();
    },
    /** The text of the code as a camera reads it. */
    photographed: async () => {
      const png = await page.getByRole("img").screenshot();
      const { width, height, data } = await page.evaluate(async (base64) => {
        const picture = await createImageBitmap(new Blob([Uint8Array.fromBase64(base64)], { type: "image/png" }));
        const { width, height } = picture;
        const canvas = new OffscreenCanvas(width, height).getContext("2d");
        canvas.drawImage(picture, 0, 0);
        const { data } = canvas.getImageData(0, 0, width, height);
        return { width, height, data: new Uint8Array(data.buffer).toBase64() };
      }, png.toString("base64"));
      return jsqr(new Uint8ClampedArray(Buffer.from(data, "base64")), width, height)?.data;
    },
    /** Follows the link to the app; resolves to it. */
    openApp: async (name) => {
      await page.getByRole("link", { name, exact: true }).click();
      return links.at(-1);
    },

    cookies: () => context.cookies(),
    /** All that this browser was sent, headers included. */
    received: async () => {
      await Promise.all(bodies);
      return received.join("\n");
    },
    /** Another window of the same browser. */
    window: (address) => open(context, address, links, received),
    leave: () => context.close(),
  };
};
