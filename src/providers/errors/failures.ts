import { isRecord } from "../../base/isRecord.ts";
import { Failure, type FailureKind, type FailureRecord } from "../../contract/failure.ts";
import { headerOf, requestIdOf, retryAfterMs } from "../http/responseHeaders.ts";
import { ConnectTimeoutError, type ResponseHeaders } from "../http/transport.ts";
import { type Json, parseJson } from "../json.ts";
import { kindBySigns, kindOfError } from "./failureKinds.ts";
import type { Redaction } from "./redaction.ts";

/** The values that all failures of one call share. */
export type FailureContext = {
  readonly provider: string;
  /** Removes the key from every text of a failure. */
  readonly redaction: Redaction;
  /** The time in milliseconds since 1970, for a `Retry-After` that is a date. */
  readonly nowMs: number;
};

/** A failure with a message of ours, or with the provider's if it did not come in an error's body. */
export function failureOf(
  { provider, redaction }: FailureContext,
  kind: FailureKind,
  message: string,
  details: Omit<FailureRecord, "kind" | "provider" | "message"> = {},
): Failure {
  return new Failure({
    kind,
    provider,
    ...details,
    message: redactMessage(message, redaction),
    code: redactName(details.code, redaction),
    requestId: redactName(details.requestId, redaction),
  });
}

/** The failure for a response that is not a 2xx, whatever wire format its body has. */
export function failureOfResponse(
  context: FailureContext,
  status: number,
  headers: ResponseHeaders,
  bodyText: string,
): Failure {
  const fallback = fallbackMessage(status, headers, bodyText);
  if (status < 400) return failureOf(context, "malformed", fallback, { status });
  const body = parseJson(bodyText);
  const { codes, message } = readError(body);
  return failureOf(
    context,
    kindOfError({ status, codes, message: message || bodyText }),
    message || fallback,
    {
      status,
      code: codes[0],
      retryAfterMs: retryAfterMs(headers, body, context.nowMs),
      requestId: requestIdOf(headers),
    },
  );
}

/**
 * The failure for an error in a response whose status is a success: its kind follows from the error's own code or
 * status.
 */
export function failureOfErrorBody(context: FailureContext, error: unknown, requestId?: string): Failure {
  const { codes, message, status } = readError({ error });
  const signs = { status, codes, message };
  const kind = status === undefined ? (kindBySigns(signs) ?? "cut") : kindOfError(signs);
  const text = message || "the stream carried an error";
  return failureOf(context, kind, text, { status, code: codes[0], requestId });
}

/**
 * The failure for an error event in a stream. Overload and rate limits are a cut there, because the answer has begun:
 * it is resumed instead of being retried.
 */
export function failureOfErrorEvent(context: FailureContext, error: unknown, requestId?: string): Failure {
  const failure = failureOfErrorBody(context, error, requestId);
  const { kind } = failure.record;
  const isTransient = kind === "overloaded" || kind === "rate-limited";
  return isTransient ? new Failure({ ...failure.record, kind: "cut" }) : failure;
}

const RESET = /^(ECONNRESET|EPIPE|ECONNABORTED)$/;
const HTTP_VIOLATION = /^HPE_/;
/** Node's codes for certificates: https://nodejs.org/api/tls.html#x509-certificate-error-codes */
const CERTIFICATE =
  /^(ERR_TLS_CERT_|(DEPTH_ZERO_)?SELF_SIGNED_CERT|CERT_|CRL_|UNABLE_TO_(GET|DECRYPT|DECODE|VERIFY)_|ERROR_IN_(CERT|CRL)_|INVALID_(CA|PURPOSE)$|PATH_LENGTH_EXCEEDED$|HOSTNAME_MISMATCH$)/;
const ROOT_IS_MISSING =
  /^(UNABLE_TO_(GET_ISSUER_CERT|VERIFY_LEAF_SIGNATURE)|(DEPTH_ZERO_)?SELF_SIGNED_CERT|CERT_UNTRUSTED$)/;
const INVALID_REQUEST = /^ERR_(INVALID_(CHAR|URL|PROTOCOL|HTTP_TOKEN)|UNESCAPED_CHARACTERS)$/;

/** The failure for an error of the network. `hasHeaders`: the response had begun. */
export function failureOfNetworkError(context: FailureContext, error: Error, hasHeaders: boolean): Failure {
  if (error instanceof ConnectTimeoutError) {
    return failureOf(context, "timeout", error.message, { phase: "connect", notSent: true });
  }
  const code = "code" in error && typeof error.code === "string" ? error.code : undefined;
  // Node's AggregateError (every address of a name refused) has a code and no message.
  const message = error.message || (code ?? "the connection failed");
  if (hasHeaders) return failureOf(context, "cut", message, { code });
  if (code !== undefined && CERTIFICATE.test(code)) {
    return failureOf(context, "certificate", certificateMessage(code, message), { code });
  }
  if (code === "ETIMEDOUT") return failureOf(context, "timeout", message, { code, phase: "connect" });
  return failureOf(context, kindOfNetworkError(code, message), message, { code });
}

function certificateMessage(code: string, message: string): string {
  return ROOT_IS_MISSING.test(code)
    ? `the server's certificate is not trusted (${message}). If your organization's server or proxy has a root certificate of its own, set NODE_EXTRA_CA_CERTS to the file with it, and start this program again`
    : `the server's certificate is not valid (${message})`;
}

/** All other errors (refused, unknown name, no route) mean that the server is unreachable. */
function kindOfNetworkError(code: string | undefined, message: string): FailureKind {
  if (code === undefined) return /socket hang up/i.test(message) ? "overloaded" : "unreachable";
  if (RESET.test(code)) return "overloaded";
  if (HTTP_VIOLATION.test(code)) return "malformed";
  if (INVALID_REQUEST.test(code)) return "bad-request";
  return "unreachable";
}

/** An error's codes, message and status, in any of the providers' formats. */
function readError(body: unknown): {
  readonly codes: readonly string[];
  readonly message: string;
  readonly status: number | undefined;
} {
  // Google sends errors in an array.
  const outer = recordOf(Array.isArray(body) ? body[0] : body);
  const error = outer["error"];
  const inner = typeof error === "string" ? { message: error } : recordOf(error ?? outer);
  const details = recordOf(inner["details"]);
  const innerError = recordOf(inner["innererror"] ?? inner["inner_error"]);
  const found = [
    inner["code"],
    details["error_code"],
    innerError["code"],
    inner["status"],
    inner["type"],
    outer["code"],
    outer["type"],
  ];
  // Azure and Google send the status as the code.
  const codes = found.filter(
    (code) => typeof code === "string" && code !== "" && !/^(\d+|error)$/.test(code),
  );
  const numeric = Number(inner["code"]);
  return {
    codes: codes.map(String),
    message: messageOf(inner["message"] ?? outer["message"] ?? outer["detail"]),
    status: Number.isInteger(numeric) && numeric >= 400 && numeric < 600 ? numeric : undefined,
  };
}

/** The text of a message. Mistral and FastAPI send objects as messages. */
function messageOf(value: unknown): string {
  if (typeof value === "string") return value;
  return value === undefined || value === null ? "" : JSON.stringify(value);
}

function fallbackMessage(status: number, headers: ResponseHeaders, bodyText: string): string {
  if (status >= 300 && status < 400) {
    const location = headerOf(headers, "location") ?? "";
    const target = URL.canParse(location) ? new URL(location).origin : "another address";
    return `the server redirects to ${target}; redirects are not followed, so set that address as the provider's baseUrl`;
  }
  // An HTML page is no message.
  const text = /^\s*</.test(bodyText) ? "" : bodyText.trim();
  return text === "" ? `status ${status} without a message` : text;
}

function recordOf(value: unknown): Json {
  return isRecord(value) ? value : {};
}

const MAX_MESSAGE_CHARACTERS = 500;

const MAX_NAME_CHARACTERS = 200;

/** A message that can be shown and stored: without keys, on one line, at most 500 characters. */
function redactMessage(message: string, redaction: Redaction): string {
  // The key goes before the text is cut, which could leave a part of it.
  const redacted = redaction.redact(message.replaceAll(/\s+/g, " ").trim());
  return redacted.length <= MAX_MESSAGE_CHARACTERS
    ? redacted
    : `${redacted.slice(0, MAX_MESSAGE_CHARACTERS - 1)}…`;
}

/** A code or an identifier that a server chose. */
function redactName(name: string | undefined, redaction: Redaction): string | undefined {
  return name === undefined ? undefined : redaction.redact(name).slice(0, MAX_NAME_CHARACTERS);
}
