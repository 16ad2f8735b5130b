import { describe, expect, it } from "vitest";
import { Redaction } from "../errors/redaction.ts";
import type { AnswerEnd } from "../stream/answerReader.ts";
import { AnthropicReader } from "./anthropicReader.ts";

const CONTEXT = { provider: "p", redaction: new Redaction(undefined), nowMs: 0 };

function read(...events: readonly Record<string, unknown>[]) {
  const reader = new AnthropicReader(CONTEXT, undefined);
  const content = events.flatMap(
    (event) => reader.read({ event: String(event["type"]), data: JSON.stringify(event) }) ?? [],
  );
  return { reader, content, end: reader.end() };
}
const failureOf = ({ outcome }: AnswerEnd) => ("failure" in outcome ? outcome.failure.record : undefined);

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

describe("AnthropicReader", () => {
  it("reads thinking with its signature, and redacted thinking, so that both can be sent back", () => {
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

  it("does not count the start of a message or a ping as content", () => {
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
  ])("reads the stop reason %s as %s", (reason, expected) => {
    expect(read(...text, stop(reason)).end.outcome).toEqual({ finish: expected });
  });

  it("reports a refusal's explanation or its category, and its usage", () => {
    const explained = read(
      ...text,
      stop("refusal", { stop_details: { category: "cyber", explanation: "Not this." } }),
    );
    expect(failureOf(explained.end)).toMatchObject({
      kind: "refused",
      code: "cyber",
      message: "Not this.",
    });
    expect(explained.end).toMatchObject({ toolCalls: [], usage: { outputTokens: 7 } });
    const bare = read(stop("refusal", { stop_details: { category: "bio", explanation: null } }));
    expect(failureOf(bare.end)?.message).toContain("(bio)");
  });

  it("reports a context that is full before any text as too long a context", () => {
    expect(failureOf(read(stop("model_context_window_exceeded")).end)?.kind).toBe("context-length");
  });

  it("reports no usage of a message that was cut, because its start reports only the input", () => {
    const { end } = read(
      { type: "message_start", message: { usage: { input_tokens: 5, output_tokens: 1 } } },
      ...text,
    );
    expect([end.toolCalls, end.usage]).toEqual([[], undefined]);
    expect(failureOf(end)?.kind).toBe("cut");
  });

  it("reports the larger counts if the usage comes several times", () => {
    const empty = { type: "message_delta", delta: {}, usage: { input_tokens: 0, output_tokens: 0 } };
    const { end } = read(...text, stop("end_turn"), empty, { type: "message_stop" });
    expect(end.usage).toMatchObject({ inputTokens: 5, outputTokens: 7 });
  });

  it("reads a tool call whose input is not streamed", () => {
    const { end } = read(
      start(0, { type: "tool_use", id: "a", name: "look", input: { at: 1 } }),
      stop("tool_use"),
    );
    expect(end.toolCalls).toEqual([{ type: "toolCall", id: "a", name: "look", argumentsJson: '{"at":1}' }]);
  });

  it("passes calls of the provider's own tools over, which are no calls for the client", () => {
    for (const type of ["server_tool_use", "mcp_tool_use"]) {
      const { end, content, reader } = read(
        start(0, { type, id: "srv", name: "web_search", input: {} }),
        delta(0, { type: "input_json_delta", partial_json: '{"query":"sky"}' }),
        start(1, { type: "web_search_tool_result", tool_use_id: "srv", content: [] }),
        start(2, { type: "text", text: "" }),
        delta(2, { type: "text_delta", text: "Blue." }),
        stop("end_turn"),
      );
      expect(content).toEqual([{ type: "text", text: "Blue." }]);
      expect(end).toMatchObject({ toolCalls: [], outcome: { finish: "stop" } });
      expect(reader.toolCallCharacters).toBe(0);
    }
  });

  it("throws an error event at once", () => {
    const reader = new AnthropicReader(CONTEXT, "req_1");
    const data = JSON.stringify({
      type: "error",
      error: { type: "overloaded_error", message: "Overloaded" },
    });
    expect(() => reader.read({ event: "error", data })).toThrow(
      expect.objectContaining({
        record: expect.objectContaining({ kind: "cut", code: "overloaded_error", requestId: "req_1" }),
      }),
    );
  });

  it("marks everything but tool calls and the end as events that can be relayed", () => {
    const reader = new AnthropicReader(CONTEXT, undefined);
    const isRelayable = (event: object): boolean => {
      reader.read({ data: JSON.stringify(event) });
      return reader.isRelayable;
    };
    expect([{ type: "message_start" }, { type: "ping" }, ...text].map(isRelayable)).toEqual([
      true,
      true,
      true,
      true,
    ]);
    const toolCall = [
      start(1, { type: "tool_use", id: "a", name: "look" }),
      delta(1, { type: "input_json_delta", partial_json: "{}" }),
      { type: "content_block_stop", index: 1 },
    ];
    expect(toolCall.map(isRelayable)).toEqual([false, false, false]);
    expect(isRelayable({ type: "content_block_stop", index: 0 })).toBe(true);
    expect([stop("tool_use"), { type: "message_stop" }].map(isRelayable)).toEqual([false, false]);
  });
});
