import { expect, it } from "vitest";
import { nearest } from "./nearest.ts";

it("a typo is matched to the name with the fewest edits, in any case", () => {
  expect(nearest("Hihg", ["low", "medium", "high"])).toBe("high");
  expect(nearest("anthropc", ["openai", "anthropic"])).toBe("anthropic");
});

it("a name that is near nothing has no match", () => {
  expect(nearest("weather", ["low", "medium", "high"])).toBeUndefined();
  expect(nearest("x".repeat(1_000_000), ["x"])).toBeUndefined();
});
