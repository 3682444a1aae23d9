import { currentSession, endSession } from "../../lib/session.js";

export const GET = async () => {
  const { user, pending } = (await currentSession()) ?? {};
  const order = pending && { startMode: pending.startMode, complete: Boolean(pending.result) };
  return Response.json({ name: user?.name, pending: order }, { headers: { "cache-control": "no-store" } });
};

export const DELETE = async () => {
  await endSession();
  return new Response(null, { status: 204 });
};
