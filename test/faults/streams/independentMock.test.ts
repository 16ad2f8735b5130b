import { LLMock } from "@copilotkit/aimock";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { textMessage } from "../../../src/contract/message.ts";
import type { Ask } from "../../../src/contract/provider/ask.ts";
import type { Provider } from "../../../src/contract/provider/provider.ts";
import type { ProviderConfig } from "../../../src/models/providerConfig.ts";
import { nodeTransport } from "../../../src/providers/http/transport/nodeTransport.ts";
import { createProvider } from "../../../src/providers/registry/createProvider.ts";
import {
  ASK,
  type CollectedEvents,
  collectEvents,
  NEVER_ABORTED,
  textOf,
  withLimits,
} from "../../support/providers/collectProviderEvents.ts";

/** An independent mock of the vendors, which finds mistakes that the simulator and the adapters share. */
let mock: LLMock;

const TEXT = "Grüße: the sky is blue because air scatters short waves more. ".repeat(5).trim();
const USAGE = { prompt_tokens: 21, completion_tokens: 9, input_tokens: 21, output_tokens: 9 };

beforeAll(async () => {
  mock = new LLMock({ port: 0, chunkSize: 7, logLevel: "silent" });
  mock.onMessage("text", { content: TEXT, usage: USAGE });
  mock.onMessage("length", { content: TEXT, finishReason: "length" });
  mock.onMessage("thinking", { content: TEXT, reasoning: "Air, and light.", reasoningSignature: "c2lnbmVk" });
  mock.onMessage("tool", {
    toolCalls: [{ name: "look", arguments: '{"at":"it","deep":true}', id: "call_1" }],
  });
  mock.onMessage("two", {
    content: "I look twice.",
    toolCalls: [
      { name: "look", arguments: '{"at":"a"}' },
      { name: "look", arguments: '{"at":"b"}' },
    ],
  });
  mock.onMessage("truncated", { content: TEXT }, { truncateAfterChunks: 6, latency: 5 });
  mock.onMessage("silent", { content: TEXT }, { chaos: { disconnectRate: 1 } });
  mock.onMessage("malformed", { content: TEXT }, { chaos: { malformedRate: 1 } });
  mock.onMessage("limited", { content: TEXT }, { chaos: { rateLimitRate: 1 } });
  mock.onMessage("dropped", { content: TEXT }, { chaos: { dropRate: 1 } });
  mock.onMessage("slow", { content: TEXT }, { streamingProfile: { ttft: 60_000 } });
  mock.onMessage("steady", { content: TEXT.slice(0, 80) }, { streamingProfile: { ttft: 0, tps: 100 } });
  mock.onEmbedding("blue", { embedding: [1, 0, 0] });
  mock.onMessage("filtered", { content: "", finishReason: "content_filter" });
  for (const status of [400, 401, 403, 404, 429, 500, 503, 529]) {
    mock.onMessage(`status ${status}`, { error: { message: `Error ${status}.`, type: "error" }, status });
  }
  await mock.start();
});
afterAll(() => mock.stop());

const KINDS = [
  ["openai", { baseUrl: "/v1" }],
  ["openai-compatible", { baseUrl: "/api/v1" }],
  ["azure-openai", { endpoint: "" }],
  ["azure-openai", { endpoint: "", apiVersion: "2026-06-01" }],
  ["anthropic", { baseUrl: "" }],
] as const;

describe.each(KINDS)("a provider of kind %s at %o of an independent mock", (kind, place) => {
  const make = (): Provider => {
    const { baseUrl, endpoint, apiVersion }: { baseUrl?: string; endpoint?: string; apiVersion?: string } =
      place;
    const config: ProviderConfig = {
      id: "p",
      name: "P",
      kind,
      local: false,
      ...(baseUrl === undefined ? {} : { baseUrl: `${mock.url}${baseUrl}` }),
      ...(endpoint === undefined ? {} : { endpoint: mock.url }),
      ...(apiVersion === undefined ? {} : { apiVersion }),
    };
    return createProvider(config, "k-mock-0123456789", nodeTransport);
  };
  const collect = (prompt: string, ask: Ask = ASK): Promise<CollectedEvents> =>
    collectEvents(make(), { ask: { ...ask, messages: [textMessage("user", prompt)] } });

  it("emits the complete text and its end", async () => {
    const whole = await collect("text");
    expect(whole.failure).toBeUndefined();
    expect(textOf(whole)).toBe(TEXT);
    expect(whole.events.at(-1)).toEqual({ type: "end", finish: "stop" });
  });

  it("emits the usage that the mock reports", async () => {
    const { events } = await collect("text");
    const usage = events.find(({ type }) => type === "usage");
    expect(usage).toMatchObject({ usage: { inputTokens: 21, outputTokens: 9 } });
  });

  it("ends with `length` at the output limit", async () => {
    expect((await collect("length")).events.at(-1)).toEqual({ type: "end", finish: "length" });
  });

  it("separates reasoning from text", async () => {
    const thought = await collect("thinking");
    const reasoning = thought.events.map((event) => (event.type === "reasoning" ? event.text : "")).join("");
    expect([reasoning, textOf(thought)]).toEqual(["Air, and light.", TEXT]);
  });

  it("emits complete tool calls", async () => {
    const { events } = await collect("tool");
    expect(events.filter(({ type }) => type === "toolCall")).toMatchObject([
      { id: "call_1", name: "look", argumentsJson: '{"at":"it","deep":true}' },
    ]);
    expect(events.at(-1)).toEqual({ type: "end", finish: "toolCalls" });
    const two = await collect("two");
    expect(two.events.flatMap((event) => (event.type === "toolCall" ? [event.argumentsJson] : []))).toEqual([
      '{"at":"a"}',
      '{"at":"b"}',
    ]);
    expect(textOf(two)).toBe("I look twice.");
  });

  it("emits the text before a cut, and reports the cut", async () => {
    const cut = await collect("truncated");
    expect(cut.failure).toMatchObject({ kind: "cut" });
    expect(textOf(cut)).not.toBe("");
    expect(TEXT.startsWith(textOf(cut))).toBe(true);
  });

  it("reports a connection that closes without a response as overloaded", async () => {
    expect((await collect("silent")).failure).toMatchObject({ kind: "overloaded" });
  });

  it("reports a body that is not a stream as malformed", async () => {
    const malformed = await collect("malformed");
    expect(malformed.events.map(({ type }) => type)).toEqual(["started"]);
    expect(malformed.failure).toMatchObject({ kind: "malformed" });
  });

  it("reports a rate limit and its wait", async () => {
    expect((await collect("limited")).failure).toMatchObject({
      kind: "rate-limited",
      status: 429,
      retryAfterMs: expect.any(Number),
    });
  });

  it("reports a dropped request as overloaded", async () => {
    expect((await collect("dropped")).failure).toMatchObject({ kind: "overloaded", status: 500 });
  });

  // The mock has no list of models at Azure's addresses and no embeddings in Anthropic's format.
  if (!("apiVersion" in place)) {
    it("lists models", async () => {
      expect(await make().listModels(NEVER_ABORTED)).not.toEqual([]);
    });
  }
  if (kind !== "anthropic") {
    it("returns embeddings", async () => {
      const embedded = await make().embed?.("text-embedding-3-small", ["blue", "sky"], NEVER_ABORTED);
      expect(embedded?.vectors).toHaveLength(2);
    });
  }

  it("times out without a first token, and not on a steady stream", async () => {
    const slow = await collect("slow", withLimits({ firstTokenMs: 80 }));
    expect(slow.failure).toMatchObject({ kind: "timeout" });
    // Longer than a busy machine can pause. `limits.test.ts` tests a stream that takes longer than its limits.
    const steady = await collect("steady", withLimits({ idleMs: 60_000 }));
    expect(steady.events.at(-1)).toEqual({ type: "end", finish: "stop" });
  });

  it("reports a finish by the content filter as a refusal", async () => {
    // Anthropic's format has no such reason. The mock ends an empty turn there.
    const expected = kind === "anthropic" ? "empty" : "refused";
    expect((await collect("filtered")).failure).toMatchObject({ kind: expected });
  });

  it.each([
    [400, "bad-request"],
    [401, "auth"],
    [403, "forbidden"],
    [404, "not-found"],
    [429, "rate-limited"],
    [500, "overloaded"],
    [503, "overloaded"],
    [529, "overloaded"],
  ] as const)("reports status %i as %s, with the provider's message", async (status, expected) => {
    const { failure } = await collect(`status ${status}`);
    expect(failure).toMatchObject({ kind: expected, status, message: `Error ${status}.` });
  });
});
