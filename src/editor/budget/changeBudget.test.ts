import { expect, test } from "vitest";
import { nanoUsd } from "../../contract/money.ts";
import { editableUsd, parseUsd } from "./budgetAmount.ts";

test.each([5, 100, 2.5, 12.34, 0.004, 0.000000001, 0, 1_000_000])(
  "%d dollars are offered for editing as they are",
  (usd) => {
    const text = editableUsd(nanoUsd(usd));
    expect(text).toMatch(/^\d+(\.\d*[1-9])?$/);
    expect(parseUsd(text)).toBe(usd);
  },
);

test("amounts are read as people write them, and nothing is no limit", () => {
  expect(parseUsd(" $ 2,50 ")).toBe(2.5);
  expect(parseUsd("  ")).toBeNull();
  for (const none of ["five", "-1", "1e3", "1.2.3", "."]) expect(parseUsd(none)).toBeUndefined();
});
