import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { type Message, textMessage } from "../contract/message.ts";
import { contextTokens, estimateTokens, imageBound, inputBound } from "./tokens.ts";

describe("an estimate of tokens", () => {
  it("is near four letters a token in prose, and higher for JSON than for the same text as prose", () => {
    const prose = "The quick brown fox jumps over the lazy dog. ".repeat(20);
    expect(estimateTokens(prose) / 20).toBeGreaterThan(8);
    expect(estimateTokens(prose) / 20).toBeLessThan(12);
    const json = JSON.stringify({ name: "fox", jumps: [1, 2, 3], over: { dog: "lazy" } });
    expect(estimateTokens(json)).toBeGreaterThan(estimateTokens(`x ${json} x`) - 2);
  });

  it("is nothing for nothing, and quick for the texts that hang tokenizers", () => {
    expect(estimateTokens("")).toBe(0);
    expect(estimateTokens("a".repeat(1_000_000))).toBeGreaterThan(0);
  });
});

describe("an estimate of a long text", () => {
  const words = "the quick brown fox jumps over lazy dogs and internationalization ".split(" ");
  const page = Array.from({ length: 500 }, (_, at) => words[(at * 7) % words.length]).join(" ");
  const code = "for (let i = 0; i < n; i++) { sum += a[i] * 2; }\n".repeat(60);
  const whole = (text: string) =>
    (text.match(/[\s\S]{1,2000}/g) ?? []).reduce((sum, piece) => sum + estimateTokens(piece), 0);

  it("is near what counting all of it says, also where its halves are unlike", () => {
    const text = page.repeat(10) + code.repeat(10);
    expect(estimateTokens(text) / whole(text)).toBeGreaterThan(0.9);
    expect(estimateTokens(text) / whole(text)).toBeLessThan(1.1);
  });

  it("is the same for a conversation of many messages, their calls and results among them", () => {
    const messages = Array.from({ length: 40 }, (_, at): Message => {
      const text = at % 2 === 0 ? page : code;
      return at % 4 === 0
        ? textMessage("user", text)
        : { role: "tool", parts: [{ type: "toolResult", id: "c", text }] };
    });
    const all = whole(page) * 20 + whole(code) * 20;
    expect(contextTokens(messages) / all).toBeGreaterThan(0.9);
    expect(contextTokens(messages) / all).toBeLessThan(1.1);
    expect(contextTokens([])).toBe(0);
  });
});

describe("the bound of an input", () => {
  it("is its UTF-8 bytes and 16 a message", () => {
    expect(inputBound([textMessage("system", "ab"), textMessage("user", "grün €")])).toBe(16 + 2 + 16 + 9);
  });

  it("holds tool calls, their results, reasoning and the tools themselves", () => {
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

  it("is never less than the estimate", () => {
    fc.assert(
      fc.property(fc.string({ unit: "grapheme" }), (text) => {
        expect(inputBound([textMessage("user", text)])).toBeGreaterThanOrEqual(estimateTokens(text));
      }),
    );
  });
});

describe("the bound of images", () => {
  it("is the most that the provider's documentation allows for each", () => {
    expect(imageBound(2, "anthropic/claude-sonnet-5-5")).toBe(2 * 4784);
    expect(imageBound(1, "azure/gpt-4o-mini")).toBe(48_169);
  });

  it("is unknown for a provider that documents none, and nothing without images", () => {
    expect(imageBound(1, "mistral/pixtral-large-latest")).toBeUndefined();
    expect(imageBound(0, "mistral/pixtral-large-latest")).toBe(0);
  });
});
