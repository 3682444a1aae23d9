import { answering, start } from "../../../lib/orders.js";
import { currentSession } from "../../../lib/session.js";

/** What is signed is for the backend to say, never for the page. */
const agreement = { sv: "Jag godkänner avtal 4711.", en: "I approve agreement 4711." };

export const POST = answering(async (request) => {
  const { user } = (await currentSession()) ?? {};
  if (!user) return new Response(null, { status: 403 });
  // Only who has logged in may sign.
  return start(request, "sign", ({ language }) => ({
    userVisibleData: language === "en" ? agreement.en : agreement.sv,
    requirement: { personalNumber: user.personalNumber },
  }));
});
