/**
 * Puts a space into names that are written in one word: `getUserName` → `get User Name`, `HTTPServer` → `HTTP Server`.
 * A run of ASCII letters and digits that is a word as a whole (`GitHub`) is left as it is.
 */
export function splitCamelCase(text: string, isWord: (lowerCase: string) => boolean): string {
  let split = "";
  let copied = 0;
  for (let at = 0; at < text.length; ) {
    const { end, first } = runAt(text, at);
    if (first > 0 && !isWord(text.slice(at, end).toLowerCase())) {
      for (let cut = first; cut > 0; cut = boundaryIn(text, cut + 1, end)) {
        split += `${text.slice(copied, cut)} `;
        copied = cut;
      }
    }
    at = Math.max(end, at + 1);
  }
  return copied === 0 ? text : split + text.slice(copied);
}

/** Where the run of letters and digits that begins at `start` ends, and its first boundary; 0: none. */
function runAt(text: string, start: number): { readonly end: number; readonly first: number } {
  let end = start;
  while (end < text.length && isAlphanumeric(text.charCodeAt(end))) end += 1;
  return { end, first: boundaryIn(text, start + 1, end) };
}

/** The first place from `from` on where a lower-case letter or digit meets an upper-case one, or `S` meets `Se`; 0: none. */
function boundaryIn(text: string, from: number, end: number): number {
  for (let at = from; at < end; at += 1) {
    if (!isUpper(text.charCodeAt(at))) continue;
    if (!isUpper(text.charCodeAt(at - 1)) || (at + 1 < end && isLower(text.charCodeAt(at + 1)))) return at;
  }
  return 0;
}

function isAlphanumeric(unit: number): boolean {
  return isLower(unit) || isUpper(unit) || (unit >= 48 && unit <= 57);
}

function isLower(unit: number): boolean {
  return unit >= 97 && unit <= 122;
}

function isUpper(unit: number): boolean {
  return unit >= 65 && unit <= 90;
}
