// One and the same script on the npm package `bankid` and on `bankid-kit/compat`, over every call, error and cache path:
// what comes out must be equal to the last member. Only what is random or a moment in time is left out of the comparison.

import assert from "node:assert/strict";
import { createRequire } from "node:module";
import { after, before, describe, test } from "node:test";

import * as compat from "bankid-kit/compat";
import { Simulator } from "bankid-kit/simulator";

const original = createRequire(import.meta.url)("bankid");

const IP = "203.0.113.25";
const NUMBER = "191212121212";

/** `bankid` keeps a timer for each QR code, which would hold the process. */
const PACE = { refreshInterval: 50, qrOptions: { orderTTL: 1 } };

/**
 * A lane of the simulator for each package, so that orders have the same neighbours in both; a lane's certificate is that
 * of the process, its tokens are not.
 */
const packages = [
  {
    name: "bankid",
    exports: original,
    // It writes BankID's address itself, so the address is changed where it keeps it.
    client: (Class, lane, options, base = rpUrl(lane)) => {
      const { ca, rp } = simulator.certificates;
      const client = new Class({ ca: Buffer.from(ca), pfx: rp.pfx, passphrase: rp.passphrase, ...PACE, ...options });
      client.axios.defaults.baseURL = `${base}${client.version}/`;
      return serial(client);
    },
  },
  {
    name: "bankid-kit/compat",
    exports: compat,
    client: (Class, lane, options, baseUrl = rpUrl(lane)) => {
      const { ca, rp } = simulator.certificates;
      return new Class({ ca: Buffer.from(ca), pfx: rp.pfx, passphrase: rp.passphrase, baseUrl, ...PACE, ...options });
    },
  },
];

/**
 * `bankid` collects on a timer whether or not the last answer has come, and a second collect under way takes what the first
 * one is answered. Where it awaits an order, it is given the answer under way instead.
 */
const serial = (client) => {
  const { collect, awaitPendingCollect } = client;
  client.awaitPendingCollect = function (orderRef) {
    let underWay;
    const patient = Object.create(client, {
      collect: { value: (parameters) => (underWay ??= collect.call(client, parameters).finally(() => (underWay = undefined))) },
    });
    return awaitPendingCollect.call(patient, orderRef);
  };
  return client;
};

let simulator;
const rpUrl = (lane) => `${new URL(simulator.https).origin}/l/${lane}/rp/`;

before(async () => {
  simulator = await Simulator.start({ scenario: "userSign, complete" });
  // The first completion of a process waits for its keys, and whoever collects on a timer must not be hurried meanwhile.
  await simulator.userRootPem();
  const client = packages[1].client(compat.BankIdClientV6, "keys", { refreshInterval: 20 });
  await client.authenticateAndCollect({ endUserIp: IP });
  await client.signAndCollect({ endUserIp: IP, userVisibleData: "x" });
});
after(() => simulator?.stop());

const UUID = /[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}/g;
const LONG = new Set(["signature", "ocspResponse"]);

/** A value as it is compared: tokens, signatures and codes by their form alone, errors by all that can be seen of them. */
const comparable = (value, key) => {
  if (typeof value === "string") {
    if (LONG.has(key)) return /^[A-Za-z0-9+/]{1000,}=*$/.test(value) ? "long base64" : value;
    return value.replace(UUID, "UUID").replace(/\.[0-9a-f]{64}$/, ".MAC");
  }
  if (value instanceof Error) {
    const { name, message, code, details } = value;
    return { error: value.constructor.name, name, message, code, details, members: Object.keys(value) };
  }
  if (Array.isArray(value)) return value.map((item) => comparable(item));
  if (value?.constructor?.name === "QrGenerator") return { QrGenerator: Object.keys(value).toSorted() };
  if (typeof value === "object" && value !== null) {
    return Object.fromEntries(Object.entries(value).map(([name, member]) => [name, comparable(member, name)]));
  }
  return typeof value === "function" ? "function" : value;
};

/** What a call comes to: whether it throws at once, rejects or resolves, and with what. */
const outcome = async (call) => {
  let promise;
  try {
    promise = call();
  } catch (thrown) {
    return { thrown: comparable(thrown) };
  }
  const isPromise = typeof promise?.then === "function";
  try {
    return { isPromise, resolved: comparable(await promise) };
  } catch (rejected) {
    return { isPromise, rejected: comparable(rejected) };
  }
};

let lanes = 0;

/**
 * Runs a script on both packages, each in a lane of its own, and compares what it gives. `expected` says one thing that
 * must be in it, so that two failures are no success.
 */
const same = async (script, expected) => {
  const number = (lanes += 1);
  const results = [];
  for (const { name, exports, client } of packages) {
    const lane = simulator.lane(`${name.replace("/", "-")}.${number}`);
    const make = (Class, ...rest) => client(exports[Class], lane.name, ...rest);
    results.push(await script({ exports, make, lane, v5: () => make("BankIdClient"), v6: (options) => make("BankIdClientV6", options) }));
  }
  assert.deepEqual(results[1], results[0]);
  assert.match(JSON.stringify(results[0]), expected);
};

describe("calls", { concurrency: true }, () => {
  const TEXTS = { userVisibleData: "Jag godk\u00e4nner", userNonVisibleData: "dolt" };

  test("v6: authenticate, collect to the end, and once more", () =>
    same(async ({ v6 }) => {
      const client = v6();
      const order = await client.authenticate({ endUserIp: IP, ...TEXTS, userVisibleDataFormat: "simpleMarkdownV1", requirement: { personalNumber: NUMBER, pinCode: true } });
      const answers = [comparable(order)];
      for (let call = 0; call < 3; call += 1) answers.push(await outcome(() => client.collect({ orderRef: order.orderRef })));
      return answers;
    }, /"status":"complete".*Tolvan.*No such order/));

  test("v5: authenticate, collect to the end, and once more", () =>
    same(async ({ v5 }) => {
      const client = v5();
      const order = await client.authenticate({ endUserIp: IP, personalNumber: NUMBER, ...TEXTS });
      const answers = [comparable(order)];
      for (let call = 0; call < 3; call += 1) answers.push(await outcome(() => client.collect({ orderRef: order.orderRef })));
      return answers.map((answer) => JSON.parse(JSON.stringify(answer).replace(/\d{13}/g, "TIME")));
    }, /notBefore.*No such order/));

  for (const version of ["v5", "v6"]) {
    test(`${version}: what is sent is what was asked for`, () =>
      same(async ({ lane, [version]: make }) => {
        await make().sign({ endUserIp: IP, ...TEXTS, userVisibleDataFormat: "simpleMarkdownV1" });
        await make().sign({ endUserIp: IP, userVisibleData: "\u{1F600}\r\n" });
        await make().authenticate({ endUserIp: IP, requirement: { certificatePolicies: ["1.2.3.4.25"] } });
        return comparable((await lane.orders()).map(({ operation, version: spoken, request }) => ({ operation, spoken, request })));
      }, /Jag godk/));

    test(`${version}: sign and authenticate with collecting`, () =>
      same(async ({ [version]: make }) => {
        const client = make();
        return [
          await outcome(() => client.authenticateAndCollect({ endUserIp: IP })),
          await outcome(() => client.signAndCollect({ endUserIp: IP, ...TEXTS })),
        ].map((answer) => JSON.parse(JSON.stringify(answer).replace(/\d{13}/g, "TIME")));
      }, /complete.*complete/));

    test(`${version}: cancel, and what is left of the order`, () =>
      same(async ({ [version]: make }) => {
        const client = make();
        const { orderRef } = await client.authenticate({ endUserIp: IP });
        return [
          await outcome(() => client.cancel({ orderRef })),
          await outcome(() => client.cancel({ orderRef })),
          await outcome(() => client.collect({ orderRef })),
          await outcome(() => client.awaitPendingCollect(orderRef)),
        ];
      }, /No such order/));

    test(`${version}: a failed order rejects with BankID's answer`, () =>
      same(async ({ lane, [version]: make }) => {
        const client = make();
        const answers = [];
        for (const scenario of ["userCancel", "failed:somethingNew", "userSign, cancelled"]) {
          await lane.next(scenario);
          const { orderRef } = await client.authenticate({ endUserIp: IP });
          answers.push(await outcome(() => client.awaitPendingCollect(orderRef)));
          await lane.next(scenario);
          answers.push(await outcome(() => client.signAndCollect({ endUserIp: IP, userVisibleData: "x" })));
        }
        return answers;
      }, /userCancel.*somethingNew.*cancelled/));

    test(`${version}: somebody else cancels while it is awaited`, () =>
      same(async ({ [version]: make }) => {
        const client = make();
        const { orderRef } = await client.authenticate({ endUserIp: IP });
        const awaited = outcome(() => client.awaitPendingCollect(orderRef));
        await client.cancel({ orderRef });
        return awaited;
      }, /No such order/));
  }
});

describe("refusals", { concurrency: true }, () => {
  const BAD = [
    { endUserIp: "not an address" },
    { endUserIp: 7 },
    { endUserIp: IP, requirement: { cardReader: "class9" } },
    { endUserIp: IP, requirement: { pinCode: "yes" } },
    { endUserIp: IP, requirement: { personalNumber: "1212121212" } },
    { endUserIp: IP, personalNumber: "19121212121" },
    { endUserIp: IP, userVisibleData: "# x\n\n- a", userVisibleDataFormat: "simpleMarkdownV1" },
    { endUserIp: IP, userVisibleData: "x".repeat(60_000) },
    { endUserIp: IP, returnUrl: "x".repeat(600) },
    { endUserIp: IP, unknown: { member: [1, null] } },
  ];
  const MISSING = [undefined, null, {}, { endUserIp: "" }, { userVisibleData: "x" }, { endUserIp: IP, userVisibleData: "" },
    { endUserIp: IP, userVisibleData: "x", userVisibleDataFormat: "plaintext" }, { endUserIp: IP, userVisibleData: "x", userVisibleDataFormat: null }];

  for (const version of ["v5", "v6"]) {
    test(`${version}: what BankID refuses has its code and details`, () =>
      same(async ({ [version]: make }) => {
        const client = make();
        const answers = [];
        for (const bad of BAD) {
          answers.push(await outcome(() => client.authenticate(bad)));
          answers.push(await outcome(() => client.sign({ userVisibleData: "x", ...bad })));
        }
        for (const bad of [{}, { orderRef: "x" }, { orderRef: 7 }, { orderRef: null }, null, [], "x"]) {
          answers.push(await outcome(() => client.collect(bad)), await outcome(() => client.cancel(bad)));
        }
        return answers;
      }, /invalidParameters/));

    test(`${version}: what is missing is said at once, or by the promise`, () =>
      same(async ({ [version]: make }) => {
        const client = make();
        const answers = [];
        for (const missing of MISSING) {
          for (const call of ["authenticate", "sign", "authenticateAndCollect", "signAndCollect"]) {
            answers.push(await outcome(() => client[call](missing)));
          }
        }
        return answers;
      }, /Missing required argument endUserIp\..*Missing required arguments: endUserIp, userVisibleData\..*can only be simpleMarkdownV1/));

    test(`${version}: two orders for one person`, () =>
      same(async ({ [version]: make }) => {
        const client = make();
        const person = version === "v5" ? { personalNumber: NUMBER } : { requirement: { personalNumber: NUMBER } };
        const first = await client.authenticate({ endUserIp: IP, ...person });
        return [
          await outcome(() => client.authenticate({ endUserIp: IP, ...person })),
          await outcome(() => client.collect({ orderRef: first.orderRef })),
        ];
      }, /alreadyInProgress.*cancelled/));

    test(`${version}: every error of BankID, new ones, pages and broken connections`, () =>
      same(async ({ lane, [version]: make }) => {
        const client = make();
        const { orderRef } = await client.authenticate({ endUserIp: IP });
        const calls = {
          auth: () => client.authenticate({ endUserIp: IP }),
          sign: () => client.sign({ endUserIp: IP, userVisibleData: "x" }),
          collect: () => client.collect({ orderRef }),
          cancel: () => client.cancel({ orderRef }),
        };
        const errors = ["alreadyInProgress", "invalidParameters", "unauthorized", "notFound", "methodNotAllowed", "requestTimeout",
          "unsupportedMediaType", "internalError", "maintenance", "other:brandNew", "html:maintenance", "html:notFound", "hangUp"];
        const answers = [];
        for (const error of errors) {
          for (const [operation, call] of Object.entries(calls)) {
            await lane.next({ error, operations: [operation] });
            answers.push([error, operation, await outcome(call)]);
          }
          if (error === "maintenance" || error === "hangUp") {
            await lane.next({ error, operations: ["collect"] });
            answers.push([error, "await", await outcome(() => client.awaitPendingCollect(orderRef))]);
          }
        }
        return answers;
      }, /brandNew.*BANKID_NO_RESPONSE/));
  }

  test("a server that is not there, and one that is not to be trusted", () =>
    same(async ({ make }) => {
      const answers = [];
      for (const version of ["BankIdClient", "BankIdClientV6"]) {
        const nowhere = make(version, {}, "https://127.0.0.1:1/rp/");
        const untrusted = make(version, { ca: Buffer.from(await simulator.userRootPem()) });
        for (const client of [nowhere, untrusted]) {
          answers.push(await outcome(() => client.authenticate({ endUserIp: IP })), await outcome(() => client.awaitPendingCollect("x")));
        }
      }
      return answers;
    }, /BANKID_NO_RESPONSE/));
});

describe("QR codes", () => {
  const KEPT = { orderRef: "kept", qrStartToken: "67df3917-fa0d-44e5-b327-edcc928297f8", qrStartSecret: "d28db9a7-4cde-429e-a983-359be676944c" };

  /** A cache that notes how it is used. */
  const noting = () => {
    const entries = new Map();
    const calls = [];
    const note = (name, key, value) => calls.push([name, key, value && Object.keys(value)]);
    return {
      calls,
      entries,
      get: async (key) => (note("get", key), entries.get(key)),
      set: async (key, value) => (note("set", key, value), void entries.set(key, value)),
      delete: async (key) => (note("delete", key), entries.delete(key)),
    };
  };

  const all = async (codes, limit = 5) => {
    const seen = [];
    for await (const code of codes) if (seen.push(code) === limit) break;
    return seen;
  };

  test("the codes are the same to the last digit", async (t) => {
    t.mock.timers.enable({ apis: ["Date"], now: 1_800_000_000_000 });
    const at = (seconds) => ({ startTime: Date.now() - seconds * 1000 - 300, ...KEPT });
    const codes = async ({ exports: { QrGenerator } }) => {
      const cache = noting();
      const seen = [];
      for (const seconds of [0, 1, 2, 29, 59, 60, 61]) {
        cache.entries.set("kept", at(seconds));
        seen.push(await QrGenerator.latestQrFromCache("kept", cache));
        seen.push(await all(new QrGenerator(null, { customCache: cache }).nextQr("kept")));
        seen.push(await all(new QrGenerator(null, { customCache: cache }).nextQr("kept", { timeout: 2 })));
        seen.push(await all(new QrGenerator(null, { customCache: cache }).nextQr("kept", { maxCycles: 3, timeout: 30 })));
        seen.push(await all(new QrGenerator(null, { customCache: cache }).nextQr("kept", {})));
      }
      return [seen, cache.calls];
    };
    assert.deepEqual(await codes(packages[1]), await codes(packages[0]));
    const [[first]] = await codes(packages[1]);
    assert.equal(first, "bankid.67df3917-fa0d-44e5-b327-edcc928297f8.0.dc69358e712458a66a7525beef148ae8526b1c71610eff2c16cdffb4cdac9bf8");
  });

  test("orders bring their generator, and put their tokens into its cache", async (t) => {
    t.mock.timers.enable({ apis: ["setTimeout", "Date"], now: Date.now() });
    await same(async ({ exports: { QrGenerator }, v6 }) => {
      const cache = noting();
      const order = await v6({ qrOptions: { customCache: cache } }).authenticate({ endUserIp: IP });
      const plain = await v6({ qrOptions: { orderTTL: 1 } }).sign({ endUserIp: IP, userVisibleData: "x" });
      const without = await v6({ qrEnabled: false }).authenticate({ endUserIp: IP });
      return [
        order.qr.orderRef === order.orderRef,
        comparable(await all(order.qr.nextQr(order.orderRef, { maxCycles: 2 }))),
        comparable(await QrGenerator.latestQrFromCache(order.orderRef, cache)),
        comparable(cache.calls),
        comparable(await QrGenerator.latestQrFromCache(plain.orderRef)),
        comparable(await all(plain.qr.nextQr(plain.orderRef))),
        await all(plain.qr.nextQr("another")),
        await outcome(() => QrGenerator.latestQrFromCache(order.orderRef)),
        Object.keys(without),
        without.qr,
      ];
    }, /bankid\.UUID\.0\.MAC/);
  });

  test("tokens are forgotten after their time, from whichever cache", async (t) => {
    t.mock.timers.enable({ apis: ["setTimeout", "Date"], now: 1_800_000_000_000 });
    const forgotten = async ({ QrGenerator }) => {
      const seen = [QrGenerator.defaultOptions];
      const generator = new QrGenerator(KEPT);
      const unused = new QrGenerator(null);
      const short = new QrGenerator({ ...KEPT, orderRef: "short" }, { orderTTL: 2 });
      const customCache = noting();
      const custom = new QrGenerator(KEPT, { customCache, orderTTL: 3 });
      for (const seconds of [0, 2, 1, 58, 1]) {
        t.mock.timers.tick(seconds * 1000);
        for (const [which, ref] of [[generator, "kept"], [short, "short"], [custom, "kept"], [unused, "kept"]]) {
          seen.push((await all(which.nextQr(ref, { maxCycles: 1 }))).length);
        }
      }
      return [seen, customCache.calls, [generator, unused, short].map(({ orderRef }) => orderRef)];
    };
    assert.deepEqual(await forgotten(compat), await forgotten(original));
  });

  test("a cache that fails fails the caller, and no other", () =>
    same(async ({ exports: { QrGenerator } }) => {
      const customCache = { ...noting(), get: async () => Promise.reject(new Error("no cache today")) };
      return [
        await outcome(() => QrGenerator.latestQrFromCache("x", customCache)),
        await outcome(() => new QrGenerator(null, { customCache }).nextQr("x").next()),
      ];
    }, /no cache today/));
});

describe("construction", () => {
  test("exports and constants", () => {
    for (const name of Object.keys(original).filter((name) => name !== "__esModule")) {
      if (typeof original[name] === "function") assert.equal(compat[name].name, name);
      else assert.deepEqual({ ...compat[name] }, { ...original[name] }, name);
    }
    assert.deepEqual(Object.keys(compat).toSorted(), Object.keys(original).filter((name) => name !== "__esModule").toSorted());
  });

  test("errors as they can be made by hand", () => {
    for (const make of [
      ({ BankIdError }) => new BankIdError("notFound"),
      ({ BankIdError }) => new BankIdError("notFound", "details"),
      ({ RequestError }) => new RequestError(),
      ({ RequestError }) => new RequestError({ some: "request" }),
    ]) {
      const [one, other] = [make(original), make(compat)];
      assert.deepEqual({ ...comparable(other), ...other, string: String(other) }, { ...comparable(one), ...one, string: String(one) });
      assert.ok(other instanceof Error);
    }
  });

  test("options and version", () =>
    same(async ({ make, exports }) => {
      const seen = [];
      for (const Class of ["BankIdClient", "BankIdClientV6"]) {
        for (const options of [{ qrOptions: undefined }, { refreshInterval: 7 }, { refreshInterval: undefined }, { production: true }, { passphrase: undefined }, { qrEnabled: false, qrOptions: { orderTTL: 1 } }]) {
          const client = make(Class, options);
          const { baseUrl, ...rest } = client.options;
          seen.push([client.version, Object.entries(rest).map(([name, value]) => [name, Buffer.isBuffer(value) ? "bytes" : value]), client instanceof exports.BankIdClient]);
        }
      }
      return seen;
    }, /v5\.1.*v6\.0.*orderTTL/));

  test("what is refused in the constructor", () =>
    same(async ({ exports }) => {
      const seen = [];
      for (const Class of [exports.BankIdClient, exports.BankIdClientV6]) {
        for (const options of [{ production: true }, { production: true, pfx: Buffer.of(1) }, { production: true, passphrase: "x" }, { pfx: "/no/such.p12", ca: Buffer.of(1) }, { pfx: Buffer.of(1), ca: "/no/such.pem" }]) {
          seen.push(await outcome(() => Promise.resolve(new Class(options))));
        }
      }
      return seen;
    }, /requires the pfx and passphrase.*ENOENT/));
});

describe("what `bankid` cannot do", () => {
  const options = (given) => ({ ca: Buffer.from(simulator.certificates.ca), baseUrl: rpUrl("own"), ...given });

  test("legacy PKCS#12 opens", async () => {
    const { legacyPfx: pfx, passphrase } = simulator.certificates.rp;
    const client = new compat.BankIdClientV6(options({ pfx, passphrase, ...PACE }));
    assert.equal((await client.authenticateAndCollect({ endUserIp: IP })).status, "complete");
  });

  test("a file that does not open rejects the calls, with its reason", async () => {
    const { pfx } = simulator.certificates.rp;
    const client = new compat.BankIdClient(options({ pfx, passphrase: "wrong" }));
    await assert.rejects(client.authenticate({ endUserIp: IP }), { name: "Error", code: "wrongPassphrase" });
    assert.throws(() => new compat.BankIdClient(), /pfx is required in test mode/);
  });

  test("a failed request has its cause", async () => {
    const { pfx, passphrase } = simulator.certificates.rp;
    const client = new compat.BankIdClientV6(options({ pfx, passphrase, baseUrl: "https://127.0.0.1:1/rp" }));
    await assert.rejects(client.collect({ orderRef: "x" }), (error) => {
      assert.deepEqual([error.request, error.cause.code], [{ method: "POST", path: "v6.0/collect" }, "connectionFailed"]);
      return true;
    });
  });
});
