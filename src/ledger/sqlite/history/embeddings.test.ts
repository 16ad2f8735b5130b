import { describe, expect, it } from "vitest";
import { createTestLedger } from "../../../../test/support/ledgers/testLedger.ts";

describe("embeddings", () => {
  it("are kept over restarts, by embedder and text", async () => {
    const { open } = createTestLedger();
    const first = await open();
    await first.history.saveEmbeddings("a/b", new Map([["Write a poem", Float32Array.of(0.5, -0.25)]]));
    await first.close();
    const { history } = await open();
    const found = await history.embeddings("a/b", ["Write a poem", "unknown"]);
    expect([...found]).toEqual([["Write a poem", Float32Array.of(0.5, -0.25)]]);
    expect((await history.embeddings("other/model", ["Write a poem"])).size).toBe(0);
  });
});
