import {
  closeSync,
  openSync,
  readdirSync,
  readFileSync,
  statSync,
  truncateSync,
  writeFileSync,
  writeSync,
} from "node:fs";
import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";
import { describe, expect, it } from "vitest";
import { createTestLedger, reserveOn, spendOn, type TestLedger } from "../../../test/support/testLedger.ts";

function quarantinedIn({ folder }: TestLedger): readonly string[] {
  return readdirSync(folder).filter((name) => /\.(damaged|newer)-\d{8}-\d{6}(-\d+)?$/.test(name));
}

it("keeps its contents when it is opened again", async () => {
  const on = createTestLedger();
  const first = await on.open();
  await spendOn(first, 70);
  await first.close();
  const second = await on.open();
  expect((await second.budget.today()).spentNanoUsd).toBe(70);
  expect(second.notice).toBeUndefined();
});

it.skipIf(process.platform === "win32")("has files that only their owner can read", async () => {
  const on = createTestLedger();
  await spendOn(await on.open(), 1);
  for (const name of readdirSync(on.folder)) expect(statSync(join(on.folder, name)).mode & 0o777).toBe(0o600);
});

describe("an unusable file", () => {
  it("is quarantined if it is not a database", async () => {
    const on = createTestLedger();
    writeFileSync(on.file, "not a database, ".repeat(500));
    const ledger = await on.open();
    const [quarantined = ""] = quarantinedIn(on);
    expect(readFileSync(join(on.folder, quarantined), "utf8")).toContain("not a database");
    expect(ledger.notice).toContain("is damaged");
    expect(ledger.notice).toContain(quarantined);
    await spendOn(ledger, 5);
  });

  it("is quarantined if a page of the budget is overwritten", async () => {
    const on = createTestLedger();
    const ledger = await on.open();
    await spendOn(ledger, 5);
    await ledger.close();
    const handle = openSync(on.file, "r+");
    for (let page = 1; page < statSync(on.file).size / 4096; page += 1) {
      writeSync(handle, Buffer.alloc(4000, 0x5a), 0, 4000, page * 4096);
    }
    closeSync(handle);
    expect((await on.open()).notice).toContain("is damaged");
    expect(quarantinedIn(on)).toHaveLength(1);
  });

  it("is quarantined if it was truncated", async () => {
    const on = createTestLedger();
    const ledger = await on.open();
    await spendOn(ledger, 5);
    await ledger.close();
    truncateSync(on.file, 6_000);
    expect((await on.open()).notice).toContain("is damaged");
  });

  it("is quarantined unchanged if it comes from a newer version", async () => {
    const on = createTestLedger();
    const ledger = await on.open();
    await spendOn(ledger, 70);
    await ledger.close();
    const db = on.raw();
    db.exec("PRAGMA user_version = 99");
    db.close();
    const next = await on.open();
    expect(next.notice).toContain("newer version of Switchyard");
    const [quarantined = ""] = quarantinedIn(on);
    const old = new DatabaseSync(join(on.folder, quarantined));
    expect(old.prepare("SELECT sum(nano) AS nano FROM spend").get()).toEqual({ nano: 70 });
    old.close();
  });

  it("is quarantined if it is another program's database", async () => {
    const on = createTestLedger();
    const db = on.raw();
    db.exec("CREATE TABLE theirs (a)");
    db.close();
    expect((await on.open()).notice).toContain("another program");
  });

  it("is quarantined by one of the processes that find it, and the others open the new file", async () => {
    const on = createTestLedger();
    writeFileSync(on.file, "not a database, ".repeat(500));
    const ledgers = await Promise.all([on.open(), on.open(), on.open(), on.open()]);
    expect(quarantinedIn(on)).toHaveLength(1);
    expect(ledgers.filter((ledger) => ledger.notice !== undefined)).toHaveLength(1);
    for (const ledger of ledgers) await spendOn(ledger, 5);
    expect((await ledgers[0]?.budget.today())?.spentNanoUsd).toBe(20);
  });

  it("is quarantined while in use, and open reservations are settled in the new file", async () => {
    const on = createTestLedger();
    const ledger = await on.open();
    for (let number = 0; number < 200; number += 1) await spendOn(ledger, 1);
    const id = await reserveOn(ledger);
    const db = on.raw();
    db.exec("PRAGMA wal_checkpoint(TRUNCATE)");
    db.close();
    const handle = openSync(on.file, "r+");
    for (let page = 1; page < statSync(on.file).size / 4096; page += 1) {
      writeSync(handle, Buffer.alloc(4096, 0x5a), 0, 4096, page * 4096);
    }
    closeSync(handle);
    await ledger.budget.settle(id, { kind: "exact", nanoUsd: 60 });
    expect(ledger.notice).toContain("is damaged");
    expect(quarantinedIn(on)).toHaveLength(1);
    expect((await ledger.budget.today()).spentNanoUsd).toBe(60);
  });
});

describe("a locked file", () => {
  it("is retried without blocking the event loop", async () => {
    const on = createTestLedger();
    const ledger = await on.open();
    const db = on.raw();
    db.exec("BEGIN IMMEDIATE");
    const order: string[] = [];
    const writes = Promise.all(
      ["first", "second", "third"].map((name) => spendOn(ledger, 1).then(() => order.push(name))),
    );
    await new Promise((resolve) => setImmediate(resolve));
    expect(order).toEqual([]);
    db.exec("COMMIT");
    await writes;
    expect(order).toEqual(["first", "second", "third"]);
  });

  it("is reported after a while, and nothing is written", async () => {
    const on = createTestLedger();
    const ledger = await on.open({ busyLimitMs: 30 });
    const db = on.raw();
    db.exec("BEGIN IMMEDIATE");
    await expect(spendOn(ledger, 1)).rejects.toThrow("has been locked by another process");
    db.exec("COMMIT");
    expect((await ledger.budget.today()).reservedNanoUsd).toBe(0);
  });
});
