// Texts for users and of users: recommended messages (9), personal numbers (13.1), simpleMarkdownV1 (13.3).

import { object, optional, string } from "./arguments.js";
import { BankIdError, direct } from "./errors.js";
import native from "./native/index.js";

export const messageFor = (event, options = {}) =>
  direct("messageFor", messageFor, () => {
    // The `status` of an error is HTTP's.
    const { status, hintCode, errorCode } = event instanceof BankIdError ? { errorCode: event.code } : object("event", event);
    const { language, device, startMode } = object("options", options);
    const given = {
      status: optional(string, "status", status),
      hintCode: optional(string, "hintCode", hintCode),
      errorCode: optional(string, "errorCode", errorCode),
      language: optional(string, "language", language),
      device: optional(string, "device", device),
      startMode: optional(string, "startMode", startMode),
    };
    return native.messageFor(given) ?? undefined;
  });

export const message = (id, language) =>
  direct("message", message, () => native.message(string("id", id), optional(string, "language", language)));

export const personalNumber = (text) =>
  direct("personalNumber", personalNumber, () => native.personalNumber(string("text", text)) ?? undefined);

export const checkMarkdown = (text) =>
  direct("checkMarkdown", checkMarkdown, () => native.checkMarkdown(string("text", text)) ?? undefined);

export const previewMarkdown = (text) =>
  JSON.parse(direct("previewMarkdown", previewMarkdown, () => native.previewMarkdown(string("text", text))));
