import { join } from "node:path";

export default {
  // The package has a native addon, which Node loads by itself: it is not bundled.
  serverExternalPackages: ["bankid-kit"],
  // Only since the package is linked here from the folders above.
  turbopack: { root: join(import.meta.dirname, "..", "..") },
  rewrites: async () => [{ source: "/", destination: "/index.html" }],
};
