/** A file as a text names it, and a place in it: `src/a.ts:8:3`. Lines and columns count from 1. */
export type PathReference = {
  readonly path: string;
  readonly line?: number | undefined;
  readonly column?: number | undefined;
};

const MAX_LENGTH = 300;

/** `:8`, `:8:3`, `:8-12`, `#L8`, `#L8-L12`, `#L8C3`, `(8,3)`. */
const PLACE =
  /(?::(\d{1,7})(?::(\d{1,5})|-\d{1,7})?|#L(\d{1,7})(?:C(\d{1,5}))?(?:-L?\d{1,7}(?:C\d{1,5})?)?|\((\d{1,7})(?:, ?(\d{1,5}))?\))$/;

/** Files without an extension that have a name everybody knows. */
const WELL_KNOWN =
  /^(?:dockerfile|makefile|gnumakefile|license|readme|changelog|gemfile|rakefile|procfile|jenkinsfile|justfile|cargo\.lock)$/i;

/**
 * Reads a text as the name of a file, with a place in it; undefined if it does not look like one. A name has an
 * extension with a letter, or a folder, or is well known. Addresses with a scheme (`https:`, `command:`, `file:`), control
 * characters, wildcards, and names that lead out of their folder (`..`, `~`) are none.
 */
export function readPathReference(text: string): PathReference | undefined {
  const trimmed = text.trim();
  if (trimmed.length > MAX_LENGTH) return undefined;
  const place = PLACE.exec(trimmed);
  const path = (place === null ? trimmed : trimmed.slice(0, place.index))
    .replaceAll("\\", "/")
    .replace(/^(?:\.\/)+/, "");
  if (!isFilePath(path)) return undefined;
  const line = place?.[1] ?? place?.[3] ?? place?.[5];
  const column = place?.[2] ?? place?.[4] ?? place?.[6];
  if (line === undefined || Number(line) === 0) return { path };
  return { path, line: Number(line), column: column === undefined ? undefined : Math.max(1, Number(column)) };
}

function isFilePath(path: string): boolean {
  // No file of a project needs these; in a shell, a glob or an address they mean something else.
  if (/[\p{Cc}\p{Cf}*?"'<>|`$#;:&=!,\u2028\u2029]/u.test(path.replace(/^[A-Za-z]:\//, "/"))) return false;
  const parts = path.split("/");
  const name = parts.at(-1) ?? "";
  if (name === "" || parts.some((part, index) => part === "." || part === ".." || (part === "" && index > 0)))
    return false;
  if (path.startsWith("~") || parts.some((part) => part !== part.trim())) return false;
  const hasExtension = /^[^.].*\.(?=\w*[A-Za-z])\w{1,12}$/.test(name) || /^\.[A-Za-z][\w.-]*$/.test(name);
  if (/\s/.test(path) && !(hasExtension && parts.length > 1)) return false;
  return hasExtension || WELL_KNOWN.test(name) || (parts.length > 1 && /^[\w@.-]+$/.test(name));
}
