import { describe, expect, it } from "vitest";
import { AnthropicReader } from "./anthropicReader.ts";

const CONTEXT = { provider: "p", key: undefined, nowMs: 0 };

function read(...events: readonly Record<string, unknown>[]) {
  const reader = new AnthropicReader(CONTEXT, undefined);
  const content = events.flatMap(
    (event) => reader.take({ event: String(event["type"]), data: JSON.stringify(event) }) ?? [],
  );
  return { reader, content, end: reader.end() };
}
const start = (index: number, content_block: object) => ({
  type: "content_block_start",
  index,
  content_block,
});
const delta = (index: number, delta: object) => ({ type: "content_block_delta", index, delta });
const stop = (stop_reason: string, more: object = {}) => ({
  type: "message_delta",
  delta: { stop_reason, ...more },
  usage: { input_tokens: 5, output_tokens: 7 },
});
const text = [start(0, { type: "text", text: "" }), delta(0, { type: "text_delta", text: "Blue." })];

describe("the reader of Anthropic's messages", () => {
  it("tells thinking with its signature, and redacted thinking, so that both can be sent back", () => {
    const { content } = read(
      start(0, { type: "thinking", thinking: "", signature: "" }),
      delta(0, { type: "thinking_delta", thinking: "Hm." }),
      delta(0, { type: "signature_delta", signature: "c2ln" }),
      start(1, { type: "redacted_thinking", data: "ZGF0YQ" }),
    );
    expect(content).toEqual([
      { type: "reasoning", text: "Hm." },
      { type: "reasoning", text: "", signature: "c2ln" },
      { type: "reasoning", text: "", signature: "redacted:ZGF0YQ" },
    ]);
  });

  it("does not take the beginning of a message or a ping for content", () => {
    const { reader } = read(
      { type: "message_start", message: { usage: { input_tokens: 5 } } },
      { type: "ping" },
    );
    expect(reader.hasBegun).toBe(false);
  });

  it.each([
    ["end_turn", "stop"],
    ["stop_sequence", "stop"],
    ["pause_turn", "stop"],
    ["max_tokens", "length"],
    ["model_context_window_exceeded", "length"],
    ["something_new", "stop"],
  ])("takes the stop reason %s for %s", (reason, expected) => {
    expect(read(...text, stop(reason)).end.events.at(-1)).toEqual({ type: "end", reason: expected });
  });

  it("tells a refusal's explanation, or its category, and its usage", () => {
    const explained = read(
      ...text,
      stop("refusal", { stop_details: { category: "cyber", explanation: "Not this." } }),
    );
    expect(explained.end.failure?.record).toMatchObject({
      kind: "refused",
      code: "cyber",
      message: "Not this.",
    });
    expect(explained.end.events).toMatchObject([{ type: "usage", usage: { outputTokens: 7 } }]);
    const bare = read(stop("refusal", { stop_details: { category: "bio", explanation: null } }));
    expect(bare.end.failure?.record.message).toContain("(bio)");
  });

  it("calls a context that is full before any text a matter of its length", () => {
    expect(read(stop("model_context_window_exceeded")).end.failure?.record.kind).toBe("context-length");
  });

  it("tells no usage of a message that was cut: what its beginning told is not the whole", () => {
    const { end } = read(
      { type: "message_start", message: { usage: { input_tokens: 5, output_tokens: 1 } } },
      ...text,
    );
    expect(end.events).toEqual([]);
    expect(end.failure?.record.kind).toBe("cut");
  });

  it("throws an error event at once", () => {
    const reader = new AnthropicReader(CONTEXT, "req_1");
    const data = JSON.stringify({
      type: "error",
      error: { type: "overloaded_error", message: "Overloaded" },
    });
    expect(() => reader.take({ event: "error", data })).toThrow(
      expect.objectContaining({
        record: expect.objectContaining({ kind: "cut", code: "overloaded_error", requestId: "req_1" }),
      }),
    );
  });
});
