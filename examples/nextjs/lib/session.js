// Sessions in memory, by a cookie that scripts cannot read. A site uses the session store that it has.

import { randomBytes } from "node:crypto";

import { cookies } from "next/headers";

const LIFETIME_S = 30 * 60;

// Each route is bundled for itself: what they share hangs on globalThis.
const sessions = (globalThis.sessions ??= new Map());

export const currentSession = async () => sessions.get((await cookies()).get("session")?.value);

/** A session with an id of its own, in the place of the one there is. */
export const newSession = async (content) => {
  await endSession();
  const id = randomBytes(32).toString("base64url");
  sessions.set(id, content);
  setTimeout(() => sessions.delete(id), LIFETIME_S * 1000).unref();
  const secure = process.env.ORIGIN?.startsWith("https:") ?? false;
  (await cookies()).set("session", id, { httpOnly: true, sameSite: "lax", secure, path: "/", maxAge: LIFETIME_S });
  return content;
};

export const endSession = async () => {
  const jar = await cookies();
  sessions.delete(jar.get("session")?.value);
  jar.delete("session");
};
