/**
 * The elements as JSX of React 18 and 19: `import type {} from "bankid-kit/browser/react";`, once.
 *
 * React 19 sets properties and listens to events (`onComplete` of an element is `oncomplete`); React 18 sets attributes alone:
 * use a `ref` for the rest.
 */
import type { DetailedHTMLProps, HTMLAttributes } from "react";
import type { BankIdLogin, BankIdLoginEvents, BankIdQr, BankIdQrEvents } from "./index.js";

type Listeners<Events> = { [Name in keyof Events & string as `on${Name}`]?: (event: Events[Name]) => void };

type Properties<Element, Names extends keyof Element> = { [Name in Names]?: Element[Name] | undefined };

type Plain<Element> = Omit<DetailedHTMLProps<HTMLAttributes<Element>, Element>, "className"> & {
  class?: string | undefined;
  crossorigin?: "use-credentials" | undefined;
  exportparts?: string | undefined;
};

export type BankIdQrProps = Plain<BankIdQr> &
  Properties<BankIdQr, "src" | "update" | "text" | "path" | "tokens" | "hintCode" | "startUrl" | "drawer"> &
  Listeners<BankIdQrEvents> & { "hint-code"?: string | undefined; "start-url"?: string | undefined };

export type BankIdLoginProps = Plain<BankIdLogin> &
  Properties<BankIdLogin, "data" | "fetch" | "restarts"> &
  Listeners<BankIdLoginEvents> & { src?: string | undefined; "start-action"?: string | undefined; "cancel-action"?: string | undefined };

declare module "react" {
  namespace JSX {
    interface IntrinsicElements {
      "bankid-qr": BankIdQrProps;
      "bankid-login": BankIdLoginProps;
    }
  }
}
