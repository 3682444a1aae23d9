import { events } from "../../../lib/orders.js";
import { currentSession } from "../../../lib/session.js";

export const GET = async (request) => {
  const session = await currentSession();
  if (!session?.pending) return new Response(null, { status: 204 }); // the browser does not ask again
  const headers = { "content-type": "text/event-stream", "cache-control": "no-store", "x-accel-buffering": "no" };
  return new Response(ReadableStream.from(events(session, request.signal)).pipeThrough(new TextEncoderStream()), { headers });
};
