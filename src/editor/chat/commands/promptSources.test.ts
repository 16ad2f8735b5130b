import { expect, it, vi } from "vitest";
import { promptSources } from "./promptSources.ts";

vi.mock("vscode", () => import("../../../../test/support/views/fakeVscode.ts"));

const git = vi.hoisted(() => ({ runs: 0 }));
vi.mock("../context/git/changes.ts", () => ({
  changes: async () => ({ kind: "none", reason: `${++git.runs}` }),
}));

it("asks Git again for what is sent, and for a forecast only after a while", async () => {
  let nowMs = 0;
  const { gather } = promptSources(
    () => [],
    () => nowMs,
  );
  const run = async (maxAgeMs: number) => {
    const gathered = await gather("changes", maxAgeMs);
    return gathered.kind === "none" ? Number(gathered.reason) : 0;
  };
  expect(await run(10_000)).toBe(1);
  nowMs = 9_999;
  expect(await run(10_000)).toBe(1);
  expect(await run(0)).toBe(2);
  expect(await run(10_000)).toBe(2);
  nowMs += 10_000;
  expect(await run(10_000)).toBe(3);
});
