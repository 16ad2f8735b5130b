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

function setAsideIn({ folder }: TestLedger): readonly string[] {
  return readdirSync(folder).filter((name) => /\.(damaged|newer)-\d{8}-\d{6}(-\d+)?$/.test(name));
}

it("remembers over openings", async () => {
  const on = createTestLedger();
  const first = await on.open();
  await spendOn(first, 70);
  await first.close();
  const second = await on.open();
  expect((await second.budget.today()).spentNanoUsd).toBe(70);
  expect(second.notice).toBeUndefined();
});

it.skipIf(process.platform === "win32")("shows its file to nobody but its owner", async () => {
  const on = createTestLedger();
  await spendOn(await on.open(), 1);
  for (const name of readdirSync(on.folder)) expect(statSync(join(on.folder, name)).mode & 0o777).toBe(0o600);
});

describe("a file that cannot be used", () => {
  it("is kept beside a new one when it is no database at all", async () => {
    const on = createTestLedger();
    writeFileSync(on.file, "not a database, ".repeat(500));
    const ledger = await on.open();
    const [aside = ""] = setAsideIn(on);
    expect(readFileSync(join(on.folder, aside), "utf8")).toContain("not a database");
    expect(ledger.notice).toContain("is damaged");
    expect(ledger.notice).toContain(aside);
    await spendOn(ledger, 5);
  });

  it("is kept beside a new one when a page of its money is overwritten", async () => {
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
    expect(setAsideIn(on)).toHaveLength(1);
  });

  it("is kept beside a new one when it was cut short", async () => {
    const on = createTestLedger();
    const ledger = await on.open();
    await spendOn(ledger, 5);
    await ledger.close();
    truncateSync(on.file, 6_000);
    expect((await on.open()).notice).toContain("is damaged");
  });

  it("is kept whole when it comes from a newer version", async () => {
    const on = createTestLedger();
    const ledger = await on.open();
    await spendOn(ledger, 70);
    await ledger.close();
    const db = on.raw();
    db.exec("PRAGMA user_version = 99");
    db.close();
    const next = await on.open();
    expect(next.notice).toContain("newer version of Switchyard");
    const [aside = ""] = setAsideIn(on);
    const kept = new DatabaseSync(join(on.folder, aside));
    expect(kept.prepare("SELECT sum(nano) AS nano FROM spend").get()).toEqual({ nano: 70 });
    kept.close();
  });

  it("is left alone as somebody else's when it is another program's database", async () => {
    const on = createTestLedger();
    const db = on.raw();
    db.exec("CREATE TABLE theirs (a)");
    db.close();
    expect((await on.open()).notice).toContain("another program");
  });

  it("is set aside by one of those that find it, and the others use what it made", async () => {
    const on = createTestLedger();
    writeFileSync(on.file, "not a database, ".repeat(500));
    const ledgers = await Promise.all([on.open(), on.open(), on.open(), on.open()]);
    expect(setAsideIn(on)).toHaveLength(1);
    expect(ledgers.filter((ledger) => ledger.notice !== undefined)).toHaveLength(1);
    for (const ledger of ledgers) await spendOn(ledger, 5);
    expect((await ledgers[0]?.budget.today())?.spentNanoUsd).toBe(20);
  });

  it("is set aside while in use, and what was held is settled in the new one", async () => {
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
    await ledger.budget.settle(id, { cost: { kind: "exact", nanoUsd: 60 } });
    expect(ledger.notice).toContain("is damaged");
    expect(setAsideIn(on)).toHaveLength(1);
    expect((await ledger.budget.today()).spentNanoUsd).toBe(60);
  });
});

describe("a file that another process has locked", () => {
  it("is waited for without blocking this one", async () => {
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

  it("is given up in words after a while, and nothing is written", async () => {
    const on = createTestLedger();
    const ledger = await on.open({ busyLimitMs: 30 });
    const db = on.raw();
    db.exec("BEGIN IMMEDIATE");
    await expect(spendOn(ledger, 1)).rejects.toThrow("has been locked by another process");
    db.exec("COMMIT");
    expect((await ledger.budget.today()).reservedNanoUsd).toBe(0);
  });
});
