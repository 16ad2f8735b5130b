import { matchesAny } from "../../routing/glob.ts";

/** Where a file is. Both with forward slashes. */
export type FilePlace = {
  /** Relative to its workspace folder. */
  readonly relative: string;
  /** From the root on, as in its address: `/home/me/a.ts`, `/c:/Users/me/a.ts`. */
  readonly absolute: string;
};

/**
 * Whether a file goes to local models only. Its whole path counts too, so that a file in `~/secrets` is private by
 * `secrets/` also where `~/secrets` itself is the workspace.
 */
export function isPrivateFile(globs: readonly string[], { relative, absolute }: FilePlace): boolean {
  return [relative, ...spellings(absolute)].some((path) => matchesAny(globs, path));
}

/** A Windows drive's letter may be written either way. */
function spellings(absolute: string): readonly string[] {
  const path = absolute.replace(/^\//, "");
  return /^[a-z]:/i.test(path)
    ? [path.charAt(0).toLowerCase() + path.slice(1), path.charAt(0).toUpperCase() + path.slice(1)]
    : [path];
}
