// What this package throws, and the one place where a native answer becomes an error.

/** Everything that this package throws or rejects with; `index.d.ts` says what its members mean. */
export class BankIdError extends Error {
  constructor(message, { code, details, status, member, retry = "never", completionData, cause }) {
    super(message, cause === undefined ? undefined : { cause });
    Object.assign(this, present({ code, details, status, member, retry }));
    // A person's data: not for loggers that print every member.
    if (completionData !== undefined) Object.defineProperty(this, "completionData", { value: completionData });
  }
}

Object.defineProperty(BankIdError.prototype, "name", { value: "BankIdError", configurable: true, writable: true });

/** The members that are there. */
export const present = (members) => Object.fromEntries(Object.entries(members).filter(([, value]) => value != null));

/** An argument that cannot be used, as data: what `settle` and `direct` make an error of. */
export const fault = (member, must) => ({ failed: true, code: "invalidArgument", message: `${member} must be ${must}`, member });

/**
 * Runs the native call named `call`. What it answers as failed, throws or rejects with becomes a `BankIdError`. Its stack is
 * made only then: engines know who awaits what, and to note the caller of each call would cost a fifth of it.
 */
export const settle = async (call, work) => {
  try {
    return accept(await work());
  } catch (cause) {
    const error = errorOf(call, cause);
    Error.captureStackTrace(error, settle);
    throw error;
  }
};

/** The same for a call that answers at once, to whoever called the public function `above`. */
export const direct = (call, above, work) => {
  try {
    return accept(work());
  } catch (cause) {
    const error = errorOf(call, cause);
    Error.captureStackTrace(error, above);
    throw error;
  }
};

const accept = (answer) => {
  if (answer?.failed === true) throw answer;
  return answer;
};

const errorOf = (call, cause) => {
  if (cause instanceof BankIdError) return cause;
  if (cause?.failed === true) {
    const { message, code, completionData, cause: reason, ...facts } = cause;
    const data = completionData == null ? undefined : JSON.parse(completionData);
    return new BankIdError(code === "invalidArgument" ? `${call}: ${message}` : message, { ...facts, code, completionData: data, cause: reason });
  }
  // Of napi's own errors, GenericFailure is a panic and the rest are bad arguments.
  const code = cause?.code === "GenericFailure" || cause?.code === undefined ? "internal" : "invalidArgument";
  return new BankIdError(`${call}: ${cause?.message ?? cause}`, { code, cause });
};
