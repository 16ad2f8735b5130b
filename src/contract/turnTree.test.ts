import { describe, expect, it } from "vitest";
import { alternativesIn } from "./turnTree.ts";

const place = (id: string, parent: string | null, chosen: number, variantOf: string | null = null) => ({
  id,
  parent,
  variantOf,
  chosen,
});

describe("what can be shown in the place of a turn", () => {
  it("is its other answers, and of each other prompt the turn that was shown last", () => {
    const alternativesTo = alternativesIn({
      tree: [
        place("first", null, 1),
        place("asked", "first", 2),
        place("again", "asked", 9),
        place("edited", "first", 3),
        place("edited again", "first", 5, "edited"),
        place("asked again", "first", 4, "asked"),
        place("other branch", "edited", 6),
      ],
    });
    expect(alternativesTo("asked")).toEqual({
      answers: ["asked", "asked again"],
      prompts: ["asked again", "edited again"],
    });
    expect(alternativesTo("edited again")).toEqual({
      answers: ["edited", "edited again"],
      prompts: ["asked again", "edited again"],
    });
    for (const id of ["first", "again", "other branch", "unknown"])
      expect(alternativesTo(id)).toBeUndefined();
  });

  it("is nothing in a conversation without branches", () => {
    expect(alternativesIn({})("first")).toBeUndefined();
  });
});
