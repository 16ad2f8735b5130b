import { hash } from "node:crypto";
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
import {
  createTestLedger,
  reserveOn,
  spendOn,
  type TestLedger,
} from "../../../test/support/ledgers/testLedger.ts";

function quarantinedIn({ folder }: TestLedger): readonly string[] {
  return readdirSync(folder).filter((name) => /\.(damaged|newer)-\d{8}-\d{6}(-\d+)?$/.test(name));
}

it("keeps its contents when it is opened again", async () => {
  const testLedger = createTestLedger({ isMissing: true });
  const first = await testLedger.open();
  await spendOn(first, 70);
  await first.close();
  const second = await testLedger.open();
  expect((await second.budget.today()).spentNanoUsd).toBe(70);
  expect(second.notice).toBeUndefined();
});

it.skipIf(process.platform === "win32")("has files that only their owner can read", async () => {
  const testLedger = createTestLedger({ isMissing: true });
  await spendOn(await testLedger.open(), 1);
  for (const name of readdirSync(testLedger.folder))
    expect(statSync(join(testLedger.folder, name)).mode & 0o777).toBe(0o600);
});

describe("an unusable file", () => {
  it("is quarantined if it is not a database", async () => {
    const testLedger = createTestLedger({ isMissing: true });
    writeFileSync(testLedger.file, "not a database, ".repeat(500));
    const ledger = await testLedger.open();
    const [quarantined = ""] = quarantinedIn(testLedger);
    expect(readFileSync(join(testLedger.folder, quarantined), "utf8")).toContain("not a database");
    expect(ledger.notice).toContain("is damaged");
    expect(ledger.notice).toContain(quarantined);
    await spendOn(ledger, 5);
  });

  it("is quarantined if a page of the budget is overwritten", async () => {
    const testLedger = createTestLedger({ isMissing: true });
    const ledger = await testLedger.open();
    await spendOn(ledger, 5);
    await ledger.close();
    const handle = openSync(testLedger.file, "r+");
    for (let page = 1; page < statSync(testLedger.file).size / 4096; page += 1) {
      writeSync(handle, Buffer.alloc(4000, 0x5a), 0, 4000, page * 4096);
    }
    closeSync(handle);
    expect((await testLedger.open()).notice).toContain("is damaged");
    expect(quarantinedIn(testLedger)).toHaveLength(1);
  });

  it("is quarantined if it was truncated", async () => {
    const testLedger = createTestLedger({ isMissing: true });
    const ledger = await testLedger.open();
    await spendOn(ledger, 5);
    await ledger.close();
    truncateSync(testLedger.file, 6_000);
    expect((await testLedger.open()).notice).toContain("is damaged");
  });

  it("is quarantined unchanged if it comes from a newer version", async () => {
    const testLedger = createTestLedger({ isMissing: true });
    const ledger = await testLedger.open();
    await spendOn(ledger, 70);
    await ledger.close();
    const db = testLedger.raw();
    db.exec("PRAGMA user_version = 99");
    db.close();
    const next = await testLedger.open();
    expect(next.notice).toContain("newer version of Switchyard");
    const [quarantined = ""] = quarantinedIn(testLedger);
    const old = new DatabaseSync(join(testLedger.folder, quarantined));
    expect(old.prepare("SELECT sum(nano) AS nano FROM spend").get()).toEqual({ nano: 70 });
    old.close();
  });

  it("is quarantined by one of the processes that find it, and the others open the new file", async () => {
    const testLedger = createTestLedger({ isMissing: true });
    writeFileSync(testLedger.file, "not a database, ".repeat(500));
    const ledgers = await Promise.all([
      testLedger.open(),
      testLedger.open(),
      testLedger.open(),
      testLedger.open(),
    ]);
    expect(quarantinedIn(testLedger)).toHaveLength(1);
    expect(ledgers.filter((ledger) => ledger.notice !== undefined)).toHaveLength(1);
    for (const ledger of ledgers) await spendOn(ledger, 5);
    expect((await ledgers[0]?.budget.today())?.spentNanoUsd).toBe(20);
  });

  it("is quarantined while in use, and open reservations are settled in the new file", async () => {
    const testLedger = createTestLedger({ isMissing: true });
    const ledger = await testLedger.open();
    for (let number = 0; number < 200; number += 1) await spendOn(ledger, 1);
    const id = await reserveOn(ledger);
    const db = testLedger.raw();
    db.exec("PRAGMA wal_checkpoint(TRUNCATE)");
    db.close();
    const handle = openSync(testLedger.file, "r+");
    for (let page = 1; page < statSync(testLedger.file).size / 4096; page += 1) {
      writeSync(handle, Buffer.alloc(4096, 0x5a), 0, 4096, page * 4096);
    }
    closeSync(handle);
    await ledger.budget.settle(id, { kind: "exact", nanoUsd: 60 });
    expect(ledger.notice).toContain("is damaged");
    expect(quarantinedIn(testLedger)).toHaveLength(1);
    expect((await ledger.budget.today()).spentNanoUsd).toBe(60);
  });
});

describe("a file that is not a ledger", () => {
  /** The names and contents of the folder's files. */
  const contentsOf = (folder: string) =>
    readdirSync(folder).map((name) => [name, hash("sha256", readFileSync(join(folder, name)))]);

  it.each([
    ["CREATE TABLE theirs (a)"],
    ["CREATE TABLE spend (a); CREATE TABLE total (a); PRAGMA user_version = 3"],
    ["CREATE TABLE theirs (a); PRAGMA user_version = 99"],
    ["PRAGMA application_id = 252006674"],
    ["PRAGMA journal_mode = WAL; CREATE TABLE theirs (a)"],
  ])("is left unchanged if it is another program's database: %s", async (statements) => {
    const testLedger = createTestLedger({ isMissing: true });
    const db = testLedger.raw();
    db.exec(statements);
    db.close();
    const before = contentsOf(testLedger.folder);
    await expect(testLedger.open()).rejects.toThrow("a database of another program. It is unchanged.");
    expect(contentsOf(testLedger.folder)).toEqual(before);
  });

  it("is left unchanged if the user named it, whatever it is", async () => {
    const testLedger = createTestLedger({ isMissing: true });
    const ledger = await testLedger.open();
    await spendOn(ledger, 5);
    await ledger.close();
    const [header, ...damaged] = [
      readFileSync(testLedger.file).subarray(0, 68),
      0,
      0,
      0,
      0,
      "x".repeat(9000),
    ];
    for (const content of [
      "{}",
      "not a database, ".repeat(500),
      Buffer.concat([header, Buffer.from(damaged.join(""))]),
    ]) {
      writeFileSync(testLedger.file, content);
      const before = contentsOf(testLedger.folder);
      await expect(testLedger.open({ isNamed: true })).rejects.toThrow("is not a ledger of Switchyard");
      expect(contentsOf(testLedger.folder)).toEqual(before);
    }
    await expect(testLedger.open({ file: testLedger.folder, isNamed: true })).rejects.toThrow("a folder");
  });

  it.skipIf(process.platform === "win32")("is not opened if it is a device", async () => {
    const { open } = createTestLedger({ isMissing: true });
    await expect(open({ file: "/dev/null" })).rejects.toThrow("a device or a pipe");
  });
});

describe("a file that the user named", () => {
  it("is created if it is new or empty, and opened again", async () => {
    const testLedger = createTestLedger({ isMissing: true });
    writeFileSync(testLedger.file, "");
    for (const spent of [5, 10]) {
      const ledger = await testLedger.open({ isNamed: true });
      await spendOn(ledger, 5);
      expect((await ledger.budget.today()).spentNanoUsd).toBe(spent);
      await ledger.close();
    }
    const header = readFileSync(testLedger.file);
    expect(header.toString("latin1", 68, 72)).toBe("SwYd");
  });

  it("is opened while another process has it open and its schema is in the log only", async () => {
    const testLedger = createTestLedger({ isMissing: true });
    await spendOn(await testLedger.open({ isNamed: true }), 5);
    const second = await testLedger.open({ isNamed: true });
    expect((await second.budget.today()).spentNanoUsd).toBe(5);
  });

  it("is quarantined if it is a damaged ledger", async () => {
    const testLedger = createTestLedger({ isMissing: true });
    const ledger = await testLedger.open();
    await spendOn(ledger, 5);
    await ledger.close();
    truncateSync(testLedger.file, 6_000);
    expect((await testLedger.open({ isNamed: true })).notice).toContain("is damaged");
  });

  it.runIf(process.platform === "linux")("is reported if it is below /proc", async () => {
    const { open } = createTestLedger({ isMissing: true });
    for (const file of ["/proc/switchyard.db", "/proc/switchyard/deep/ledger.db"])
      await expect(open({ file, isNamed: true })).rejects.toThrow("ENOENT");
  });
});

describe("a locked file", () => {
  it("is retried without blocking the event loop", async () => {
    const testLedger = createTestLedger({ isMissing: true });
    const ledger = await testLedger.open();
    const db = testLedger.raw();
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
    const testLedger = createTestLedger({ isMissing: true });
    const ledger = await testLedger.open({ busyLimitMs: 30 });
    const db = testLedger.raw();
    db.exec("BEGIN IMMEDIATE");
    await expect(spendOn(ledger, 1)).rejects.toThrow("has been locked by another process");
    db.exec("COMMIT");
    expect((await ledger.budget.today()).reservedNanoUsd).toBe(0);
  });
});
