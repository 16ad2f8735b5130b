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

async function megabytesOf(program: string): Promise<number> {
  const { stdout } = await promisify(execFile)(process.execPath, ["--input-type=module", "--eval", program]);
  return Number(stdout);
}

it("keeps the young generation small, which V8 lets grow beyond that by itself", async () => {
  const own = JSON.stringify(new URL("youngGeneration.ts", import.meta.url).href);
  const bounded = `import { boundYoungGeneration } from ${own}; boundYoungGeneration(); ${KEEPS_FOR_A_WHILE}`;
  const [free, bound] = await Promise.all([megabytesOf(KEEPS_FOR_A_WHILE), megabytesOf(bounded)]);
  expect(free).toBeGreaterThan(20);
  expect(bound).toBeLessThan(20);
});
