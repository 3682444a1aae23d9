// How an example is told where the simulator is, in its environment alone.

import { writeFileSync } from "node:fs";
import { join } from "node:path";

/** Over plain HTTP one URL is all. */
export const plain = (simulator, lane) =>
  ({ BANKID_URL: simulator.clientOptions({ lane, plain: true }).environment.baseUrl });

/** As with BankID: mutual TLS, an authority to trust, and a PKCS#12 file as banks hand them out. */
export const mutualTls = (simulator, lane, folder) => {
  const { ca, rp } = simulator.certificates;
  const file = (name, content) => {
    const path = join(folder, name);
    writeFileSync(path, content, { mode: 0o600 });
    return path;
  };
  return {
    BANKID_URL: simulator.clientOptions({ lane }).environment.baseUrl,
    BANKID_CA: file("ca.pem", ca),
    BANKID_PFX: file("rp.p12", rp.legacyPfx),
    BANKID_PASSPHRASE: rp.passphrase,
  };
};
