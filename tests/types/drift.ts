// What the addon exports, as the build declares it, against the declarations that are written by hand. `js/` passes these
// on as they are, so that each must be assignable to what users are told.

import type * as api from "bankid-kit";
import type * as native from "../../js/native/binding.js";

/** Fails to compile unless the first is all that the second promises. */
type Is<Given extends Promised, Promised> = Given;

export type Answers = [
  Is<native.QrFault, api.QrFault>,
  Is<Exclude<ReturnType<typeof native.drawQr>, native.Failure>, { path: string; size: number }>,
  Is<native.DetectedBrowser, api.Browser>,
  Is<native.UserMessage, api.Message>,
  Is<native.PersonalNumberFacts, api.PersonalNumberFacts>,
  Is<native.MarkdownFault, api.MarkdownFault>,
  Is<native.Failure["retry"], api.Retry>,
  Is<api.Retry, native.Failure["retry"]>,
  Is<NonNullable<ReturnType<typeof native.personalNumber>>, api.PersonalNumberFacts>,
  Is<Exclude<NonNullable<ReturnType<typeof native.messageFor>>, native.Failure>, api.Message>,
  Is<Exclude<ReturnType<typeof native.startUrl>, native.Failure>, string>,
];

/** The addon counts in milliseconds what users get as dates. */
type Dated<Facts> = Omit<Facts, "notBeforeMs" | "notAfterMs"> & { notBefore: Date; notAfter: Date };

export type ClientAnswers = [
  Is<Dated<native.CertificateFacts>, Omit<api.IdentityFacts, "displayName">>,
  Is<{ [name in keyof native.Environments]: api.Environment }, typeof api.environments>,
  Is<keyof native.Environments, keyof typeof api.environments>,
  // Every number among the settings is one of the addon's.
  Is<Exclude<keyof api.BankIdClientOptions, "environment" | "identity">, keyof native.ClientOptions>,
  Is<Exclude<keyof native.ClientOptions, "baseUrl" | "ca" | "identity">, keyof api.BankIdClientOptions>,
  Is<Exclude<keyof api.FollowOptions, "signal">, keyof native.FollowArguments>,
  Is<keyof native.Failure, keyof api.BankIdError | "failed">,
];
