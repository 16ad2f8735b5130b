/** Texts that look like keys, or like keys that someone has masked ("sk-proj-****abcd"), by vendors' prefixes. */
const KEY_LIKE = [
  /\b(?:sk|pk|rk|gsk|xai|csk|hf|r8|nvapi|pplx|glpat|gh[opsu]|github_pat)[-_][\w*.…-]{5,}[\w*]/g,
  // Words with these prefixes are codes as well: `key_expired`.
  /\b(?:key|sess|tok)[-_](?=[\w.…-]{0,200}[\d*…])[\w*.…-]{5,}[\w*]/g,
  /\bAIza[\w-]{10,}/g,
  // A JSON Web Token.
  /\beyJ[\w-]{10,}\.[\w-]{10,}(?:\.[\w-]+)?/g,
  /\b(?:Bearer|Basic|api[-_ ]key:)\s+\S+/gi,
];

/** A text with `mask` in place of everything that looks like a key. */
export function maskKeyLike(text: string, mask: string): string {
  return KEY_LIKE.reduce((masked, pattern) => masked.replaceAll(pattern, mask), text);
}

/** Whether a text contains something that looks like a key. */
export function hasKeyLike(text: string): boolean {
  return maskKeyLike(text, "") !== text;
}
