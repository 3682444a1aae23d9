// What JavaScript may get wrong is found here, so that the error can name the argument. Each check gives its value back.

import { fault } from "./errors.js";

export const string = (member, value) => {
  if (typeof value !== "string") throw fault(member, "a string");
  return value;
};

export const object = (member, value) => {
  if (typeof value !== "object" || value === null || Array.isArray(value)) throw fault(member, "an object");
  return value;
};

export const boolean = (member, value) => {
  if (typeof value !== "boolean") throw fault(member, "true or false");
  return value;
};

/** A whole number that fits into 32 bits. */
export const count = (member, value, least = 0, most = 0xffff_ffff) => {
  if (!Number.isInteger(value) || value < least || value > most) throw fault(member, `a whole number from ${least} to ${most}`);
  return value;
};

/** A moment in Unix milliseconds. */
export const time = (member, value) => {
  if (!Number.isFinite(value)) throw fault(member, "a time in Unix milliseconds");
  return value;
};

export const bytes = (member, value) => {
  if (!(value instanceof Uint8Array)) throw fault(member, "a Uint8Array");
  return value;
};

/** Text or bytes, as bytes. */
export const textOrBytes = (member, value) => {
  if (typeof value === "string") return Buffer.from(value, "utf8");
  if (!(value instanceof Uint8Array)) throw fault(member, "a string or a Uint8Array");
  return value;
};

export const signal = (member, value) => {
  if (!(value instanceof AbortSignal)) throw fault(member, "an AbortSignal");
  return value;
};

/** The check, of a value that may be absent; `null` is none. */
export const optional = (check, member, value, ...more) => (value === undefined ? undefined : check(member, value, ...more));
