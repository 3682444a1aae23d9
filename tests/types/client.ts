// A backend in TypeScript.

import { BankIdClient, BankIdError, environments, toBrowser, type BrowserUpdate, type Collect, type Order, type OrderByNumber, type OrderUpdate } from "bankid-kit";

const identity = { pfx: new Uint8Array(), passphrase: "secret" };

export const login = async (show: (update: BrowserUpdate) => void): Promise<string | undefined> => {
  await using bankid = new BankIdClient({ environment: environments.test, identity });
  const order: Order = await bankid.auth({ endUserIp: "203.0.113.25", requirement: { pinCode: true } }, { signal: AbortSignal.timeout(1000) });
  await using updates = bankid.follow(order, { language: "sv", cancelWhenStopped: true });
  for await (const update of updates) {
    show(toBrowser(update));
    if (update.status === "complete") return update.completionData.user.personalNumber;
    if (update.status === "failed") return update.hintCode;
    const code: string | undefined = update.qr;
    void code;
  }
  return undefined;
};

export const judge = (answer: Collect): string => {
  switch (answer.status) {
    case "pending":
    case "failed":
      return answer.hintCode ?? "";
    case "complete":
      return answer.completionData.signature;
  }
};

export const why = (error: unknown): string => (error instanceof BankIdError ? `${error.code} ${error.retry} ${error.details ?? ""}` : "");

export const byPhone = async (bankid: BankIdClient): Promise<OrderUpdate[]> => {
  const order: OrderByNumber = await bankid.phoneAuth({ personalNumber: "191212121212", callInitiator: "RP" });
  const seen: OrderUpdate[] = [];
  for await (const update of bankid.follow(order)) seen.push(update);
  return seen;
};

export const misuse = async (bankid: BankIdClient): Promise<void> => {
  // @ts-expect-error: a signature is over a text
  await bankid.sign({ endUserIp: "203.0.113.25" });
  // @ts-expect-error: a misspelt requirement would let anybody in
  await bankid.auth({ endUserIp: "203.0.113.25", requirment: {} });
  // @ts-expect-error: phone orders have no address
  await bankid.phoneAuth({ personalNumber: "191212121212", callInitiator: "RP", endUserIp: "203.0.113.25" });
  // @ts-expect-error: an order by number has no code
  const code: string = (await bankid.phoneAuth({ personalNumber: "191212121212", callInitiator: "user" })).qrStartToken;
  // @ts-expect-error: a pfx is bytes, not a path
  new BankIdClient({ environment: environments.test, identity: { pfx: "rp.p12", passphrase: "x" } });
  void code;
};
