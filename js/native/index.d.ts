/** The addon: what `binding.d.ts` declares, which the build writes. */
import * as native from "./binding.js";

export default native;
