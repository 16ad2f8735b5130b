import { distance } from "fastest-levenshtein";

/** Longer names are not compared: typing errors are made in short names. */
const MAX_LENGTH = 100;

/**
 * The name that was probably meant: the one with the fewest edits, ignoring case. Swapping two neighbouring letters
 * counts as one edit. Undefined if every name is more edits away than a third of its length.
 */
export function nearest(name: string, allowed: readonly string[]): string | undefined {
  if (name.length > MAX_LENGTH) return undefined;
  const wanted = name.toLowerCase();
  let best: string | undefined;
  let bestEdits = Number.POSITIVE_INFINITY;
  for (const candidate of allowed) {
    if (candidate.length > MAX_LENGTH) continue;
    const edits = editsBetween(wanted, candidate.toLowerCase());
    if (edits < bestEdits && edits <= Math.max(1, Math.floor(candidate.length / 3))) {
      best = candidate;
      bestEdits = edits;
    }
  }
  return best;
}

/** The Levenshtein distance, which counts a swap as two edits, less one if a single swap explains two of them. */
function editsBetween(a: string, b: string): number {
  const edits = distance(a, b);
  if (edits < 2) return edits;
  const hasSwap = [...a].some((_, at) => distance(withSwap(a, at), b) === edits - 2);
  return hasSwap ? edits - 1 : edits;
}

function withSwap(text: string, at: number): string {
  return text.slice(0, at) + text.slice(at + 1, at + 2) + text.slice(at, at + 1) + text.slice(at + 2);
}
