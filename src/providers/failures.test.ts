import { describe, expect, it } from "vitest";
import { ERROR_BODIES } from "../../test/support/errorBodies.ts";
import { EventTooLargeError } from "./eventStream.ts";
import { failureOfError, failureOfErrorBody, failureOfErrorEvent, failureOfResponse } from "./failures.ts";
import { ConnectTimeoutError } from "./transport.ts";

const CONTEXT = { provider: "p", key: "sk-secret-0123456789", nowMs: Date.parse("2026-11-21T12:00:00Z") };

function failed(status: number, body: unknown, headers: Record<string, string> = {}) {
  const text = typeof body === "string" ? body : JSON.stringify(body);
  return failureOfResponse(CONTEXT, new Response(null, { status, headers }), text).record;
}

describe("what an error says", () => {
  it.each(Object.entries(ERROR_BODIES))("%s", (_, { status, kind, body }) => {
    expect(failed(status, body).kind).toBe(kind);
  });

  it("keeps the provider's words, code, status and request id", () => {
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

  it("shows no key, in whichever words it stands, and no more than 500 characters", () => {
    const message = `Bad key ${CONTEXT.key}, or sk-proj-abcdEFGH1234, Bearer abc.def ${"x".repeat(2000)}`;
    const { message: words } = failed(401, { error: { message } });
    expect(words).toMatch(/^Bad key \[key\], or \[key\], \[key\] x+…$/);
    expect(words).toHaveLength(500);
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
  ] as const)("reads how long to wait from %o", (headers, expected) => {
    expect(failed(429, "", { ...headers }).retryAfterMs).toBe(expected);
  });

  it("reads how long to wait from Google's body", () => {
    const details = [{ "@type": "type.googleapis.com/google.rpc.RetryInfo", retryDelay: "38s" }];
    expect(failed(429, [{ error: { status: "RESOURCE_EXHAUSTED", details } }]).retryAfterMs).toBe(38_000);
  });
});

describe("an error without an error's status", () => {
  it.each([
    ["Anthropic's overload", { type: "overloaded_error", message: "Overloaded" }, "overloaded", "cut"],
    ["OpenRouter's status as a code", { code: 502, message: "Upstream" }, "overloaded", "cut"],
    ["OpenRouter's rate limit", { code: 429, message: "Slow" }, "rate-limited", "cut"],
    ["a full context", { code: "context_length_exceeded", message: "…" }, "context-length", "context-length"],
    ["a wrong key", { code: 401, message: "No" }, "auth", "auth"],
    ["a string", "it broke", "cut", "cut"],
    ["nothing that anybody knows", {}, "cut", "cut"],
  ] as const)(
    "is classified by its own code, and inside a stream it is a cut where the model itself is in trouble: %s",
    (_, error, inBody, inStream) => {
      expect(failureOfErrorBody(CONTEXT, error).record.kind).toBe(inBody);
      expect(failureOfErrorEvent(CONTEXT, error).record.kind).toBe(inStream);
    },
  );
});

describe("an error of the network", () => {
  const withCode = (code: string) => Object.assign(new Error(`read ${code}`), { code });

  it.each([
    ["ECONNREFUSED", "unreachable"],
    ["ENOTFOUND", "unreachable"],
    ["EAI_AGAIN", "unreachable"],
    ["SELF_SIGNED_CERT_IN_CHAIN", "unreachable"],
    ["ECONNRESET", "overloaded"],
    ["EPIPE", "overloaded"],
    ["HPE_INVALID_CONSTANT", "malformed"],
    ["ERR_INVALID_CHAR", "bad-request"],
    ["ETIMEDOUT", "timeout"],
  ] as const)("%s before the headers is %s", (code, kind) => {
    expect(failureOfError(CONTEXT, withCode(code), false).record).toMatchObject({ kind, code });
  });

  it("is a cut once the answer has begun", () => {
    expect(failureOfError(CONTEXT, withCode("ECONNRESET"), true).record.kind).toBe("cut");
  });

  it("tells our own limits by their names", () => {
    const connect = failureOfError(CONTEXT, new ConnectTimeoutError("example.com", 5000), false).record;
    expect(connect).toMatchObject({ kind: "timeout", phase: "connect" });
    expect(failureOfError(CONTEXT, new EventTooLargeError(10), true).record.kind).toBe("malformed");
  });

  it("keeps no error of another hand as its cause: it might hold the key", () => {
    expect(failureOfError(CONTEXT, withCode("ECONNRESET"), false).cause).toBeUndefined();
  });
});
