import { describe, expect, it, vi } from "vitest";
import { showNotices } from "./startup.ts";

vi.mock("vscode", () => import("../../test/support/fakeVscode.ts"));

/** A ledger whose budget changes when the test says so. */
function ledgerWith(notice?: string) {
  const listeners = new Set<() => void>();
  const budget = {
    onDidChange: (listener: () => void) => {
      listeners.add(listener);
      return () => {
        listeners.delete(listener);
      };
    },
  };
  const change = () => {
    for (const listener of listeners) listener();
  };
  return { notice, budget, change };
}

describe("showNotices", () => {
  it("shows a notice from the opening of the ledger once", () => {
    const ledger = ledgerWith("The file was damaged.");
    const shown: string[] = [];
    showNotices(ledger, (notice) => shown.push(notice));
    ledger.change();
    expect(shown).toEqual(["The file was damaged."]);
  });

  it("shows a later notice when it appears, until it is stopped", () => {
    const ledger = ledgerWith();
    const shown: string[] = [];
    const stop = showNotices(ledger, (notice) => shown.push(notice));
    ledger.change();
    expect(shown).toEqual([]);
    ledger.notice = "The file was damaged.";
    ledger.change();
    ledger.change();
    expect(shown).toEqual(["The file was damaged."]);
    stop();
    ledger.notice = "Another one.";
    ledger.change();
    expect(shown).toHaveLength(1);
  });
});
