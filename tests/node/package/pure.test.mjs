// The functions without I/O, over the vectors that Rust runs as well, and what they say of bad arguments.

import assert from "node:assert/strict";
import { createHmac } from "node:crypto";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";

import {
  BankIdError, checkMarkdown, checkQr, detectBrowser, message, messageFor, newNonce, nonceIsIn, personalNumber,
  previewMarkdown, qr, qrFrames, qrKey, returnUrl, startUrl,
} from "bankid-kit";
import * as inPage from "bankid-kit/browser/messages";
import { ROOT } from "../../../scripts/build.mjs";

const vectors = (name) => JSON.parse(readFileSync(join(ROOT, "tests", "vectors", `${name}.json`), "utf8"));

const IPHONE = "Mozilla/5.0 (iPhone; CPU iPhone OS 17_5 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/17.5 Mobile/15E148 Safari/604.1";
const ORDER = { qrStartToken: "67df3917-fa0d-44e5-b327-edcc928297f8", qrStartSecret: "d28db9a7-4cde-429e-a983-359be676944c", receivedAt: 1_700_000_000_000 };

/** What Node itself makes of it (7.1). */
const byNode = ({ qrStartToken, qrStartSecret }, second) =>
  `bankid.${qrStartToken}.${second}.${createHmac("sha256", qrStartSecret).update(String(second)).digest("hex")}`;

test("QR texts by every way are those of the vectors", () => {
  for (const { id, token, secret, elapsedSeconds, text } of vectors("qr").frames) {
    const order = { qrStartToken: token, qrStartSecret: secret, receivedAt: 0 };
    assert.equal(qrKey(order).frame(elapsedSeconds), text, id);
    if (elapsedSeconds < 1_000_000) assert.equal(qrFrames(order, elapsedSeconds, 1)[0], text, id);
    if (elapsedSeconds < 1_000_000) assert.equal(qr(order, elapsedSeconds * 1000 + 999), text, id);
  }
});

test("tokens and secrets of any characters make the code that Node's own HMAC makes", () => {
  // U+0141 and U+0161 end in the bytes of `A` and `a`; a lone surrogate is no character at all.
  for (const odd of ["ascii", "Å", "\u0141", "\u0161\u0141", "🙂", "x".repeat(262), "x".repeat(263), "x".repeat(264), "å".repeat(300), "a\0b", "\ud800"]) {
    const order = { ...ORDER, qrStartSecret: odd };
    assert.equal(qr(order, order.receivedAt + 7000), byNode(order, 7), JSON.stringify(odd));
    assert.equal(qrKey(order).frame(7), byNode(order, 7));
  }
  for (const odd of ["Å", "\u0141", "a\nb", "x".repeat(256)]) {
    const order = { ...ORDER, qrStartToken: odd };
    assert.deepEqual(qrFrames(order, 0, 3), [0, 1, 2].map((second) => byNode(order, second)));
  }
});

test("the second of a QR text is how old the order is, and never negative", () => {
  assert.equal(qr(ORDER, ORDER.receivedAt), byNode(ORDER, 0));
  assert.equal(qr(ORDER, ORDER.receivedAt + 12_999), byNode(ORDER, 12));
  assert.equal(qr(ORDER, ORDER.receivedAt - 5000), byNode(ORDER, 0));
  const now = { ...ORDER, receivedAt: Date.now() };
  assert.ok([0, 1, 2].some((second) => qr(now) === byNode(now, second)));
});

test("scanned texts are judged as the vectors say", () => {
  for (const { id, text, token, secret, elapsedSeconds, toleranceSeconds, result, fault, message } of vectors("qr").scans) {
    const found = checkQr(text, { qrStartToken: token, qrStartSecret: secret }, elapsedSeconds, toleranceSeconds);
    if (result === "valid") assert.equal(found, undefined, id);
    else assert.deepEqual([found.reason, found.message], [fault, message], id);
  }
});

test("messages have the texts of the vectors, and say whether they are BankID's", () => {
  for (const { id, swedish, english } of vectors("messages").texts) {
    assert.deepEqual(message(id), { id, text: swedish, official: true });
    const given = message(id, "en");
    assert.equal(given.official, english !== undefined, id);
    if (english !== undefined) assert.equal(given.text, english, id);
  }
});

test("Node and the page say the same, also where the wording is ours", () => {
  for (const { id } of vectors("messages").texts) for (const language of ["sv", "en"]) assert.deepEqual(inPage.message(id, language), message(id, language));
});

test("the due message is that of the rules", () => {
  for (const { id, status, code, device, startMode, message: due } of vectors("messages").rules) {
    const event = status === "error" ? { errorCode: code } : { status, ...(code !== null && { hintCode: code }) };
    for (const device_ of device ? [device] : ["computer", "mobile"]) {
      for (const startMode_ of startMode ? [startMode] : ["qr", "autostart", "byNumber"]) {
        assert.equal(messageFor(event, { device: device_, startMode: startMode_ }).id, due, id);
      }
    }
  }
  assert.equal(messageFor({ status: "complete" }), undefined);
  assert.equal(messageFor(new BankIdError("x", { code: "alreadyInProgress", status: 400 }), { language: "en" }).id, "RFA4");
});

test("personal numbers are what the vectors say", () => {
  for (const { id, text, result, strict, coordination = false, safe } of vectors("personal-number").vectors) {
    const facts = personalNumber(text);
    assert.equal(facts !== undefined, result === "valid", id);
    if (facts === undefined) continue;
    assert.equal(facts.coordinationNumber, coordination, id);
    if (strict === "ok") assert.deepEqual([facts.realDate, facts.checkDigitOk], [true, true], id);
    if (strict === "date") assert.equal(facts.realDate, false, id);
    if (strict === "checkDigit") assert.deepEqual([facts.realDate, facts.checkDigitOk], [true, false], id);
    if (safe !== undefined) assert.equal(facts.safeTestNumber, safe, id);
  }
});

test("start links and ways back fit the browser", () => {
  const order = { autoStartToken: "7c40b5c9-fa74-49cf-b98c-bfe651f9a7c6" };
  const token = "autostarttoken=7c40b5c9-fa74-49cf-b98c-bfe651f9a7c6";
  assert.equal(startUrl(order), `bankid:///?${token}&redirect=null`);
  assert.equal(startUrl(order, { userAgent: IPHONE, maxTouchPoints: 5 }), `https://app.bankid.com/?${token}`);
  assert.equal(startUrl(order, { link: "app" }), `https://app.bankid.com/?${token}`);
  assert.equal(startUrl(order, { userAgent: IPHONE, link: "scheme", redirect: "https://a.example/å" }), `bankid:///?${token}&redirect=https%3A%2F%2Fa.example%2F%C3%A5`);
  assert.equal(startUrl(order, { rpRef: "reference", redirect: null }), `bankid:///?${token}&rpref=cmVmZXJlbmNl&redirect=null`);
  assert.equal(startUrl(order, { rpRef: new Uint8Array([1, 2, 3, 4, 5, 6]) }), `bankid:///?${token}&rpref=AQIDBAUG&redirect=null`);

  assert.deepEqual(detectBrowser(IPHONE), { platform: "ios", family: "safari", device: "mobile" });
  assert.deepEqual(detectBrowser("Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) Version/17.5 Safari/605.1.15", 5).platform, "ios");
  const nonce = newNonce();
  assert.match(nonce, /^[\w-]{22}$/);
  assert.notEqual(nonce, newNonce());
  const back = returnUrl("https://rp.example/login", { userAgent: IPHONE, nonce });
  assert.equal(back, `https://rp.example/login#nonce=${nonce}`);
  assert.equal(nonceIsIn(back, nonce), true);
  assert.equal(nonceIsIn(back, newNonce()), false);
  assert.equal(returnUrl("https://rp.example/login"), "null");
});

test("simpleMarkdownV1 is checked and shown", () => {
  assert.equal(checkMarkdown("# Köp\n\n*Summa:* 350 kr"), undefined);
  assert.deepEqual(previewMarkdown("# Köp\n\n*Summa:* 350 kr"), [
    { type: "heading", level: 1, text: [{ type: "plain", text: "Köp" }] },
    { type: "paragraph", lines: [[{ type: "strong", text: "Summa:" }, { type: "plain", text: " 350 kr" }]] },
  ]);
  assert.deepEqual(checkMarkdown("+ one\n+two"), {
    line: 2,
    column: 1,
    reason: "Initial token for unordered list items must be '+' and it must be followed by space.",
    message: "At (2, 1): Initial token for unordered list items must be '+' and it must be followed by space.",
  });
});

test("what cannot be used is named, with the caller's stack", () => {
  const cases = [
    [() => qr(), "order", "qr: order must be an object"],
    [() => qr({}), "order.qrStartToken", "qr: order.qrStartToken must be a string"],
    [() => qr({ ...ORDER, qrStartSecret: 7 }), "order.qrStartSecret", "qr: order.qrStartSecret must be a string"],
    [() => qr({ ...ORDER, receivedAt: undefined }), "receivedAt", "qr: receivedAt must be a time in Unix milliseconds"],
    [() => qr(ORDER, "soon"), "at", "qr: at must be a time in Unix milliseconds"],
    [() => qr(ORDER, Infinity), "at", "qr: at must be a time in Unix milliseconds"],
    [() => qr({ ...ORDER, qrStartToken: "" }), undefined, "qr: qrStartToken: a start token must not be empty"],
    [() => qrKey({ ...ORDER, qrStartToken: "x".repeat(257) }), undefined, "qrKey: qrStartToken: a start token has at most 256 bytes"],
    [() => qrKey(ORDER).frame(1.5), "elapsedSeconds", "QrKey.frame: elapsedSeconds must be a whole number from 0 to 4294967295"],
    [() => qrKey(ORDER).frame(-1), "elapsedSeconds", "QrKey.frame: elapsedSeconds must be a whole number from 0 to 4294967295"],
    [() => qrFrames(ORDER, 0, 4000), "count", "qrFrames: count must be a whole number from 0 to 3600"],
    [() => checkQr(7, ORDER, 0), "text", "checkQr: text must be a string"],
    [() => startUrl({}), "order.autoStartToken", "startUrl: order.autoStartToken must be a string"],
    [() => startUrl({ autoStartToken: "x" }, { appLinks: "never" }), "appLinks", "startUrl: appLinks: unknown variant `never`, expected one of `byBrowser`, `everywhere`, `whereKnown`"],
    [() => startUrl({ autoStartToken: "x" }, { rpRef: "1" }), "rpRef", "startUrl: rpRef: `rpref` must have 8 to 255 characters as base64"],
    [() => returnUrl("ftp://x"), "page", "returnUrl: page: the page to return to must start with `https://` or `http://`"],
    [() => nonceIsIn("#", "x"), "nonce", "nonceIsIn: nonce: a nonce is 16 bytes in URL-safe base64 without padding"],
    [() => message("RFA7"), "id", "message: id: there is no message `RFA7`"],
    [() => message("RFA1", "fi"), "language", "message: language: unknown variant `fi`, expected `sv` or `en`"],
    [() => messageFor({ status: "gone" }), "status", "messageFor: status: `gone` is none of `pending`, `failed` and `complete`"],
    [() => personalNumber(191212121212), "text", "personalNumber: text must be a string"],
    [() => previewMarkdown("#x"), "text", "previewMarkdown: text: At (1, 1): Initial token for headings must be '#', '##' or '###' and it must be followed by space."],
  ];
  for (const [call, member, text] of cases) {
    assert.throws(call, (error) => {
      assert.ok(error instanceof BankIdError && error instanceof Error);
      assert.deepEqual([error.name, error.code, error.member, error.message, error.retry], ["BankIdError", "invalidArgument", member, text, "never"]);
      assert.match(error.stack.split("\n")[1], /pure\.test\.mjs/, "the first frame is the caller's");
      return true;
    });
  }
});
