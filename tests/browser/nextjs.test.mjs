import { test } from "node:test";

import { mutualTls } from "./connection.mjs";
import { journeys } from "./journeys.mjs";

journeys("nextjs", mutualTls, ({ arriveAt, phone }) => {
  test("a login by a component that was rendered on the server", async () => {
    const person = await arriveAt("/react");
    await person.press("Mobilt BankID på en annan enhet");
    await phone().scan(await person.qr());
    await person.sees("Skriv in din säkerhetskod i BankID-appen och välj Identifiera eller Skriv under.");
    await phone().approve();
    await person.sees("Välkommen, Anna Testberg");
  });
});
