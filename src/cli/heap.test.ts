import { execFile } from "node:child_process";
import { promisify } from "node:util";
import { expect, it } from "vitest";

/** A process that keeps what it allocates for a while, turn by turn, and tells how large its young generation became. */
const KEEPS_FOR_A_WHILE = `
  import { setImmediate } from "node:timers/promises";
  import { getHeapSpaceStatistics } from "node:v8";
  const kept = [];
  for (let turn = 0; turn < 1000; turn += 1) {
    kept.push(Array.from({ length: 4000 }, (_, at) => ({ at, turn })));
    if (kept.length > 30) kept.shift();
    await setImmediate();
  }
  const young = getHeapSpaceStatistics().find(({ space_name }) => space_name === "new_space");
  console.log(young.space_size / 1e6);
`;

/** A process of which some 20 MB live, others in every turn, and which tells how large its heap was at most. */
const REPLACES_WHAT_IS_OLD = `
  import { setImmediate } from "node:timers/promises";
  const kept = Array.from({ length: 1000 }, () => []);
  let most = 0;
  for (let turn = 0; turn < 9000; turn += 1) {
    kept[turn % kept.length] = Array.from({ length: 500 }, (_, at) => ({ at, turn }));
    if (turn % 10 === 0) await setImmediate();
    most = Math.max(most, process.memoryUsage().heapTotal);
  }
  console.log(most / 1e6);
`;

async function megabytesOf(program: string): Promise<number> {
  const { stdout } = await promisify(execFile)(process.execPath, ["--input-type=module", "--eval", program]);
  return Number(stdout);
}

/** What a program tells by itself, and with a bound heap. */
async function bothWays(program: string): Promise<{ readonly free: number; readonly bound: number }> {
  const own = JSON.stringify(new URL("heap.ts", import.meta.url).href);
  const bounded = `import { boundHeap } from ${own}; boundHeap(); ${program}`;
  const [free, bound] = await Promise.all([megabytesOf(program), megabytesOf(bounded)]);
  return { free, bound };
}

it("keeps the young generation small, which V8 lets grow beyond that by itself", async () => {
  const { free, bound } = await bothWays(KEEPS_FOR_A_WHILE);
  expect(free).toBeGreaterThan(20);
  expect(bound).toBeLessThan(20);
});

it("collects what is dead before it is as much as what lives", async () => {
  const { free, bound } = await bothWays(REPLACES_WHAT_IS_OLD);
  expect(bound).toBeLessThan(0.8 * free);
});
