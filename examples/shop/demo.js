// For demonstrations at the simulator: what the pretend customer does next, and a phone, to be the customer oneself.

const refusal = (status, code) => Object.assign(new Error(code), { status, code });

/** What the phone can do, and what it needs for that. */
const PHONE = { scan: ({ qr }) => ({ qr }), open: ({ url }) => ({ url }), approve: () => ({}), cancel: () => ({}) };

/** Routes for the page, by the simulator at this address. */
export const demoRoutes = (simulator) => {
  const control = async (method, path, body) => {
    const json = body && { headers: { "content-type": "application/json" }, body: JSON.stringify(body) };
    const response = await fetch(new URL(`/_simulator/v1/lanes/default/${path}`, simulator), { method, ...json });
    if (!response.ok) throw refusal(409, "refused");
  };
  return {
    "POST /demo/next": async (session, { scenario }) => {
      await control("DELETE", "queue");
      await control("POST", "queue", { scenario: String(scenario) });
    },
    // Whoever has logged in signs too.
    "POST /demo/phone": async ({ user }, { action, ...given }) => {
      if (!Object.hasOwn(PHONE, action)) throw refusal(400, "noSuchAction");
      await control("POST", `phone/${action}`, { persona: user?.personalNumber ?? "anna", ...PHONE[action](given) });
    },
  };
};
