// What people do at the page of an example, and what they must see: the same for each backend. The messages are written by
// hand from the reference (9.2).

import assert from "node:assert/strict";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, afterEach, before, beforeEach, describe, test } from "node:test";

import { Simulator } from "bankid-kit/simulator";

import { launchChromium } from "../support/chromium.mjs";
import { startExample } from "../support/example.mjs";
import { until, visit } from "./visitor.mjs";

const THIS_DEVICE = { sv: "BankID på den här enheten", en: "BankID on this device" };
const OTHER_DEVICE = { sv: "Mobilt BankID på en annan enhet", en: "Mobile BankID on another device" };
const OPEN = { sv: "Öppna BankID-appen", en: "Open the BankID app" };
const AGREEMENT = { sv: "Jag godkänner avtal 4711.", en: "I approve agreement 4711." };

const ELSEWHERE = {
  sv: "Fortsätt i fönstret som BankID-appen öppnade.",
  en: "Continue in the window that the BankID app opened.",
};

const RFA = {
  1: { sv: "Starta BankID-appen.", en: "Start your BankID app." },
  3: { sv: "Åtgärden avbröts. Försök igen.", en: "The action was cancelled. Please try again." },
  4: {
    sv: "En identifiering eller underskrift pågår redan för ditt personnummer. Försök igen.",
    en: "An identification or signature is already in progress for your personal identity number. Please try again.",
  },
  5: { sv: "Något gick fel. Försök igen.", en: "Something went wrong. Please try again." },
  6: { sv: "Åtgärden avbröts.", en: "The action was cancelled." },
  8: {
    sv: "BankID-appen svarar inte. Kontrollera att den är startad och att du har internetanslutning. Försök sedan igen.",
    en: "The BankID app is not responding. Please check that it’s started and that you have internet access. Try again.",
  },
  9: {
    sv: "Skriv in din säkerhetskod i BankID-appen och välj Identifiera eller Skriv under.",
    en: "Enter your security code in the BankID app and select Identify or Sign.",
  },
  13: { sv: "Försöker starta BankID-appen.", en: "Trying to start your BankID app." },
  16: {
    sv: "Ditt BankID är för gammalt eller spärrat. Använd ett annat BankID eller skaffa ett nytt hos din bank.",
    en: "Your BankID is blocked or too old. Please use another BankID or get a new one from your bank.",
  },
  "17A": {
    sv: "Du verkar inte ha BankID-appen/programmet. Installera den och skaffa ett BankID hos din bank.",
    en: "You don't seem to have the BankID app/program. Please install it and get a BankID from your bank.",
  },
  "17B": {
    sv: "Misslyckades att läsa av QR-koden. Starta BankID-appen och läs av QR-koden.",
    en: "Failed to scan the QR code. Start the BankID app and scan the QR code.",
  },
};

/** How often the page starts an order again whose code nobody scans. */
const RESTARTS = 4;

/** How often the client tries again, after a second each time, before anybody hears that BankID is closed. */
const RETRIES = 2;

const UUID = /[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}/g;

/** Whom the simulator has: her name and number are also what must show up nowhere but where they are meant to. */
const ANNA = "anna";

/**
 * The suite, over the example; `connection` says in the example's environment where the simulator is, and `more` adds what this
 * example alone has, given who arrives at a path and a person with a phone.
 */
export const journeys = (example, connection, more = () => {}) => describe(`the example for ${example}`, () => {
  let folder, browser, simulator, lane, backend, anna, visitor;

  before(async () => {
    folder = mkdtempSync(join(tmpdir(), "bankid-kit-"));
    simulator = await Simulator.start({ scenario: "phone" });
    backend = await startExample(example, { BANKID_POLL_MS: "20", ...connection(simulator, example, folder) });
    browser = await launchChromium();
  });
  after(async () => {
    await browser?.close();
    await backend?.stop();
    await simulator?.stop();
    rmSync(folder, { recursive: true });
  });
  beforeEach(async () => {
    lane = simulator.lane(example);
    await lane.reset();
    anna = lane.phone(ANNA);
  });
  afterEach(() => visitor?.leave());

  const arrive = async (how, url = backend.url) => (visitor = await visit(browser, url, how));

  const seesInBoth = async (message, person = visitor) => {
    await person.sees(message.sv);
    await person.press("In English");
    await person.sees(message.en);
    await person.press("På svenska");
  };

  /** The order that the page has just started. */
  const started = async () => {
    await visitor.sees(RFA[1].sv);
    return (await lane.orders()).at(-1);
  };

  const logIn = async () => {
    const person = await arrive();
    await person.press(OTHER_DEVICE.sv);
    await anna.scan(await person.qr());
    await anna.approve();
    await person.sees("Anna Testberg");
    return person;
  };

  test("a login by QR code, from the picture to the name", async () => {
    const person = await arrive();
    await person.sees("Logga in med BankID");
    await person.press(OTHER_DEVICE.sv);
    await seesInBoth(RFA[1]);
    const first = await person.qr();
    assert.notEqual(await person.qr(first), first, "another code each second");
    assert.ok((await person.received()).includes(first), `drawn is a code that was sent, not ${first}`);
    await anna.scan(await person.qr());
    await seesInBoth(RFA[9]);
    assert.equal(await person.page.getByRole("img").isVisible(), false, "the code is gone once it is scanned");
    await anna.approve();
    await person.sees("Anna Testberg");
    await person.sees("Skriv under med BankID");
  });

  test("the session is a cookie that scripts do not see, and new after the login", async () => {
    const person = await arrive();
    await person.press(OTHER_DEVICE.sv);
    await anna.scan(await person.qr());
    const [before, ...others] = await person.cookies();
    assert.deepEqual(others, []);
    assert.deepEqual([before.httpOnly, before.sameSite, await person.page.evaluate("document.cookie")], [true, "Lax", ""]);
    await anna.approve();
    await person.sees("Anna Testberg");
    const [after] = await person.cookies();
    assert.deepEqual([after.name, after.httpOnly, after.sameSite], [before.name, true, "Lax"]);
    assert.notEqual(after.value, before.value);

    await person.page.reload();
    await person.sees("Anna Testberg");
    await person.press("Logga ut");
    await person.sees(THIS_DEVICE.sv);
    await person.page.reload();
    await person.sees("Logga in med BankID");
  });

  test("neither orderRef, start secret nor personal number leaves the backend", async () => {
    const person = await logIn();
    const [{ orderRef, person: number }] = await lane.orders();
    assert.match(number, /^\d{12}$/);
    const received = await person.received();
    const allowed = [/bankid\.([0-9a-f-]{36})\./, /autostarttoken=([0-9a-f-]{36})/].map((token) => token.exec(received)[1]);
    assert.deepEqual(new Set(received.match(UUID)), new Set(allowed), "tokens that the page may have, and no others");
    for (const secret of [orderRef, number]) {
      assert.ok(!received.includes(secret), "what the browser was sent");
      assert.ok(!backend.printed().includes(secret), "what the example printed");
    }
    assert.doesNotMatch(received, /error in the page/);
  });

  test("a signature on this device, by who has logged in", async () => {
    const person = await logIn();
    await person.press("In English");
    await person.press(THIS_DEVICE.en);
    await person.sees(RFA[13].en);
    const link = await person.openApp(OPEN.en);
    assert.match(link, /^bankid:\/\/\/\?autostarttoken=[0-9a-f-]{36}&redirect=null$/);
    const { request, personalNumber, person: asked } = await anna.open(link);
    assert.equal(request.text, AGREEMENT.en);
    assert.equal(personalNumber ?? asked, asked);
    await person.sees(RFA[9].en);
    await anna.approve();
    await person.sees("You have signed");
    assert.equal(await person.page.locator("blockquote").innerText(), AGREEMENT.en);
    await person.press("På svenska");
    await person.sees("Du har skrivit under");
  });

  test("somebody else cannot sign", async () => {
    const person = await logIn();
    await person.press(OTHER_DEVICE.sv);
    const code = await person.qr();
    await assert.rejects(lane.phone("erik").scan(code));
    const stranger = await arrive();
    const status = await stranger.page.evaluate(async () => (await fetch("/bankid/sign", {
      method: "POST", headers: { "content-type": "application/json" }, body: "{}",
    })).status);
    assert.equal(status, 403);
    await person.leave();
  });

  test("on an iPhone the result is for who comes back with the nonce", async () => {
    const person = await arrive({ device: "iphone" });
    await person.press(THIS_DEVICE.sv);
    const link = await person.openApp(OPEN.sv);
    assert.match(link, /^https:\/\/app\.bankid\.com\/\?autostarttoken=[0-9a-f-]{36}$/);
    const { request } = await anna.open(link);
    const back = new URL(request.returnUrl);
    assert.equal(back.host, new URL(backend.url).host);
    await anna.approve();
    // The window that is left behind has the cookie, and still not the result.
    await seesInBoth(ELSEWHERE);
    const opened = await person.window(back.href);
    await opened.sees("Anna Testberg");
    assert.equal(new URL(opened.page.url()).hash, "", "the nonce is used up");
  });

  test("a reload does not lose what was begun on this device", async () => {
    const person = await arrive();
    await person.press(THIS_DEVICE.sv);
    const link = await person.openApp(OPEN.sv);
    await anna.open(link);
    await person.sees(RFA[9].sv);
    await person.page.reload();
    await person.sees(RFA[9].sv);
    await anna.approve();
    await person.sees("Anna Testberg");
  });

  test("who cancels, or leaves while a code is shown, ends the order", async () => {
    const person = await arrive();
    await person.press(OTHER_DEVICE.sv);
    await person.qr();
    await person.press("Avbryt");
    await person.sees(THIS_DEVICE.sv);
    const last = async () => (await lane.orders()).at(-1);
    const isCancelled = async () => (await last()).gone === "cancelled";
    await until(isCancelled);

    await person.press(OTHER_DEVICE.sv);
    await person.qr();
    assert.equal(await isCancelled(), false);
    await person.page.goto("about:blank");
    await until(isCancelled);
  });

  const fails = async (message, person = visitor) => {
    await seesInBoth(message, person);
    assert.equal(await person.page.getByRole("alert").isVisible(), true);
    await person.press("Försök igen");
    await person.sees(THIS_DEVICE.sv);
  };

  test("failure: the user cancels in the app", async () => {
    const person = await arrive();
    await person.press(OTHER_DEVICE.sv);
    await anna.scan(await person.qr());
    await person.sees(RFA[9].sv);
    await anna.cancel();
    await fails(RFA[6]);
    await person.page.reload();
    await person.sees(THIS_DEVICE.sv);
  });

  test("failure: the BankID is blocked", async () => {
    await lane.next("certificateErr");
    await (await arrive()).press(OTHER_DEVICE.sv);
    await fails(RFA[16]);
  });

  test("failure: the app does not start on this device", async () => {
    const person = await arrive();
    await person.press(THIS_DEVICE.sv);
    await person.sees(RFA[13].sv);
    await lane.clock.advance("31s");
    await fails(RFA["17A"]);
  });

  test("failure: nobody scans the code, though it was shown again and again", async () => {
    await (await arrive()).press(OTHER_DEVICE.sv);
    let order = await started();
    for (let restarts = 0; restarts < RESTARTS; restarts += 1) {
      await lane.clock.advance("31s");
      order = await lane.nextOrder({ after: order.number });
    }
    await lane.clock.advance("31s");
    await fails(RFA["17B"]);
    assert.equal((await lane.orders()).length, RESTARTS + 1);
  });

  test("a code that is shown again can be scanned", async () => {
    const person = await arrive();
    await person.press(OTHER_DEVICE.sv);
    const [, token] = (await person.qr()).split(".");
    await lane.clock.advance("31s");
    let code = await person.qr();
    while (code.includes(token)) code = await person.qr(code);
    await anna.scan(code);
    await anna.approve();
    await person.sees("Anna Testberg");
  });

  test("failure: the user does not finish in time", async () => {
    const person = await arrive();
    await person.press(OTHER_DEVICE.sv);
    await anna.scan(await person.qr());
    await person.sees(RFA[9].sv);
    await lane.clock.advance("4m");
    await fails(RFA[8]);
  });

  test("failure: somebody has another order for the person", async () => {
    const person = await logIn();
    await person.press(OTHER_DEVICE.sv);
    const first = await person.qr();
    const other = await visit(browser, backend.url);
    await other.press(OTHER_DEVICE.sv);
    await anna.scan(await other.qr());
    await anna.approve();
    await other.sees("Anna Testberg");
    await other.press(THIS_DEVICE.sv);
    // The second is refused, and the first one ends with it (5.1).
    await fails(RFA[4], other);
    await other.leave();
    await fails(RFA[3]);
    assert.ok(first);
  });

  test("failure: BankID is closed for maintenance", async () => {
    for (let call = 0; call <= RETRIES; call += 1) await lane.next({ error: "maintenance", operations: ["auth"] });
    await (await arrive()).press(OTHER_DEVICE.sv);
    await fails(RFA[5]);
  });

  test("failure: BankID cannot be reached", async () => {
    const alone = await startExample(example, { BANKID_URL: "http://127.0.0.1:9/rp/v6.0" });
    try {
      await (await arrive({}, alone.url)).press(THIS_DEVICE.sv);
      await fails(RFA[5]);
    } finally {
      await alone.stop();
    }
  });

  more({ arriveAt: (path) => arrive({}, new URL(path, backend.url).href), phone: () => anna });
});
