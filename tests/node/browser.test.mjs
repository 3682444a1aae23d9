// The functions of `bankid-kit/browser`, which need no browser, over the vectors that Rust and Node's addon run as well.

import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";

import { detectBrowser, isStartUrl, startUrl, startWay } from "../../js/browser/launch.js";
import { message, messageFor } from "../../js/browser/messages.js";
import { WORDS } from "../../js/browser/words.js";
import { ROOT } from "../../scripts/build.mjs";

const vectors = (name) => JSON.parse(readFileSync(join(ROOT, "tests", "vectors", `${name}.json`), "utf8"));
const { links, opened, browsers, ways, rpRefs } = vectors("launch");
const { texts, rules } = vectors("messages");

const IPHONE = browsers.find(({ id }) => id.startsWith("iphone-safari")).userAgent;
const TOKEN = "7c40b5c9-fa74-49cf-b98c-bfe651f9a7c6";

test("browsers are what the vectors say", () => {
  for (const { id, userAgent, maxTouchPoints, platform, family, device, androidVersion } of browsers) {
    const version = androidVersion == null ? {} : { androidVersion };
    assert.deepEqual(detectBrowser(userAgent, maxTouchPoints), { platform, family, device, ...version }, id);
  }
});

test("each browser gets the link, and the one to fall back on, that the vectors say", () => {
  for (const { id, platform, families, androidVersions = [null], appLinks, link, fallback } of ways) {
    for (const family of families) for (const version of androidVersions) for (const school of appLinks) {
      const browser = { platform, family, ...(version !== null && { androidVersion: version }) };
      assert.deepEqual(startWay(browser, school), { link, fallback: fallback ?? undefined }, `${id}: ${family} ${version} ${school}`);
    }
  }
});

test("links are those of the vectors", () => {
  for (const { id, link, token, redirect, rpRef, url } of links) {
    const options = { link, redirect, rpRef: rpRef && Buffer.from(rpRef, "base64") };
    assert.equal(startUrl({ autoStartToken: token }, options), url, id);
    assert.ok(isStartUrl(url), id);
  }
  for (const { id, text, result, base64 } of rpRefs.filter(({ text }) => text !== undefined)) {
    const make = () => startUrl({ autoStartToken: TOKEN }, { link: "scheme", rpRef: text });
    if (result === "valid") assert.equal(make(), `bankid:///?autostarttoken=${TOKEN}&rpref=${encodeURIComponent(base64)}`, id);
    else assert.throws(make, /8 to 255 characters/, id);
  }
});

test("without a link named, it is the one that fits the browser", () => {
  const order = { autoStartToken: TOKEN };
  assert.equal(startUrl(order, { userAgent: "" }), `bankid:///?autostarttoken=${TOKEN}&redirect=null`);
  assert.equal(startUrl(order, { userAgent: IPHONE }), `https://app.bankid.com/?autostarttoken=${TOKEN}`);
  assert.equal(startUrl(order, { userAgent: IPHONE, redirect: null }), `https://app.bankid.com/?autostarttoken=${TOKEN}&redirect=null`);
  assert.equal(startUrl(order, { userAgent: IPHONE, link: startWay(detectBrowser(IPHONE)).fallback }), startUrl(order, { userAgent: IPHONE }));
});

test("nothing but what starts the app is a start link", () => {
  for (const { id, url } of opened.filter(({ fault }) => fault === "start")) assert.equal(isStartUrl(url), false, id);
  for (const odd of ["javascript:alert(1)//bankid:///?", "https://app.bankid.com.evil.example/?", "http://app.bankid.com/?", undefined, 7, {}]) {
    assert.equal(isStartUrl(odd), false);
  }
});

test("messages have the texts of the vectors, and say whether they are BankID's", () => {
  for (const { id, swedish, english } of texts) {
    assert.deepEqual(message(id), { id, text: swedish, official: true });
    const given = message(id, "en");
    assert.equal(given.official, english !== undefined, id);
    if (english !== undefined) assert.equal(given.text, english, id);
  }
});

test("the due message is that of the rules", () => {
  for (const { id, status, code, device, startMode, message: due } of rules) {
    const event = status === "error" ? { errorCode: code } : { status, ...(code !== null && { hintCode: code }) };
    for (const at of device ? [device] : ["computer", "mobile"]) {
      for (const by of startMode ? [startMode] : ["qr", "autostart", "byNumber"]) {
        assert.equal(messageFor(event, { device: at, startMode: by }).id, due, id);
      }
    }
  }
  assert.equal(messageFor({ status: "complete" }), undefined);
  // Words that every object has are nobody's hints.
  assert.equal(messageFor({ status: "pending", hintCode: "constructor" }).id, "RFA21");
});

test("the elements say in both languages what they say, and BankID's questions as BankID does", () => {
  assert.deepEqual(Object.keys(WORDS.sv), Object.keys(WORDS.en));
  for (const language of ["sv", "en"]) {
    const { computer, mobile, broken } = WORDS[language];
    assert.deepEqual([computer, mobile, broken], ["RFA19", "RFA20", "RFA22"].map((id) => message(id, language).text));
  }
});

test("what cannot be used is named", () => {
  assert.throws(() => startUrl({}), /order\.autoStartToken must be a string/);
  assert.throws(() => startUrl({ autoStartToken: "x" }, { link: "toString" }), /link must be one of scheme, app/);
  assert.throws(() => startUrl({ autoStartToken: "x" }, { appLinks: "never" }), /appLinks must be one of byBrowser, everywhere, whereKnown/);
  assert.throws(() => message("RFA7"), /there is no message RFA7/);
  assert.throws(() => message("RFA1", "fi"), /language must be one of sv, en/);
  assert.throws(() => messageFor({ status: "gone" }), /status must be one of pending, failed, complete/);
});
