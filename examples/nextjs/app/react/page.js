"use client";
// The login as a component. It is rendered on the server first, where the element is a tag like any other.

import "bankid-kit/browser";
import { useState } from "react";

/** Events are listened to by a ref: what the server has rendered has no listeners of its own. */
const whenComplete = (finish) => (login) => {
  login.addEventListener("complete", finish);
  return () => login.removeEventListener("complete", finish);
};

export default function Page() {
  const [name, setName] = useState();

  const finish = async ({ target }) => {
    const headers = { "content-type": "application/json" };
    const response = await fetch("/bankid/finish", { method: "POST", headers, body: JSON.stringify({ returned: location.hash }) });
    if (response.ok) setName((await response.json()).name);
    else target.fail();
  };

  return (
    <main>
      <h1>{name ? `Välkommen, ${name}` : "Logga in med BankID"}</h1>
      {!name && <bankid-login ref={whenComplete(finish)} start-action="/bankid/login" src="/bankid/events" cancel-action="/bankid/cancel" />}
    </main>
  );
}
