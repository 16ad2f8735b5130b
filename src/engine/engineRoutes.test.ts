import { describe, expect, it } from "vitest";
import { collectAnswer } from "../../test/support/collectAnswer.ts";
import { promptRequest } from "../../test/support/engineRequest.ts";
import { engineWith, simulator, useSimulator } from "../../test/support/simulatedEngine.ts";
import { nodeTransport } from "../providers/http/transport/nodeTransport.ts";
import type { HttpTransport } from "../providers/http/transport/transport.ts";

useSimulator();

describe("a route", () => {
  it("with examples applies to similar prompts only", async () => {
    const examples = [
      "Write a Python function",
      "Create a REST API",
      "Implement a class that parses dates",
      "Write a script that renames files",
      "Code a binary search in Go",
    ];
    const { engine } = await engineWith({
      "switchyard.routes": [
        { name: "Write code", examples, models: ["west/sim-balanced"] },
        { name: "Rest", models: ["east/sim-cheap"] },
      ],
    });
    const code = await engine.decide(promptRequest("Write a TypeScript function that sorts a list"));
    expect(code.route).toMatchObject({ kind: "settings", name: "Write code" });
    if (code.route.kind !== "settings") throw new Error("No route of the settings applies.");
    expect(code.route.similarity?.score).toBeGreaterThanOrEqual(code.route.similarity?.threshold ?? 1);
    expect((await engine.decide(promptRequest("asdf qwer zxcv"))).route).toMatchObject({ name: "Rest" });
    expect((await engine.decide(promptRequest("asdf qwer zxcv"))).features.cached).toBe(true);
  });

  it("with an experiment counts an answer for its arm, and records results", async () => {
    const { engine, ledger } = await engineWith({
      "switchyard.routes": [
        {
          name: "Trial",
          models: ["east/sim-cheap", "west/sim-balanced"],
          experiment: {
            name: "e",
            control: "east/sim-cheap",
            treatment: "west/sim-balanced",
            treatmentShare: 1,
            metric: "thumbs",
          },
        },
      ],
    });
    simulator.injectFault({ model: "sim-balanced", times: 1, fault: { kind: "empty" } });
    const { summary } = await collectAnswer(engine, promptRequest("Hello", { conversation: "c1" }));
    expect(summary).toMatchObject({ modelUsed: "east/sim-cheap", fallbackCount: 1 });
    await engine.outcome(summary.decisionId, "thumbs", 1);
    expect(await ledger.history.experimentValues("e", "thumbs")).toEqual({ control: [], treatment: [1] });
    await engine.outcome(summary.decisionId, "thumbs", null);
    expect(await ledger.history.experimentValues("e", "thumbs")).toEqual({ control: [], treatment: [] });
  });

  it("of a cascade begins with a cheap model once the check has rejected what was discarded, in that language", async () => {
    const { engine, ledger } = await engineWith({
      "switchyard.routes": [
        { name: "Edits", models: ["east/sim-cheap", "west/sim-balanced"], pick: "cascade" },
      ],
      "switchyard.models": {
        "east/sim-cheap": { inputUsdPerMTok: 0.15, outputUsdPerMTok: 0.6, quality: 0.6 },
        "west/sim-balanced": { inputUsdPerMTok: 2.5, outputUsdPerMTok: 10, quality: 0.7 },
      },
    });
    const ask = async (language: string) => {
      const request = promptRequest("Fix it", { isEdit: true, language });
      return (await collectAnswer(engine, request)).summary;
    };
    for (let edit = 0; edit < 10; edit += 1) {
      const { decisionId, modelUsed } = await ask("go");
      expect(modelUsed).toBe("west/sim-balanced");
      await engine.outcome(decisionId, "check", 0);
      await engine.outcome(decisionId, "kept", 0);
    }
    const { decisionId, modelUsed } = await ask("go");
    expect(modelUsed).toBe("east/sim-cheap");
    expect((await ledger.history.decision(decisionId))?.decision.cascade).toMatchObject({
      first: "cheapest",
      because: { kind: "measured", wrong: 10, rejectedWrong: 10 },
    });
    expect((await ask("python")).modelUsed).toBe("west/sim-balanced");
  });

  it("with a remote embedder pays for it, stores its vectors, sends it no private text and skips it when it fails", async () => {
    const embedder = "east/sim-embedding";
    const { engine, ledger } = await engineWith({
      "switchyard.semantic.embedder": embedder,
      "switchyard.models": {
        [embedder]: { inputUsdPerMTok: 0.02, outputUsdPerMTok: 0 },
        "east/sim-cheap": { inputUsdPerMTok: 0.15, outputUsdPerMTok: 0.6 },
      },
      "switchyard.routes": [
        { name: "Poems", examples: ["Write a poem"], threshold: 0.9, models: ["east/sim-cheap"] },
      ],
    });
    const requestCount = () => simulator.requests().filter(({ model }) => model === "sim-embedding").length;
    const before = requestCount();
    await engine.decide(promptRequest("Write a poem", { isPrivate: true }));
    expect(requestCount()).toBe(before);
    // The built-in embedder compares prompts until the examples and the generic prompts are embedded.
    const similarities = async () =>
      (await engine.decide(promptRequest("Write a poem"))).features.similarities;
    await expect.poll(similarities).toMatchObject({ embedder, routes: [{ name: "Poems" }] });
    const decided = await engine.decide(promptRequest("Write a poem"));
    expect(decided.route).toMatchObject({ name: "Poems" });
    expect((await ledger.budget.today()).byModel).toMatchObject([{ ref: embedder }]);
    expect((await ledger.history.embeddings(embedder, ["Write a poem"])).size).toBe(1);
    const paid = await ledger.budget.today();
    simulator.injectFault({ model: "sim-embedding", times: 1, fault: { kind: "status", status: 500 } });
    const failed = await engine.decide(promptRequest("Write another poem"));
    expect(failed.features.similarities).toMatchObject({
      embedder: "built-in",
      skipped: { embedder, failure: { kind: "overloaded" } },
    });
    // The provider does not charge for an error status.
    expect(await ledger.budget.today()).toMatchObject({
      spentNanoUsd: paid.spentNanoUsd,
      reservedNanoUsd: 0,
    });
  });
});

describe("where a prompt would go", () => {
  it("is on other machines if any model of the chain is there, and not with the automatic simulator", async () => {
    const { engine } = await engineWith();
    const request = promptRequest("Why?");
    const { firstRemote, isRemote } = await engine.reach(request);
    expect(firstRemote).toBe("east/sim-cheap");
    expect(isRemote("west/sim-balanced")).toBe(true);
    const here = await engineWith(
      { "switchyard.providers": {}, "switchyard.models": {}, "switchyard.routes": [] },
      {},
    );
    expect((await here.engine.reach(request)).firstRemote).toBeUndefined();
  });

  it("is on another machine if the embedder of the routes is there, unless the prompt is private", async () => {
    const { engine } = await engineWith({
      "switchyard.semantic.embedder": "east/sim-embedding",
      "switchyard.routes": [{ name: "Home", examples: ["homework"], models: ["home/sim-local"] }],
    });
    const request = { ...promptRequest("homework"), explicitModel: "home/sim-local" };
    expect((await engine.reach(request)).firstRemote).toBe("east/sim-embedding");
    expect((await engine.reach({ ...request, isPrivate: true })).firstRemote).toBeUndefined();
    const { engine: builtIn } = await engineWith({
      "switchyard.routes": [{ name: "Home", examples: ["homework"], models: ["home/sim-local"] }],
    });
    expect((await builtIn.reach(request)).firstRemote).toBeUndefined();
  });
});

describe("a forecast", () => {
  it("makes no network call: the built-in embedder compares a prompt that is not sent yet", async () => {
    const addresses: string[] = [];
    const recording: HttpTransport = {
      send: (request, handler) => {
        addresses.push(request.url);
        return nodeTransport.send(request, handler);
      },
    };
    const routes = [
      { name: "Poems", examples: ["Write a poem"], threshold: 0.9, models: ["home/sim-cheap"] },
    ];
    const settings = {
      "switchyard.semantic.embedder": "east/sim-embedding",
      "switchyard.models": { "east/sim-embedding": { inputUsdPerMTok: 0.02, outputUsdPerMTok: 0 } },
      "switchyard.routes": routes,
    };
    const { engine, providers } = await engineWith(settings, { KEY: simulator.key }, recording);
    // The lists of local models are requested once, and again only when a prompt is sent.
    await providers.localModels(Date.now() - 3_600_000);
    addresses.length = 0;
    const forecast = await engine.forecast(promptRequest("Write a poem"));
    expect(forecast).toMatchObject({
      route: { name: "Poems" },
      features: { similarities: { embedder: "built-in" } },
    });
    expect(addresses).toEqual([]);
    await engine.decide(promptRequest("Write a poem"));
    expect(addresses).not.toEqual([]);
  });
});
