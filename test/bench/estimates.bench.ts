/**
 * How well expected output lengths fit, on histories that are replayed answer by answer: each answer is estimated from
 * those before it. `ratio` is the share of answers within a factor 1.5 of the middle (goal 50 %), `inside` the share within
 * the range (goal 90 %), `width` the median of its upper end by its lower end. `best` is the share that an estimator reaches
 * that knows the true median of each answer, which the generator has: the rest is chance. Beside it the rule of 0.1.0: the
 * median of the route's answers, and half of the input before there are five. Made-up histories are replayed with 20 seeds,
 * and none of the estimator's constants was fitted to them.
 *
 * `LEDGER=~/.local/share/switchyard/ledger.db npm run bench estimates` replays your own history too. It is only read.
 */
import { readdirSync, readFileSync } from "node:fs";
import { DatabaseSync } from "node:sqlite";
import type { ComplexityLevel } from "../../src/contract/features.ts";
import type { AnswerLength } from "../../src/contract/history.ts";
import { outputEstimator } from "../../src/routing/decide/pick/outputEstimate.ts";
import { answerTo } from "../../src/simulator/answers/answers.ts";
import { median } from "../support/median.ts";
import { normalNumber, randomNumbers } from "../support/randomNumbers.ts";
import { card } from "../support/routing/worlds.ts";

type Replayed = AnswerLength & {
  readonly command?: string | undefined;
  readonly level: ComplexityLevel;
  /** The median of the distribution that the length was drawn from. */
  readonly trueMedian?: number;
};

/** Estimates use up to this many answers of each route, as the ledger returns them. */
const RECENT_ANSWERS = 100;
const ANSWERS = 400;
const SEEDS = Array.from({ length: 20 }, (_, at) => 7919 * (at + 1));

export function bench(): void {
  const histories: Record<string, readonly (readonly Replayed[])[]> = {
    "simulator, its own answers": [simulated()],
    "spread 0.3, one model": synthetic({ deviation: 0.3, models: 1 }),
    "spread 0.6, one model": synthetic({ deviation: 0.6, models: 1 }),
    "spread 0.6, four models": synthetic({ deviation: 0.6, models: 4 }),
    "spread 0.6, grows with the code": synthetic({ deviation: 0.6, models: 2, slope: 0.8 }),
    "spread 0.6, heavy tails, four models": synthetic({ deviation: 0.6, models: 4, noise: laplaceNumber }),
    "spread 0.9, two kinds of answers": synthetic({ deviation: 0.6, models: 1, kinds: 4 }),
  };
  const file = process.env["LEDGER"];
  if (file !== undefined) histories["your ledger"] = [stored(file)];
  const table: Record<string, object> = {};
  for (const [name, each] of Object.entries(histories)) table[name] = calibrationOf(each.map(replay));
  console.table(table);
}

/** The fits of the first 20 answers, and of the later ones. */
type Replay = { readonly early: readonly Fit[]; readonly later: readonly Fit[] };

function replay(history: readonly Replayed[]): Replay {
  const recent = new Map<string, Replayed[]>();
  const fits = history.map((answer) => {
    const key = `${answer.command} ${answer.route}`;
    const ofRoute = recent.get(key) ?? [];
    const same = [...recent].flatMap(([other, list]) => (other.startsWith(`${answer.command} `) ? list : []));
    recent.set(key, [answer, ...ofRoute].slice(0, RECENT_ANSWERS));
    return fitOf(answer, same, ofRoute);
  });
  return { early: fits.slice(0, 20), later: fits.slice(20) };
}

function calibrationOf(replays: readonly Replay[]): object {
  const early = replays.flatMap((each) => each.early);
  const later = replays.flatMap((each) => each.later);
  const known = later.filter(({ bestRatio }) => bestRatio !== undefined);
  return {
    answers: early.length + later.length,
    ratio: share(later, ({ ratio }) => ratio <= 1.5),
    best: known.length === 0 ? "" : share(known, ({ bestRatio = Infinity }) => bestRatio <= 1.5),
    inside: share(later, ({ isInside }) => isInside),
    width: (median(later.map(({ width }) => width)) ?? Number.NaN).toFixed(1),
    "first 20: ratio": share(early, ({ ratio }) => ratio <= 1.5),
    "first 20: inside": share(early, ({ isInside }) => isInside),
    "0.1.0: ratio": share(later, ({ oldRatio }) => oldRatio <= 1.5),
    "0.1.0, first 20": share(early, ({ oldRatio }) => oldRatio <= 1.5),
  };
}

type Fit = {
  readonly ratio: number;
  readonly isInside: boolean;
  readonly width: number;
  readonly oldRatio: number;
  readonly bestRatio: number | undefined;
};

function fitOf(answer: Replayed, same: readonly Replayed[], ofRoute: readonly Replayed[]): Fit {
  const { route, command, level, characters, ref, outputTokens, trueMedian } = answer;
  const estimator = outputEstimator(same, { route, command, level }, characters);
  const model = card(ref);
  const { low, high } = estimator.rangeOf(model);
  const half = Math.ceil((characters ?? 1000) / 8);
  const old = ofRoute.length < 5 ? half : (median(ofRoute.map((each) => each.outputTokens)) ?? half);
  return {
    ratio: ratioOf(estimator.tokensOf(model), outputTokens),
    isInside: low <= outputTokens && outputTokens <= high,
    width: high / low,
    oldRatio: ratioOf(old, outputTokens),
    bestRatio: trueMedian === undefined ? undefined : ratioOf(trueMedian, outputTokens),
  };
}

function ratioOf(a: number, b: number): number {
  return Math.max(a, b) / Math.max(1, Math.min(a, b));
}

function share<T>(items: readonly T[], matches: (item: T) => boolean): string {
  return `${((items.filter(matches).length / items.length) * 100).toFixed(1)} %`;
}

type Synthetic = {
  /** The standard deviation of the logarithm of the lengths. */
  readonly deviation: number;
  readonly models: number;
  readonly slope?: number;
  /** Some answers are this many times longer. */
  readonly kinds?: number;
  /** Numbers around 0 with a standard deviation of 1. */
  readonly noise?: (random: () => number) => number;
};

/** For prompts of 100 to 20,000 characters, with 400 tokens around the middle. Each further model writes half as much again. */
function synthetic(options: Synthetic): readonly (readonly Replayed[])[] {
  const { deviation, models, slope = 0, kinds = 1, noise = normalNumber } = options;
  return SEEDS.map((seed) => {
    const random = randomNumbers(seed);
    return Array.from({ length: ANSWERS }, (_, at) => {
      const characters = 100 * 200 ** random();
      const model = at % models;
      const kind = random() < 0.3 ? kinds : 1;
      const trueMedian = 400 * 1.5 ** model * (characters / 1000) ** slope;
      const outputTokens = trueMedian * kind * Math.exp(deviation * noise(random));
      return {
        route: at % 3 === 0 ? "Hard" : "All",
        ref: `p/m${model}`,
        characters: Math.round(characters),
        outputTokens: Math.max(1, Math.round(outputTokens)),
        level: "medium" as const,
        ...(kinds === 1 ? { trueMedian } : {}),
      };
    });
  });
}

/** A number of the Laplace distribution with a standard deviation of 1: most near 0, some far away. */
function laplaceNumber(random: () => number): number {
  const share = random() - 0.5;
  return (-Math.sign(share) * Math.log(1 - 2 * Math.abs(share))) / Math.SQRT2;
}

/** What the simulator answers to commands about this project's own sources, in pieces as it counts them. */
function simulated(): readonly Replayed[] {
  const random = randomNumbers(2);
  const folder = new URL("../../src/routing/decide/", import.meta.url);
  const files = readdirSync(folder)
    .filter((name) => name.endsWith(".ts"))
    .map((name) => readFileSync(new URL(name, folder), "utf8").split("\n"));
  const prompts: Record<string, string> = {
    explain: "Explain this code.",
    fix: "Find and fix mistakes in this code.",
    tests: "Write tests for this code.",
    ask: "What is the fastest way to sort this?",
  };
  return Array.from({ length: ANSWERS }, (_, at) => {
    const command = Object.keys(prompts)[at % 4] ?? "ask";
    const lines = files[Math.floor(random() * files.length)] ?? [];
    const start = Math.floor(random() * lines.length);
    const code = lines.slice(start, start + 5 + Math.floor(random() * 60)).join("\n");
    const content = `${prompts[command]}\n\n\`\`\`ts\n${code}\n\`\`\``;
    return {
      route: "derived:medium",
      ref: "simulator/sim",
      command,
      characters: content.length,
      outputTokens: [...answerTo([{ role: "user", content }]).pieces].length,
      level: "medium" as const,
    };
  });
}

function stored(file: string): readonly Replayed[] {
  const db = new DatabaseSync(file, { readOnly: true });
  try {
    const rows = db
      .prepare(
        `SELECT route, command, ref, characters, output_tokens, decision_json ->> '$.features.complexity.level' AS level
         FROM decision WHERE output_tokens IS NOT NULL ORDER BY at_ms`,
      )
      .all();
    return rows.map((row) => ({
      route: String(row["route"]),
      ref: String(row["ref"]),
      command: row["command"] === "" ? undefined : String(row["command"]),
      characters: row["characters"] === null ? undefined : Number(row["characters"]),
      outputTokens: Number(row["output_tokens"]),
      level: levelOf(row["level"]),
    }));
  } finally {
    db.close();
  }
}

function levelOf(level: unknown): ComplexityLevel {
  return level === "low" || level === "high" ? level : "medium";
}

if (import.meta.main) bench();
