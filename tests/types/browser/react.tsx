// The elements as JSX; checked with the types of React 19, and of 18.

import type { BankIdLogin, BrowserUpdate } from "bankid-kit/browser";
import type {} from "bankid-kit/browser/react";
import { useRef } from "react";

export const Login = ({ update, text }: { update: BrowserUpdate; text: string }) => {
  const login = useRef<BankIdLogin>(null);
  return (
    <main>
      <bankid-login ref={login} class="wide" start-action="/start" src="/events" cancel-action="/cancel" oncomplete={({ detail }) => detail.status} />
      <bankid-qr update={update} style={{ inlineSize: "12rem" }} />
      <bankid-qr text={text} hint-code="noClient" start-url="bankid:///?autostarttoken=x" lang="en" />
    </main>
  );
};

// @ts-expect-error: an update is no text
export const wrong = <bankid-qr update="text" />;
// @ts-expect-error: there is no such attribute
export const misspelt = <bankid-login restart={4} />;
