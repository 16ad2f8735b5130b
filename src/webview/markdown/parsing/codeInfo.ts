/** The info string of a fence: the language in lower case, and the name of the file. */
export type CodeInfo = { readonly language: string; readonly file?: string };

/** Reads the info string of a fence: `ts src/retry.ts`, `ts:src/retry.ts`, `ts title="retry.ts"`, `src/retry.ts`. */
export function codeInfo(info: string): CodeInfo {
  const [first = "", ...rest] = info.trim().split(/\s+/);
  const named = /(?:title|file|filename|path)=["']?([^"'\s]+)/.exec(info)?.[1];
  const [word = "", afterColon] = first.split(":", 2);
  const file = named ?? (isFileName(afterColon) ? afterColon : rest.find(isFileName));
  if (file !== undefined) return { language: word.toLowerCase(), file };
  return isFileName(word)
    ? { language: word.slice(word.lastIndexOf(".") + 1).toLowerCase(), file: word }
    : { language: word.toLowerCase() };
}

function isFileName(word: string | undefined): boolean {
  return word !== undefined && /^[\w@./\\-]*\w\.\w+$/.test(word);
}
