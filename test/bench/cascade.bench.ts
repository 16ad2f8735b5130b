/**
 * What escalating is worth: the policy of the product is replayed over a table of which model solves which issue, and for
 * how much. The cheapest model of a route tries first, and the next one of `nextTry` where a verifier rejects the answer.
 * Beside it: each model by itself, the strongest first, a model chosen at random, and the order of a route with
 * `"pick": "cascade"`, for which it is known how many wrong answers the verifier rejects.
 *
 * `npm run bench cascade` replays a table that it makes itself, `npm run bench cascade -- table.csv` one of yours; the
 * format is in docs/performance.md.
 */
import { resolve } from "node:path";
import { inProject } from "../../scripts/project.ts";
import type { ModelRef } from "../../src/contract/model.ts";
import { loadCatalogue } from "../../src/models/catalogueFiles.ts";
import { type Start, triedModels } from "./cascade/policy.ts";
import { InvalidTable, readTable } from "./cascade/readTable.ts";
import { type BreakEven, breakEven, PERFECT, replay } from "./cascade/replay.ts";
import { bestRoutesOfThree, compareRoutes } from "./cascade/routes.ts";
import { seededTable } from "./cascade/seededTable.ts";
import { type ResultTable, randomChoice, type Score, scoreOf } from "./cascade/table.ts";

const SEED = 1;

/** The tables that show how much a break-even depends on which issues there are. */
const OTHER_SEEDS = Array.from({ length: 20 }, (_, at) => at + 1);

/** The shares of the wrong answers, and of the right ones, that a verifier rejects. */
const REJECTS_WRONG = [1, 0.95, 0.9, 0.85, 0.8, 0.5];
const REJECTS_RIGHT = [0, 0.05];

const MAX_ROUTES = 10;

/** The rule that a cascade is compared with: the cheapest first from this share on, whatever the route. */
const FIXED_SHARE = 0.85;

/** @param file a table in CSV; by default one that is made */
export async function bench(file: string | undefined = process.argv[2]): Promise<void> {
  // npm runs scripts in the project's folder, wherever it is called.
  if (file !== undefined) return report(await readTable(resolve(process.env["INIT_CWD"] ?? "", file)), []);
  const catalogue = await loadCatalogue(inProject("src/models/data"));
  console.log(`A made-up table, seed ${SEED}. Qualities and prices are those of the catalogue.`);
  report(
    seededTable(SEED, catalogue),
    OTHER_SEEDS.map((seed) => seededTable(seed, catalogue)),
  );
}

/** @param others tables of the same models, for the range of break-evens */
function report(table: ResultTable, others: readonly ResultTable[]): void {
  const cards = table.models.map(({ card }) => card);
  const strongest = triedModels("strongest", cards, table.request);
  const strongestScore = replay(table, strongest, PERFECT);
  const textOf = chainTexts(cards.map(({ ref }) => ref));
  console.log(`${table.issues.length} issues, ${cards.length} models.`);
  console.table({
    ...Object.fromEntries(table.models.map((model) => [model.card.ref, cellsOf(scoreOf(model))])),
    "random choice": cellsOf(randomChoice(table.models)),
    [`strongest first: ${textOf(strongest)}`]: cellsOf(strongestScore),
  });

  const threes = cards.length > 3 ? bestRoutesOfThree(table, strongestScore) : [];
  const chains = [triedModels("cheapest", cards, table.request), ...spread(threes, MAX_ROUTES)];
  console.log("Cheapest first, by the models that are tried. First, a route with all models.");
  if (cards.length > 3) {
    console.log(`Then, routes with three: ${Math.min(threes.length, MAX_ROUTES)} of ${threes.length} that solve as much as
strongest first with a perfect verifier, and that no other one beats in solved and dollars. They
are chosen by the same issues, so their figures are a little too good.`);
  }
  const tableOf = (cells: (tried: readonly ModelRef[]) => object) =>
    console.table(Object.fromEntries(chains.map((tried) => [textOf(tried), cells(tried)])));
  for (const rejectsRight of REJECTS_RIGHT) {
    console.log(
      `A verifier that rejects ${percent(rejectsRight)} of the right answers, and of the wrong ones:`,
    );
    tableOf((tried) =>
      Object.fromEntries(
        REJECTS_WRONG.map((rejectsWrong) => {
          const { solved, $: usd } = cellsOf(replay(table, tried, { rejectsWrong, rejectsRight }));
          return [percent(rejectsWrong), `${solved}, $${usd}`];
        }),
      ),
    );
  }
  reportCascades(table, chains, textOf);
  console.log(`Break-even: cheapest first solves as much as strongest first, for no more dollars, if the verifier
rejects at least this share of the wrong answers, and of the right ones:`);
  tableOf((tried) =>
    Object.fromEntries(
      REJECTS_RIGHT.flatMap((rejectsRight) => {
        const share = (of: ResultTable) => breakEven(of, tried, strongest, rejectsRight);
        const own = [percent(rejectsRight), shareText(share(table))];
        if (others.length === 0) return [own];
        return [own, [`${percent(rejectsRight)}, seeds 1 to ${others.length}`, rangeText(others.map(share))]];
      }),
    ),
  );
  if (others.length > 0) reportRoutes(others);
}

/** What `"pick": "cascade"` does with the models of these chains, and with all routes. */
function reportCascades(
  table: ResultTable,
  chains: readonly (readonly ModelRef[])[],
  textOf: (tried: readonly ModelRef[]) => string,
): void {
  const cards = table.models.map(({ card }) => card);
  console.log(`"pick": "cascade", of these routes, where the verifier is known to reject that share of the wrong
answers, and rejects none of the right ones:`);
  const routes = chains.map((tried, at) => (at === 0 ? cards.map(({ ref }) => ref) : tried));
  console.table(
    Object.fromEntries(
      routes.map((refs) => [
        refs.length > 3 ? "all" : textOf(refs),
        Object.fromEntries(
          REJECTS_WRONG.map((rejectsWrong) => {
            const own = cards.filter(({ ref }) => refs.includes(ref));
            const tried = triedModels({ rejectsWrong }, own, table.request);
            const { solved, $: usd } = cellsOf(replay(table, tried, { rejectsWrong, rejectsRight: 0 }));
            return [percent(rejectsWrong), `${solved}, $${usd}: ${tried.length} models`];
          }),
        ),
      ]),
    ),
  );
}

/** Compares `"pick": "cascade"` over all routes of the tables' models with the cheapest first from a fixed share on. */
function reportRoutes(tables: readonly ResultTable[]): void {
  console.log(`All routes of two models or more, over ${tables.length} seeds, beside the strongest first: in how many routes as
much is solved for less money, in how many less is solved, and the mean differences.`);
  const row = (start: Start, rejectsWrong: number) => {
    const { won, lost, solved, cost } = compareRoutes(tables, start, { rejectsWrong, rejectsRight: 0 });
    const points = (100 * solved).toFixed(1);
    return `won ${percent(won)}, lost ${percent(lost)}; ${points} points, ${percent(cost)} dollars`;
  };
  const rows = REJECTS_WRONG.filter((rejectsWrong) => rejectsWrong < 1);
  console.table(
    Object.fromEntries(
      rows.map((rejectsWrong) => [
        percent(rejectsWrong),
        {
          cascade: row({ rejectsWrong }, rejectsWrong),
          [`cheapest from ${percent(FIXED_SHARE)} on`]: row(
            rejectsWrong < FIXED_SHARE ? "strongest" : "cheapest",
            rejectsWrong,
          ),
        },
      ]),
    ),
  );
}

/** So many of the items, evenly from the first to the last. */
function spread<T>(items: readonly T[], count: number): readonly T[] {
  if (items.length <= count) return items;
  const wanted = new Set(
    Array.from({ length: count }, (_, at) => Math.round((at * (items.length - 1)) / (count - 1))),
  );
  return items.filter((_, at) => wanted.has(at));
}

/** A chain as text: names without the ids of their providers, if those are not needed to tell them apart. */
function chainTexts(all: readonly ModelRef[]): (tried: readonly ModelRef[]) => string {
  const nameOf = (ref: ModelRef) => ref.slice(ref.lastIndexOf("/") + 1);
  const isUnique = new Set(all.map(nameOf)).size === all.length;
  return (tried) => tried.map((ref) => (isUnique ? nameOf(ref) : ref)).join(" → ");
}

function cellsOf({ solvedShare, usdPerIssue }: Score) {
  return { solved: percent(solvedShare, 1), $: usdPerIssue.toFixed(3) };
}

function percent(share: number, digits = 0): string {
  return `${(100 * share).toFixed(digits)} %`;
}

function shareText(share: BreakEven): string {
  return share === "never" ? share : percent(share);
}

/** The median, and the range. */
function rangeText(shares: readonly BreakEven[]): string {
  const sorted = shares.toSorted((a, b) => orderOf(a) - orderOf(b));
  const [lowest, middle, highest] = [0, 0.5, 1].map((part) => sorted[Math.round(part * (sorted.length - 1))]);
  const [from, to] = [lowest, highest].map((share) => shareText(share ?? "never"));
  return `${shareText(middle ?? "never")} (${from} to ${to})`;
}

function orderOf(share: BreakEven): number {
  return share === "never" ? Number.POSITIVE_INFINITY : share;
}

if (import.meta.main) {
  await bench().catch((error: unknown) => {
    if (!(error instanceof InvalidTable)) throw error;
    console.error(error.message);
    process.exitCode = 1;
  });
}
