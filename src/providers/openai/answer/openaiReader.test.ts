import { describe, expect, it } from "vitest";
import { Redaction } from "../../errors/redaction.ts";
import type { AnswerEnd } from "../../stream/answerReader.ts";
import { OpenaiReader } from "./openaiReader.ts";

const CONTEXT = { provider: "p", redaction: new Redaction(undefined), nowMs: 0 };

function read(...chunks: readonly unknown[]) {
  const reader = new OpenaiReader(CONTEXT, undefined);
  const content = chunks.flatMap((chunk) => reader.read({ data: JSON.stringify(chunk) }) ?? []);
  return { reader, content, end: reader.end() };
}
const failureOf = ({ outcome }: AnswerEnd) => ("failure" in outcome ? outcome.failure.record : undefined);

const chunk = (delta: unknown, finish_reason: string | null = null) => ({
  choices: [{ index: 0, delta, finish_reason }],
});

describe("OpenaiReader", () => {
  it.each(["reasoning_content", "reasoning"])("reads %s as reasoning", (name) => {
    const { content } = read(chunk({ [name]: "Let me see." }), chunk({ content: "Blue." }, "stop"));
    expect(content).toEqual([
      { type: "reasoning", text: "Let me see." },
      { type: "text", text: "Blue." },
    ]);
  });

  it("reads Mistral's content in parts", () => {
    const thinking = { type: "thinking", thinking: [{ type: "text", text: "Hm." }] };
    const { content } = read(chunk({ content: [thinking, { type: "text", text: "Blue." }] }, "stop"));
    expect(content.map(({ type }) => type)).toEqual(["reasoning", "text"]);
  });

  it("assembles two calls whose parts alternate", () => {
    const call = (index: number, more: object) => chunk({ tool_calls: [{ index, ...more }] });
    const { end } = read(
      call(0, { id: "a", function: { name: "one", arguments: "" } }),
      call(1, { id: "b", function: { name: "two", arguments: '{"x":' } }),
      call(0, { function: { arguments: "{}" } }),
      call(1, { function: { arguments: "1}" } }),
      chunk({}, "tool_calls"),
    );
    expect(end).toEqual({
      toolCalls: [
        { type: "toolCall", id: "a", name: "one", argumentsJson: "{}" },
        { type: "toolCall", id: "b", name: "two", argumentsJson: '{"x":1}' },
      ],
      usage: undefined,
      outcome: { finish: "toolCalls" },
    });
  });

  it("separates calls without an index by their ids, reads arguments that are an object, and ends with toolCalls", () => {
    const { end } = read(
      chunk({ tool_calls: [{ id: "a", function: { name: "one", arguments: { x: 1 } } }] }),
      chunk({ tool_calls: [{ id: "b", function: { name: "two" } }] }),
      chunk({}, "stop"),
    );
    expect(end.toolCalls.map(({ argumentsJson }) => argumentsJson)).toEqual(['{"x":1}', "{}"]);
    expect(end.outcome).toEqual({ finish: "toolCalls" });
  });

  it("reads the older form of a call", () => {
    const part = (more: object) => chunk({ function_call: more });
    const { end } = read(
      part({ name: "one", arguments: '{"x":' }),
      part({ arguments: "1}" }),
      chunk({}, "function_call"),
    );
    expect(end.toolCalls).toEqual([
      { type: "toolCall", id: "call_0", name: "one", argumentsJson: '{"x":1}' },
    ]);
    expect(end.outcome).toEqual({ finish: "toolCalls" });
  });

  it("omits a truncated call at the output limit, and reports an answer without anything else as empty", () => {
    const { end } = read(
      chunk({ tool_calls: [{ index: 0, id: "a", function: { name: "one", arguments: '{"x":' } }] }),
      chunk({}, "length"),
    );
    expect([end.toolCalls, end.usage]).toEqual([[], undefined]);
    expect(failureOf(end)?.kind).toBe("empty");
  });

  it("reports an answer of reasoning or white space alone as empty", () => {
    expect(failureOf(read(chunk({ reasoning: "Hm." }), chunk({}, "stop")).end)?.kind).toBe("empty");
    expect(failureOf(read(chunk({ content: "\n" }), chunk({}, "stop")).end)?.kind).toBe("empty");
  });

  it("reports a refusal that arrives as text with a normal finish reason", () => {
    const { end } = read(chunk({ refusal: "I can't " }), chunk({ refusal: "do that." }), chunk({}, "stop"));
    expect(failureOf(end)).toMatchObject({ kind: "refused", message: "I can't do that." });
  });

  it.each([
    ["SAFETY", "refused"],
    ["content_filter", "refused"],
    ["insufficient_system_resource", "cut"],
    ["error", "cut"],
  ])("reads the finish reason %s as %s", (finish, kind) => {
    expect(failureOf(read(chunk({ content: "Blue" }, finish)).end)?.kind).toBe(kind);
  });

  it("reads an unknown finish reason as a stop", () => {
    expect(read(chunk({ content: "Blue" }, "eos_token")).end.outcome).toEqual({ finish: "stop" });
  });

  it("considers usage final only with the finish reason or after it", () => {
    const reader = new OpenaiReader(CONTEXT, undefined);
    const usage = (completion_tokens: number) => ({ usage: { prompt_tokens: 1, completion_tokens } });
    reader.read({ data: JSON.stringify({ ...chunk({ content: "Blue" }), ...usage(1) }) });
    expect(reader.hasUsage).toBe(false);
    reader.read({ data: JSON.stringify(chunk({}, "stop")) });
    expect(reader.hasUsage).toBe(false);
    reader.read({ data: JSON.stringify({ choices: [], ...usage(2) }) });
    expect(reader.hasUsage).toBe(true);
    expect(reader.end().usage).toMatchObject({ outputTokens: 2 });
  });

  it("reports no usage that more text followed when the stream is cut", () => {
    const early = { ...chunk({ role: "assistant" }), usage: { prompt_tokens: 1000, completion_tokens: 0 } };
    const { end } = read(early, chunk({ content: "A long answer" }));
    expect(failureOf(end)).toMatchObject({ kind: "cut" });
    expect(end.usage).toBeUndefined();
  });

  it("reads an event named error as the failure, whatever its shape", () => {
    const reader = new OpenaiReader(CONTEXT, undefined);
    const data = JSON.stringify({ message: "Too long.", code: "context_length_exceeded" });
    expect(() => reader.read({ event: "error", data })).toThrow("Too long.");
  });

  it("relays no chunk without choices, such as Azure's first one", () => {
    const reader = new OpenaiReader(CONTEXT, undefined);
    reader.read({ data: JSON.stringify({ id: "", model: "", choices: [], prompt_filter_results: [] }) });
    expect(reader.isRelayable).toBe(false);
    reader.read({ data: JSON.stringify({ id: "1", model: "gpt", ...chunk({ content: "Hi" }) }) });
    expect(reader.isRelayable).toBe(true);
  });

  it("returns undefined for an event that is not a JSON object", () => {
    const reader = new OpenaiReader(CONTEXT, undefined);
    expect(reader.read({ data: '{"half": ' })).toBeUndefined();
    expect(reader.read({ data: "[1]" })).toBeUndefined();
    expect(reader.read({ data: "{}" })).toEqual([]);
  });

  it.each([
    ["text", { content: "Blue" }, null, {}, true],
    ["a role", { role: "assistant", content: "" }, null, {}, true],
    ["text with the finish reason", { content: "Blue" }, "stop", {}, false],
    ["text with a usage", { content: "Blue" }, null, { usage: { prompt_tokens: 1 } }, false],
    ["a tool call", { tool_calls: [{ index: 0, id: "a" }] }, null, {}, false],
    ["an old function call", { function_call: { name: "a" } }, null, {}, false],
    ["a refusal", { refusal: "No." }, null, {}, false],
  ])("marks a chunk with %s as one that can be relayed, or not", (_, delta, finish, more, expected) => {
    expect(read({ ...chunk(delta, finish), ...more }).reader.isRelayable).toBe(expected);
  });
});
