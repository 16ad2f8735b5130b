/**
 * The cost of the built-in embedder and of comparing with examples, next to a baseline in the same run: a `Map` of
 * strings, regular expressions, unpacked floats and plain loops (embedding/plainEmbedder.ts).
 */
import { execFileSync } from "node:child_process";
import { inProject } from "../../scripts/project.ts";
import { loadBuiltIn } from "../../src/embedding/builtIn.ts";
import { createExampleIndex, similaritiesTo } from "../../src/routing/semantic/exampleIndex.ts";
import { GENERIC_PROMPTS } from "../../src/routing/semantic/genericPrompts.ts";
import type { Route } from "../../src/settings/schema.ts";
import { DATA_DIR, readGolden } from "../support/routing/embeddingReference.ts";
import { loadPlain } from "./embedding/plainEmbedder.ts";

const LOADS = 15;
const SHORT = "Fix the null pointer exception in the login handler.";
const LONG = "Fix the null pointer exception in the login handler, then tell me what was wrong. "
  .repeat(1300)
  .slice(0, 100_000);

type Figures = { readonly p50: string; readonly p99: string };

/** Prints the figures with their goals. */
export async function bench(): Promise<void> {
  const real = await loadBuiltIn(DATA_DIR);
  const plain = await loadPlain(DATA_DIR);
  const generic = GENERIC_PROMPTS.map(real.embedSync);
  const [load, plainLoad] = [loads("built-in"), loads("plain")];
  const words = readGolden().texts.flatMap(({ text }) => text.match(/[a-z]{3,}/gi) ?? []);
  const sentence = (seed: number): string =>
    Array.from({ length: 8 }, (_, at) => words[(seed * 31 + at * (seed + 7)) % words.length] ?? "").join(" ");
  const table: Record<string, object> = {};
  const row = (name: string, goal: string, measured: Figures, baseline: Figures): void => {
    table[name] = { goal, p50: measured.p50, p99: measured.p99, "plain p50": baseline.p50 };
  };

  row("load, in a fresh process", "< 15 ms", figures(load.times), figures(plainLoad.times));
  row("memory held", "< 12 MB", megabytes(load.bytes), megabytes(plainLoad.bytes));
  row(
    "a short sentence",
    "< 40 µs",
    timed(20_000, (at) => real.embedSync([`${SHORT} ${at}`])),
    timed(2_000, (at) => plain.embed(`${SHORT} ${at}`)),
  );
  row(
    "a prompt of 100 kB",
    "< 1 ms",
    timed(1_000, (at) => real.embedSync([`${at} ${LONG}`])),
    timed(200, (at) => plain.embed(`${at} ${LONG}`)),
  );
  const queries = Array.from({ length: 100 }, (_, at) => real.embedSync([sentence(at + 5000)])[0]);
  for (const [routes, examplesPerRoute] of [
    [10, 10],
    [10, 100],
    [100, 10],
    [10, 1000],
  ] as const) {
    const routesWithExamples = routesOf(routes, examplesPerRoute, sentence);
    const index = createExampleIndex(routesWithExamples, real.embedSync, generic);
    const vectors = routesWithExamples.map(({ examples }) => real.embedSync(examples ?? []));
    row(
      `compare with ${(routes * examplesPerRoute).toLocaleString("en")} examples in ${routes} routes`,
      routes * examplesPerRoute === 1000 ? "< 1 ms" : "",
      timed(2_000, (at) => similaritiesTo(queries[at % queries.length] ?? new Float32Array(), index)),
      timed(200, (at) => vectors.map((own) => own.map((vector) => plainCosine(queries[at % 100], vector)))),
    );
  }
  for (const [routes, examplesPerRoute] of [
    [10, 100],
    [1, 1000],
    [1, 4000],
  ] as const) {
    const routesWithExamples = routesOf(routes, examplesPerRoute, sentence);
    row(
      `make the index of ${(routes * examplesPerRoute).toLocaleString("en")} examples in ${routes === 1 ? "1 route" : `${routes} routes`}, embedding included`,
      "",
      timed(20, () => createExampleIndex(routesWithExamples, real.embedSync, generic)),
      timed(20, () =>
        routesWithExamples.map(({ examples = [] }) => examples.map((text) => plain.embed(text))),
      ),
    );
  }
  console.table(table);
}

function routesOf(
  count: number,
  examplesPerRoute: number,
  sentence: (seed: number) => string,
): readonly Route[] {
  return Array.from({ length: count }, (_, route) => ({
    name: `Route ${route}`,
    examples: Array.from(
      { length: examplesPerRoute },
      (_, at) => `${sentence(route * examplesPerRoute + at)} ${route} ${at}`,
    ),
    models: [{ model: "openai/gpt-6-luna" }],
    pick: "first",
    localOnly: false,
  }));
}

function plainCosine(a: Float32Array = new Float32Array(), b: Float32Array = new Float32Array()): number {
  let product = 0;
  let squaresOfA = 0;
  let squaresOfB = 0;
  for (let at = 0; at < a.length; at += 1) {
    product += (a[at] ?? 0) * (b[at] ?? 0);
    squaresOfA += (a[at] ?? 0) ** 2;
    squaresOfB += (b[at] ?? 0) ** 2;
  }
  return product / Math.sqrt(squaresOfA * squaresOfB);
}

function loads(which: "built-in" | "plain"): { readonly times: readonly number[]; readonly bytes: number } {
  const script = inProject("test/bench/embedding/measureLoad.ts");
  const lines = Array.from({ length: LOADS }, () =>
    execFileSync(process.execPath, ["--expose-gc", script, which], { encoding: "utf8" }),
  ).map((line) => JSON.parse(line) as { ms: number; bytes: number });
  return { times: lines.map(({ ms }) => ms), bytes: Math.max(...lines.map(({ bytes }) => bytes)) };
}

function timed(rounds: number, run: (at: number) => unknown): Figures {
  for (let at = 0; at < rounds / 5; at += 1) run(at);
  const times: number[] = [];
  for (let at = 0; at < rounds; at += 1) {
    const started = performance.now();
    run(at);
    times.push(performance.now() - started);
  }
  return figures(times);
}

function figures(times: readonly number[]): Figures {
  const sorted = times.toSorted((a, b) => a - b);
  const at = (share: number): string => {
    const ms = sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? Number.NaN;
    return ms < 1 ? `${(ms * 1000).toFixed(1)} µs` : `${ms.toFixed(1)} ms`;
  };
  return { p50: at(0.5), p99: at(0.99) };
}

function megabytes(bytes: number): Figures {
  return { p50: `${(bytes / 1e6).toFixed(1)} MB`, p99: "" };
}

if (import.meta.main) await bench();
