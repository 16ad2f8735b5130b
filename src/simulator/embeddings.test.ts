import OpenAI from "openai";
import { afterAll, afterEach, beforeAll, describe, expect, it } from "vitest";
import { type Simulator, startSimulator } from "./server.ts";

let simulator: Simulator;
let openai: OpenAI;

beforeAll(async () => {
  simulator = await startSimulator({ tokensPerSecond: 0 });
  openai = new OpenAI({ apiKey: simulator.key, baseURL: `${simulator.url}/openai/v1`, maxRetries: 0 });
});
afterEach(() => simulator.clear());
afterAll(() => simulator.stop());

async function vectors(input: string | string[], encoding_format?: "float" | "base64") {
  const made = await openai.embeddings.create({
    model: "sim-embedding",
    input,
    ...(encoding_format === undefined ? {} : { encoding_format }),
  });
  return made.data.map(({ embedding }) => embedding);
}

function cosine(a: readonly number[] = [], b: readonly number[] = []): number {
  return a.reduce((sum, component, at) => sum + component * (b[at] ?? 0), 0);
}

describe("the simulator's embeddings, read with OpenAI's SDK", () => {
  it("are in the order of the texts, and the same in both encodings", async () => {
    const [first, second] = await vectors(["one text", "another text"], "float");
    expect(first).toHaveLength(256);
    expect(cosine(first, first)).toBeCloseTo(1);
    const packed = (await vectors(["another text"]))[0];
    expect(cosine(packed, second)).toBeCloseTo(1);
    expect(cosine(packed, first)).toBeLessThan(0.9);
  });

  it("are more similar if texts share words", async () => {
    const [a, b, c] = await vectors([
      "write a python function",
      "write a sort function",
      "when was Einstein born",
    ]);
    expect(cosine(a, b)).toBeGreaterThan(cosine(a, c) + 0.2);
  });

  it("report their usage", async () => {
    const { usage } = await openai.embeddings.create({ model: "sim-embedding", input: "12345678" });
    expect(usage).toEqual({ prompt_tokens: 2, total_tokens: 2 });
  });

  it("are rejected for an empty text, a text that is too long, and a chat model", async () => {
    await expect(vectors("")).rejects.toMatchObject({ status: 400 });
    await expect(vectors([])).rejects.toMatchObject({ status: 400 });
    await expect(vectors("x".repeat(40_000))).rejects.toMatchObject({ status: 400 });
    await expect(openai.embeddings.create({ model: "sim-cheap", input: "a" })).rejects.toMatchObject({
      status: 404,
      code: "model_not_found",
    });
  });

  it("can fail, and are logged", async () => {
    simulator.injectFault({ model: "sim-embedding", fault: { kind: "status", status: 429 } });
    await expect(vectors("a")).rejects.toMatchObject({ status: 429 });
    simulator.injectFault({ fault: { kind: "cut", afterTokens: 0, how: "reset" } });
    await expect(vectors("a")).rejects.toThrow();
    simulator.injectFault({ fault: { kind: "malformedEvent", afterTokens: 0 } });
    await expect(vectors("a")).rejects.toThrow();
    expect(await vectors("a")).toHaveLength(1);
    expect(simulator.requests().at(-1)).toMatchObject({ model: "sim-embedding", body: { input: "a" } });
  });
});
