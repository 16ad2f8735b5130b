const MAX_CHARACTERS = 500;

/** What looks like a key, or like what providers leave of one when they quote it ("sk-proj-****abcd"). */
const KEY_LIKE = [
  /\b(?:sk|pk|rk|gsk|xai|csk|key|sess|tok)[-_][\w*.…-]{5,}[\w*]/g,
  /\bAIza[\w-]{10,}/g,
  /\b(Bearer|api[-_ ]key:)\s+\S+/gi,
];
const MASK = "[key]";

/**
 * A provider's own words, fit to be shown and kept: without the key, without what looks like one, on one line, and not
 * longer than 500 characters.
 */
export function fitWords(words: string, key: string | undefined): string {
  let fit = words.slice(0, MAX_CHARACTERS * 8);
  if (key !== undefined && key.length >= 4) fit = fit.replaceAll(key, MASK);
  for (const pattern of KEY_LIKE) fit = fit.replaceAll(pattern, MASK);
  fit = fit.replaceAll(/\s+/g, " ").trim();
  return fit.length <= MAX_CHARACTERS ? fit : `${fit.slice(0, MAX_CHARACTERS - 1)}…`;
}
