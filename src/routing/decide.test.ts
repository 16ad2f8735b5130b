import { describe, expect, test } from "vitest";
import { attributes, card, features, health, world } from "../../test/support/worlds.ts";
import type { Decision } from "../contract/decision.ts";
import { NANO_PER_USD } from "../contract/money.ts";
import { readSettings } from "../settings/read.ts";
import type { Settings } from "../settings/schema.ts";
import { decide } from "./decide.ts";

const dear = card("a/dear", {
  inputUsdPerMTok: 10,
  outputUsdPerMTok: 50,
  quality: { value: 0.9, basis: "estimate" },
});
const fair = card("b/fair", {
  inputUsdPerMTok: 2,
  outputUsdPerMTok: 10,
  quality: { value: 0.75, basis: "estimate" },
});
const cheap = card("a/cheap", {
  inputUsdPerMTok: 0.1,
  outputUsdPerMTok: 0.5,
  quality: { value: 0.55, basis: "estimate" },
});
const free = card("home/free", {
  local: true,
  inputUsdPerMTok: 0,
  outputUsdPerMTok: 0,
  quality: { value: 0.4, basis: "estimate" },
});
const everybody = [dear, fair, cheap, free];

function settings(raw: Record<string, unknown> = {}): Settings {
  return readSettings(
    Object.fromEntries(Object.entries(raw).map(([name, value]) => [`switchyard.${name}`, value])),
  ).settings;
}

const providers = {
  a: { kind: "openai" },
  b: { kind: "openai" },
  home: { kind: "openai-compatible", baseUrl: "http://127.0.0.1:1/v1", local: true },
};

function routed(routes: readonly unknown[], more: Record<string, unknown> = {}): Settings {
  return settings({ providers, routes, ...more });
}

const route = (models: readonly unknown[], more: Record<string, unknown> = {}) => ({
  name: "R",
  models,
  ...more,
});

const refs = (decision: Decision) =>
  decision.outcome.kind === "chosen"
    ? decision.outcome.chain.map(({ ref }) => ref)
    : decision.outcome.reason.kind;

const reasons = (decision: Decision) =>
  Object.fromEntries(decision.skipped.map(({ ref, reason }) => [ref, reason]));

const budget = (leftUsd: number) => ({
  budget: { leftNanoUsd: leftUsd * NANO_PER_USD, budgetNanoUsd: 5 * NANO_PER_USD, period: "day" as const },
});

describe("a route that is asked for by its name", () => {
  const two = routed([
    route(["a/cheap"]),
    route(["a/dear"], { name: "Hard", when: { complexity: ["high"] } }),
  ]);

  test("stands in place of the first that applies, whether its own conditions hold or not", () => {
    const decision = decide(attributes({ explicitRoute: "Hard" }), features("low"), two, world(everybody));
    expect(refs(decision)).toEqual(["a/dear"]);
    expect(decision.route).toEqual({ kind: "settings", name: "Hard", index: 1 });
  });

  test("is not replaced by the one before it, where the prompt is a short follow-up", () => {
    const last = {
      ref: "a/cheap",
      route: { kind: "settings", name: "R", index: 0 },
      atMs: 999_999,
      inputTokens: 100,
      outputTokens: 10,
    } as const;
    const asked = attributes({ explicitRoute: "Hard" });
    const inherits = world(everybody, { conversation: last });
    expect(refs(decide(asked, features("low", { followUp: true }), two, inherits))).toEqual(["a/dear"]);
  });
});

describe("the derived routes, where no route is set", () => {
  test("a demanding prompt goes to the best quality, the rest behind it", () => {
    const decision = decide(attributes(), features("high"), settings(), world(everybody));
    expect(refs(decision)).toEqual(["a/dear", "b/fair", "a/cheap", "home/free"]);
    expect(decision.route).toEqual({ kind: "derived", level: "high" });
  });

  test("a middling prompt goes to the cheapest of quality 0.7 or more", () => {
    expect(refs(decide(attributes(), features("medium"), settings(), world(everybody)))).toEqual([
      "b/fair",
      "a/dear",
      "a/cheap",
      "home/free",
    ]);
  });

  test("a simple prompt goes to the cheapest of quality 0.5 or more, and another provider stands next", () => {
    const decision = decide(attributes(), features("low"), settings(), world(everybody));
    expect(refs(decision)).toEqual(["a/cheap", "b/fair", "a/dear", "home/free"]);
  });
});

describe("private content", () => {
  test("goes to local models, also where others have a key and no route is set", () => {
    const now = world(everybody, { pool: ["a/dear", "b/fair"] });
    expect(refs(decide(attributes({ isPrivate: true }), features("high"), settings(), now))).toEqual([
      "home/free",
    ]);
  });
});

describe("a follow-up", () => {
  const last = {
    ref: "b/fair",
    atMs: 0,
    inputTokens: 100,
    outputTokens: 50,
    route: { kind: "derived", level: "high" },
  } as const;
  const now = world(everybody, { conversation: last });
  const said = features("low", { followUp: true });

  test("keeps the model before it, on the route before it", () => {
    const decision = decide(attributes(), said, settings(), now);
    expect(refs(decision)[0]).toBe("b/fair");
    expect(decision).toMatchObject({ followUp: true, route: { kind: "derived", level: "high" } });
  });

  test.each([
    ["a command", { command: "fix" }],
    ["another language", { language: "go" }],
    ["new code", { attachedNew: true }],
    ["a picked model", { explicitModel: "a/dear" }],
  ])("is a prompt of its own with %s", (_name, known) => {
    expect(decide(attributes(known), said, settings(), now).followUp).toBeUndefined();
  });

  test("is decided anew where that model may not be asked any more", () => {
    const off = { ...now, health: new Map([["b/fair", health({ switchedOff: true })]]) };
    const decision = decide(attributes(), said, settings(), off);
    expect(refs(decision)[0]).toBe("a/cheap");
    expect(decision.followUp).toBeUndefined();
  });
});

describe("within a conversation", () => {
  test("the last model stays while its cache makes it the cheaper one, and the figures are told", () => {
    const cached = { ...fair, cacheReadUsdPerMTok: 0.02 };
    const other = card("a/other", {
      inputUsdPerMTok: 1,
      outputUsdPerMTok: 10,
      quality: { value: 0.75, basis: "estimate" },
    });
    const last = {
      ref: "b/fair",
      atMs: 999_000,
      inputTokens: 50_000,
      outputTokens: 500,
      route: { kind: "derived", level: "medium" },
    } as const;
    const asked = features("medium", { contextTokens: 51_000 });
    const known = { medianOutputTokens: new Map([["derived:medium", 200]]) };
    const fresh = decide(attributes(), asked, settings(), world([cached, other], known));
    expect(refs(fresh)[0]).toBe("a/other");
    const going = decide(
      attributes(),
      asked,
      settings(),
      world([cached, other], { ...known, conversation: last }),
    );
    expect(refs(going)[0]).toBe("b/fair");
    expect(going.affinity).toMatchObject({
      kind: "stayed",
      last: "b/fair",
      other: "a/other",
      cachedTokens: 50_000,
    });
  });
});

describe("an experiment", () => {
  const trial = { name: "e", control: "a/dear", treatment: "b/fair", treatmentShare: 1, metric: "thumbs" };
  const set = routed([route(["a/dear", "b/fair"], { experiment: trial })]);

  test("fixes the pick of its arm, and says which", () => {
    const decision = decide(attributes({ conversation: "c" }), features(), set, world(everybody));
    expect(refs(decision)).toEqual(["b/fair", "a/dear"]);
    expect(decision.experiment).toEqual({ name: "e", arm: "treatment", unit: "c" });
  });

  test("counts for its arm also where that model may not be asked", () => {
    const off = world(everybody, { health: new Map([["b/fair", health({ switchedOff: true })]]) });
    const decision = decide(attributes({ conversation: "c" }), features(), set, off);
    expect(refs(decision)).toEqual(["a/dear"]);
    expect(decision.experiment?.arm).toBe("treatment");
  });

  test("leaves out what the user picked", () => {
    const decision = decide(attributes({ explicitModel: "a/dear" }), features(), set, world(everybody));
    expect(decision.experiment).toBeUndefined();
  });
});

describe("routes", () => {
  test("the first that matches wins, and none that goes by unknown similarity", () => {
    const set = routed([
      { name: "By example", examples: ["Write a poem"], models: ["a/dear"] },
      { name: "Hard", when: { complexity: ["high"] }, models: ["b/fair"] },
      { name: "Rest", models: ["a/cheap"] },
    ]);
    expect(decide(attributes(), features("high"), set, world(everybody)).route).toMatchObject({
      name: "Hard",
      index: 1,
    });
    expect(decide(attributes(), features("low"), set, world(everybody)).route).toMatchObject({
      name: "Rest",
    });
  });

  test("where none matches, the derived ones decide", () => {
    const set = routed([{ name: "Hard", when: { complexity: ["high"] }, models: ["b/fair"] }]);
    expect(decide(attributes(), features("low"), set, world(everybody)).route).toEqual({
      kind: "derived",
      level: "low",
    });
  });

  test.each([
    [{ commands: ["fix"] }, { command: "fix" }, {}],
    [{ languages: ["go"] }, { language: "go" }, {}],
    [{ paths: ["**/*.pem"] }, { paths: ["certs/a.pem"] }, {}],
    [{ needs: ["vision"] }, { needs: ["vision" as const] }, {}],
    [{ userTier: ["premium"] }, { userTier: "premium" as const }, {}],
    [{ keywords: ["Release notes"] }, {}, { keywords: ["release notes"] }],
    [{ contextTokens: { above: 1000, below: 2000 } }, {}, { contextTokens: 1500 }],
    [{ complexity: { above: 0.4, below: 0.6 } }, {}, { complexity: features("medium").complexity }],
  ])("`when` %j holds for what it names, and for nothing else", (when, asked, seen) => {
    const set = routed([
      { name: "Special", when, models: ["b/fair"] },
      { name: "Rest", models: ["a/cheap"] },
    ]);
    const named = (decision: Decision) =>
      decision.route.kind === "settings" ? decision.route.name : decision.route.kind;
    expect(named(decide(attributes(asked), features("low", seen), set, world(everybody)))).toBe("Special");
    expect(named(decide(attributes(), features("low"), set, world(everybody)))).toBe("Rest");
  });

  test("the user's order is the chain under `first`, never rearranged", () => {
    const set = routed([route(["a/dear", "a/cheap", "b/fair"])]);
    expect(refs(decide(attributes(), features(), set, world(everybody)))).toEqual([
      "a/dear",
      "a/cheap",
      "b/fair",
    ]);
  });

  test("a step's own time limit goes along", () => {
    const set = routed([route([{ model: "a/dear", timeoutMs: 30_000 }])]);
    expect(decide(attributes(), features(), set, world(everybody)).outcome).toMatchObject({
      chain: [{ timeoutMs: 30_000 }],
    });
  });

  test("`fastest` goes by measured speed", () => {
    const set = routed([route(["a/dear", "b/fair"], { pick: "fastest" })]);
    const latency = { firstTokenMs: 100, tokensPerSecond: 200, samples: 5 };
    const now = world(everybody, { health: new Map([["b/fair", health({ latency })]]) });
    expect(refs(decide(attributes(), features(), set, now))).toEqual(["b/fair", "a/dear"]);
  });

  test("`balanced` weighs a second of waiting against its price", () => {
    const slow = { firstTokenMs: 60_000, tokensPerSecond: 50, samples: 5 };
    const now = world(everybody, { health: new Map([["a/cheap", health({ latency: slow })]]) });
    const models = ["a/cheap", "b/fair"];
    const pick = (secondUsd: number) =>
      refs(
        decide(attributes(), features(), routed([route(models, { pick: "balanced" })], { secondUsd }), now),
      )[0];
    expect(pick(0)).toBe("a/cheap");
    expect(pick(0.01)).toBe("b/fair");
  });
});

describe("who is passed over", () => {
  const set = routed([route(["a/dear", "b/fair"])]);

  test.each([
    [
      "no-key",
      {},
      world(everybody, { providers: new Map([["b", { name: "b", usable: true, local: false }]]) }),
    ],
    ["switched-off", {}, world(everybody, { health: new Map([["a/dear", health({ switchedOff: true })]]) })],
    [
      "breaker-open",
      {},
      world(everybody, {
        health: new Map([
          ["a/dear", health({ breaker: { kind: "open", failures: 3, openedAtMs: 999_000, openMs: 10_000 } })],
        ]),
      }),
    ],
    [
      "breaker-open",
      {},
      world(everybody, {
        health: new Map([
          ["a", health({ breaker: { kind: "open", failures: 3, openedAtMs: 999_000, openMs: 10_000 } })],
        ]),
      }),
    ],
    [
      "rate-limit",
      {},
      world(everybody, {
        health: new Map([
          ["a/dear", health({ pause: { kind: "until", reason: "rate-limit", untilMs: 1_000_001 } })],
        ]),
      }),
    ],
    [
      "auth",
      {},
      world(everybody, {
        health: new Map([["a", health({ pause: { kind: "unchanged", reason: "auth", fingerprint: "x" } })]]),
      }),
    ],
    ["context-window", {}, world([{ ...dear, maxInputTokens: 100 }, fair])],
    ["capability", { needs: ["vision" as const] }, world([dear, { ...fair, capabilities: ["vision"] }])],
    ["capability", {}, world([{ ...dear, api: "responses" }, fair])],
  ])("%s: the next in the chain is picked, and the reason is told", (reason, asked, now) => {
    const decision = decide(attributes(asked), features(), set, now);
    expect(refs(decision)).toEqual(["b/fair"]);
    expect(reasons(decision)["a/dear"]).toBe(reason);
  });

  test("capability names the Responses API's models as not speaking chat completions", () => {
    const decision = decide(attributes(), features(), set, world([{ ...dear, api: "responses" }, fair]));
    expect(decision.skipped).toContainEqual({
      ref: "a/dear",
      reason: "capability",
      missing: "chat completions",
    });
  });

  test("tier: a step that asks for another one", () => {
    const tiered = routed([route([{ model: "a/dear", userTier: ["premium"] }, "b/fair"])]);
    expect(reasons(decide(attributes(), features(), tiered, world(everybody)))).toEqual({ "a/dear": "tier" });
  });

  test("private content, and a route's localOnly, leave none but local models", () => {
    const all = routed([route(["a/dear", "home/free"])]);
    expect(refs(decide(attributes({ isPrivate: true }), features(), all, world(everybody)))).toEqual([
      "home/free",
    ]);
    const local = routed([route(["a/dear", "home/free"], { localOnly: true })]);
    expect(reasons(decide(attributes(), features(), local, world(everybody)))).toEqual({
      "a/dear": "private",
    });
  });

  test("below-min-quality, an unknown quality too", () => {
    const { quality, ...unknown } = dear;
    const strict = routed([route(["a/dear", "a/cheap", "b/fair"], { minQuality: 0.6 })]);
    const decision = decide(attributes(), features(), strict, world([unknown, fair, cheap]));
    expect(reasons(decision)).toEqual({ "a/dear": "below-min-quality", "a/cheap": "below-min-quality" });
  });

  test("unknown-price, where the pick or the budget needs a price, and only there", () => {
    const { inputUsdPerMTok, ...unknown } = dear;
    const now = world([unknown, fair]);
    expect(refs(decide(attributes(), features(), set, now))).toEqual(["a/dear", "b/fair"]);
    expect(reasons(decide(attributes(), features(), set, { ...now, ...budget(5) }))).toEqual({
      "a/dear": "unknown-price",
    });
    const cheapest = routed([route(["a/dear", "b/fair"], { pick: "cheapest" })]);
    expect(reasons(decide(attributes(), features(), cheapest, now))).toEqual({ "a/dear": "unknown-price" });
  });

  test("where everybody is, nobody is asked", () => {
    expect(refs(decide(attributes({ isPrivate: true }), features(), set, world(everybody)))).toBe(
      "no-model-available",
    );
  });
});

describe("an explicit choice", () => {
  const set = routed([route(["b/fair"])]);
  const asked = attributes({ explicitModel: "a/dear" });

  test("is never replaced, neither by routing nor by fallback", () => {
    const decision = decide(asked, features(), set, world(everybody));
    expect(refs(decision)).toEqual(["a/dear"]);
    expect(decision.route).toEqual({ kind: "explicit" });
  });

  test("has the route's models behind it if the settings say so", () => {
    const loose = routed([route(["b/fair", "a/dear"])], { fallbackFromExplicitChoice: true });
    expect(refs(decide(asked, features(), loose, world(everybody)))).toEqual(["a/dear", "b/fair"]);
  });

  test("keeps what its route asks of everybody behind it", () => {
    const secret = {
      name: "Secret",
      when: { paths: ["**/secrets/**"] },
      models: ["home/free", "b/fair"],
      localOnly: true,
    };
    const loose = routed([secret], { fallbackFromExplicitChoice: true });
    const picked = attributes({ explicitModel: "home/free", paths: ["secrets/a.txt"] });
    const decision = decide(picked, features(), loose, world(everybody));
    expect(refs(decision)).toEqual(["home/free"]);
    expect(reasons(decision)).toEqual({ "b/fair": "private" });
  });

  test("is tried in spite of an open breaker", () => {
    const open = health({ breaker: { kind: "open", failures: 3, openedAtMs: 999_000, openMs: 10_000 } });
    expect(
      refs(decide(asked, features(), set, world(everybody, { health: new Map([["a/dear", open]]) }))),
    ).toEqual(["a/dear"]);
  });

  test("is stopped, with the choices, if the budget does not carry it, whatever `whenExceeded` says", () => {
    const decision = decide(asked, features(), set, world(everybody, budget(0.01)));
    expect(refs(decision)).toBe("over-budget");
  });
});

describe("a budget that does not carry the route", () => {
  const set = (whenExceeded: string) =>
    routed([route(["a/dear", "b/fair"])], { "budget.whenExceeded": whenExceeded });
  const stopOf = ({ outcome }: Pick<Decision, "outcome">) =>
    outcome.kind === "blocked" ? outcome.reason : undefined;
  /** Enough for 1,000 tokens in and 1,024 out of the cheap model, and of no dearer one. */
  const poor = world(everybody, budget(0.001));

  test("passes a model over that it does not carry, for one that it does", () => {
    const decision = decide(attributes(), features(), set("free"), world(everybody, budget(0.02)));
    expect(refs(decision)).toEqual(["b/fair"]);
    expect(decision.skipped).toContainEqual({
      ref: "a/dear",
      reason: "over-budget",
      // Each kind of tokens is rounded up: two nano-dollars more.
      worstCaseNanoUsd: (1000 * 10 + 1024 * 50) * 1000 + 2,
      leftNanoUsd: 0.02 * NANO_PER_USD,
    });
  });

  test("free: a model of price zero is asked instead", () => {
    expect(decide(attributes(), features(), set("free"), poor).outcome).toMatchObject({
      kind: "chosen",
      byBudget: "free",
      chain: [{ ref: "home/free" }],
    });
  });

  test("free, without such a model: stopped, with the choices", () => {
    const decision = decide(attributes(), features(), set("free"), world([dear, fair, cheap], budget(0.001)));
    expect(stopOf(decision)).toMatchObject({
      kind: "over-budget",
      leftNanoUsd: 1_000_000,
      choices: [
        { kind: "cheapest", ref: "a/cheap" },
        { kind: "raise", ref: "a/dear" },
      ],
    });
  });

  test("cheapest: the route's cheapest is asked although the cap is passed", () => {
    expect(decide(attributes(), features(), set("cheapest"), poor).outcome).toMatchObject({
      byBudget: "cheapest",
      chain: [{ ref: "b/fair" }, { ref: "a/dear" }],
    });
  });

  test.each(["ask", "stop"])("%s: nobody is asked, and the choices are there", (whenExceeded) => {
    const decision = decide(attributes(), features(), set(whenExceeded), poor);
    expect(stopOf(decision)).toMatchObject({
      choices: [
        { kind: "cheapest", ref: "a/cheap" },
        { kind: "free", ref: "home/free", local: true },
        { kind: "raise" },
      ],
    });
  });

  test("what the user then chooses is done, and the cap still holds", () => {
    const chosen = (budgetChoice: "free" | "cheapest") =>
      refs(decide(attributes({ budgetChoice }), features(), set("ask"), poor));
    expect(chosen("free")).toEqual(["home/free"]);
    expect(chosen("cheapest")).toEqual(["a/cheap"]);
  });

  test("private content never leaves the machine for it", () => {
    const decision = decide(
      attributes({ isPrivate: true, budgetChoice: "cheapest" }),
      features(),
      set("ask"),
      poor,
    );
    expect(refs(decision)).not.toContain("a/cheap");
  });
});
