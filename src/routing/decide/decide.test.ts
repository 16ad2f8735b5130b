import { describe, expect, it } from "vitest";
import {
  allModels,
  budget,
  fair,
  reasons,
  refs,
  route,
  routed,
  settingsWith,
} from "../../../test/support/routing/decisionFixtures.ts";
import { attributes, card, features, health, world } from "../../../test/support/routing/worlds.ts";
import { decide } from "./decide.ts";

describe("a conversation", () => {
  it("stays with its last model while the cache makes it cheaper, and records the figures", () => {
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
    const request = features("medium", { contextTokens: 51_000 });
    const stated = attributes({ expectedOutputTokens: 200 });
    const fresh = decide(stated, request, settingsWith(), world([cached, other]));
    expect(refs(fresh)[0]).toBe("a/other");
    const going = decide(stated, request, settingsWith(), world([cached, other], { conversation: last }));
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
  const trial = {
    name: "e",
    control: "a/expensive",
    treatment: "b/fair",
    treatmentShare: 1,
    metric: "thumbs",
  };
  const set = routed([route(["a/expensive", "b/fair"], { experiment: trial })]);

  it("asks the model of the assigned arm, and records the arm", () => {
    const decision = decide(attributes({ conversation: "c" }), features(), set, world(allModels));
    expect(refs(decision)).toEqual(["b/fair", "a/expensive"]);
    expect(decision.experiment).toEqual({ name: "e", arm: "treatment", unit: "c" });
  });

  it("counts the request for its arm even if the arm's model is skipped", () => {
    const off = world(allModels, { health: new Map([["b/fair", health({ switchedOff: true })]]) });
    const decision = decide(attributes({ conversation: "c" }), features(), set, off);
    expect(refs(decision)).toEqual(["a/expensive"]);
    expect(decision.experiment?.arm).toBe("treatment");
  });

  it("excludes requests whose model the user picked", () => {
    const decision = decide(attributes({ explicitModel: "a/expensive" }), features(), set, world(allModels));
    expect(decision.experiment).toBeUndefined();
  });
});

describe("a model that the user picked", () => {
  const set = routed([route(["b/fair"])]);
  const request = attributes({ explicitModel: "a/expensive" });

  it("is never replaced by routing or fallback", () => {
    const decision = decide(request, features(), set, world(allModels));
    expect(refs(decision)).toEqual(["a/expensive"]);
    expect(decision.route).toEqual({ kind: "explicit" });
  });

  it("has the route's models as fallbacks if the settings allow it", () => {
    const loose = routed([route(["b/fair", "a/expensive"])], { fallbackFromExplicitChoice: true });
    expect(refs(decide(request, features(), loose, world(allModels)))).toEqual(["a/expensive", "b/fair"]);
  });

  it("is priced against the last model only if it answers, and not a fallback in its place", () => {
    const cached = card("b/fair", { cacheReadUsdPerMTok: 0.1 });
    const picked = card("a/other");
    const last = {
      ref: "b/fair",
      atMs: 999_000,
      inputTokens: 50_000,
      outputTokens: 500,
      route: { kind: "derived", level: "medium" },
    } as const;
    const loose = routed([route(["home/free", "b/fair"])], { fallbackFromExplicitChoice: true });
    const decideWith = (usable: boolean) => {
      const now = world([cached, picked, card("home/free", { local: true })], { conversation: last });
      const off = health({ switchedOff: true });
      const known = usable ? now : { ...now, health: new Map([["a/other", off]]) };
      return decide(
        attributes({ explicitModel: "a/other" }),
        features("low", { contextTokens: 51_000 }),
        loose,
        known,
      );
    };
    expect(decideWith(true).affinity).toMatchObject({ kind: "switched", other: "a/other" });
    expect(refs(decideWith(false))[0]).toBe("home/free");
    expect(decideWith(false).affinity).toBeUndefined();
  });

  it("applies the route's requirements to its fallbacks", () => {
    const secret = {
      name: "Secret",
      when: { paths: ["**/secrets/**"] },
      models: ["home/free", "b/fair"],
      localOnly: true,
    };
    const loose = routed([secret], { fallbackFromExplicitChoice: true });
    const picked = attributes({ explicitModel: "home/free", paths: ["secrets/a.txt"] });
    const decision = decide(picked, features(), loose, world(allModels));
    expect(refs(decision)).toEqual(["home/free"]);
    expect(reasons(decision)).toEqual({ "b/fair": "private" });
  });

  it("is tried even if its breaker is open", () => {
    const open = health({ breaker: { kind: "open", failures: 3, openedAtMs: 999_000, openMs: 10_000 } });
    expect(
      refs(decide(request, features(), set, world(allModels, { health: new Map([["a/expensive", open]]) }))),
    ).toEqual(["a/expensive"]);
  });

  it("is blocked if the budget cannot afford it, whatever `whenExceeded` is", () => {
    const decision = decide(request, features(), set, world(allModels, budget(0.01)));
    expect(refs(decision)).toBe("over-budget");
  });
});
