import { describe, expect, it } from "vitest";
import { parseWorldFile } from "./world.ts";

describe("the world file", () => {
  it("can contain comments", () => {
    const world = {
      remainingUsd: 0.01,
      openBreakers: ["openai/gpt-6-luna", "google"],
      missingKeys: ["anthropic"],
      rateLimits: { "openai/gpt-6.1-sol": 20 },
      latency: { "openai/gpt-6-luna": { firstTokenMs: 300, tokensPerSecond: 120 } },
      now: "2026-11-21T15:00:00Z",
    };
    expect(parseWorldFile(`// a bad day\n${JSON.stringify(world)}`, "w.json")).toMatchObject(world);
    expect(parseWorldFile("{}", "w.json")).toEqual({});
  });

  it.each([
    ['{"remaningUsd":1}', 'Did you mean "remainingUsd"?'],
    ['{"remainingUsd":"1"}', "remainingUsd: "],
    ['{"remainingUsd":-1}', "remainingUsd: -1 is too small."],
    ['{"openBreakers":["a b"]}', "openBreakers[0]: "],
    ['{"missingKeys":["openai/gpt-6-luna"]}', "missingKeys[0]: "],
    ['{"rateLimits":{"openai/x":"soon"}}', 'rateLimits["openai/x"]: Expected a number, found "soon".'],
    ['{"latency":{"openai/x":{"firstTokenMs":1}}}', 'latency["openai/x"].tokensPerSecond: This is missing.'],
    ['{"latency":{"openai/x":{"firstTokenMs":1,"tokensPerSecond":0}}}', "0 is too small"],
    ['{"now":"tomorrow"}', 'now: "tomorrow" is not valid. Use an ISO date'],
    ['{"now":"2026-13-41"}', "now: "],
    ["[]", "1:1: "],
    ['{"a"', "w.json:1:"],
  ])("is rejected if it is %s: %s", (text, message) => {
    expect(() => parseWorldFile(text, "w.json")).toThrow(message);
  });

  it("is rejected with a message that lists every problem on one line", () => {
    const wrong = () => parseWorldFile('{"a":1,"remainingUsd":"x","now":3}', "w.json");
    expect(wrong).toThrow(/^w\.json: [^\n]*remainingUsd[^\n]*now[^\n]*$/);
  });
});
