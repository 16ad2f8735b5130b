import { expect, test } from "vitest";
import { tellNotices } from "./tellNotices.ts";

/** A ledger whose budget changes at will. */
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
  const changed = () => {
    for (const listener of listeners) listener();
  };
  return { notice, budget, changed };
}

test("what was found on opening is told once", () => {
  const ledger = ledgerWith("The file was damaged.");
  const told: string[] = [];
  tellNotices(ledger, (notice) => told.push(notice));
  ledger.changed();
  expect(told).toEqual(["The file was damaged."]);
});

test("damage found in use is told when it is found", () => {
  const ledger = ledgerWith();
  const told: string[] = [];
  const stop = tellNotices(ledger, (notice) => told.push(notice));
  ledger.changed();
  expect(told).toEqual([]);
  ledger.notice = "The file was damaged.";
  ledger.changed();
  ledger.changed();
  expect(told).toEqual(["The file was damaged."]);
  stop();
  ledger.notice = "Another one.";
  ledger.changed();
  expect(told).toHaveLength(1);
});
