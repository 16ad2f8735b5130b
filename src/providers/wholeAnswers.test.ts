import { afterEach, describe, expect, it, vi } from "vitest";
import {
  ASK,
  COMPATIBLE,
  collectEvents,
  type Replayed,
  replayTransport,
  textOf,
} from "../../test/support/providers/collectProviderEvents.ts";
import { createProvider } from "./registry/createProvider.ts";

const openaiChoice = (choice: object, more: object = {}) =>
  `data: ${JSON.stringify({ choices: [{ index: 0, finish_reason: null, ...choice }], ...more })}\n\n`;

describe("an answer of OpenAI's format", () => {
  const collect = (reads: readonly Replayed[]) => {
    return collectEvents(createProvider(COMPATIBLE, "k", replayTransport(reads)));
  };
  const message = { role: "assistant", content: "All at once." };

  it("is whole in a message beside an empty delta", async () => {
    const collected = await collect([openaiChoice({ delta: {}, message, finish_reason: "stop" })]);
    expect(textOf(collected)).toBe("All at once.");
    expect(collected.events.at(-1)).toEqual({ type: "end", finish: "stop" });
  });

  it("is malformed, and never complete, if it consists of several messages", async () => {
    for (const delta of [undefined, {}]) {
      const pieces = ["All ", "at ", "once."].map((content) =>
        openaiChoice({ delta, message: { ...message, content } }),
      );
      const end = openaiChoice({ delta: {}, finish_reason: "stop" });
      const { failure } = await collect([...pieces, end, "data: [DONE]\n\n"]);
      expect(failure?.kind).toBe("malformed");
    }
  });

  it("is taken although each chunk has an empty error", async () => {
    for (const error of ["", null, false]) {
      const chunk = openaiChoice({ delta: { content: "All at once." } }, { error });
      const collected = await collect([chunk, openaiChoice({ delta: {}, finish_reason: "stop" })]);
      expect(textOf(collected)).toBe("All at once.");
      expect(collected.failure).toBeUndefined();
    }
  });
});

const WHOLE = {
  "openai-compatible": {
    id: "c1",
    object: "chat.completion",
    model: "m",
    choices: [
      {
        index: 0,
        message: {
          role: "assistant",
          content: "All at once.",
          reasoning_content: "Hm.",
          tool_calls: [{ id: "a", type: "function", function: { name: "look", arguments: '{"at":1}' } }],
        },
        finish_reason: "stop",
      },
    ],
    usage: { prompt_tokens: 12, completion_tokens: 6 },
  },
  anthropic: {
    id: "msg_1",
    type: "message",
    role: "assistant",
    model: "m",
    content: [
      { type: "thinking", thinking: "Hm.", signature: "c2ln" },
      { type: "text", text: "All at once." },
      { type: "tool_use", id: "a", name: "look", input: { at: 1 } },
    ],
    stop_reason: "tool_use",
    usage: { input_tokens: 12, output_tokens: 6 },
  },
} as const;

afterEach(() => {
  vi.useRealTimers();
});

describe.each(["openai-compatible", "anthropic"] as const)("a provider of kind %s", (kind) => {
  const JSON_TYPE = { "content-type": "application/json" };

  const collect = (reads: readonly Replayed[], headers: Readonly<Record<string, string>> = JSON_TYPE) => {
    const config = { id: "p", name: "P", kind, baseUrl: "http://127.0.0.1:9", local: false } as const;
    const wire = { format: kind === "anthropic" ? "anthropic" : "openai", body: {} } as const;
    const provider = createProvider(config, "k-mock-0123456789", replayTransport(reads, headers));
    return collectEvents(provider, { ask: { ...ASK, wire } });
  };
  const EVENTS = [
    { type: "reasoning", text: "Hm.", ...(kind === "anthropic" ? { signature: "c2ln" } : {}) },
    { type: "text", text: "All at once." },
    { type: "toolCall", id: "a", name: "look", argumentsJson: '{"at":1}' },
  ];

  it.each([
    ["", [JSON.stringify(WHOLE[kind])]],
    [" with line breaks", [JSON.stringify(WHOLE[kind], undefined, 2)]],
    [" with a mark and a line break around it", [`\uFEFF\n${JSON.stringify(WHOLE[kind])}\n`]],
    [" in pieces", JSON.stringify(WHOLE[kind], undefined, 2).match(/[\s\S]{1,9}/g) ?? []],
    [" in an event", [`data: ${JSON.stringify(WHOLE[kind])}\n\n`, "data: [DONE]\n\n"]],
  ])("takes a whole answer where a stream was asked for%s, with its usage", async (_, reads) => {
    const { events, failure } = await collect(reads);
    expect(failure).toBeUndefined();
    expect(events.filter(({ type }) => type !== "started" && type !== "toolCallProgress")).toEqual([
      ...EVENTS,
      { type: "usage", usage: expect.objectContaining({ inputTokens: 12, outputTokens: 6 }) },
      { type: "end", finish: "toolCalls" },
    ]);
  });

  it("takes a whole answer whose connection breaks after it, or stays open", async () => {
    const reset = Object.assign(new Error("reset"), { code: "ECONNRESET" });
    vi.useFakeTimers({ toFake: ["setTimeout", "clearTimeout", "performance"] });
    for (const end of [reset, 60_000]) {
      const { events, failure } = await collect([JSON.stringify(WHOLE[kind]), end, 1]);
      expect(failure).toBeUndefined();
      expect(events.at(-1)).toEqual({ type: "end", finish: "toolCalls" });
      const cut = await collect([JSON.stringify(WHOLE[kind]).slice(0, -3), end, 1]);
      expect(cut.failure?.kind).toMatch(/cut|malformed/);
      expect(cut.events.map(({ type }) => type)).toEqual(["started"]);
    }
  });

  it("takes a whole answer without a finish reason, and marks it", async () => {
    const json = JSON.stringify(WHOLE[kind]).replace(/"(finish|stop)_reason":"\w+"/, '"stop":null');
    expect((await collect([json])).events.at(-1)).toMatchObject({ type: "end", isUnexplained: true });
  });

  it("fails if a whole answer is cut off", async () => {
    const { failure } = await collect([JSON.stringify(WHOLE[kind]).slice(0, -20)]);
    expect(failure).toMatchObject({ kind: "cut" });
  });

  it.each(["text/html", "application/json", "text/plain", ""])(
    "reads events whose content type is %s",
    async (type) => {
      const text =
        kind === "anthropic"
          ? { type: "content_block_delta", index: 0, delta: { type: "text_delta", text: "Blue." } }
          : { choices: [{ index: 0, delta: { content: "Blue." } }] };
      const finish =
        kind === "anthropic"
          ? { type: "message_delta", delta: { stop_reason: "end_turn" } }
          : { choices: [{ index: 0, delta: {}, finish_reason: "stop" }] };
      const frames = [text, finish].map((data) => `data: ${JSON.stringify(data)}\n\n`);
      const lines = [text, finish].map((data) => `${JSON.stringify(data)}\n`);
      for (const reads of [frames, lines, [lines.join("")]]) {
        const collected = await collect(reads, type === "" ? {} : { "content-type": type });
        expect(textOf(collected)).toBe("Blue.");
        expect(collected.events.at(-1)).toEqual({ type: "end", finish: "stop" });
      }
    },
  );

  it.each([
    [
      "an error",
      '{"error": {"message": "Overloaded.", "code": 529}}',
      { kind: "overloaded", message: "Overloaded." },
    ],
    ["an error in a list", '[{"error": {"message": "Slow down.", "code": 429}}]', { kind: "rate-limited" }],
    [
      "an object that is no answer",
      '{"detail": "k-mock-0123456789 is odd"}',
      { kind: "malformed", message: /no answer: .*\[key\] is odd/ },
    ],
    ["JSON that is cut off", '{"detail": ', { kind: "malformed" }],
    ["a page", "<!doctype html><p>Sign in", { kind: "malformed", message: /HTML/ }],
  ])("reports %s with the status 200", async (_, body, expected) => {
    for (const type of ["application/json", "text/event-stream"]) {
      expect((await collect([body], { "content-type": type })).failure).toMatchObject(expected);
    }
  });
});
