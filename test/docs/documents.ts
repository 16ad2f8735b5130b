import { globSync, readFileSync } from "node:fs";
import { inProject } from "../../scripts/project.ts";

/** A document of the project: its path from the root, with forward slashes, and its text. */
export type Document = { readonly path: string; readonly text: string };

/** A fenced block of a document. */
export type Block = {
  readonly document: string;
  /** The line of its fence, from 1. */
  readonly line: number;
  readonly language: string;
  readonly text: string;
};

/** Every document for people, in the root and in docs/. */
export const documents: readonly Document[] = [
  ...["README", "ARCHITECTURE", "CONTRIBUTING", "SECURITY", "CHANGELOG"].map((name) => `${name}.md`),
  ...globSync("docs/*.md", { cwd: inProject() }).map((path) => path.replaceAll("\\", "/")),
].map((path) => ({ path, text: readFileSync(inProject(path), "utf8") }));

export function documentAt(path: string): Document {
  const found = documents.find((each) => each.path === path);
  if (found === undefined) throw new Error(`There is no document ${path}.`);
  return found;
}

/** The fenced blocks of some documents, in order. */
export function blocksOf(...some: readonly Document[]): readonly Block[] {
  return some.flatMap(({ path, text }) =>
    [...text.matchAll(/^```(.*)\n([\s\S]*?)^```$/gm)].map((match) => ({
      document: path,
      line: text.slice(0, match.index).split("\n").length,
      language: match[1] ?? "",
      text: match[2] ?? "",
    })),
  );
}

/** A document's text without its fenced blocks. */
export function proseOf({ text }: Document): string {
  return text.replaceAll(/^```[\s\S]*?^```$/gm, "");
}

/** The code spans of a text. */
export function codeSpansIn(text: string): readonly string[] {
  return [...text.matchAll(/`([^`\n]+)`/g)].map(([, code = ""]) => code);
}

/** The rows of the tables in a text, without their heads, as cells. */
export function tableRowsIn(text: string): readonly (readonly string[])[] {
  const lines = text.split("\n");
  return lines
    .filter((line, at) => line.startsWith("|") && !isRule(line) && !isRule(lines[at + 1] ?? ""))
    .map((line) =>
      line
        .split("|")
        .slice(1, -1)
        .map((cell) => cell.trim()),
    );
}

function isRule(line: string): boolean {
  return /^\|[\s|:-]+\|$/.test(line);
}

/** The commands in a document's shell blocks, one for each line; a backslash continues a line. */
export function shellCommandsIn(...some: readonly Document[]): readonly string[] {
  return blocksOf(...some)
    .filter(({ language }) => language === "sh")
    .flatMap(({ text }) => text.replaceAll(/\\\n\s*/g, "").split("\n"))
    .filter((line) => line !== "");
}

/** The words of a shell command, without their quotes. */
export function wordsOf(command: string): readonly string[] {
  return [...command.matchAll(/'([^']*)'|"([^"]*)"|(\S+)/g)].map(
    ([, single, double, plain]) => single ?? double ?? plain ?? "",
  );
}
