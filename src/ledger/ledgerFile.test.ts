import { mkdtempSync, rmSync, statSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, expect, it, onTestFinished } from "vitest";
import { ledgerFile, makeLedgerFile } from "./ledgerFile.ts";

describe("the ledger file", () => {
  it("is in the platform's data directory", () => {
    expect(ledgerFile({ platform: "linux", env: {}, homeDir: "/home/u" })).toBe(
      join("/home/u", ".local", "share", "switchyard", "ledger.db"),
    );
    expect(ledgerFile({ platform: "darwin", env: {}, homeDir: "/Users/u" })).toBe(
      join("/Users/u", "Library", "Application Support", "Switchyard", "ledger.db"),
    );
    const env = { LOCALAPPDATA: "/u/AppData/Local" };
    expect(ledgerFile({ platform: "win32", env, homeDir: "/u" })).toBe(
      join("/u/AppData/Local", "Switchyard", "ledger.db"),
    );
  });

  it("follows XDG_DATA_HOME if that is an absolute path", () => {
    expect(ledgerFile({ platform: "linux", env: { XDG_DATA_HOME: "/data" }, homeDir: "/home/u" })).toBe(
      join("/data", "switchyard", "ledger.db"),
    );
    expect(ledgerFile({ platform: "linux", env: { XDG_DATA_HOME: "data" }, homeDir: "/home/u" })).toBe(
      join("/home/u", ".local", "share", "switchyard", "ledger.db"),
    );
  });

  it("is in SWITCHYARD_HOME if that is set, on every platform", () => {
    for (const platform of ["linux", "darwin", "win32"] as const) {
      const env = { SWITCHYARD_HOME: "/elsewhere", XDG_DATA_HOME: "/data", LOCALAPPDATA: "/local" };
      expect(ledgerFile({ platform, env, homeDir: "/home/u" })).toBe(join("/elsewhere", "ledger.db"));
    }
  });

  it.skipIf(process.platform === "win32")("is readable by its owner only", () => {
    const home = mkdtempSync(join(tmpdir(), "switchyard-"));
    onTestFinished(() => rmSync(home, { recursive: true }));
    const file = join(home, "new", "ledger.db");
    makeLedgerFile(file);
    expect(statSync(file).mode & 0o777).toBe(0o600);
    expect(statSync(join(home, "new")).mode & 0o777).toBe(0o700);
  });
});
