import { beforeEach, describe, expect, it, vi } from "vitest";
import { messages } from "../../test/support/views/fakeVscode.ts";
import type { Ledger } from "../ledger/ledger.ts";
import { readSettings } from "../settings/read.ts";
import { type LedgerStartDeps, startWithLedger } from "./startup.ts";

vi.mock("vscode", () => import("../../test/support/views/fakeVscode.ts"));

/** A ledger whose budget changes when the test says so. */
function fakeLedger(notice?: string) {
  const listeners = new Set<() => void>();
  const ledger = {
    notice,
    history: { forget: async () => {} },
    budget: {
      onDidChange: (listener: () => void) => {
        listeners.add(listener);
        return () => {
          listeners.delete(listener);
        };
      },
    },
  };
  const changeBudget = () => {
    for (const listener of listeners) listener();
  };
  return { ledger, changeBudget };
}

function start(ledger: ReturnType<typeof fakeLedger>["ledger"]) {
  const started = { start: async () => {} };
  const deps = {
    settings: { current: readSettings({}).settings },
    spend: started,
    statusBar: started,
    now: () => 0,
    onError: () => {},
  };
  return startWithLedger(ledger as unknown as Ledger, deps as unknown as LedgerStartDeps);
}

describe("startWithLedger", () => {
  beforeEach(() => {
    messages.length = 0;
  });

  it("shows a notice from the opening of the ledger once", () => {
    const { ledger, changeBudget } = fakeLedger("The file was damaged.");
    start(ledger);
    changeBudget();
    expect(messages).toEqual(["The file was damaged."]);
  });

  it("shows a later notice when it appears, until it is disposed", () => {
    const { ledger, changeBudget } = fakeLedger();
    const started = start(ledger);
    changeBudget();
    expect(messages).toEqual([]);
    ledger.notice = "The file was damaged.";
    changeBudget();
    changeBudget();
    expect(messages).toEqual(["The file was damaged."]);
    started.dispose();
    ledger.notice = "Another one.";
    changeBudget();
    expect(messages).toHaveLength(1);
  });
});
