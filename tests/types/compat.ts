// `bankid-kit/compat` in place of `bankid`: what compiles with its declarations compiles with ours.

import type * as original from "bankid";
import type * as compat from "bankid-kit/compat";
import { BankIdClient, BankIdClientV6, BankIdError, BankIdErrorCode, QrGenerator, RequestError } from "bankid-kit/compat";

/** Fails to compile unless the first can be used where the second is expected. */
type Is<Given extends Promised, Promised> = Given;
type Taken<Call extends (...taken: never[]) => unknown> = Parameters<Call>[0];
type Given<Call extends (...taken: never[]) => unknown> = Awaited<ReturnType<Call>>;

export type Migration = [
  // What was passed can still be passed.
  Is<NonNullable<ConstructorParameters<typeof original.BankIdClient>[0]>, NonNullable<ConstructorParameters<typeof compat.BankIdClient>[0]>>,
  Is<Taken<original.BankIdClient["authenticate"]>, Taken<compat.BankIdClient["authenticate"]>>,
  Is<Taken<original.BankIdClient["sign"]>, Taken<compat.BankIdClient["sign"]>>,
  Is<Taken<original.BankIdClientV6["authenticate"]>, Taken<compat.BankIdClientV6["authenticate"]>>,
  Is<Taken<original.BankIdClientV6["sign"]>, Taken<compat.BankIdClientV6["sign"]>>,
  Is<Taken<original.BankIdClient["collect"]>, Taken<compat.BankIdClient["collect"]>>,
  Is<original.QrGeneratorCache, compat.QrGeneratorCache>,
  Is<original.QrGeneratorOptions, compat.QrGeneratorOptions>,
  Is<original.QrCacheEntry, compat.QrCacheEntry>,
  // What came back still comes back.
  Is<Given<compat.BankIdClient["authenticate"]>, Given<original.BankIdClient["authenticate"]>>,
  Is<Given<compat.BankIdClient["awaitPendingCollect"]>["orderRef"], string>,
  Is<compat.AuthResponse, original.AuthResponse>,
  Is<compat.BankIdError["details"], original.BankIdError["details"]>,
  Is<`${original.BankIdErrorCode}`, `${compat.BankIdErrorCode}`>,
  Is<`${original.BankIdMethod}`, `${compat.BankIdMethod}`>,
];

export const login = async (pfx: Buffer): Promise<string> => {
  const client = new BankIdClientV6({ production: false, pfx, passphrase: "x", qrOptions: { orderTTL: 30 } });
  const { orderRef, qr } = await client.authenticate({ endUserIp: "203.0.113.25", userVisibleData: "x", userVisibleDataFormat: "simpleMarkdownV1" });
  for await (const code of qr?.nextQr(orderRef, { maxCycles: 2 }) ?? []) console.log(code);
  try {
    const { completionData } = await client.awaitPendingCollect(orderRef);
    return completionData?.user.personalNumber ?? "";
  } catch (error) {
    if (error instanceof BankIdError && error.code === BankIdErrorCode.ALREADY_IN_PROGRESS) return error.details ?? "";
    if (error instanceof RequestError) return error.message;
    throw error;
  }
};

export const old = new BankIdClient({ production: false }).authenticateAndCollect({ endUserIp: "203.0.113.25", personalNumber: "191212121212" });
export const code: Promise<string | void> = QrGenerator.latestQrFromCache("x");

// @ts-expect-error: a text is needed to sign
new BankIdClient().sign({ endUserIp: "203.0.113.25" });
