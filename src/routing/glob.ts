/**
 * Path globs of the settings: `*` and `?` within a folder, `**` across folders, `{a,b}` and `[a-z]`. Matched by walking,
 * not by a regular expression, so that no glob can hang the editor: the time is bounded by pattern length × path length.
 * A glob without a slash in its midst matches a file or folder of that name anywhere, one that ends in a slash all that
 * is in such a folder.
 */

/** Alternatives in braces multiply; what is beyond this many, or this many signs in all, matches nothing. */
const MOST_ALTERNATIVES = 256;
const MOST_SIGNS = 32_768;
const LONGEST_GLOB = 1000;
const LONGEST_PATH = 4096;

/** True if any of the globs matches the path (forward slashes, relative to its workspace folder). Case counts. */
export function matchesAny(globs: readonly string[], path: string): boolean {
  return globs.some((glob) => matchesGlob(glob, path));
}

export function matchesGlob(glob: string, path: string): boolean {
  if (glob.length > LONGEST_GLOB || path.length > LONGEST_PATH) return false;
  const parts = path
    .replace(/^\//, "")
    .split("/")
    .map((part) => [...part]);
  return wholeGlobs(glob).some((whole) => {
    const alternatives = expandBraces(whole);
    if (alternatives.length * whole.length > MOST_SIGNS) return false;
    return alternatives.some((alternative) =>
      matchesParts(
        alternative.split("/").map((part) => (part === "**" ? part : signsOf(part))),
        parts,
      ),
    );
  });
}

/** What one character is held against: itself, any (`?`), any number of any (`*`), or a class. */
type Sign = string | { readonly inside: string };

/** What a glob stands for, written out from the first folder to the file. */
function wholeGlobs(glob: string): readonly string[] {
  const isFolder = glob.endsWith("/");
  const name = isFolder ? glob.slice(0, -1) : glob;
  if (name === "") return [];
  const rooted = name.includes("/") ? name.replace(/^\.?\//, "") : `**/${name}`;
  if (isFolder) return [`${rooted}/**/*`];
  return name.includes("/") ? [rooted] : [rooted, `${rooted}/**/*`];
}

/** `**` stands for any number of folders: the classic walk back to the last star, once for folders, once for signs. */
function matchesParts(
  globParts: readonly (readonly Sign[] | "**")[],
  pathParts: readonly (readonly string[])[],
): boolean {
  return walk(
    globParts,
    pathParts,
    "**",
    (signs, part) => signs !== "**" && walk(signs, part, "*", matchesSign),
  );
}

function matchesSign(sign: Sign, character: string): boolean {
  if (typeof sign !== "string") return inClass(sign.inside, character);
  return sign === "?" || sign === character;
}

function walk<P, I>(
  pattern: readonly P[],
  items: readonly I[],
  star: P,
  matches: (pattern: P, item: I) => boolean,
): boolean {
  let p = 0;
  let lastStar = -1;
  let retryFrom = 0;
  for (let i = 0; i < items.length; ) {
    const want = pattern[p];
    const item = items[i];
    if (want === star) {
      lastStar = p++;
      retryFrom = i;
    } else if (want !== undefined && item !== undefined && matches(want, item)) {
      p++;
      i++;
    } else if (lastStar >= 0) {
      p = lastStar + 1;
      i = ++retryFrom;
    } else {
      return false;
    }
  }
  while (pattern[p] === star) p++;
  return p === pattern.length;
}

/** Splits a glob's part into its signs: single characters, and whole classes such as `[a-z]`. */
function signsOf(glob: string): readonly Sign[] {
  const signs: Sign[] = [];
  const characters = [...glob];
  // Where no class can end any more none is looked for: a row of `[` would be read through from each of them.
  const lastEnd = characters.lastIndexOf("]");
  for (let i = 0; i < characters.length; i++) {
    const end = characters[i] === "[" && i + 2 <= lastEnd ? characters.indexOf("]", i + 2) : -1;
    signs.push(end < 0 ? (characters[i] ?? "") : { inside: characters.slice(i + 1, end).join("") });
    if (end >= 0) i = end;
  }
  return signs;
}

function inClass(inside: string, character: string): boolean {
  const negated = inside.startsWith("!") || inside.startsWith("^");
  const characters = [...(negated ? inside.slice(1) : inside)];
  let found = false;
  for (let i = 0; i < characters.length; i++) {
    const from = characters[i] ?? "";
    const to = characters[i + 1] === "-" ? characters[i + 2] : undefined;
    found ||= to === undefined ? character === from : character >= from && character <= to;
    if (to !== undefined) i += 2;
  }
  return found !== negated;
}

/** `a{b,c}d` becomes `abd` and `acd`; braces may stand inside braces. */
function expandBraces(glob: string): readonly string[] {
  const done: string[] = [];
  const open = [glob];
  for (let next = open.pop(); next !== undefined; next = open.pop()) {
    if (done.length + open.length > MOST_ALTERNATIVES) return [];
    const inner = /\{([^{}]*,[^{}]*)\}/.exec(next);
    if (inner === null) {
      done.push(next);
      continue;
    }
    const [whole, list = ""] = inner;
    for (const choice of list.split(",")) {
      open.push(next.slice(0, inner.index) + choice + next.slice(inner.index + whole.length));
    }
  }
  return done;
}
