import { expect, it } from "vitest";
import { createTestLedger } from "../../../../test/support/ledgers/testLedger.ts";
import { throwError } from "../../../../test/support/throwError.ts";
import type { Escalation } from "../../../contract/decision.ts";
import type { CheckedBy, EditCheck } from "../../../contract/edit/editCheck.ts";
import { EditRecord } from "./editRecord.ts";

/** @param strongest decisions after which no stronger model can try */
async function recorded(escalate: "offer" | "auto" = "offer", strongest: readonly string[] = []) {
  const { open, raw } = createTestLedger();
  const { history } = await open();
  const escalation: Escalation = {
    ...{ decisionId: "d", from: "a/weak", to: { ref: "b/strong" } },
    ...{ reason: "stronger", by: "quality" },
  };
  const record = new EditRecord({
    engine: async () => ({
      outcome: (id, kind, score) =>
        score === null ? history.removeOutcome(id, kind) : history.saveOutcome(id, kind, score),
      stronger: async (id) => (strongest.includes(id) ? undefined : escalation),
    }),
    settings: () => ({ escalate }),
    onError: throwError,
  });
  const outcomes = async () => {
    await record.written();
    const rows = raw().prepare("SELECT decision_id AS id, kind, score FROM outcome ORDER BY id, kind").all();
    return rows.map(({ id, kind, score }) => `${id} ${kind} ${score}`);
  };
  return { record, outcomes };
}

const passed = (by: CheckedBy): EditCheck => ({ kind: "passed", by });
const failed: EditCheck = {
  kind: "failed",
  by: "command",
  failures: [{ kind: "command-failed", command: "npm test", exit: { kind: "killed" }, lastLines: [] }],
};

it("writes what became of each edit with its decision", async () => {
  const { record, outcomes } = await recorded();
  record.ended("d1", "kept");
  record.ended("d2", "discarded");
  record.ended("d3", "undone");
  record.ended("d4", "replaced");
  expect(await outcomes()).toEqual([
    "d1 kept 1",
    "d2 discarded 1",
    "d2 kept 0",
    "d3 kept 0",
    "d3 undone 1",
    "d4 kept 0",
  ]);
});

it("removes the outcome of an edit that was restored", async () => {
  const { record, outcomes } = await recorded();
  record.ended("d1", "undone");
  record.ended("d2", "discarded");
  record.restored("d1");
  record.restored("d2");
  record.ended("d2", "kept");
  expect(await outcomes()).toEqual(["d2 kept 1"]);
});

it("writes that an edit passed if a check passed and none failed, in whatever order they end", async () => {
  const { record, outcomes } = await recorded();
  record.checked("d1", passed("diagnostics"));
  record.checked("d2", passed("diagnostics"));
  record.checked("d2", failed);
  record.checked("d3", failed);
  record.checked("d3", passed("diagnostics"));
  record.checked("d4", { kind: "unchecked", by: "diagnostics", reason: "no-language-server" });
  record.checked("d5", { kind: "unchecked", by: "diagnostics", reason: "not-settled" });
  record.checked("d5", passed("command"));
  expect(await outcomes()).toEqual(["d1 check 1", "d2 check 0", "d3 check 0", "d5 check 1"]);
});

it("marks edits after which `auto` would let a stronger model try, passed or failed", async () => {
  const { record, outcomes } = await recorded("auto", ["d3"]);
  record.checked("d1", passed("diagnostics"));
  record.checked("d2", failed);
  record.checked("d3", failed);
  record.checked("d4", { kind: "unchecked", by: "diagnostics", reason: "not-settled" });
  expect(await outcomes()).toEqual(["d1 auto 1", "d1 check 1", "d2 auto 1", "d2 check 0", "d3 check 0"]);
});

it("reports an error of the ledger, and writes what follows", async () => {
  const errors: unknown[] = [];
  const written: string[] = [];
  const record = new EditRecord({
    engine: async () => ({
      outcome: async (id) => {
        if (id === "broken") throw new Error("The disk is full.");
        written.push(id);
      },
      stronger: async () => undefined,
    }),
    settings: () => ({ escalate: "offer" }),
    onError: (error) => errors.push(error),
  });
  record.ended("broken", "kept");
  record.ended("d1", "kept");
  await record.written();
  expect(errors).toEqual([new Error("The disk is full.")]);
  expect(written).toEqual(["d1"]);
});
