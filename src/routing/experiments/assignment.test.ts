import { describe, expect, it } from "vitest";
import { attributes } from "../../../test/support/routing/worlds.ts";
import type { Attributes } from "../../contract/decision.ts";
import { assignmentFor, type Experiment, fractionOf } from "./assignment.ts";

const USERS = 100_000;

const experiment: Experiment = {
  name: "terra-against-sonnet",
  control: "anthropic/claude-sonnet-5-5",
  treatment: "openai/gpt-6.1-terra",
  treatmentShare: 0.2,
  unit: "conversation",
  metric: "thumbs",
};

const assignmentOf = (known: Partial<Experiment>, request: Partial<Attributes>) =>
  assignmentFor({ ...experiment, ...known }, attributes(request), () => false)?.assignment;

/** The arm of a user in an experiment whose unit is the user. */
const armOf = (known: Partial<Experiment>, user: string) =>
  assignmentOf({ ...known, unit: "user" }, { user })?.arm;

describe("the arm", () => {
  // Made with GNU coreutils: printf 'terra-against-sonnet\0user-1' | sha256sum | cut -c1-12
  it.each([
    ["user-1", 0x4b99bdf1426e],
    ["user-2", 0xd3348cb62f69],
    ["3f2b8c1e-5a0d-4c53-9a86-0d6f1b2c7e11", 0x9143bf3bbf1c],
    ["Zoë 日本", 0x14321fdf3013],
    ["", 0xdb3af26b9609],
  ])("of %j depends on the same position on every machine", (unit, place) => {
    const fraction = place / 2 ** 48;
    const { name } = experiment;
    expect(fractionOf(name, unit)).toBe(fraction);
    expect(armOf({ name, treatmentShare: fraction }, unit)).toBe("control");
    expect(armOf({ name, treatmentShare: fraction + 2 ** -48 }, unit)).toBe("treatment");
  });

  it("depends on another position under another name", () => {
    expect(fractionOf("other", "user-1")).toBe(0x537903746907 / 2 ** 48);
  });

  it("is control for every unit at a share of 0 and treatment at 1", () => {
    for (let user = 0; user < 1000; user += 1) {
      expect(armOf({ name: "e", treatmentShare: 0 }, `u${user}`)).toBe("control");
      expect(armOf({ name: "e", treatmentShare: 1 }, `u${user}`)).toBe("treatment");
    }
  });

  it.each([0.01, 0.2, 0.5, 0.9])(
    "is treatment for a share of %d of 100,000 users, within binomial bounds",
    (share) => {
      const known: Experiment = { ...experiment, name: "share", unit: "user", treatmentShare: share };
      const request = attributes();
      let treated = 0;
      for (let user = 0; user < USERS; user += 1) {
        const assigned = assignmentFor(known, { ...request, user: `user-${user}` }, () => false);
        if (assigned?.assignment.arm === "treatment") treated += 1;
      }
      // Four standard deviations of a binomial count, which one name in 16,000 exceeds by chance.
      expect(Math.abs(treated - USERS * share)).toBeLessThan(4 * Math.sqrt(USERS * share * (1 - share)));
    },
  );

  it("changes only from control to treatment when the share is raised", () => {
    const shares = [0, 0.05, 0.2, 0.21, 0.5, 0.99, 1];
    for (let user = 0; user < 2000; user += 1) {
      const arms = shares.map((treatmentShare) => armOf({ name: "raise", treatmentShare }, `user-${user}`));
      expect(arms).toEqual(arms.toSorted());
    }
  });

  it.each(["experiments with consecutive names", "consecutive units"])(
    "is distributed evenly over %s",
    (varied) => {
      const bins = new Array<number>(256).fill(0);
      for (let number = 0; number < USERS; number += 1) {
        const isName = varied.startsWith("experiments");
        const fraction = fractionOf(isName ? `e${number}` : "e", isName ? "u" : `u${number}`);
        const bin = Math.floor(fraction * bins.length);
        bins[bin] = (bins[bin] ?? 0) + 1;
      }
      const expected = USERS / bins.length;
      const chiSquare = bins.reduce((sum, count) => sum + (count - expected) ** 2 / expected, 0);
      // The 0.0001 and 0.9999 quantiles of chi-square with 255 degrees of freedom (Wilson and Hilferty 1931: 179.4, 347.7).
      expect(chiSquare).toBeGreaterThan(179.4);
      expect(chiSquare).toBeLessThan(347.7);
    },
  );

  it("is independent of another experiment", () => {
    let both = 0;
    for (let user = 0; user < USERS; user += 1) {
      if (fractionOf("one", `u${user}`) < 0.5 && fractionOf("two", `u${user}`) < 0.5) both += 1;
    }
    expect(Math.abs(both - USERS / 4)).toBeLessThan(4 * Math.sqrt((USERS * 3) / 16));
  });
});

describe("the unit", () => {
  it("is the conversation, the user or the request, as configured", () => {
    const known = { conversation: "c", user: "u", requestId: "d" };
    expect(assignmentOf({ unit: "conversation" }, known)?.unit).toBe("c");
    expect(assignmentOf({ unit: "user" }, known)?.unit).toBe("u");
    expect(assignmentOf({ unit: "request" }, known)?.unit).toBe("d");
  });

  it("is the request if it has no conversation", () => {
    expect(assignmentOf({ unit: "conversation" }, { user: "u", requestId: "d" })?.unit).toBe("d");
  });
});

describe("assignmentFor", () => {
  const isLocal = () => false;

  it("returns the arm of the unit and the arm's model", () => {
    const request = attributes({ conversation: "Zoë 日本" });
    expect(assignmentFor(experiment, request, isLocal)).toEqual({
      assignment: { name: experiment.name, arm: "treatment", unit: "Zoë 日本" },
      ref: experiment.treatment,
    });
    expect(assignmentFor(experiment, attributes({ conversation: "user-1" }), isLocal)?.ref).toBe(
      experiment.control,
    );
  });

  it("returns undefined for a request whose model was chosen otherwise", () => {
    expect(assignmentFor(experiment, attributes({ explicitModel: "a/b" }), isLocal)).toBeUndefined();
    expect(assignmentFor(experiment, attributes({ budgetChoice: "free" }), isLocal)).toBeUndefined();
  });

  it("returns undefined for a private request unless both models are local", () => {
    const request = attributes({ isPrivate: true });
    expect(assignmentFor(experiment, request, (ref) => ref === experiment.control)).toBeUndefined();
    expect(assignmentFor(experiment, request, () => true)).toBeDefined();
  });
});
