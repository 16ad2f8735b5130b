import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { readWorldFile } from "./world.ts";

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "switchyard-world-"));
});
afterAll(() => rm(folder, { recursive: true }));

async function read(text: string) {
  const file = join(folder, "w.json");
  await writeFile(file, text);
  return readWorldFile(file);
}

describe("the world file", () => {
  it("can contain comments", async () => {
    const world = {
      remainingUsd: 0.01,
      openBreakers: ["openai/gpt-6-luna", "google"],
      missingKeys: ["anthropic"],
      rateLimits: { "openai/gpt-6.1-sol": 20 },
      latency: { "openai/gpt-6-luna": { firstTokenMs: 300, tokensPerSecond: 120 } },
      checks: [{ route: "Edits", language: "go", wrong: 13, rejectedWrong: 12 }],
      now: "2026-11-21T15:00:00Z",
    };
    expect(await read(`// a bad day\n${JSON.stringify(world)}`)).toMatchObject(world);
    expect(await read("{}")).toEqual({});
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
    ['{"checks":[{"route":"A","wrong":1,"rejectedWrong":2}]}', "checks[0]: "],
    ['{"now":"tomorrow"}', 'now: "tomorrow" is not valid. Use an ISO date'],
    ['{"now":"2026-13-41"}', "now: "],
    ["[]", "1:1: "],
    ['{"a"', "w.json:1:"],
  ])("is rejected if it is %s: %s", async (text, message) => {
    await expect(read(text)).rejects.toThrow(message);
  });

  it("is rejected with a message that lists every problem on one line", async () => {
    await expect(read('{"a":1,"remainingUsd":"x","now":3}')).rejects.toThrow(
      /^[^\n]*w\.json: [^\n]*remainingUsd[^\n]*now[^\n]*$/,
    );
  });

  it("must exist", async () => {
    const file = join(folder, "missing.json");
    await expect(readWorldFile(file)).rejects.toThrow(
      `Cannot read the world file ${file}: no such file or directory.`,
    );
  });
});
