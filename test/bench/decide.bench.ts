/**
 * The duration of a decision, next to a baseline in the same run: serializing the request and the settings to JSON and
 * parsing them, which is the minimum for asking another process.
 */
import type { Attributes } from "../../src/contract/decision.ts";
import type { ModelCard } from "../../src/contract/model.ts";
import { loadBuiltIn } from "../../src/embedding/builtIn.ts";
import { createClassifier } from "../../src/routing/classify/classify.ts";
import { decide } from "../../src/routing/decide/decide.ts";
import { SimilarityFinder } from "../../src/routing/semantic/similarities.ts";
import { readSettings } from "../../src/settings/read.ts";
import type { Settings } from "../../src/settings/schema.ts";
import { DATA_DIR } from "../support/routing/embeddingReference.ts";
import { attributes, card, world } from "../support/routing/worlds.ts";

const ROUNDS = 20_000;
const REFS = ["openai", "anthropic", "google"].flatMap((id) => [1, 2, 3, 4].map((n) => `${id}/model-${n}`));
const MODELS: readonly ModelCard[] = REFS.map((ref, at) =>
  card(ref, {
    inputUsdPerMTok: 0.5 + at,
    outputUsdPerMTok: 2 + 4 * at,
    cacheReadUsdPerMTok: 0.05 * (at + 1),
    tiers: at % 3 === 0 ? [{ aboveInputTokens: 200_000, inputUsdPerMTok: 2 + at }] : [],
    quality: { value: 0.4 + at / 30, basis: "estimate" },
  }),
);
const WORLD = world(MODELS, { budget: [{ leftNanoUsd: 5e9, budgetNanoUsd: 5e9, limit: { kind: "day" } }] });
const WORDS =
  "please look at the order service and say why the list of invoices is sorted wrongly when two customers share a name and how a test could have shown it before anybody had to call us about the same thing twice in a row".split(
    " ",
  );

const LONG_PROMPT = "A sentence of a long prompt, which somebody has written.\n".repeat(2300);

/** Keywords of 100 characters with the same beginning, and a text that repeats their beginning. */
const LONG_KEYWORD = "look at the order service and say why ".repeat(3);
const KEYWORD_PROMPT = "Look at the order service and say why look at the ".repeat(4100);

type Figures = { readonly p50: number; readonly p99: number };

export async function bench(): Promise<void> {
  const real = await loadBuiltIn(DATA_DIR);
  const similarities = new SimilarityFinder({
    builtIn: async () => real,
    remote: () => real,
    history: () => Promise.reject(new Error("no history")),
  });
  const classifier = () => createClassifier((...input) => similarities.find(...input));
  const table: Record<string, object> = {};
  const row = (name: string, goal: string, { p50, p99 }: Figures): void => {
    table[name] = { goal, p50: micros(p50), p99: micros(p99) };
  };

  const settings = settingsOf(10, 10);
  row(
    "baseline: request and settings through JSON",
    "",
    await timed((at) => JSON.parse(JSON.stringify([prompt(at), attributes(), settings.routes]))),
  );
  const classify = classifier();
  const whole = await timed(async (at) => {
    const text = prompt(at);
    decide(request(at), await classify(sizes(text), settings), settings, WORLD);
  });
  row("classify + decide, nothing cached", "p50 < 50 µs, p99 < 300 µs", whole);
  row("classify alone", "", await timed(async (at) => classify(sizes(prompt(at + 1e6)), settings)));
  const features = await classify(sizes(prompt(0)), settings);
  row("classify, cached", "", await timed(async () => classify(sizes(prompt(0)), settings)));
  const alone = await timed((at) => decide(request(at), features, settings, WORLD));
  row("decide alone", "p50 < 15 µs", alone);

  const plain = readSettings({}).settings;
  const long = await timed(async (at) => classify(sizes(`${LONG_PROMPT}${at}`), plain), 300);
  row("classify a prompt of 128 kB without a keyword", "", long);

  const manyKeywords = readSettings({
    "switchyard.routes": Array.from({ length: 300 }, (_, at) => ({
      name: `Route ${at}`,
      when: { keywords: Array.from({ length: 20 }, (_, n) => `${LONG_KEYWORD}${at} ${n}`) },
      models: REFS,
    })),
  }).settings;
  const inLong = await timed(async (at) => classify(sizes(`${KEYWORD_PROMPT}${at}`), manyKeywords), 100);
  row("classify 200 kB with 300 routes of 20 long keywords", "p50 < 10 ms", inLong);

  let ten = 0;
  for (const [routes, examplesPerRoute] of [
    [10, 10],
    [20, 10],
    [50, 10],
    [100, 10],
    [10, 100],
    [10, 200],
  ] as const) {
    const many = settingsOf(routes, examplesPerRoute);
    const own = classifier();
    const figures = await timed(async (at) => {
      decide(request(at), await own(sizes(prompt(at)), many), many, WORLD);
    }, 3000);
    if (routes * examplesPerRoute === 100) ten = figures.p50;
    const examples = (routes / 2) * examplesPerRoute;
    const growth = `× ${(figures.p50 / ten).toFixed(1)} for × ${((routes * examplesPerRoute) / 100).toFixed(0)}`;
    row(`${routes} routes, ${examples} examples: ${growth}`, examples >= 500 ? "< 1 ms" : "", figures);
  }
  console.table(table);
  const met = whole.p50 < 0.05 && whole.p99 < 0.3 && alone.p50 < 0.015 && inLong.p50 < 10;
  console.log(met ? "All goals are met." : "Not all goals are met.");
}

/** Half of the routes have examples. None is similar to the prompts, so that every route is evaluated. */
function settingsOf(routes: number, examplesPerRoute: number): Settings {
  const read = readSettings({
    "switchyard.routes": Array.from({ length: routes }, (_, at) => ({
      name: `Route ${at}`,
      ...(at % 2 === 0
        ? {
            examples: Array.from(
              { length: examplesPerRoute },
              (_, n) => `${WORDS[(n * 7 + at) % WORDS.length]} poem ${at} ${n}`,
            ),
            threshold: 1,
          }
        : at === routes - 1
          ? {}
          : { when: { complexity: ["high"], commands: ["fix"], keywords: [`word ${at}`] } }),
      models: REFS,
      pick: "cheapest",
      minQuality: 0.5,
    })),
  });
  if (read.problems.length > 0) throw new Error(JSON.stringify(read.problems[0]));
  return read.settings;
}

/** About 200 characters, with different words for examplesPerRoute seed. */
function prompt(seed: number): string {
  let text = `${seed}`;
  for (let at = 0; text.length < 200; at += 1) text += ` ${WORDS[(seed * 13 + at * 5) % WORDS.length]}`;
  return text.slice(0, 200);
}

function sizes(ownWords: string) {
  return { ownWords, characters: ownWords.length, contextTokens: 50, isOffline: false };
}

function request(at: number): Attributes {
  return attributes({ requestId: `${at}`, inputBoundTokens: 250 });
}

async function timed(run: (at: number) => unknown, rounds = ROUNDS): Promise<Figures> {
  for (let at = 0; at < rounds / 2; at += 1) await run(rounds + at);
  const times: number[] = [];
  for (let at = 0; at < rounds; at += 1) {
    const startedMs = performance.now();
    await run(at);
    times.push(performance.now() - startedMs);
  }
  times.sort((a, b) => a - b);
  const figure = (share: number): number => times[Math.floor(times.length * share)] ?? Number.NaN;
  return { p50: figure(0.5), p99: figure(0.99) };
}

function micros(ms: number): string {
  return `${(ms * 1000).toFixed(1)} µs`;
}

if (import.meta.main) await bench();
