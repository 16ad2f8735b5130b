import { formatBudget, formatMoney } from "../../explain/format.ts";
import { type StatusState, shortName } from "./state.ts";

/** What the one item in the status bar shows: an icon and at most 40 characters. */
export type ItemText = {
  readonly text: string;
  readonly accessibleName: string;
  /** The only state with a background. */
  readonly spent: boolean;
};

/** The words, translated by the caller. */
export type ItemWords = {
  readonly auto: string;
  readonly simulator: string;
  readonly free: string;
  readonly today: (spent: string) => string;
  readonly budgetSpent: string;
  readonly nameWithBudget: (model: string, spent: string, budget: string) => string;
  readonly nameWithoutBudget: (model: string, spent: string) => string;
  readonly paused: (models: string) => string;
  readonly refused: (providers: string) => string;
};

const LONGEST = 40;
const MARK = "$(switchyard-mark)";

/** The item's text: model · spent / budget, with a warning where a model is paused, a key is refused or the budget nears its end. */
export function itemText(state: StatusState, words: ItemWords): ItemText {
  const { lastModel, spend, budgetNanoUsd, paused, refused, busy, simulated, warnAt } = state;
  const spentNanoUsd = spend?.spentNanoUsd ?? 0;
  const spent = spentNanoUsd === 0 ? "$0" : formatMoney(spentNanoUsd);
  const overspent = budgetNanoUsd !== undefined && spentNanoUsd > 0 && spentNanoUsd >= budgetNanoUsd;
  const near =
    budgetNanoUsd !== undefined &&
    warnAt !== undefined &&
    spentNanoUsd >= warnAt * budgetNanoUsd &&
    spentNanoUsd > 0;
  const icon = busy ? "$(loading~spin)" : paused.length + refused.length > 0 ? "$(warning)" : MARK;
  const money = overspent
    ? words.budgetSpent
    : simulated && spentNanoUsd === 0
      ? words.free
      : budgetNanoUsd === undefined
        ? words.today(spent)
        : `${near ? "$(warning) " : ""}${spent} / ${formatBudget(budgetNanoUsd)}`;
  const model = simulated ? words.simulator : lastModel === undefined ? words.auto : shortName(lastModel);
  const name =
    budgetNanoUsd === undefined
      ? words.nameWithoutBudget(model, formatMoney(spentNanoUsd))
      : words.nameWithBudget(model, formatMoney(spentNanoUsd), formatMoney(budgetNanoUsd));
  const warnings = [
    ...listed(
      paused.map(({ subject }) => shortName(subject)),
      words.paused,
    ),
    ...listed(
      refused.map((provider) => provider.name),
      words.refused,
    ),
  ];
  const room = LONGEST - [...money.replace(/\$\([^)]*\)\s?/g, "")].length - 3;
  return {
    text: `${icon} ${cut(model, room)} · ${money}`,
    accessibleName: [name, ...warnings].join(". "),
    spent: overspent,
  };
}

/** A model's name gives way, the money never. */
function cut(text: string, room: number): string {
  const characters = [...text];
  return characters.length <= room ? text : `${characters.slice(0, Math.max(1, room - 1)).join("")}…`;
}

function listed(names: readonly string[], words: (names: string) => string): readonly string[] {
  return names.length === 0 ? [] : [words(names.join(", "))];
}
