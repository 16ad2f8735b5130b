import { describe, expect, it, vi } from "vitest";
import { nanoUsd } from "../../contract/money.ts";
import { editableUsd, parseUsd } from "./budgetEditor.ts";

vi.mock("vscode", () => import("../../../test/support/fakeVscode.ts"));

describe("a budget's amount", () => {
  it.each([5, 100, 2.5, 12.34, 0.004, 0.000000001, 0, 1_000_000])(
    "is shown for editing without loss: $%d",
    (usd) => {
      const text = editableUsd(nanoUsd(usd));
      expect(text).toMatch(/^\d+(\.\d*[1-9])?$/);
      expect(parseUsd(text)).toBe(usd);
    },
  );

  it("is read as people write it, and an empty text is no limit", () => {
    expect(parseUsd(" $ 2,50 ")).toBe(2.5);
    expect(parseUsd("  ")).toBeNull();
    for (const none of ["five", "-1", "1e3", "1.2.3", "."]) expect(parseUsd(none)).toBeUndefined();
  });
});
