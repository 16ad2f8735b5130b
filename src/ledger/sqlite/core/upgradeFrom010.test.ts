import { spawnSync } from "node:child_process";
import { readFileSync } from "node:fs";
import type { DatabaseSync } from "node:sqlite";
import { describe, expect, it } from "vitest";

import { createTestLedger } from "../../../../test/support/ledgers/testLedger.ts";
import type { FailureRecord } from "../../../contract/failure.ts";

/** A ledger that version 0.1.0 wrote at noon of 21 November 2026 (UTC), while its window was still running. */
const LEDGER_010 = readFileSync(
  new URL("../../../../test/support/ledgers/ledger-0.1.0.sql", import.meta.url),
  "utf8",
);
const NOON = Date.UTC(2026, 10, 21, 12);

const [LUNA, SOL, CLAUDE] = ["openai/gpt-6-luna", "openai/gpt-6.1-sol", "anthropic/claude-sonnet-5-5"];
const cut: FailureRecord = {
  kind: "cut",
  provider: "openai",
  status: 200,
  requestId: "req_1",
  message: "The connection was cut.",
};

/** The ledger of 0.1.0, which this version opens with a clock in UTC. */
function upgraded() {
  const testLedger = createTestLedger({ isMissing: true });
  testLedger.clock.nowMs = NOON;
  const before = testLedger.raw();
  before.exec(`PRAGMA journal_mode = WAL; PRAGMA synchronous = OFF; BEGIN; ${LEDGER_010} COMMIT`);
  const dayOf = (ms: number) => new Date(ms).toISOString().slice(0, 10);
  return { testLedger, before, open: () => testLedger.open({ dayOf }) };
}

function tablesOf(db: DatabaseSync) {
  const tables = db.prepare("SELECT name, sql FROM sqlite_schema WHERE type = 'table' ORDER BY name").all();
  const rows = tables.map(({ name }) => db.prepare(`SELECT * FROM ${name}`).all());
  return { tables, rows, version: db.prepare("PRAGMA user_version").get() };
}

describe("a ledger of version 0.1.0", () => {
  it("opens without a notice", async () => {
    expect((await upgraded().open()).notice).toBeUndefined();
  });

  it("keeps the lengths of answers, with the models that wrote them", async () => {
    const { before, open } = upgraded();
    before.exec("UPDATE decision SET output_tokens = 400 WHERE id = 'd-broken'");
    const { history } = await open();
    expect(await history.answerLengths(["Hard"], "explain")).toEqual([
      { route: "Hard", ref: CLAUDE, characters: undefined, outputTokens: 400 },
    ]);
  });

  it("keeps a decision whose answer was resumed by another model", async () => {
    const record = await (await upgraded().open()).history.decision("d-broken");
    expect(record?.promptText).toBe("Compare these.");
    expect(record?.decision).toMatchObject({
      ...{ id: "d-broken", atMs: NOON, pick: "first" },
      outcome: {
        kind: "chosen",
        chain: [
          { ref: LUNA, expectedNanoUsd: 50 },
          { ref: CLAUDE, quality: 0.9 },
        ],
      },
      skipped: [
        { ref: "azure/gpt-4o", reason: "no-key", provider: "azure" },
        { ref: "openai/big", reason: "breaker-open", failures: 3, nextTryAtMs: NOON + 5, by: "model" },
      ],
      affinity: { kind: "cold", last: LUNA, reason: "expired" },
      features: {
        complexity: { level: "high", score: 0.8, reason: { kind: "keyword", keyword: "compare" } },
        similarities: {
          skipped: {
            embedder: "openai/embed",
            failure: { ...cut, kind: "unreachable", message: "No connection." },
          },
        },
      },
      experiment: { name: "e", arm: "treatment", unit: "c-1" },
    });
    expect(record?.summary).toMatchObject({
      ending: { kind: "complete" },
      modelUsed: CLAUDE,
      handoffs: [{ from: LUNA, to: CLAUDE, method: "prefill" }],
      attempts: [
        { ref: LUNA, firstTokenMs: 40, outcome: { kind: "failed", failure: cut } },
        { ref: SOL, resumeMethod: "anchor", outcome: { kind: "not-resumed" } },
        { ref: CLAUDE, resumeMethod: "prefill", outcome: { kind: "answered" } },
      ],
      cost: { kind: "estimated", nanoUsd: 42 },
    });
    const oldName = /"(words|passedOver|because|rescues|means|continues|unjoined|by)":(?!"(model|provider)")/;
    expect(JSON.stringify(record)).not.toMatch(oldName);
  });

  it("keeps decisions for which no model was available, or no budget", async () => {
    const { history } = await upgraded().open();
    const noModel = { kind: "no-model-available" } as const;
    expect(await history.decision("d-stopped")).toMatchObject({
      decision: { outcome: { kind: "blocked", reason: noModel } },
      summary: { ending: { kind: "not-sent", reason: noModel } },
    });
    const overBudget = {
      kind: "over-budget",
      expectedNanoUsd: 90,
      limit: { kind: "day" },
      choices: [{ kind: "raise", ref: LUNA }],
    };
    expect(await history.decision("d-over")).toMatchObject({
      decision: { outcome: { kind: "blocked", reason: overBudget }, affinity: { kind: "stayed" } },
      summary: { ending: { kind: "not-sent", reason: overBudget } },
    });
  });

  it("keeps failed and unfinished decisions", async () => {
    const { history } = await upgraded().open();
    expect((await history.decision("d-failed"))?.summary?.ending).toEqual({ kind: "failed", failure: cut });
    const unfinished = await history.decision("d-unended");
    expect(unfinished?.decision.skipped).toEqual([]);
    expect(unfinished?.summary).toBeUndefined();
  });

  it("keeps conversations, which can be searched", async () => {
    const { history } = await upgraded().open();
    const conversation = await history.conversation("c-1");
    expect(conversation).toMatchObject({ title: "Über Closures", updatedAtMs: NOON + 20, isPrivate: false });
    expect(conversation?.turns.map(({ id }) => id)).toEqual(["t-1", "t-2", "t-3"]);
    expect(conversation?.turns[0]?.answer).toMatchObject({
      text: "A closure is a function with its scope.",
      fallbacks: [{ from: LUNA, to: CLAUDE, failure: cut }],
      handoffs: [{ at: 12, from: LUNA, to: CLAUDE }],
      decision: { skipped: [{ reason: "no-key" }, { reason: "breaker-open" }] },
      summary: { handoffs: [{ from: LUNA, to: CLAUDE, method: "prefill" }] },
      thumb: "up",
    });
    expect(conversation?.turns[1]?.answer.decision?.outcome).toEqual({
      ...{ kind: "blocked", reason: { kind: "no-model-available" } },
    });
    expect(conversation?.turns[2]?.answer).toEqual({ text: "Half of", fallbacks: [] });
    expect((await history.conversations("ÜBER", 10)).map(({ id }) => id)).toEqual(["c-1"]);
    expect(await history.conversations("", 10)).toMatchObject([
      { id: "c-2", isPrivate: true, answers: 0 },
      { id: "c-1", answers: 1, nanoUsd: 42, costKind: "estimated" },
    ]);
  });

  it("keeps the order of turns, and lets a prompt be sent again in their middle", async () => {
    const { history } = await upgraded().open();
    const conversation = await history.conversation("c-1");
    expect(conversation?.turns.map(({ id }) => id)).toEqual(["t-1", "t-2", "t-3"]);
    expect(conversation?.tree).toBeUndefined();
    const [first] = conversation?.turns ?? [];
    if (first === undefined) throw new Error("There is no turn.");
    await history.saveTurn("c-1", { ...first, id: "t-5" }, { parent: "t-1", variantOf: "t-2" });
    const shown = async () => (await history.conversation("c-1"))?.turns.map(({ id }) => id);
    expect(await shown()).toEqual(["t-1", "t-5"]);
    await history.showTurn("c-1", "t-2");
    expect(await shown()).toEqual(["t-1", "t-2", "t-3"]);
  });

  it("keeps the budget, and what a running window has reserved", async () => {
    const { testLedger, open } = upgraded();
    const { budget } = await open();
    const today = {
      ...{ period: "2026-11-21", spentNanoUsd: 250, reservedNanoUsd: 100, unknownAttempts: 1 },
      byModel: [
        { ref: "greedy/model", nanoUsd: 150, attempts: 1 },
        { ref: LUNA, nanoUsd: 100, attempts: 2 },
        { ref: CLAUDE, nanoUsd: 0, attempts: 1, unknownAttempts: 1 },
      ],
      overruns: [{ ref: "greedy/model", factor: 1.5 }],
    };
    expect(await budget.today()).toEqual(today);
    expect(await budget.month()).toMatchObject({ spentNanoUsd: 261 });
    expect(await budget.spent({ kind: "month" })).toBe(261);
    testLedger.clock.nowMs += 61_000;
    expect(await (await open()).budget.today()).toMatchObject({ spentNanoUsd: 290, reservedNanoUsd: 0 });
  });

  it("accepts the exact cost of an attempt that was estimated", async () => {
    const { before, open } = upgraded();
    const row = before.prepare("SELECT id FROM spend WHERE rank = 1 AND nano = 30").get();
    const { budget } = await open();
    await budget.settle(String(row?.["id"]), { kind: "exact", nanoUsd: 25 });
    expect(await budget.today()).toMatchObject({ spentNanoUsd: 245 });
  });

  it("keeps breakers, pauses, latency and what is turned off", async () => {
    const { testLedger, open } = upgraded();
    const health = await (await open()).health.snapshot();
    expect(health.get(SOL)?.breaker).toMatchObject({ kind: "open", failures: 3, openMs: 10_000 });
    expect(health.get("anthropic")?.pause).toEqual({ kind: "unchanged", reason: "auth", fingerprint: "f" });
    expect(health.get(LUNA)).toMatchObject({
      pause: { kind: "until", reason: "rate-limit", untilMs: testLedger.clock.nowMs + 60_000 },
      latency: { firstTokenMs: 120, tokensPerSecond: 55 },
    });
    expect(health.get("azure/gpt-4o")?.switchedOff).toBe(true);
  });

  it("keeps experiments, outcomes and embeddings", async () => {
    const { history } = await upgraded().open();
    expect(await history.experimentValues("e", "thumbs")).toEqual({ control: [], treatment: [1] });
    expect(await history.experimentValues("e", "costUsd")).toEqual({ control: [], treatment: [42e-9] });
    expect(await history.embeddings("openai/embed", ["Explain this"])).toEqual(
      new Map([["Explain this", Float32Array.of(0.5, -0.25)]]),
    );
  });

  it("keeps which output limit an answer reached", async () => {
    const { before, open } = upgraded();
    const ending = (limitedBy: string) => JSON.stringify({ ending: { kind: "complete", limitedBy } });
    const update = before.prepare("UPDATE decision SET summary = ? WHERE id = ?");
    update.run(ending("ours"), "d-broken");
    update.run(ending("model"), "d-failed");
    const { history } = await open();
    const endingOf = async (id: string) => (await history.decision(id))?.summary?.ending;
    expect(await endingOf("d-broken")).toEqual({ kind: "complete", limitedBy: "request" });
    expect(await endingOf("d-failed")).toEqual({ kind: "complete", limitedBy: "model" });
  });

  it("does not change rows whose JSON is damaged", async () => {
    const { before, testLedger, open } = upgraded();
    before.exec(
      `UPDATE turn SET body = '{"half' WHERE id = 't-3'; UPDATE turn SET body = '[1]' WHERE id = 't-2'`,
    );
    const { history } = await open();
    const rows = testLedger
      .raw()
      .prepare("SELECT turn_json FROM turn WHERE id IN ('t-2', 't-3') ORDER BY id")
      .all();
    expect(rows.map((row) => row["turn_json"])).toEqual(["[1]", '{"half']);
    expect((await history.decision("d-broken"))?.decision.id).toBe("d-broken");
  });
});

it("upgrades a ledger from before there were experiments", async () => {
  const { before, open } = upgraded();
  for (const later of ["trial", "embedding", "circumstance", "moment", "overrun"]) {
    before.exec(`DROP TABLE ${later}`);
  }
  before.exec("ALTER TABLE day_total DROP COLUMN bookings; PRAGMA user_version = 1");
  const { budget, history, notice } = await open();
  expect(notice).toBeUndefined();
  expect((await history.decision("d-broken"))?.decision.id).toBe("d-broken");
  expect((await budget.month()).spentNanoUsd).toBe(261);
  expect(await history.experiments()).toEqual([]);
});

it("leaves the file unchanged if the process is killed while it upgrades, and upgrades it at the next start", async () => {
  const { before, testLedger, open } = upgraded();
  const contents = tablesOf(before);
  const openModule = JSON.stringify(new URL("../open.ts", import.meta.url).href);
  const { signal } = spawnSync(process.execPath, ["--input-type=module"], {
    input: `
      import { openLedger } from ${openModule};
      const { parse } = JSON;
      let parsed = 0;
      JSON.parse = (text) => {
        parsed += 1;
        // While the turns are upgraded, after all the decisions.
        if (parsed === 11) process.kill(process.pid, "SIGKILL");
        return parse(text);
      };
      await openLedger({ file: ${JSON.stringify(testLedger.file)}, now: () => ${NOON}, randomId: () => "id" });`,
  });
  expect(signal).toBe("SIGKILL");
  expect(tablesOf(testLedger.raw())).toEqual(contents);
  const { budget, history } = await open();
  expect((await history.decision("d-broken"))?.summary?.handoffs).toHaveLength(1);
  expect((await budget.today()).spentNanoUsd).toBe(250);
});

it("is done once, whichever of several processes opens the file first", async () => {
  const { open } = upgraded();
  const ledgers = await Promise.all([open(), open(), open()]);
  for (const { budget, notice } of ledgers) {
    expect(notice).toBeUndefined();
    expect((await budget.today()).spentNanoUsd).toBe(250);
  }
});

describe("a window of version 0.1.0 that still has the file open", () => {
  it.each([
    [
      "reserve",
      `INSERT INTO reservation (id, lease, day, ref, route, decision_id, held_nano, so_far_nano)
       VALUES ('r', 'l', '2026-11-21', 'a/b', 'r', 'd', 1, 1)`,
    ],
    ["settle", "SELECT day, ref, route, decision_id, held_nano FROM reservation WHERE id = 'r'"],
    [
      "store a decision",
      `INSERT OR REPLACE INTO decision
         (id, at_ms, route, command, decided, settings_hash, prompt_text, summary, output_tokens)
       VALUES ('d-broken', 1, 'r', '', '{}', '', NULL, NULL, NULL)`,
    ],
    ["store a summary", "UPDATE decision SET summary = '{}', output_tokens = 1 WHERE id = 'd-broken'"],
    [
      "store a turn",
      `INSERT INTO turn (conversation_id, id, at_ms, body, sought, answered, cost, nano)
       VALUES ('c-1', 't-4', 1, '{}', '', 0, NULL, NULL)`,
    ],
    [
      "store health",
      `INSERT OR REPLACE INTO health (subject, breaker, block, switched_off, samples)
       VALUES ('a', '{}', NULL, 0, '[]')`,
    ],
  ])("cannot %s any more, and so cannot store the old format", async (_what, statement) => {
    const { before, open } = upgraded();
    before.prepare("SELECT 1 FROM decision").all();
    await open();
    expect(() => before.exec(statement)).toThrow(/no (such )?column/);
  });
});
