import { describe, expect, it } from "vitest";
import { nearest } from "./nearest.ts";

describe("nearest", () => {
  it("finds the name with the fewest edits, ignoring case", () => {
    expect(nearest("Hihg", ["low", "medium", "high"])).toBe("high");
    expect(nearest("anthropc", ["openai", "anthropic"])).toBe("anthropic");
  });

  it("finds nothing if no name is near", () => {
    expect(nearest("weather", ["low", "medium", "high"])).toBeUndefined();
    expect(nearest("x".repeat(1_000_000), ["x"])).toBeUndefined();
  });
});
