import { type PathReference, readPathReference } from "../../base/paths/pathReference.ts";

/** A code block as an answer shows it. */
export type ShownCode = {
  readonly text: string;
  /** In lower case; empty if its fence names none. */
  readonly language: string;
  /** The file that its fence names. */
  readonly file?: string | undefined;
  /** The text just before the block. */
  readonly before: string;
};

/** The file that a block is for, by what it and the text before it name. */
export type NamedFile = {
  /** The file that the fence or a comment in the first line names. */
  readonly stated: PathReference | undefined;
  /** The files that the text before the block names, the last one first. */
  readonly mentioned: readonly PathReference[];
  /** The comment in the first line that names the file. */
  readonly comment: string | undefined;
};

const FIRST_LINE =
  /^\s*(?:\/\/|#|--|;|%|\/\*+|<!--)\s*(?:(?:file(?:name)?|path)\s*:\s*)?(\S.*?)\s*(?:\*\/|-->)?\s*$/i;
/** The header of a unified diff that names the changed file. */
const DIFF_HEADER = /^\+\+\+ (?:b\/)?([^\t\n]+)/m;
const MAX_MENTIONED = 8;
/** A longer line names no file: the pattern takes the cube of its length. */
const MAX_FIRST_LINE = 400;

/** Returns the files that a code block names, from the surest to the least sure. */
export function namedFile({ text, language, file, before }: ShownCode): NamedFile {
  const firstLine = text.split("\n", 1)[0] ?? "";
  const inComment =
    firstLine.length > MAX_FIRST_LINE ? undefined : pathWithExtension(FIRST_LINE.exec(firstLine)?.[1] ?? "");
  const inDiff = language === "diff" || language === "patch" ? DIFF_HEADER.exec(text)?.[1] : undefined;
  const mentioned = before
    .split(/[\s"'()<>[\]{}“”„«»]+/)
    .flatMap((word) => pathWithExtension(word.replace(/^[`*_]+|[`*_.,:;!?]+$/g, "")) ?? [])
    .toReversed();
  return {
    stated: readPathReference(file ?? inDiff ?? "") ?? inComment,
    mentioned: mentioned.slice(0, MAX_MENTIONED),
    comment: inComment === undefined ? undefined : firstLine,
  };
}

/** In text, words with a slash (“and/or”) are no files: a name needs its extension. */
function pathWithExtension(word: string): PathReference | undefined {
  const reference = readPathReference(word);
  return reference !== undefined && /\.\w+$/.test(reference.path) ? reference : undefined;
}
