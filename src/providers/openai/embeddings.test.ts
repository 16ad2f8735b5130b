import { afterAll, afterEach, beforeAll, describe, expect, it } from "vitest";
import { NEVER_ABORTED } from "../../../test/support/providers/collectProviderEvents.ts";
import { dot, normalize } from "../../embedding/vectors.ts";
import { simulatorProviders } from "../../simulator/models.ts";
import { type Simulator, startSimulator } from "../../simulator/server.ts";
import { Redaction } from "../errors/redaction.ts";
import { nodeTransport } from "../http/transport/nodeTransport.ts";
import { createProvider } from "../registry/createProvider.ts";
import { readEmbeddings } from "./embeddings.ts";

const MODEL = "sim-embedding";
const CONTEXT = { provider: "p", redaction: new Redaction(undefined), nowMs: 0 };

let simulator: Simulator;
beforeAll(async () => {
  simulator = await startSimulator({ tokensPerSecond: 0 });
});
afterEach(() => simulator.clear());
afterAll(() => simulator.stop());

function embed(
  texts: readonly string[],
  options: { model?: string; key?: string; signal?: AbortSignal } = {},
) {
  const { model = MODEL, key = simulator.key, signal = NEVER_ABORTED } = options;
  const provider = createProvider(simulatorProviders(simulator.url).openai, key, nodeTransport);
  if (provider.embed === undefined) throw new Error("The provider has no embeddings.");
  return provider.embed(model, texts, signal);
}

describe("requesting embeddings over OpenAI's API", () => {
  it("returns vectors in the order of the texts, and their usage", async () => {
    const { vectors, usage } = await embed([
      "write a function",
      "when was Einstein born",
      "write a function",
    ]);
    expect(vectors.map(({ length }) => length)).toEqual([256, 256, 256]);
    expect(vectors[2]).toEqual(vectors[0]);
    expect(
      dot(normalize(vectors[0] ?? new Float32Array()), normalize(vectors[1] ?? new Float32Array())),
    ).toBeLessThan(0.9);
    expect(usage).toMatchObject({ inputTokens: 14, outputTokens: 0 });
  });

  it.each([
    ["a wrong key", { key: "wrong" }, "auth"],
    ["a model that does not embed", { model: "sim-cheap" }, "not-found"],
    ["an aborted signal", { signal: AbortSignal.abort() }, "cancelled"],
  ])("fail with the right kind for %s", async (_what, options, kind) => {
    await expect(embed(["a"], options)).rejects.toMatchObject({ record: { kind } });
  });

  it.each([
    [
      { kind: "status", status: 429, headers: { "retry-after": "7" } },
      { kind: "rate-limited", retryAfterMs: 7000 },
    ],
    [{ kind: "resetBeforeHeaders" }, { kind: "overloaded" }],
    [{ kind: "cut", afterTokens: 0, how: "reset" }, { kind: "malformed" }],
    [{ kind: "malformedEvent", afterTokens: 0 }, { kind: "malformed" }],
    [{ kind: "empty" }, { kind: "malformed" }],
    [
      { kind: "errorEvent", afterTokens: 0, error: { code: "rate_limit_exceeded" } },
      { kind: "rate-limited" },
    ],
  ] as const)("fail as the server fails: %o", async (fault, record) => {
    simulator.injectFault({ fault });
    await expect(embed(["a"])).rejects.toMatchObject({ record });
  });

  it("closes the socket when it is cancelled", async () => {
    simulator.injectFault({ fault: { kind: "stall", afterTokens: 0 } });
    const aborter = new AbortController();
    const answer = expect(embed(["stop"], { signal: aborter.signal })).rejects.toMatchObject({
      record: { kind: "cancelled" },
    });
    while ((await simulator.nextRequest()).body?.["input"]?.toString() !== "stop");
    aborter.abort();
    await answer;
    expect(await simulator.nextClosedByClient()).toMatchObject({ model: MODEL });
  });

  it("returns the vectors without a usage whose numbers are impossible", async () => {
    simulator.injectFault({ fault: { kind: "wrongUsage" } });
    const { vectors, usage } = await embed(["a"]);
    expect(vectors).toHaveLength(1);
    expect(usage).toBeUndefined();
  });
});

describe("readEmbeddings", () => {
  const read = (data: unknown, count = 2) =>
    readEmbeddings({ data }, count, CONTEXT).vectors.map((v) => [...v]);

  it("orders the vectors by their indices, or keeps their order if they have none", () => {
    expect(
      read([
        { index: 1, embedding: [1, 2] },
        { index: 0, embedding: [3, 4] },
      ]),
    ).toEqual([
      [3, 4],
      [1, 2],
    ]);
    expect(read([{ embedding: [1, 2] }, { embedding: [3, 4] }])).toEqual([
      [1, 2],
      [3, 4],
    ]);
  });

  it.each([
    ["too few", [{ embedding: [1] }]],
    [
      "one twice",
      [
        { index: 0, embedding: [1] },
        { index: 0, embedding: [1] },
      ],
    ],
    ["different lengths", [{ embedding: [1] }, { embedding: [1, 2] }]],
    ["no numbers", [{ embedding: [1] }, { embedding: [null] }]],
    ["none at all", [{ embedding: [] }, { embedding: [] }]],
    [
      "odd indices",
      [
        { index: -1, embedding: [1] },
        { index: 0.5, embedding: [1] },
      ],
    ],
    ["no list", "data"],
  ])("rejects a response with %s", (_what, data) => {
    expect(() => read(data)).toThrow("cannot be read");
  });
});
