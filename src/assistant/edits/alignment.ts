import { distance } from "fastest-levenshtein";
import { type Indentation, isBlank, levelOf } from "./indentation.ts";

/** A line as it is compared: white space is folded, and the depth apart. */
export type ComparedLine = {
  readonly folded: string;
  readonly level: number;
  /** Whether it has a letter or a digit, and not only space and brackets. */
  readonly hasWords: boolean;
};

/** Where lines of a block are in a file: the places of the first and of the last match; ends are exclusive. */
export type Alignment = {
  readonly fileStart: number;
  readonly fileEnd: number;
  readonly blockStart: number;
  readonly blockEnd: number;
  /** How many lines with words match. */
  readonly matched: number;
  readonly score: number;
};

/** A range of lines; the end is exclusive. */
export type LineRange = { readonly start: number; readonly end: number };

/** A match of brackets alone: enough to find the end of a block whose beginning is known. */
const BRACKET_MATCH = 0.1;
/** A line of the file that the block leaves out. One that is nested deeper belongs to what the block replaces. */
const LEFT_OUT = 0.5;
const NESTED_LEFT_OUT = 0.0005;
const ADDED = 0.02;
/** A line that occurs this often in the file, or more often, identifies the place least. */
const MAX_OCCURRENCES = 4;
/** A line that makes more pairs than this, between the file and the block, identifies no place, and takes seconds to compare. */
const MAX_PAIRS = 300_000;

/** Reads lines as they are compared. `indentation`: undefined if the text does not show it. */
export function comparedLines(
  lines: readonly string[],
  indentation: Indentation | undefined,
): readonly ComparedLine[] {
  return lines.map((line) => ({
    folded: foldSpace(line),
    level: isBlank(line) ? Number.POSITIVE_INFINITY : levelOf(line, indentation),
    hasWords: /[\p{L}\p{N}]/u.test(line),
  }));
}

/** A line without the white space at its ends, and with single spaces elsewhere. */
export function foldSpace(line: string): string {
  return line.trim().replaceAll(/\s+/g, " ");
}

/** Whether two lines are alike enough that one may be the changed version of the other. */
export function areSimilar(one: ComparedLine, other: ComparedLine): boolean {
  if (!one.hasWords || !other.hasWords) return false;
  const longer = Math.max(one.folded.length, other.folded.length);
  return longer <= 1000 && distance(one.folded, other.folded) <= longer / 2;
}

/**
 * Whether two lines give a value to the same name, as `const a = 1` and `const a = 2`, or `port: 80` and `port: 81`, or to
 * the caller. `areHeaders`: lines with different parameters of the same function count too.
 */
export function haveSameName(one: ComparedLine, other: ComparedLine, areHeaders: boolean): boolean {
  const nameOf = ({ folded }: ComparedLine) =>
    assignedName(folded) ?? (areHeaders ? /^([^()]*\w) ?\(/.exec(folded)?.[1] : undefined);
  const name = nameOf(one);
  return name !== undefined && name === nameOf(other);
}

function assignedName(folded: string): string | undefined {
  if (/^return\b/.test(folded)) return "return";
  return /^([\w$."' -]+?)\s*(?:=(?![=>])|:(?!:))/.exec(folded)?.[1];
}

/**
 * How much deeper the file's lines are than the block's equal ones, in levels: the most likely first. Undefined (any
 * depth) is the last.
 */
export function likelyOffsets(
  file: readonly ComparedLine[],
  block: readonly ComparedLine[],
): readonly (number | undefined)[] {
  const levels = new Map<string, number[]>();
  for (const { folded, level, hasWords } of file) {
    if (hasWords) levels.set(folded, [...(levels.get(folded) ?? []), level].slice(0, 50));
  }
  const weights = new Map<number, number>();
  for (const { folded, level } of block) {
    const places = levels.get(folded) ?? [];
    for (const place of places) {
      const offset = place - level;
      weights.set(offset, (weights.get(offset) ?? 0) + 1 / places.length);
    }
  }
  const sorted = [...weights].sort(([, one], [, other]) => other - one).map(([offset]) => offset);
  return [...sorted.slice(0, 4), undefined];
}

/**
 * Finds the lines of a file that a block is most likely a version of: the chain of equal lines, in the order of both,
 * with the best score. Undefined if nothing identifies the place. `offset`: how much deeper an equal line of the file is;
 * undefined for any depth.
 */
export function bestAlignment(
  file: readonly ComparedLine[],
  fileRange: LineRange,
  block: readonly ComparedLine[],
  blockRange: LineRange,
  offset: number | undefined,
): Alignment | undefined {
  const occurrences = countLines(file);
  const places = placesOf(block, blockRange);
  const shallowest = Math.min(...block.slice(blockRange.start, blockRange.end).map(({ level }) => level));
  const chains = new PrefixBest(blockRange.end - blockRange.start);
  let best: Chain | undefined;
  /** What it costs to leave out all lines of the file from the start of the range. */
  let leftOutCost = 0;
  for (let fileIndex = fileRange.start; fileIndex < fileRange.end; fileIndex++) {
    const line = file[fileIndex];
    if (line === undefined) break;
    const isInside =
      offset === undefined ||
      line.level > shallowest + offset ||
      (!line.hasWords && line.level === shallowest + offset);
    const leftOut = isInside ? NESTED_LEFT_OUT : LEFT_OUT;
    const ended: { readonly index: number; readonly chain: Chain }[] = [];
    const candidates = places.get(line.folded) ?? [];
    if (candidates.length * (occurrences.get(line.folded) ?? 1) > MAX_PAIRS) {
      leftOutCost += leftOut;
      continue;
    }
    for (const blockIndex of candidates) {
      const gain = gainOf(line, block[blockIndex], offset, occurrences);
      if (gain === undefined) continue;
      const index = blockIndex - blockRange.start;
      const costBefore = leftOutCost + ADDED * index;
      const previous = chains.bestBefore(index);
      const scoreBefore = previous === undefined ? 0 : previous.potential - costBefore;
      const start = scoreBefore > 0 && previous !== undefined ? previous : undefined;
      const chain: Chain = {
        fileStart: start?.fileStart ?? fileIndex,
        blockStart: start?.blockStart ?? blockIndex,
        fileEnd: fileIndex + 1,
        blockEnd: blockIndex + 1,
        matched: (start?.matched ?? 0) + (line.hasWords ? 1 : 0),
        score: Math.max(0, scoreBefore) + gain,
        potential: Math.max(0, scoreBefore) + gain + costBefore + leftOut + ADDED,
      };
      ended.push({ index, chain });
      if (best === undefined || chain.score > best.score) best = chain;
    }
    // Two lines of the block cannot both be this line of the file.
    for (const { index, chain } of ended) chains.add(index, chain);
    leftOutCost += leftOut;
  }
  return best !== undefined && best.score >= 1 / MAX_OCCURRENCES ? best : undefined;
}

/** An alignment up to its last match. `potential`: its score, and the costs that began before its end. */
type Chain = Alignment & { readonly potential: number };

/** The chain of the highest potential among those that end before an index (a Fenwick tree). */
class PrefixBest {
  readonly #tree: (Chain | undefined)[];

  constructor(length: number) {
    this.#tree = new Array<Chain | undefined>(length + 1);
  }

  add(index: number, chain: Chain): void {
    for (let node = index + 1; node < this.#tree.length; node += node & -node) {
      const there = this.#tree[node];
      if (there === undefined || chain.potential > there.potential) this.#tree[node] = chain;
    }
  }

  bestBefore(index: number): Chain | undefined {
    let best: Chain | undefined;
    for (let node = index; node > 0; node -= node & -node) {
      const there = this.#tree[node];
      if (there !== undefined && (best === undefined || there.potential > best.potential)) best = there;
    }
    return best;
  }
}

function placesOf(
  block: readonly ComparedLine[],
  { start, end }: LineRange,
): ReadonlyMap<string, readonly number[]> {
  const places = new Map<string, number[]>();
  for (let index = start; index < end; index++) {
    const folded = block[index]?.folded ?? "";
    if (folded === "") continue;
    const found = places.get(folded);
    if (found === undefined) places.set(folded, [index]);
    else found.push(index);
  }
  return places;
}

function gainOf(
  fileLine: ComparedLine,
  blockLine: ComparedLine | undefined,
  offset: number | undefined,
  occurrences: ReadonlyMap<string, number>,
): number | undefined {
  if (blockLine === undefined) return undefined;
  if (offset !== undefined && Math.abs(fileLine.level - blockLine.level - offset) > 1e-6) return undefined;
  if (!fileLine.hasWords) return BRACKET_MATCH;
  return 1 / Math.min(occurrences.get(fileLine.folded) ?? 1, MAX_OCCURRENCES);
}

function countLines(lines: readonly ComparedLine[]): ReadonlyMap<string, number> {
  const counts = new Map<string, number>();
  for (const { folded } of lines) counts.set(folded, (counts.get(folded) ?? 0) + 1);
  return counts;
}
