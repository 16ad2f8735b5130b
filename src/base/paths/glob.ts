/**
 * Path globs of the settings: `*` and `?` within a folder, `**` across folders, `{a,b}` and `[a-z]`. A glob without an
 * inner slash matches a file or folder of that name at any depth; a glob that ends in a slash matches everything in such
 * a folder. Dotfiles match like other files, and case matters.
 *
 * Globs are matched without regular expressions, in time bounded by the length of the glob times the length of the path.
 * picomatch 4.0.7 is not used because its regular expressions backtrack: `*-*-*-*-*.env` on a file name of 2,000 dashes
 * ran for more than 10 s (2026-11-28), and a workspace may contain both. It also reads `[!a]` as `[!a]` of a regular
 * expression, which matches `a`. The tests compare the two on ordinary globs.
 */

/** Braces multiply. A glob with more alternatives, or with more tokens in all of them, matches nothing. */
const MAX_ALTERNATIVES = 256;
const MAX_TOKENS = 32_768;
const MAX_GLOB_LENGTH = 1000;
const MAX_PATH_LENGTH = 4096;

/** Whether any of the globs matches a path, which has forward slashes and is relative to its workspace folder. */
export function matchesAny(globs: readonly string[], path: string): boolean {
  return globs.some((glob) => matchesGlob(glob, path));
}

function matchesGlob(glob: string, path: string): boolean {
  if (glob.length > MAX_GLOB_LENGTH || path.length > MAX_PATH_LENGTH) return false;
  const names = path
    .replace(/^\//, "")
    .split("/")
    .map((name) => [...name]);
  return rootedGlobs(glob).some((rooted) => {
    const alternatives = expandBraces(rooted);
    if (alternatives.length * rooted.length > MAX_TOKENS) return false;
    return alternatives.some((alternative) =>
      matchesFolders(
        alternative.split("/").map((part) => (part === "**" ? part : tokensOf(part))),
        names,
      ),
    );
  });
}

/** Matches one character (itself, `?` or a class), or any number of characters (`*`). */
type Token = string | { readonly inside: string };

/** The globs that a glob stands for, written from the root to the file. */
function rootedGlobs(glob: string): readonly string[] {
  const isFolder = glob.endsWith("/");
  const name = isFolder ? glob.slice(0, -1) : glob;
  if (name === "") return [];
  const rooted = name.includes("/") ? name.replace(/^\.?\//, "") : `**/${name}`;
  if (isFolder) return [`${rooted}/**/*`];
  return name.includes("/") ? [rooted] : [rooted, `${rooted}/**/*`];
}

function matchesFolders(
  globParts: readonly (readonly Token[] | "**")[],
  names: readonly (readonly string[])[],
): boolean {
  return matchesWithStars(
    globParts,
    names,
    "**",
    (tokens, name) => tokens !== "**" && matchesWithStars(tokens, name, "*", matchesCharacter),
  );
}

function matchesCharacter(token: Token, character: string): boolean {
  if (typeof token !== "string") return isInClass(token.inside, character);
  return token === "?" || token === character;
}

/** Matches a list against a pattern in which `star` stands for any number of items, by going back to the last star. */
function matchesWithStars<P, I>(
  pattern: readonly P[],
  items: readonly I[],
  star: P,
  matches: (pattern: P, item: I) => boolean,
): boolean {
  let p = 0;
  let lastStar = -1;
  let retryFrom = 0;
  for (let i = 0; i < items.length; ) {
    const wanted = pattern[p];
    const item = items[i];
    if (wanted === star) {
      lastStar = p++;
      retryFrom = i;
    } else if (wanted !== undefined && item !== undefined && matches(wanted, item)) {
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

/** Splits a part of a glob into single characters and classes such as `[a-z]`. */
function tokensOf(part: string): readonly Token[] {
  const tokens: Token[] = [];
  const characters = [...part];
  // Without a closing bracket ahead none is searched for: a row of `[` would otherwise take quadratic time.
  const lastEnd = characters.lastIndexOf("]");
  for (let i = 0; i < characters.length; i++) {
    const end = characters[i] === "[" && i + 2 <= lastEnd ? characters.indexOf("]", i + 2) : -1;
    tokens.push(end < 0 ? (characters[i] ?? "") : { inside: characters.slice(i + 1, end).join("") });
    if (end >= 0) i = end;
  }
  return tokens;
}

function isInClass(inside: string, character: string): boolean {
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

/** Expands `a{b,c}d` to `abd` and `acd`. Braces may be nested. */
function expandBraces(glob: string): readonly string[] {
  const expanded: string[] = [];
  const open = [glob];
  for (let next = open.pop(); next !== undefined; next = open.pop()) {
    if (expanded.length + open.length > MAX_ALTERNATIVES) return [];
    const inner = /\{([^{}]*,[^{}]*)\}/.exec(next);
    if (inner === null) {
      expanded.push(next);
      continue;
    }
    const [whole, list = ""] = inner;
    for (const choice of list.split(",")) {
      open.push(next.slice(0, inner.index) + choice + next.slice(inner.index + whole.length));
    }
  }
  return expanded;
}
