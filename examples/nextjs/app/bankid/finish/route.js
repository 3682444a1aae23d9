import { finish } from "../../../lib/orders.js";
import { currentSession } from "../../../lib/session.js";

export const POST = async (request) => {
  const { returned } = await request.json();
  const claimed = await finish((await currentSession()) ?? {}, returned);
  return claimed ? Response.json(claimed) : new Response(null, { status: 403 });
};
