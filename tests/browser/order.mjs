// An order whose time the test turns, second by second: in the simulator's lane, in the updates that a page is sent, and in the
// page itself.

import assert from "node:assert/strict";

import { BankIdClient, messageFor, qrKey, startUrl } from "bankid-kit";

import { photographed } from "../support/camera.mjs";

/** Whose order it is, and who may scan it but not have it: refused as another person, once the code has been judged. */
const OWNER = { name: "erik", personalNumber: "197809232395" };
const STRANGER = "anna";

/** The server's clock when it has received the order: far from the browser's, which nothing may depend on. */
const RECEIVED_AT = Date.UTC(2030, 0, 1, 12);

export const startOrder = async (simulator, lane) => {
  const bankid = new BankIdClient(simulator.clientOptions({ lane: lane.name, plain: true }));
  const started = await bankid.auth({ endUserIp: "203.0.113.25", requirement: { personalNumber: OWNER.personalNumber } });
  await bankid.close();
  const key = qrKey(started);
  let second = 0;

  const pending = (hintCode = "outstandingTransaction", language = "sv") => ({
    status: "pending", hintCode, message: messageFor({ status: "pending", hintCode }, { language }).text,
    startUrl: startUrl(started), at: RECEIVED_AT + second * 1000,
  });

  return {
    /** What a page may have. */
    update: (more) => ({ ...pending(), qr: key.frame(second), ...more }),
    pending,
    text: () => key.frame(second),
    tokens: () => {
      const { qrStartToken, qrStartSecret } = started;
      return { qrStartToken, qrStartSecret, receivedAt: RECEIVED_AT, at: RECEIVED_AT + second * 1000 };
    },
    startUrl: startUrl(started),
    turn: async (seconds = 1) => {
      second += seconds;
      await lane.clock.advance(seconds * 1000);
    },
    /** Fails unless the picture is that of the code of this very second, which BankID takes. */
    accepts: async (png, what = "") => {
      const read = photographed(png);
      assert.equal(read, key.frame(second), `second ${second} ${what}`);
      await assert.rejects(lane.phone(STRANGER).scan(read), { code: "phoneRefused", reason: "otherPerson" });
      return read;
    },
    /** The owner does it, to the end. */
    complete: async (png) => {
      const owner = lane.phone(OWNER.name);
      await owner.scan(photographed(png));
      await owner.approve();
    },
  };
};
