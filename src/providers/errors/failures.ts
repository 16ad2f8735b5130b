import { STATUS_CODES } from "node:http";
import { networkInterfaces } from "node:os";
import { Failure, type FailureKind, type FailureRecord } from "../../contract/failure.ts";
import { headerOf, requestIdOf } from "../http/responseHeaders.ts";
import { ConnectTimeoutError, type ResponseHeaders } from "../http/transport/transport.ts";
import { parseJson } from "../json.ts";
import { type ErrorDetails, readErrorBody } from "./errorBody.ts";
import {
  kindBySigns,
  kindOfError,
  lackingCapability,
  MAX_WORDS_CHARACTERS,
  quotaScope,
} from "./failureKinds.ts";
import type { Redaction } from "./redaction.ts";
import { readRefusedSize } from "./refusedSize.ts";
import { retryAfterMs } from "./retryAfter.ts";

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
    fields: details.fields?.map((field) => redactName(field, redaction) ?? ""),
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
  const body = parseJson(bodyText) ?? (isHtml(bodyText) ? undefined : bodyText);
  const error = readErrorBody(body);
  // A proxy's status is less specific than that of the server behind it.
  const signs = { ...error, status: status >= 500 ? (error.status ?? status) : status };
  return failureOfError(
    context,
    kindOfError(signs),
    { ...error, message: error.message || fallback },
    {
      status,
      retryAfterMs: retryAfterMs(headers, body, error.message.slice(0, MAX_WORDS_CHARACTERS), context.nowMs),
      requestId: requestIdOf(headers),
    },
  );
}

/**
 * The failure for an error in a response whose status is a success: its kind follows from the error's own code or
 * status.
 */
export function failureOfErrorBody(context: FailureContext, error: unknown, requestId?: string): Failure {
  const read = readErrorBody({ error });
  const { status } = read;
  const kind = status === undefined ? (kindBySigns(read) ?? "cut") : kindOfError(read);
  const message = read.message || "the stream carried an error";
  const waitMs = retryAfterMs({}, error, message.slice(0, MAX_WORDS_CHARACTERS), context.nowMs);
  return failureOfError(context, kind, { ...read, message }, { status, retryAfterMs: waitMs, requestId });
}

/** The failure for an error that was read, with the details that its kind has. */
function failureOfError(
  context: FailureContext,
  kind: FailureKind,
  { message, codes, fields }: ErrorDetails,
  { retryAfterMs, ...more }: Pick<FailureRecord, "status" | "retryAfterMs" | "requestId">,
): Failure {
  const details = { ...more, code: codes[0] };
  const words = message.slice(0, MAX_WORDS_CHARACTERS);
  switch (kind) {
    case "rate-limited":
      return failureOf(context, kind, message, { ...details, retryAfterMs });
    case "quota":
      return failureOf(context, kind, message, { ...details, retryAfterMs, scope: quotaScope(words) });
    case "context-length":
    case "too-large":
      return failureOf(context, kind, message, { ...details, size: readRefusedSize(words) });
    case "capability":
      return failureOf(context, kind, message, { ...details, capability: lackingCapability(words) });
    case "bad-request":
      return failureOf(context, kind, message, {
        ...details,
        fields: fields.length > 0 ? fields : undefined,
      });
    default:
      return failureOf(context, kind, message, details);
  }
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
  const isOffline = code !== undefined && hasNoNetwork(code) ? true : undefined;
  return failureOf(context, kindOfNetworkError(code, message), message, { code, isOffline });
}

/** Codes of the system for a machine without a network: no route, or no server that resolves names. */
const NO_NETWORK = /^(EAI_AGAIN|ENETUNREACH|ENETDOWN)$/;

/** Whether an error shows that this machine has no network. Some systems do not know a name then. */
function hasNoNetwork(code: string): boolean {
  if (NO_NETWORK.test(code)) return true;
  if (code !== "ENOTFOUND") return false;
  return !Object.values(networkInterfaces()).some((addresses) =>
    addresses?.some(({ internal }) => !internal),
  );
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

function fallbackMessage(status: number, headers: ResponseHeaders, bodyText: string): string {
  if (status >= 300 && status < 400) {
    const location = headerOf(headers, "location") ?? "";
    const target = URL.canParse(location) ? new URL(location).origin : "another address";
    return `the server redirects to ${target}; redirects are not followed, so set that address as the provider's baseUrl`;
  }
  const text = isHtml(bodyText) ? "" : bodyText.trim();
  return text === "" ? `${[status, STATUS_CODES[status]].join(" ").trim()}, no details` : text;
}

/** An HTML page is no message. */
function isHtml(bodyText: string): boolean {
  return /^\s*</.test(bodyText);
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
