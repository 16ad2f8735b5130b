import { describe, expect, it } from "vitest";
import { OpenaiReader } from "./openaiReader.ts";

const CONTEXT = { provider: "p", key: undefined, nowMs: 0 };

function read(...chunks: readonly unknown[]) {
  const reader = new OpenaiReader(CONTEXT, undefined);
  const content = chunks.flatMap((chunk) => reader.take({ data: JSON.stringify(chunk) }) ?? []);
  return { reader, content, end: reader.end() };
}
const chunk = (delta: unknown, finish_reason: string | null = null) => ({
  choices: [{ index: 0, delta, finish_reason }],
});

describe("the reader of chat completions", () => {
  it.each(["reasoning_content", "reasoning"])("takes %s for reasoning", (name) => {
    const { content } = read(chunk({ [name]: "Let me see." }), chunk({ content: "Blue." }, "stop"));
    expect(content).toEqual([
      { type: "reasoning", text: "Let me see." },
      { type: "text", text: "Blue." },
    ]);
  });

  it("takes Mistral's content in parts", () => {
    const thinking = { type: "thinking", thinking: [{ type: "text", text: "Hm." }] };
    const { content } = read(chunk({ content: [thinking, { type: "text", text: "Blue." }] }, "stop"));
    expect(content.map(({ type }) => type)).toEqual(["reasoning", "text"]);
  });

  it("puts two calls together whose pieces come mixed", () => {
    const call = (index: number, more: object) => chunk({ tool_calls: [{ index, ...more }] });
    const { end } = read(
      call(0, { id: "a", function: { name: "one", arguments: "" } }),
      call(1, { id: "b", function: { name: "two", arguments: '{"x":' } }),
      call(0, { function: { arguments: "{}" } }),
      call(1, { function: { arguments: "1}" } }),
      chunk({}, "tool_calls"),
    );
    expect(end.events).toEqual([
      { type: "toolCall", id: "a", name: "one", argumentsJson: "{}" },
      { type: "toolCall", id: "b", name: "two", argumentsJson: '{"x":1}' },
      { type: "end", reason: "toolCalls" },
    ]);
  });

  it("tells calls without an index apart by their ids, takes arguments that are an object, and ends in toolCalls", () => {
    const { end } = read(
      chunk({ tool_calls: [{ id: "a", function: { name: "one", arguments: { x: 1 } } }] }),
      chunk({ tool_calls: [{ id: "b", function: { name: "two" } }] }),
      chunk({}, "stop"),
    );
    expect(end.events.map((event) => (event.type === "toolCall" ? event.argumentsJson : event.type))).toEqual(
      ['{"x":1}', "{}", "end"],
    );
    expect(end.events.at(-1)).toEqual({ type: "end", reason: "toolCalls" });
  });

  it("leaves out half a call at the output limit, and calls what remains empty", () => {
    const { end } = read(
      chunk({ tool_calls: [{ index: 0, id: "a", function: { name: "one", arguments: '{"x":' } }] }),
      chunk({}, "length"),
    );
    expect(end.events).toEqual([]);
    expect(end.failure?.record.kind).toBe("empty");
  });

  it("calls reasoning alone empty, and white space too", () => {
    expect(read(chunk({ reasoning: "Hm." }), chunk({}, "stop")).end.failure?.record.kind).toBe("empty");
    expect(read(chunk({ content: "\n" }), chunk({}, "stop")).end.failure?.record.kind).toBe("empty");
  });

  it("tells a refusal that comes as words with a normal finish", () => {
    const { end } = read(chunk({ refusal: "I can't " }), chunk({ refusal: "do that." }), chunk({}, "stop"));
    expect(end.failure?.record).toMatchObject({ kind: "refused", message: "I can't do that." });
  });

  it.each([
    ["SAFETY", "refused"],
    ["content_filter", "refused"],
    ["insufficient_system_resource", "cut"],
    ["error", "cut"],
  ])("takes the finish reason %s for %s", (finish, kind) => {
    expect(read(chunk({ content: "Blue" }, finish)).end.failure?.record.kind).toBe(kind);
  });

  it("takes a finish reason that nobody knows for a stop", () => {
    expect(read(chunk({ content: "Blue" }, "eos_token")).end.events).toEqual([
      { type: "end", reason: "stop" },
    ]);
  });

  it("holds usage to be final only with the finish reason or behind it", () => {
    const reader = new OpenaiReader(CONTEXT, undefined);
    const usage = (completion_tokens: number) => ({ usage: { prompt_tokens: 1, completion_tokens } });
    reader.take({ data: JSON.stringify({ ...chunk({ content: "Blue" }), ...usage(1) }) });
    expect(reader.hasUsage).toBe(false);
    reader.take({ data: JSON.stringify(chunk({}, "stop")) });
    expect(reader.hasUsage).toBe(false);
    reader.take({ data: JSON.stringify({ choices: [], ...usage(2) }) });
    expect(reader.hasUsage).toBe(true);
    expect(reader.end().events[0]).toMatchObject({ usage: { outputTokens: 2 } });
  });

  it("cannot read what is no JSON, or no object", () => {
    const reader = new OpenaiReader(CONTEXT, undefined);
    expect(reader.take({ data: '{"half": ' })).toBeUndefined();
    expect(reader.take({ data: "[1]" })).toBeUndefined();
    expect(reader.take({ data: "{}" })).toEqual([]);
  });
});
