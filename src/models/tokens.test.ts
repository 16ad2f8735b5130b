import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { type Message, textMessage } from "../contract/message.ts";
import { contextTokens, estimateTokens, imageTokensOf, inputBound } from "./tokens.ts";

describe("estimateTokens", () => {
  it("counts about four letters a token in prose, and more for JSON than for the same text as prose", () => {
    const prose = "The quick brown fox jumps over the lazy dog. ".repeat(20);
    expect(estimateTokens(prose) / 20).toBeGreaterThan(8);
    expect(estimateTokens(prose) / 20).toBeLessThan(12);
    const json = JSON.stringify({ name: "fox", jumps: [1, 2, 3], over: { dog: "lazy" } });
    expect(estimateTokens(json)).toBeGreaterThan(estimateTokens(`x ${json} x`) - 2);
  });

  it("returns 0 for an empty text, and is fast on texts that hang exact tokenizers", () => {
    expect(estimateTokens("")).toBe(0);
    expect(estimateTokens("a".repeat(1_000_000))).toBeGreaterThan(0);
  });
});

describe("the estimate of a long text", () => {
  const words = "the quick brown fox jumps over lazy dogs and internationalization ".split(" ");
  const prose = Array.from({ length: 500 }, (_, at) => words[(at * 7) % words.length]).join(" ");
  const code = "for (let i = 0; i < n; i++) { sum += a[i] * 2; }\n".repeat(60);
  const whole = (text: string) =>
    (text.match(/[\s\S]{1,2000}/g) ?? []).reduce((sum, piece) => sum + estimateTokens(piece), 0);

  it("is within 10 % of counting the whole text, even if its halves differ", () => {
    const text = prose.repeat(10) + code.repeat(10);
    expect(estimateTokens(text) / whole(text)).toBeGreaterThan(0.9);
    expect(estimateTokens(text) / whole(text)).toBeLessThan(1.1);
  });

  it("is within 10 % for a conversation of many messages, with tool results", () => {
    const messages = Array.from({ length: 40 }, (_, at): Message => {
      const text = at % 2 === 0 ? prose : code;
      return at % 4 === 0
        ? textMessage("user", text)
        : { role: "tool", parts: [{ type: "toolResult", id: "c", text }] };
    });
    const all = whole(prose) * 20 + whole(code) * 20;
    expect(contextTokens(messages) / all).toBeGreaterThan(0.9);
    expect(contextTokens(messages) / all).toBeLessThan(1.1);
    expect(contextTokens([])).toBe(0);
  });
});

describe("inputBound", () => {
  it("is the UTF-8 bytes of the text, plus 16 for each message", () => {
    expect(inputBound([textMessage("system", "ab"), textMessage("user", "grün €")])).toBe(16 + 2 + 16 + 9);
  });

  it("includes tool calls, their results, reasoning and the tool definitions", () => {
    const parts: Message["parts"] = [
      { type: "toolCall", id: "1", name: "read", argumentsJson: '{"path":"a"}' },
      { type: "toolResult", id: "1", text: "content" },
      { type: "reasoning", text: "hm", provider: "anthropic", signature: "sig" },
    ];
    const bare = inputBound([{ role: "assistant", parts: [] }]);
    expect(inputBound([{ role: "assistant", parts }])).toBeGreaterThan(bare + 12 + 7 + 5);
    const tool = { name: "read", description: "Reads a file", parametersSchema: { type: "object" } };
    expect(inputBound([], [tool])).toBeGreaterThan(JSON.stringify(tool).length);
  });

  it("is never below the estimate", () => {
    fc.assert(
      fc.property(fc.string({ unit: "grapheme" }), (text) => {
        expect(inputBound([textMessage("user", text)])).toBeGreaterThanOrEqual(estimateTokens(text));
      }),
    );
  });
});

describe("imageTokensOf", () => {
  it("is the documented maximum of the model's family, whichever provider has it", () => {
    expect(imageTokensOf("claude-sonnet-5-5", ["anthropic"])).toBe(4_784);
    expect(imageTokensOf("anthropic/claude-sonnet-5-5", ["openrouter"])).toBe(4_784);
    expect(imageTokensOf("gpt-4o-mini", ["gpu-box"])).toBe(48_169);
  });

  it("is the vendor's highest for other models of its price list", () => {
    expect(imageTokensOf("codex-mini", ["azure"])).toBe(48_169);
  });

  it("is undefined if neither family nor vendor documents a maximum", () => {
    expect(imageTokensOf("pixtral-large-latest", ["mistral"])).toBeUndefined();
  });
});
