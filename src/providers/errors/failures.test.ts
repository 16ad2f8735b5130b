import { describe, expect, it } from "vitest";
import { ERROR_BODIES } from "../../../test/support/providers/errorBodies.ts";
import { ConnectTimeoutError } from "../http/transport/transport.ts";
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

  it("leaves nothing of a key at the place where a message is cut", () => {
    const { message } = failed(401, { error: { message: `a${" ".repeat(3990)}${KEY}` } });
    expect(message).toBe("a [key]");
  });

  it.each([
    [{ "retry-after": "7" }, 7000],
    [{ "retry-after": "0.5" }, 500],
    [{ "retry-after": "Sat, 21 Nov 2026 12:00:30 GMT" }, 30_000],
    [{ "retry-after": "Sat, 21 Nov 2026 11:00:00 GMT" }, undefined],
    [{ "retry-after": "Someday, 32 Foo 2026 25:61:00 GMT" }, undefined],
    [{ "retry-after": "0" }, undefined],
    [{ "retry-after": "259200" }, 259_200_000],
    [{ "retry-after-ms": "250", "retry-after": "1" }, 250],
    [{ "retry-after": "99999999999" }, undefined],
    [{ "retry-after": "1795305600" }, undefined],
    [{ "retry-after": "1e3", "x-ratelimit-reset": "90" }, 90_000],
    [{ "x-ratelimit-reset": "1795305600" }, 43_200_000],
    [{ "x-ratelimit-reset": "1795305600000" }, 43_200_000],
    [{ "x-ratelimit-remaining-requests": "0", "x-ratelimit-reset-requests": "6m0s" }, 360_000],
    [{ "x-ratelimit-remaining-requests": "9", "x-ratelimit-reset-requests": "6m0s" }, undefined],
    [
      {
        "anthropic-ratelimit-tokens-remaining": "0",
        "anthropic-ratelimit-tokens-reset": "2026-11-21T12:01:00Z",
      },
      60_000,
    ],
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

describe("the details of an error", () => {
  const bodyOf = (name: keyof typeof ERROR_BODIES) => {
    const { status, body } = ERROR_BODIES[name];
    return failed(status, body);
  };

  it.each([
    [
      "OpenRouter, prompt too long behind it",
      /^This model's maximum context length is 131072 tokens\. .*completion\)\.$/,
    ],
    ["LiteLLM, prompt too long behind it", /^prompt is too long: 210000 tokens > 200000 maximum$/],
    [
      "a proxy in Python, prompt too long behind it",
      /^This model's maximum context length is 8192 tokens\.$/,
    ],
    ["llama.cpp behind a proxy, prompt too long", /^request \(26528 tokens\) exceeds .* increasing it$/],
    ["Mistral, a field it does not know", /^n: extra_forbidden$/],
  ] as const)("contain the innermost message and no JSON: %s", (name, message) => {
    expect(bodyOf(name).message).toMatch(message);
  });

  it("contain the deepest message, and none more than six levels down", () => {
    const nested = (levels: number): unknown =>
      levels === 0 ? { message: "deep" } : { error: { message: JSON.stringify(nested(levels - 1)) } };
    expect(failed(400, nested(2)).message).toBe("deep");
    expect(failed(400, nested(8)).message).not.toBe("");
  });

  it.each([
    [{ error: { message: "No.", param: "tools[0].type" } }, ["tools[0].type"]],
    [
      { detail: [{ loc: ["body", "stream_options", "include_usage"], msg: "Extra inputs" }] },
      ["stream_options.include_usage"],
    ],
    [
      [{ error: { message: "No.", details: [{ fieldViolations: [{ field: "seed" }, { field: "stop" }] }] } }],
      ["seed", "stop"],
    ],
    [{ error: { message: "No." } }, undefined],
  ])("name the fields of the request: %j", (body, fields) => {
    expect(failed(422, body).fields).toEqual(fields);
  });

  it.each([
    ["Moonshot, prompt too long", 262_144, 291_351, false],
    ["xAI, prompt too long", 131_072, 172_346, false],
    ["Anthropic, prompt too long", 200_000, 210_000, false],
    ["llama.cpp behind a proxy, prompt too long", 16_384, 26_528, false],
    ["GitHub, prompt too long", 128_000, 137_500, false],
    ["OpenRouter, prompt too long behind it", 131_072, 140_000, true],
    ["Anthropic, input and limit together too long", 200_000, 254_000, true],
    ["Text Generation Inference, prompt too long", 4097, 6000, true],
    ["Groq, larger than its rate limit", 8000, 20_979, true],
  ] as const)("contain the size that was refused: %s", (name, limitTokens, requestedTokens, withOutput) => {
    expect(bodyOf(name).size).toEqual({ limitTokens, requestedTokens, withOutput });
  });

  it("contain the size of vLLM's difference of window and input", () => {
    const message =
      "'max_tokens' or 'max_completion_tokens' is too large: 4096. This model's maximum context length is 8192 tokens and your request has 5000 input tokens (4096 > 8192 - 5000).";
    expect(failed(400, { message })).toMatchObject({
      kind: "context-length",
      size: { limitTokens: 8192, requestedTokens: 9096, withOutput: true },
    });
  });

  it.each([
    ["MiniMax, prompt too long"],
    ["Z.ai, prompt too long"],
    ["vLLM, prompt too long", 4096],
  ] as const)("contain no size that is ambiguous: %s", (name, limitTokens?: number) => {
    expect(bodyOf(name).size?.limitTokens).toBe(limitTokens);
  });

  it.each([
    ["OpenRouter, no images, as a 404", "vision"],
    ["vLLM, no tools", "tools"],
  ] as const)("contain the capability that is missing: %s", (name, capability) => {
    expect(bodyOf(name).capability).toBe(capability);
  });

  const DAY_MS = 86_400_000;
  it.each([
    ["a weekly limit, as a rate limit", 3 * DAY_MS, undefined],
    ["Anthropic, spend limit, as a 400", 9.5 * DAY_MS, undefined],
    ["xAI, spend limit, as a 403", undefined, undefined],
    ["Groq, a daily limit", 1_641_600, "model"],
    ["OpenRouter, a daily limit", DAY_MS / 2, undefined],
    ["GitHub, a daily limit", 80_567_000, "model"],
    ["Z.ai, a limit of five hours", 22_375_000, undefined],
    ["OpenAI, out of credit, as a 429", undefined, undefined],
  ] as const)("contain the time and the scope of a quota: %s", (name, retryAfterMs, scope) => {
    expect(bodyOf(name)).toMatchObject({ kind: "quota", retryAfterMs, scope });
  });

  it.each([
    ["Please try again in 7m12.5s.", 432_500],
    ["Please retry after 54 seconds", 54_000],
    ["Limit: 3 / min. Please try again in 20s. Contact us", 20_000],
    ["Please retry in 38.123s.", 38_123],
    ["Try again in 3 days, 4 hours and 12 minutes", 3 * DAY_MS + 15_120_000],
    ["resets at 2026-11-21T14:00:00+01:00", 3_600_000],
    ["Your quota resets on Nov 22, 2026 12:00", DAY_MS],
    ["blocked until Sun, 22 Nov 2026 12:00:00 GMT", DAY_MS],
    ["It resets at 1795305600.", DAY_MS / 2],
    ["50 requests per 10s. Try again later.", undefined],
    ["The limit of 5 hours is reached. Wait. It was set 10s ago", undefined],
    ["resets at 2026-11-20", undefined],
    ["try again in 999999 weeks", undefined],
  ])("contain the wait that the message names: %s", (message, retryAfterMs) => {
    expect(failed(429, { message }).retryAfterMs).toBe(retryAfterMs);
  });

  it.each([
    [{ error: { message: "…", resets_in_seconds: 90 } }, 90_000],
    [{ error: { message: "…", resets_at: 1_795_305_600 } }, DAY_MS / 2],
    [{ error: { message: "…" }, retry_after: "1m30s" }, 90_000],
    [{ error: { message: "…" }, retry_after: -1 }, undefined],
  ])("contain the wait that a field names: %j", (body, retryAfterMs) => {
    expect(failed(429, body).retryAfterMs).toBe(retryAfterMs);
  });

  it("are read from a hostile error in little time", () => {
    const texts = [
      "limit 1 ",
      "'message': '",
      "{[",
      "un",
      "try again in 1s 1s ",
      "input token ",
      '{"error":"{',
    ];
    for (const text of texts) {
      expect(failed(429, { error: text.repeat(65_536 / text.length) }).kind).toBeDefined();
      expect(failed(400, text.repeat(65_536 / text.length)).kind).toBeDefined();
    }
    const spaces = " ".repeat(60_000);
    expect(failed(429, { retry_after: `1s${spaces}x` }).retryAfterMs).toBeUndefined();
    for (const text of ["x", "',", "'code': '1',", "}"]) {
      const event = `{'message': '${text.repeat(16_000_000 / text.length)}'`;
      expect(failureOfErrorEvent(CONTEXT, event).record.kind).toBe("cut");
    }
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
