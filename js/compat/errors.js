// What the compatible clients reject with. Members are set as `bankid` sets them, so that comparing and printing agree.

export const BankIdErrorCode = Object.freeze({
  ALREADY_IN_PROGRESS: "alreadyInProgress",
  INVALID_PARAMETERS: "invalidParameters",
  UNAUTHORIZED: "unauthorized",
  NOT_FOUND: "notFound",
  METHOD_NOT_ALLOWED: "methodNotAllowed",
  REQUEST_TIMEOUT: "requestTimeout",
  UNSUPPORTED_MEDIA_TYPE: "unsupportedMediaType",
  INTERNAL_ERROR: "internalError",
  MAINTENANCE: "maintenance",
});

export const REQUEST_FAILED_ERROR = "BANKID_NO_RESPONSE";

export class BankIdError extends Error {
  constructor(code, details) {
    super(code);
    this.name = "BankIdError";
    this.code = code;
    this.details = details;
  }
}

export class RequestError extends Error {
  constructor(request, cause) {
    super(REQUEST_FAILED_ERROR, cause === undefined ? undefined : { cause });
    this.name = "RequestError";
    this.request = request;
  }
}
