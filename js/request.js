// A request as BankID takes it: texts in base64, and the rest as it is. Core checks all of it.

import { object, string, textOrBytes } from "./arguments.js";
import { fault } from "./errors.js";

/** The longest `userAgent` that BankID takes, in characters (2.4). */
const USER_AGENT_MAX = 256;

export const requestJson = (request) => {
  const { userVisibleDataEncoding, userNonVisibleDataEncoding, ...members } = object("request", request);
  const { userVisibleData, userNonVisibleData, web } = members;
  if (userVisibleData != null) {
    members.userVisibleData = encoded("userVisibleData", string("userVisibleData", userVisibleData), userVisibleDataEncoding);
  }
  if (userNonVisibleData != null) {
    members.userNonVisibleData = encoded("userNonVisibleData", userNonVisibleData, userNonVisibleDataEncoding);
  }
  if (typeof web?.userAgent === "string") members.web = { ...web, userAgent: cut(web.userAgent) };
  return JSON.stringify(members);
};

const encoded = (member, value, encoding = "text") => {
  if (encoding === "base64") return string(member, value);
  if (encoding !== "text") throw fault(`${member}Encoding`, "text or base64");
  return Buffer.from(textOrBytes(member, value)).toString("base64");
};

const cut = (userAgent) => (userAgent.length <= USER_AGENT_MAX ? userAgent : [...userAgent].slice(0, USER_AGENT_MAX).join(""));
