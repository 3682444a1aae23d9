import { answering, start } from "../../../lib/orders.js";

export const POST = answering((request) => start(request, "auth", () => ({})));
