// What a caller's `AbortSignal` ends.

import native from "./native/index.js";

/** Makes a native call that the signal ends, if there is one: `call` gets what the addon takes for it. */
export const stoppable = async (signal, call) => {
  if (signal === undefined) return call(undefined);
  const stop = new native.Stop();
  const tell = () => stop.stop();
  if (signal.aborted) tell();
  signal.addEventListener("abort", tell, { once: true });
  try {
    return await call(stop);
  } finally {
    signal.removeEventListener("abort", tell);
  }
};
