/**
 * How well examples route: for each set of prompts in test/bench/routing/prompts/, which share goes to its own route, and
 * which share of the prompts of no route is refused. `node test/bench/routing.bench.ts FILE…` measures sets of one's own;
 * the format is in docs/routing.md. The sets named "for tuning" have chosen the constants; the others have not.
 */
import { readdir, readFile } from "node:fs/promises";
import { join } from "node:path";
import * as v from "valibot";
import { inProject } from "../../scripts/project.ts";
import { loadBuiltIn } from "../../src/embedding/builtIn.ts";
import { randomNumbers } from "../support/randomNumbers.ts";
import { DATA_DIR } from "../support/routing/embeddingReference.ts";
import { type Embed, outcomesOf, type PromptSet, promptSetSchema } from "../support/routing/promptSets.ts";

/** The format of CLINC150: https://github.com/clinc/oos-eval */
const labelled = v.array(v.tuple([v.string(), v.string()]));
const clincSchema = v.object({ train: labelled, test: labelled, oos_test: labelled });
const SEEDS = [1, 2, 3];
const CLINC_ROUTES = 10;
const CLINC_EXAMPLES = 10;

/** Prints a row for each set. @param files sets of prompts; by default those in test/bench/routing/prompts/ */
export async function bench(files: readonly string[] = process.argv.slice(2)): Promise<void> {
  const builtIn = await loadBuiltIn(DATA_DIR);
  const table: Record<string, object> = {};
  for (const file of files.length > 0 ? files : await ownSets()) {
    for (const set of setsOf(JSON.parse(await readFile(file, "utf8")))) {
      table[set.name] = rowOf(set, builtIn.embedSync);
    }
  }
  console.table(table);
}

async function ownSets(): Promise<readonly string[]> {
  const folder = inProject("test/bench/routing/prompts");
  return (await readdir(folder)).sort().map((name) => join(folder, name));
}

function setsOf(content: unknown): readonly PromptSet[] {
  return v.is(clincSchema, content)
    ? SEEDS.map((seed) => drawn(content, seed))
    : [v.parse(promptSetSchema, content)];
}

/** Ten intents with ten examples each; everything else out of scope is to be refused. */
function drawn({ train, test, oos_test }: v.InferOutput<typeof clincSchema>, seed: number): PromptSet {
  const draw = shuffler(seed);
  const intents = draw([...new Set(train.map(([, intent]) => intent))]).slice(0, CLINC_ROUTES);
  const of = (pairs: v.InferOutput<typeof labelled>, wanted: string) =>
    pairs.filter(([, intent]) => intent === wanted).map(([text]) => text);
  return {
    name: `CLINC150, ${CLINC_ROUTES} routes, seed ${seed}`,
    routes: intents.map((name) => ({
      name,
      examples: draw(of(train, name)).slice(0, CLINC_EXAMPLES),
      prompts: of(test, name),
    })),
    none: oos_test.map(([text]) => text),
  };
}

/** Sorts by random numbers that are the same in each run. */
function shuffler(seed: number): <T>(values: readonly T[]) => readonly T[] {
  const random = randomNumbers(seed);
  return (values) =>
    values
      .map((value) => ({ value, key: random() }))
      .sort((a, b) => a.key - b.key)
      .map(({ value }) => value);
}

function rowOf(set: PromptSet, embed: Embed): object {
  const prompts = set.routes.flatMap(({ name, prompts: own }) => own.map((text) => ({ text, name })));
  const outcomes = outcomesOf(set, embed, prompts);
  const none = set.none.map((text) => ({ text, name: undefined }));
  return {
    prompts: prompts.length,
    "best, words only": percent(outcomesOf(set, wordsOnly(embed), prompts), ({ isBest }) => isBest),
    best: percent(outcomes, ({ isBest }) => isBest),
    right: percent(outcomes, ({ isBest, isRouted }) => isBest && isRouted),
    refused: percent(outcomes, ({ isRouted }) => !isRouted),
    none: none.length,
    "none refused": percent(outcomesOf(set, embed, none), ({ isRouted }) => !isRouted),
    "µs a prompt": microsOf(
      prompts.map(({ text }) => text),
      embed,
    ),
  };
}

const WORD_DIMENSIONS = 256;

/** The baseline: the embedder without the dimensions of character pairs. */
function wordsOnly(embed: Embed): Embed {
  return (several) => embed(several).map((vector) => vector.subarray(0, WORD_DIMENSIONS));
}

function percent<T>(all: readonly T[], holds: (one: T) => boolean): string {
  return all.length === 0 ? "" : `${((100 * all.filter(holds).length) / all.length).toFixed(0)} %`;
}

function microsOf(prompts: readonly string[], embed: Embed): string {
  const times = prompts.map((text) => {
    const startedMs = performance.now();
    embed([text]);
    return performance.now() - startedMs;
  });
  const median = times.toSorted((a, b) => a - b)[Math.floor(times.length / 2)] ?? Number.NaN;
  return (1000 * median).toFixed(1);
}

if (import.meta.main) await bench();
