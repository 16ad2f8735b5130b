import { Failure, type FailureKind, type FailureRecord } from "../contract/failure.ts";
import type { Answer, AnswerHeaders } from "./answer.ts";
import { EventTooLargeError } from "./eventStream.ts";
import { kindBySigns, kindOfError } from "./failureKinds.ts";
import { retryAfterMs } from "./retryAfter.ts";
import { ConnectTimeoutError, NotSentError } from "./transport.ts";
import { fitWords } from "./words.ts";

/** What every failure of a call has in common. */
export type FailureContext = {
  readonly provider: string;
  /** Never shown: taken out of what is. */
  readonly key: string | undefined;
  /** The time, in milliseconds since 1970: for a `Retry-After` that is a date. */
  readonly nowMs: number;
};

/** A failure whose words are ours, or the provider's where they are not an error of its own. */
export function failureOf(
  context: FailureContext,
  kind: FailureKind,
  words: string,
  more: Partial<Omit<FailureRecord, "kind" | "provider" | "words">> = {},
): Failure {
  return new Failure({ kind, provider: context.provider, message: fitWords(words, context.key), ...more });
}

/** The failure that an answer with an error status is, whatever wire format its body has. */
export function failureOfResponse(context: FailureContext, response: Answer, bodyText: string): Failure {
  const { status, headers } = response;
  if (status < 400) return failureOf(context, "malformed", ownWords(response, bodyText), { status });
  const body = parsed(bodyText);
  const { codes, message } = readError(body);
  const kind = kindOfError({ status, codes, message: message || bodyText });
  const wait = retryAfterMs(headers, body, context.nowMs);
  const requestId = requestIdOf(headers);
  return failureOf(context, kind, message || ownWords(response, bodyText), {
    status,
    ...(codes[0] === undefined ? {} : { code: codes[0] }),
    ...(wait === undefined ? {} : { retryAfterMs: wait }),
    ...(requestId === undefined ? {} : { requestId }),
  });
}

/** The failure that an error in an answer without an error's status is: by its own code, else by the status in it. */
export function failureOfErrorBody(context: FailureContext, error: unknown, requestId?: string): Failure {
  const { codes, message, status } = readError({ error });
  const signs = { codes, message, ...(status === undefined ? {} : { status }) };
  const kind = status === undefined ? (kindBySigns(signs) ?? "cut") : kindOfError(signs);
  return failureOf(context, kind, message || "the stream carried an error", {
    ...(status === undefined ? {} : { status }),
    ...(codes[0] === undefined ? {} : { code: codes[0] }),
    ...(requestId === undefined ? {} : { requestId }),
  });
}

/**
 * The failure that an error inside a stream is. The provider's own trouble is a cut there, whatever its code: the answer
 * had begun, and asking the same model again would not go on with it.
 */
export function failureOfErrorEvent(context: FailureContext, error: unknown, requestId?: string): Failure {
  const failure = failureOfErrorBody(context, error, requestId);
  const { kind } = failure.record;
  const isTrouble = kind === "overloaded" || kind === "rate-limited";
  return isTrouble ? new Failure({ ...failure.record, kind: "cut" }) : failure;
}

const RESET = /^(ECONNRESET|EPIPE|ECONNABORTED)$/;
const BROKEN_HTTP = /^HPE_/;
const UNSENDABLE = /^ERR_(INVALID_(CHAR|URL|PROTOCOL|HTTP_TOKEN)|UNESCAPED_CHARACTERS)$/;

/** The failure that an error of the network, or of a reader, is. `hasHeaders`: the answer had begun. */
export function failureOfError(context: FailureContext, error: unknown, hasHeaders: boolean): Failure {
  if (error instanceof Failure) return error;
  if (error instanceof ConnectTimeoutError) {
    return failureOf(context, "timeout", error.message, { phase: "connect", notSent: true });
  }
  if (error instanceof NotSentError) return failureOf(context, "cancelled", error.message, { notSent: true });
  if (error instanceof EventTooLargeError) return failureOf(context, "malformed", error.message);
  const code = codeOf(error);
  const words = wordsOf(error, code);
  const more = code === undefined ? {} : { code };
  if (hasHeaders) return failureOf(context, "cut", words, more);
  if (code === "ETIMEDOUT") return failureOf(context, "timeout", words, { ...more, phase: "connect" });
  return failureOf(context, kindOfNetwork(code, words), words, more);
}

/** The provider's id of this exchange, to quote to its support. */
export function requestIdOf(headers: AnswerHeaders): string | undefined {
  const id = headers.get("x-request-id") ?? headers.get("request-id") ?? headers.get("apim-request-id");
  return id === null || id === "" ? undefined : id.slice(0, 200);
}

/** What is not told apart here (refused, no such name, no route, a certificate that does not hold) is unreachable. */
function kindOfNetwork(code: string | undefined, words: string): FailureKind {
  if (code === undefined) return /socket hang up/i.test(words) ? "overloaded" : "unreachable";
  if (RESET.test(code)) return "overloaded";
  if (BROKEN_HTTP.test(code)) return "malformed";
  if (UNSENDABLE.test(code)) return "bad-request";
  return "unreachable";
}

/** An error's codes, words and status, out of the shapes that providers put it in. */
function readError(body: unknown): {
  readonly codes: readonly string[];
  readonly message: string;
  readonly status?: number;
} {
  // Google wraps its errors in a list.
  const outer = record(Array.isArray(body) ? body[0] : body);
  const error = outer["error"];
  const inner = typeof error === "string" ? { message: error } : record(error ?? outer);
  const details = record(inner["details"]);
  const innerError = record(inner["innererror"] ?? inner["inner_error"]);
  const found = [
    inner["code"],
    details["error_code"],
    innerError["code"],
    inner["status"],
    inner["type"],
    outer["code"],
    outer["type"],
  ];
  // Azure and Google repeat the status as the code; the real ones say more.
  const codes = found.filter(
    (code) => typeof code === "string" && code !== "" && !/^(\d+|error)$/.test(code),
  );
  const numeric = Number(inner["code"]);
  return {
    codes: codes.map((code) => String(code).slice(0, 100)),
    message: messageOf(inner["message"] ?? outer["message"] ?? outer["detail"]),
    ...(Number.isInteger(numeric) && numeric >= 400 && numeric < 600 ? { status: numeric } : {}),
  };
}

/** Mistral and FastAPI put objects where a message should be. */
function messageOf(value: unknown): string {
  if (typeof value === "string") return value;
  return value === undefined || value === null ? "" : JSON.stringify(value);
}

function ownWords({ status, headers }: Answer, bodyText: string): string {
  const location = headers.get("location");
  if (status >= 300 && status < 400) {
    const where = location !== null && URL.canParse(location) ? new URL(location).origin : "another address";
    return `the server redirects to ${where}; a key is never sent on, so set that address as the provider's baseUrl`;
  }
  // A page in HTML is for a browser.
  const text = /^\s*</.test(bodyText) ? "" : bodyText.trim();
  return text === "" ? `status ${status}, and no words` : text;
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

function record(value: unknown): Readonly<Record<string, unknown>> {
  return typeof value === "object" && value !== null ? { ...value } : {};
}

function codeOf(error: unknown): string | undefined {
  return error instanceof Error && "code" in error && typeof error.code === "string" ? error.code : undefined;
}

/** Node's AggregateError (every address of a name refused) has a code and no words. */
function wordsOf(error: unknown, code: string | undefined): string {
  const message = error instanceof Error ? error.message : "";
  return message === "" ? (code ?? "the connection failed") : message;
}
