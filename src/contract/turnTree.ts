/** The tree of a conversation's turns: which of them are shown, and what can be shown in their places. */
import type { Conversation, Turn, TurnPlace } from "./conversation.ts";

/** What can be shown in the place of a turn. Each list holds the turn itself, and is in the order of sending. */
export type Alternatives = {
  /** The answers to its prompt, by the ids of their turns. */
  readonly answers: readonly string[];
  /** The prompts in its place: of each, the turn that was shown last. */
  readonly prompts: readonly string[];
};

type Tree = Pick<Conversation, "turns" | "tree">;

/** Returns the ids of the turns that are shown, the oldest first: in each place the one that was sent or shown last. */
export function activePath(tree: readonly TurnPlace[]): readonly string[] {
  const shown = new Map<string | null, TurnPlace>();
  for (const place of tree) {
    const other = shown.get(place.parent);
    if (other === undefined || place.chosen > other.chosen) shown.set(place.parent, place);
  }
  const path: string[] = [];
  for (let next = shown.get(null); next !== undefined; next = shown.get(next.id)) path.push(next.id);
  return path;
}

/** Returns the place of a new turn after the turns before it. `variantOf`: a turn with the same prompt in that place. */
export function newPlace(
  conversation: Tree,
  id: string,
  before: readonly Pick<Turn, "id">[],
  variantOf: string | undefined,
): TurnPlace {
  const tree = treeOf(conversation);
  const first = tree.find((place) => place.id === variantOf)?.variantOf ?? variantOf ?? null;
  const chosen = 1 + tree.reduce((highest, place) => Math.max(highest, place.chosen), 0);
  return { id, parent: before.at(-1)?.id ?? null, variantOf: first, chosen };
}

/** Returns the tree with a new turn. It stays undefined if the turn follows the last one that is shown. */
export function withPlace(conversation: Tree, place: TurnPlace): Conversation["tree"] {
  const isNext = place.parent === (conversation.turns.at(-1)?.id ?? null);
  return conversation.tree === undefined && isNext ? undefined : [...treeOf(conversation), place];
}

/**
 * Reads a conversation's tree once, and returns a function that gives what can be shown in the place of a turn; undefined if
 * there is nothing else. For all shown turns it takes time in proportion to the number of turns.
 */
export function alternativesIn({
  tree = [],
}: Pick<Conversation, "tree">): (turnId: string) => Alternatives | undefined {
  const parents = new Map(tree.map(({ id, parent }) => [id, parent]));
  const children = Map.groupBy(tree, ({ parent }) => parent);
  return (turnId) => {
    const others = children.get(parents.get(turnId) ?? null) ?? [];
    const own = others.find(({ id }) => id === turnId);
    if (own === undefined || others.length < 2) return undefined;
    const prompts = new Map<string, TurnPlace>();
    for (const place of others) {
      const shown = prompts.get(promptOf(place));
      if (shown === undefined || place.chosen > shown.chosen) prompts.set(promptOf(place), place);
    }
    const answers = others.filter((place) => promptOf(place) === promptOf(own));
    return { answers: answers.map(({ id }) => id), prompts: [...prompts.values()].map(({ id }) => id) };
  };
}

function promptOf({ id, variantOf }: TurnPlace): string {
  return variantOf ?? id;
}

/** Without a tree, each turn follows the one before it. */
function treeOf({ turns, tree }: Tree): readonly TurnPlace[] {
  return (
    tree ??
    turns.map(({ id }, index) => ({
      id,
      parent: turns[index - 1]?.id ?? null,
      variantOf: null,
      chosen: index + 1,
    }))
  );
}
