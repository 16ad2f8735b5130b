import { randomUUID } from "node:crypto";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { openLedger } from "../open.ts";

describe("kept vectors", () => {
  let folder: string;
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), "switchyard-embeddings-"));
  });
  afterAll(() => rm(folder, { recursive: true, force: true }));

  test("outlive the process, by embedder and text", async () => {
    const file = join(folder, "ledger.db");
    const options = { file, now: Date.now, randomId: randomUUID };
    const first = await openLedger(options);
    await first.history.saveEmbeddings("a/b", new Map([["Write a poem", Float32Array.of(0.5, -0.25)]]));
    await first.close();
    const second = await openLedger(options);
    const found = await second.history.embeddings("a/b", ["Write a poem", "unknown"]);
    expect([...found]).toEqual([["Write a poem", Float32Array.of(0.5, -0.25)]]);
    expect((await second.history.embeddings("other/model", ["Write a poem"])).size).toBe(0);
    await second.close();
  });
});
