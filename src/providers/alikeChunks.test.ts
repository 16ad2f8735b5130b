import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { AlikeChunks } from "./alikeChunks.ts";

const chunkOf = (text: string, more: object = {}): string =>
  JSON.stringify({ id: "c", choices: [{ delta: { content: text }, finish_reason: null }], ...more });

function knowing(text: string, chunk = chunkOf(text)): AlikeChunks {
  const chunks = new AlikeChunks();
  chunks.learn(chunk, text);
  return chunks;
}

describe("chunks that are like an earlier one", () => {
  it("say what parsing them says, or are left to be parsed", () => {
    const text = fc.string({
      unit: fc.constantFrom("a", " ", "é", "🙂", '"', "\\", "\n", "\u0000", "{", "}", ","),
    });
    fc.assert(
      fc.property(text, text, fc.constantFrom({}, { padding: "x" }), (first, next, more) => {
        const read = knowing(first).textOf(chunkOf(next, more));
        if (read !== undefined) expect([read, more]).toEqual([next, {}]);
      }),
    );
  });

  it("say so also where a server escapes more than it must", () => {
    const text = fc.string({ unit: fc.constantFrom("a", "é", "/", "u00e9", "\\") });
    const escaped = (chunk: string): string => chunk.replaceAll("/", "\\/").replaceAll("é", "\\u00e9");
    fc.assert(
      fc.property(text, text, (first, next) => {
        const read = knowing(first, escaped(chunkOf(first))).textOf(escaped(chunkOf(next)));
        if (read !== undefined) expect(read).toBe(next);
      }),
    );
    const known = knowing("é", escaped(chunkOf("é")));
    expect(known.textOf(chunkOf("u00e9"))).toBeUndefined();
  });

  it("are read without being parsed", () => {
    expect(knowing("One").textOf(chunkOf(" and two"))).toBe(" and two");
    expect(knowing("One").textOf(chunkOf(""))).toBe("");
    const spaced = '{"choices": [{"delta": {"content": "One"}}]}';
    expect(knowing("One", spaced).textOf(spaced.replace("One", "Two"))).toBe("Two");
  });

  it.each([
    ["ends otherwise", chunkOf("x").replace("null", '"stop"')],
    ["says how it was counted", chunkOf("x", { usage: {} })],
    ["is cut short", chunkOf("x").slice(0, -1)],
    ["has a text that is escaped", chunkOf('"')],
    ["says something else beside it", chunkOf("x").replace('"x"', '"x","role":"assistant"')],
  ])("are parsed where one %s", (_what, chunk) => {
    expect(knowing("One").textOf(chunk)).toBeUndefined();
  });

  it("are parsed where it is not certain what their text is", () => {
    const twice = '{"choices":[{"delta":{"content":"One"},"other":{"content":"One"}}]}';
    expect(knowing("One", twice).textOf(twice)).toBeUndefined();
    expect(new AlikeChunks().textOf(chunkOf("x"))).toBeUndefined();
  });

  it("are no longer looked for where all are different", () => {
    const chunks = new AlikeChunks();
    for (let at = 0; at < 10; at += 1) chunks.learn(chunkOf("x", { padding: at }), "x");
    expect(chunks.textOf(chunkOf("x", { padding: 9 }))).toBeUndefined();
    expect(chunks.textOf(chunkOf("y", { padding: 3 }))).toBe("y");
  });
});
