import { execFile } from "node:child_process";
import { promisify } from "node:util";
import { expect, it } from "vitest";

/** Keeps objects for 30 turns, and prints the size of the young generation in MB. */
const SHORT_LIVED = `
  import { setImmediate } from "node:timers/promises";
  import { getHeapSpaceStatistics } from "node:v8";
  const kept = [];
  for (let turn = 0; turn < 250; turn += 1) {
    kept.push(Array.from({ length: 4000 }, (_, at) => ({ at, turn })));
    if (kept.length > 30) kept.shift();
    await setImmediate();
  }
  const young = getHeapSpaceStatistics().find(({ space_name }) => space_name === "new_space");
  console.log(young.space_size / 1e6);
`;

/** Fills the young generation, lets V8 shrink it, fills it again, and prints how much it has grown by that, in MB. */
const AFTER_SHRINKING = `
  import { setImmediate } from "node:timers/promises";
  import { getHeapSpaceStatistics, setFlagsFromString } from "node:v8";
  import { runInNewContext } from "node:vm";
  setFlagsFromString("--expose-gc");
  const collect = runInNewContext("gc");
  const size = () => getHeapSpaceStatistics().find(({ space_name }) => space_name === "new_space").space_size / 1e6;
  const fill = async () => {
    const kept = [];
    for (let turn = 0; turn < 250; turn += 1) {
      kept.push(Array.from({ length: 4000 }, (_, at) => ({ at, turn })));
      if (kept.length > 30) kept.shift();
      await setImmediate();
    }
  };
  await fill();
  for (let times = 0; times < 20 && size() > 3; times += 1) {
    await new Promise((resolve) => setTimeout(resolve, 100));
    collect();
  }
  const shrunk = size();
  await fill();
  console.log(size() - shrunk);
`;

/** Replaces 20 MB of live objects bit by bit, and prints the largest size of the heap in MB. */
const LONG_LIVED = `
  import { setImmediate } from "node:timers/promises";
  const kept = Array.from({ length: 1000 }, () => []);
  let most = 0;
  for (let turn = 0; turn < 4500; turn += 1) {
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

/** The output of a program with V8's defaults, and with a bounded heap. */
async function bothWays(program: string): Promise<{ readonly unbounded: number; readonly bounded: number }> {
  const own = JSON.stringify(new URL("heap.ts", import.meta.url).href);
  const withBound = `import { boundHeap } from ${own}; boundHeap(); ${program}`;
  const [unbounded, bounded] = await Promise.all([megabytesOf(program), megabytesOf(withBound)]);
  return { unbounded, bounded };
}

it("keeps the young generation smaller than V8's defaults do", async () => {
  const { unbounded, bounded } = await bothWays(SHORT_LIVED);
  expect(unbounded).toBeGreaterThan(20);
  expect(bounded).toBeLessThan(20);
});

it("collects the old generation before garbage is as large as the live objects", async () => {
  const { unbounded, bounded } = await bothWays(LONG_LIVED);
  expect(bounded).toBeLessThan(0.8 * unbounded);
});

it("lets the young generation grow again after V8 has shrunk it", async () => {
  const { bounded } = await bothWays(AFTER_SHRINKING);
  expect(bounded).toBeGreaterThan(3);
});
