import { describe, expect, it } from "vitest";
import { ERROR_BODIES } from "../../../test/support/errorBodies.ts";
import { ConnectTimeoutError } from "../http/transport.ts";
import {
  failureOfErrorBody,
  failureOfErrorEvent,
  failureOfNetworkError,
  failureOfResponse,
} from "./failures.ts";
import { Redaction } from "./redaction.ts";

const KEY = "sk-secret-0123456789";
const CONTEXT = {
  provider: "p",
  redaction: new Redaction(KEY),
  nowMs: Date.parse("2026-11-21T12:00:00Z"),
};

function failed(status: number, body: unknown, headers: Record<string, string> = {}) {
  const text = typeof body === "string" ? body : JSON.stringify(body);
  return failureOfResponse(CONTEXT, status, headers, text).record;
}

describe("failureOfResponse", () => {
  it.each(Object.entries(ERROR_BODIES))("%s", (_, { status, kind, body }) => {
    expect(failed(status, body).kind).toBe(kind);
  });

  it("keeps the provider's message, code, status and request id", () => {
    const body = { error: { message: "Too  long.\nReally.", code: "context_length_exceeded" } };
    expect(failed(400, body, { "x-request-id": "req_1" })).toEqual({
      kind: "context-length",
      provider: "p",
      status: 400,
      code: "context_length_exceeded",
      message: "Too long. Really.",
      requestId: "req_1",
    });
  });

  it("removes keys from the message, wherever they are, and keeps 500 characters", () => {
    const message = `Bad key ${KEY}, or sk-proj-abcdEFGH1234, Bearer abc.def ${"x".repeat(2000)}`;
    const { message: shown } = failed(401, { error: { message } });
    expect(shown).toMatch(/^Bad key \[key\], or \[key\], \[key\] x+…$/);
    expect(shown).toHaveLength(500);
  });

  it("removes the key from a code and a request's id, also where they are cut, and keeps 200 characters", () => {
    const echoed = `${"y".repeat(190)}${KEY}${"y".repeat(190)}`;
    const { code, requestId } = failed(401, { error: { code: echoed } }, { "x-request-id": echoed });
    expect(code).toBe(`${"y".repeat(190)}[key]yyyyy`);
    expect(requestId).toBe(code);
  });

  it("leaves nothing of a key that stands where a message is cut", () => {
    const { message } = failed(401, { error: { message: `a${" ".repeat(3990)}${KEY}` } });
    expect(message).toBe("a [key]");
  });

  it.each([
    [{ "retry-after": "7" }, 7000],
    [{ "retry-after": "0.5" }, 500],
    [{ "retry-after": "Sat, 21 Nov 2026 12:00:30 GMT" }, 30_000],
    [{ "retry-after": "Sat, 21 Nov 2026 11:00:00 GMT" }, 0],
    [{ "retry-after-ms": "250", "retry-after": "1" }, 250],
    [{ "retry-after": "99999999999" }, 86_400_000],
    [{ "retry-after": "-5" }, undefined],
    [{ "retry-after": "soon" }, undefined],
    [{}, undefined],
  ] as const)("reads the time to wait from %o", (headers, expected) => {
    expect(failed(429, "", { ...headers }).retryAfterMs).toBe(expected);
  });

  it("reads the time to wait from Google's body", () => {
    const details = [{ "@type": "type.googleapis.com/google.rpc.RetryInfo", retryDelay: "38s" }];
    expect(failed(429, [{ error: { status: "RESOURCE_EXHAUSTED", details } }]).retryAfterMs).toBe(38_000);
  });
});

describe("failureOfErrorBody and failureOfErrorEvent", () => {
  it.each([
    ["Anthropic's overload", { type: "overloaded_error", message: "Overloaded" }, "overloaded", "cut"],
    ["OpenRouter's status as a code", { code: 502, message: "Upstream" }, "overloaded", "cut"],
    ["OpenRouter's rate limit", { code: 429, message: "Slow" }, "rate-limited", "cut"],
    ["a full context", { code: "context_length_exceeded", message: "…" }, "context-length", "context-length"],
    ["a wrong key", { code: 401, message: "No" }, "auth", "auth"],
    ["a string", "it broke", "cut", "cut"],
    ["an unknown error", {}, "cut", "cut"],
  ] as const)(
    "classify an error by its own code, and inside a stream an overloaded model as a cut: %s",
    (_, error, inBody, inStream) => {
      expect(failureOfErrorBody(CONTEXT, error).record.kind).toBe(inBody);
      expect(failureOfErrorEvent(CONTEXT, error).record.kind).toBe(inStream);
    },
  );
});

describe("failureOfNetworkError", () => {
  const withCode = (code: string) => Object.assign(new Error(`read ${code}`), { code });

  it.each([
    ["ECONNREFUSED", "unreachable"],
    ["ENOTFOUND", "unreachable"],
    ["EAI_AGAIN", "unreachable"],
    ["SELF_SIGNED_CERT_IN_CHAIN", "certificate"],
    ["UNABLE_TO_GET_ISSUER_CERT_LOCALLY", "certificate"],
    ["ERR_TLS_CERT_ALTNAME_INVALID", "certificate"],
    ["CERT_HAS_EXPIRED", "certificate"],
    ["ERR_TLS_HANDSHAKE_TIMEOUT", "unreachable"],
    ["EPROXY", "unreachable"],
    ["ECONNRESET", "overloaded"],
    ["EPIPE", "overloaded"],
    ["HPE_INVALID_CONSTANT", "malformed"],
    ["ERR_INVALID_CHAR", "bad-request"],
    ["ETIMEDOUT", "timeout"],
  ] as const)("reports %s before the headers as %s", (code, kind) => {
    expect(failureOfNetworkError(CONTEXT, withCode(code), false).record).toMatchObject({ kind, code });
  });

  it("reports what to set for a certificate that is not trusted, and not for one that is not valid", () => {
    const message = (code: string) => failureOfNetworkError(CONTEXT, withCode(code), false).record.message;
    expect(message("SELF_SIGNED_CERT_IN_CHAIN")).toContain("set NODE_EXTRA_CA_CERTS");
    expect(message("CERT_HAS_EXPIRED")).toBe("the server's certificate is not valid (read CERT_HAS_EXPIRED)");
  });

  it("reports a cut once the answer has begun", () => {
    expect(failureOfNetworkError(CONTEXT, withCode("ECONNRESET"), true).record.kind).toBe("cut");
  });

  it("reports our own limit on connecting by its phase", () => {
    const connect = failureOfNetworkError(
      CONTEXT,
      new ConnectTimeoutError("example.com", 5000),
      false,
    ).record;
    expect(connect).toMatchObject({ kind: "timeout", phase: "connect" });
  });

  it("keeps no cause, because it might contain the key", () => {
    expect(failureOfNetworkError(CONTEXT, withCode("ECONNRESET"), false).cause).toBeUndefined();
  });
});
