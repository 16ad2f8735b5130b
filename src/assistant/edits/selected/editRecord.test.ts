import { expect, it } from "vitest";
import { createTestLedger } from "../../../../test/support/testLedger.ts";
import { throwError } from "../../../../test/support/throwError.ts";
import type { CheckedBy } from "../../../contract/editCheck.ts";
import { EditRecord } from "./editRecord.ts";

async function recorded() {
  const { open, raw } = createTestLedger();
  const { history } = await open();
  const engine = {
    outcome: (id: string, kind: Parameters<typeof history.saveOutcome>[1], score: number | null) =>
      history.saveOutcome(id, kind, score ?? 0),
  };
  const record = new EditRecord(async () => engine, throwError);
  const outcomes = async () => {
    await record.written();
    const rows = raw().prepare("SELECT decision_id AS id, kind, score FROM outcome ORDER BY id, kind").all();
    return rows.map(({ id, kind, score }) => `${id} ${kind} ${score}`);
  };
  return { record, outcomes };
}

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

it("writes that an edit passed if a check passed and none failed, in whatever order they end", async () => {
  const { record, outcomes } = await recorded();
  const passed = (by: CheckedBy) => ({ kind: "passed", by }) as const;
  const failed = {
    kind: "failed",
    by: "command",
    failures: [{ kind: "command-failed", command: "npm test", exit: { kind: "killed" }, lastLines: [] }],
  } as const;
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

it("reports an error of the ledger, and writes what follows", async () => {
  const errors: unknown[] = [];
  const written: string[] = [];
  const record = new EditRecord(
    async () => ({
      outcome: async (id) => {
        if (id === "broken") throw new Error("The disk is full.");
        written.push(id);
      },
    }),
    (error) => errors.push(error),
  );
  record.ended("broken", "kept");
  record.ended("d1", "kept");
  await record.written();
  expect(errors).toEqual([new Error("The disk is full.")]);
  expect(written).toEqual(["d1"]);
});
