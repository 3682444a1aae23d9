import { answering, stop } from "../../../lib/orders.js";
import { currentSession } from "../../../lib/session.js";

export const POST = answering(async () => stop(await currentSession()));
