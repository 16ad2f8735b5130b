/**
 * What a decision costs: 10 routes, half of them by 10 examples each, 12 models, a prompt of 200 characters, the
 * built-in embedder, nothing cached. Beside it, in the same run, what it costs to write the same request as JSON and
 * read it back.
 */
import type { Attributes } from "../../src/contract/decision.ts";
import { loadBuiltIn } from "../../src/embedding/builtIn.ts";
import { DATA_DIR } from "../../src/embedding/golden.ts";
import { createClassifier } from "../../src/routing/classify.ts";
import { decide } from "../../src/routing/decide.ts";
import { Semantics } from "../../src/routing/semantics.ts";
import { attributes, card, world } from "../../src/routing/testWorld.ts";
import { readSettings } from "../../src/settings/read.ts";
import type { Settings } from "../../src/settings/schema.ts";

const RUNS = 20_000;
const WORDS =
  "write a parser function that reads every line of the file and sorts names by date quickly".split(" ");

const refs = Array.from({ length: 12 }, (_, at) => `p${at % 4}/model-${at}`);
const now = world(refs.map((ref, at) => card(ref, { inputUsdPerMTok: 1 + at, outputUsdPerMTok: 5 + at })));

/** A sentence of this many words, another one for each number. */
function sentence(number: number, words: number): string {
  return Array.from(
    { length: words },
    (_, at) => WORDS[(number * 7 + at * (3 + (number % 5))) % WORDS.length],
  ).join(" ");
}

/** So many routes, every other one by so many examples, and the last one for everything. */
function settingsOf(routes: number, examples: number): Settings {
  const providers = Object.fromEntries([0, 1, 2, 3].map((at) => [`p${at}`, { kind: "openai" }]));
  const made = Array.from({ length: routes }, (_, at) => ({
    name: `Route ${at}`,
    models: refs,
    pick: "cheapest",
    ...(at % 2 === 0
      ? {
          examples: Array.from({ length: examples }, (_each, n) => `${sentence(at * 100 + n, 8)} ${at} ${n}`),
          threshold: 0.99,
        }
      : at === routes - 1
        ? {}
        : { when: { complexity: ["high"], languages: ["rust"] } }),
  }));
  return readSettings({ "switchyard.providers": providers, "switchyard.routes": made }).settings;
}

const builtIn = await loadBuiltIn(DATA_DIR);
const asked: Attributes = attributes({ inputBoundTokens: 400 });

async function measured(routes: number, examples: number) {
  const settings = settingsOf(routes, examples);
  const semantics = new Semantics({
    builtIn: async () => builtIn,
    remote: () => {
      throw new Error("no remote embedder is set");
    },
    history: async () => {
      throw new Error("nothing is kept");
    },
  });
  const classify = createClassifier((...input) => semantics.similarities(...input));
  const both: number[] = [];
  const alone: number[] = [];
  const json: number[] = [];
  for (let run = 0; run < RUNS; run++) {
    const ownWords = `${run} ${sentence(run, 40)}`.slice(0, 200);
    const input = { ownWords, characters: ownWords.length, contextTokens: 50, isPrivate: false };
    const startedMs = performance.now();
    const features = await classify(input, settings);
    const classifiedMs = performance.now();
    decide(asked, features, settings, now);
    const endedMs = performance.now();
    JSON.parse(JSON.stringify({ asked, features }));
    const jsonMs = performance.now();
    if (run < RUNS / 10) continue;
    both.push(endedMs - startedMs);
    alone.push(endedMs - classifiedMs);
    json.push(jsonMs - endedMs);
  }
  return { both: micros(both), alone: micros(alone), json: micros(json) };
}

function micros(times: readonly number[]): { readonly "p50 µs": number; readonly "p99 µs": number } {
  const sorted = [...times].sort((a, b) => a - b);
  const at = (share: number): number =>
    Number(((sorted[Math.floor(share * sorted.length)] ?? 0) * 1000).toFixed(1));
  return { "p50 µs": at(0.5), "p99 µs": at(0.99) };
}

const usual = await measured(10, 10);
console.table({
  "classify + decide": { ...usual.both, goal: "p50 < 60, p99 < 300" },
  "decide alone": { ...usual.alone, goal: "p50 < 15" },
  "the same request to JSON and back": usual.json,
});
const growth: Record<string, object> = {};
for (const [routes, examples] of [
  [10, 10],
  [20, 10],
  [40, 10],
  [10, 40],
  [10, 200],
] as const) {
  const { both } = await measured(routes, examples);
  growth[`classify + decide, ${routes} routes, ${(routes / 2) * examples} examples`] = both;
}
console.table(growth);
