/**
 * How well expected output lengths fit, on histories that are replayed answer by answer: each answer is estimated from
 * those before it. `ratio` is the share of answers within a factor 1.5 of the middle (goal 50 %), `inside` the share within
 * the range (goal 90 %), `width` the median of its upper end by its lower end. Beside it the rule of 0.1.0: the median of
 * the route's answers, and half of the input before there are five.
 *
 * `LEDGER=~/.local/share/switchyard/ledger.db npm run bench estimates` replays your own history too. It is only read.
 */
import { readdirSync, readFileSync } from "node:fs";
import { DatabaseSync } from "node:sqlite";
import type { ComplexityLevel } from "../../src/contract/features.ts";
import type { AnswerLength } from "../../src/contract/history.ts";
import { outputEstimator } from "../../src/routing/decide/pick/outputEstimate.ts";
import { answerTo } from "../../src/simulator/answers.ts";
import { median } from "../support/median.ts";
import { normalNumber, randomNumbers } from "../support/randomNumbers.ts";
import { card } from "../support/routing/worlds.ts";

type Replayed = AnswerLength & { readonly command?: string | undefined; readonly level: ComplexityLevel };

/** Estimates use up to this many answers of each route, as the ledger returns them. */
const RECENT_ANSWERS = 100;
const ANSWERS = 400;

export function bench(): void {
  const histories: Record<string, readonly Replayed[]> = {
    "simulator, its own answers": simulated(),
    "spread 0.3, one model": synthetic({ deviation: 0.3, models: 1 }),
    "spread 0.6, one model": synthetic({ deviation: 0.6, models: 1 }),
    "spread 0.6, four models": synthetic({ deviation: 0.6, models: 4 }),
    "spread 0.6, grows with the code": synthetic({ deviation: 0.6, models: 2, slope: 0.8 }),
    "spread 0.9, two kinds of answers": synthetic({ deviation: 0.6, models: 1, kinds: 4 }),
  };
  const file = process.env["LEDGER"];
  if (file !== undefined) histories["your ledger"] = stored(file);
  const table: Record<string, object> = {};
  for (const [name, history] of Object.entries(histories)) table[name] = calibrationOf(history);
  console.table(table);
}

function calibrationOf(history: readonly Replayed[]): object {
  const early: Fit[] = [];
  const later: Fit[] = [];
  const recent = new Map<string, Replayed[]>();
  for (const [at, answer] of history.entries()) {
    const key = `${answer.command} ${answer.route}`;
    const ofRoute = recent.get(key) ?? [];
    const same = [...recent].flatMap(([other, list]) => (other.startsWith(`${answer.command} `) ? list : []));
    (at < 20 ? early : later).push(fitOf(answer, same, ofRoute));
    recent.set(key, [answer, ...ofRoute].slice(0, RECENT_ANSWERS));
  }
  return {
    answers: history.length,
    ratio: share(later, ({ ratio }) => ratio <= 1.5),
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
};

function fitOf(answer: Replayed, same: readonly Replayed[], ofRoute: readonly Replayed[]): Fit {
  const { route, command, level, characters, ref, outputTokens } = answer;
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
  };
}

function ratioOf(a: number, b: number): number {
  return Math.max(a, b) / Math.max(1, Math.min(a, b));
}

function share<T>(items: readonly T[], matches: (item: T) => boolean): string {
  return `${Math.round((items.filter(matches).length / items.length) * 100)} %`;
}

type Synthetic = {
  /** The standard deviation of the logarithm of the lengths. */
  readonly deviation: number;
  readonly models: number;
  readonly slope?: number;
  /** Some answers are this many times longer. */
  readonly kinds?: number;
};

/** Lengths around 400 tokens, for prompts of 100 to 20,000 characters. Each further model writes half as much again. */
function synthetic({ deviation, models, slope = 0, kinds = 1 }: Synthetic): readonly Replayed[] {
  const random = randomNumbers(1);
  return Array.from({ length: ANSWERS }, (_, at) => {
    const characters = 100 * 200 ** random();
    const model = at % models;
    const kind = random() < 0.3 ? kinds : 1;
    const normal = normalNumber(random);
    const outputTokens =
      400 * 1.5 ** model * kind * (characters / 1000) ** slope * Math.exp(deviation * normal);
    return {
      route: at % 3 === 0 ? "Hard" : "All",
      ref: `p/m${model}`,
      characters: Math.round(characters),
      outputTokens: Math.max(1, Math.round(outputTokens)),
      level: "medium" as const,
    };
  });
}

/** What the simulator answers to commands about this project's own sources, in pieces as it counts them. */
function simulated(): readonly Replayed[] {
  const random = randomNumbers(2);
  const folder = new URL("../../src/routing/decide/", import.meta.url);
  const files = readdirSync(folder).map((name) => readFileSync(new URL(name, folder), "utf8").split("\n"));
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
