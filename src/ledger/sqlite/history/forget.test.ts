import { describe, expect, it } from "vitest";
import {
  conversationOf,
  decisionOf,
  summaryOf,
  turnOf,
} from "../../../../test/support/ledgers/ledgerRecords.ts";
import { createTestLedger, reserveOn, spendOn } from "../../../../test/support/ledgers/testLedger.ts";

const DAY_MS = 86_400_000;

describe("forgetting", () => {
  it("deletes what is older than its days, and keeps its cost in the totals", async () => {
    const { clock, open, raw } = createTestLedger();
    const ledger = await open();
    const { history, budget } = ledger;
    const today = clock.nowMs;
    for (let old = 0; old < 450; old += 1) {
      clock.nowMs = today - 401 * DAY_MS + old;
      const ref = old % 3 === 0 ? "openai/a" : "anthropic/b";
      await spendOn(ledger, 2, { ref });
      const experiment = { name: "e", arm: "control", unit: `c${old}` } as const;
      const decision = { ...decisionOf(`old${old}`, clock.nowMs), experiment };
      await history.saveDecision({ decision });
      await history.saveSummary(summaryOf(`old${old}`, 10, { kind: "complete" }));
      for (const kind of ["check", "kept"] as const) await history.saveOutcome(`old${old}`, kind, 1);
    }
    await history.saveConversation(conversationOf("old", { updatedAtMs: today - 91 * DAY_MS }));
    await history.saveTurn("old", turnOf("t", today - 91 * DAY_MS, "?", "!"));
    await history.saveConversation(conversationOf("young", { updatedAtMs: today - 89 * DAY_MS }));
    const id = await reserveOn(ledger);
    await budget.settle(id, { kind: "unknown" });
    const yearBefore = [await budget.today(), await budget.month()];
    expect(yearBefore).toMatchObject([{ spentNanoUsd: 900, unknownAttempts: 1 }, { spentNanoUsd: 900 }]);
    const young = today - 399 * DAY_MS;
    await history.saveDecision({ decision: decisionOf("young", young) });
    await history.forget({ conversationDays: 90, historyDays: 400 }, today);

    expect((await history.decision("young"))?.decision.id).toBe("young");
    expect((await history.conversations("", 10)).map(({ id }) => id)).toEqual(["young"]);
    expect([await budget.today(), await budget.month()]).toEqual(yearBefore);
    const db = raw();
    expect(db.prepare("SELECT count(*) AS n FROM decision").get()).toEqual({ n: 1 });
    for (const table of ["spend", "outcome", "checked_edit", "trial", "turn"]) {
      expect(db.prepare(`SELECT count(*) AS n FROM ${table}`).get()).toEqual({ n: 0 });
    }
  });

  it("keeps what a stored conversation has cost, so that its limit counts all its days", async () => {
    const { clock, open } = createTestLedger();
    const ledger = await open();
    const { history, budget } = ledger;
    await history.saveConversation(conversationOf("stored", { updatedAtMs: clock.nowMs }));
    await spendOn(ledger, 30, { conversation: "stored" });
    await spendOn(ledger, 40, { conversation: "client" });
    const spentIn = (id: string) => budget.spent({ kind: "conversation", id });
    await history.forget({ conversationDays: 90, historyDays: 30 }, clock.nowMs + 60 * DAY_MS);
    expect([await spentIn("stored"), await spentIn("client")]).toEqual([30, 0]);
  });

  it("stores no answer that ends after its conversation was permanently deleted", async () => {
    const { clock, open, raw } = createTestLedger();
    const { history } = await open();
    const turn = turnOf("t", clock.nowMs, "?", "Half");
    await history.beginTurn(conversationOf("c", { updatedAtMs: clock.nowMs }), turn);
    await history.removeConversation("c");
    await history.forget({ conversationDays: 90, historyDays: 30 }, clock.nowMs);
    await history.saveTurn("c", turnOf("t", clock.nowMs, "?", "Whole", { kind: "exact", nanoUsd: 5 }));
    for (const table of ["turn", "answering"]) {
      expect(raw().prepare(`SELECT count(*) AS n FROM ${table}`).get()).toEqual({ n: 0 });
    }
  });
});
