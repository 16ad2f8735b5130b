/**
 * The duration of Switchyard's activation, next to a baseline in the same run, an extension that does nothing; and the size
 * of the package. Each measurement uses a new extension host.
 */
import { mkdtemp, readFile, rm, stat } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { packVsix } from "../../scripts/build/package.ts";
import { inProject } from "../../scripts/project.ts";
import { runHostSuite } from "../../scripts/test/hostSuite.ts";
import { writeExtensions } from "./activation/extensions.ts";

const runs = 5;
const limitMs = 50;

const dir = await mkdtemp(join(tmpdir(), "switchyard-bench-"));
const file = join(dir, "times.json");
const { bytes } = await packVsix();
const { size: bundleBytes } = await stat(inProject("dist/extension.cjs"));
const extensions = await writeExtensions(dir);
for (let run = 0; run < runs; run++) {
  const ran = await runHostSuite({
    tests: inProject("test/bench/activation"),
    results: join(dir, "results.json"),
    extensions,
    env: { SWITCHYARD_BENCH_TIMES: file },
    quiet: true,
  });
  if (!ran) throw new Error("An activation could not be measured.");
}
const times = JSON.parse(await readFile(file, "utf8")) as Record<string, number>[];
await rm(dir, { recursive: true });

const row = (id: string): { "median ms": number; "worst ms": number } => {
  const sorted = times.map((time) => time[id] ?? Number.NaN).sort((a, b) => a - b);
  const rounded = (ms: number | undefined): number => Number((ms ?? Number.NaN).toFixed(1));
  return { "median ms": rounded(sorted[Math.floor(sorted.length / 2)]), "worst ms": rounded(sorted.at(-1)) };
};
const switchyard = row("switchyard");
console.table({ "does nothing": row("baseline"), Switchyard: switchyard });
console.table({
  "extension.cjs": { KB: Math.round(bundleBytes / 1024) },
  "package (.vsix)": { KB: Math.round(bytes / 1024) },
});
if (switchyard["median ms"] >= limitMs) {
  console.error(`Activation takes ${switchyard["median ms"]} ms; the limit is ${limitMs} ms.`);
  process.exitCode = 1;
}
