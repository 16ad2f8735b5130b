import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { ChunkTemplateCache } from "./chunkTemplateCache.ts";

const chunkOf = (text: string, more: object = {}): string =>
  JSON.stringify({ id: "c", choices: [{ delta: { content: text }, finish_reason: null }], ...more });

function cacheOf(text: string, chunk = chunkOf(text)): ChunkTemplateCache {
  const chunks = new ChunkTemplateCache();
  chunks.learn(chunk, text);
  return chunks;
}

describe("ChunkTemplateCache", () => {
  it("returns the same text as parsing, or undefined", () => {
    const text = fc.string({
      unit: fc.constantFrom("a", " ", "é", "🙂", '"', "\\", "\n", "\u0000", "{", "}", ","),
    });
    fc.assert(
      fc.property(text, text, fc.constantFrom({}, { padding: "x" }), (first, next, more) => {
        const read = cacheOf(first).textOf(chunkOf(next, more));
        if (read !== undefined) expect([read, more]).toEqual([next, {}]);
      }),
    );
  });

  it("does so even if a server escapes more than necessary", () => {
    const text = fc.string({ unit: fc.constantFrom("a", "é", "/", "u00e9", "\\") });
    const escaped = (chunk: string): string => chunk.replaceAll("/", "\\/").replaceAll("é", "\\u00e9");
    fc.assert(
      fc.property(text, text, (first, next) => {
        const read = cacheOf(first, escaped(chunkOf(first))).textOf(escaped(chunkOf(next)));
        if (read !== undefined) expect(read).toBe(next);
      }),
    );
    const known = cacheOf("é", escaped(chunkOf("é")));
    expect(known.textOf(chunkOf("u00e9"))).toBeUndefined();
  });

  it("reads chunks without parsing them", () => {
    expect(cacheOf("One").textOf(chunkOf(" and two"))).toBe(" and two");
    expect(cacheOf("One").textOf(chunkOf(""))).toBe("");
    const spaced = '{"choices": [{"delta": {"content": "One"}}]}';
    expect(cacheOf("One", spaced).textOf(spaced.replace("One", "Two"))).toBe("Two");
  });

  it.each([
    ["has another end", chunkOf("x").replace("null", '"stop"')],
    ["has a usage", chunkOf("x", { usage: {} })],
    ["is cut short", chunkOf("x").slice(0, -1)],
    ["has a text that is escaped", chunkOf('"')],
    ["has another member", chunkOf("x").replace('"x"', '"x","role":"assistant"')],
  ])("returns undefined for a chunk that %s", (_what, chunk) => {
    expect(cacheOf("One").textOf(chunk)).toBeUndefined();
  });

  it("returns undefined for a chunk whose text is ambiguous", () => {
    const twice = '{"choices":[{"delta":{"content":"One"},"other":{"content":"One"}}]}';
    expect(cacheOf("One", twice).textOf(twice)).toBeUndefined();
    expect(new ChunkTemplateCache().textOf(chunkOf("x"))).toBeUndefined();
  });

  it("stops learning if all chunks differ", () => {
    const chunks = new ChunkTemplateCache();
    for (let at = 0; at < 10; at += 1) chunks.learn(chunkOf("x", { padding: at }), "x");
    expect(chunks.textOf(chunkOf("x", { padding: 9 }))).toBeUndefined();
    expect(chunks.textOf(chunkOf("y", { padding: 3 }))).toBe("y");
  });
});
