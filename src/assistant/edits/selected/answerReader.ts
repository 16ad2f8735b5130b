/** Lines that a model wants replaced, and what replaces them. Without line endings. */
export type SearchReplace = { readonly search: readonly string[]; readonly replace: readonly string[] };

/** What an answer contains so far. */
export type EditAnswer =
  /** `isOpen`: the last block is still being written, and is not among them. */
  | { readonly kind: "blocks"; readonly blocks: readonly SearchReplace[]; readonly isOpen: boolean }
  /** The lines of the first code block. `others`: how many more code blocks follow it. */
  | {
      readonly kind: "whole";
      readonly lines: readonly string[];
      readonly others: number;
      readonly isOpen: boolean;
    }
  /** Text alone. */
  | { readonly kind: "words"; readonly text: string };

const SEARCH = /^\s*<{5,9}\s*SEARCH\b/;
const DIVIDER = /^\s*={5,9}\s*$/;
const REPLACE = /^\s*>{5,9}\s*(?:REPLACE\b.*)?$/s;
const FENCE = /^\s*(`{3,}|~{3,})/;

type State =
  | { readonly in: "words" }
  | { readonly in: "fence"; readonly mark: string; readonly lines: string[] }
  | { readonly in: "search"; readonly search: string[] }
  | { readonly in: "replace"; readonly search: readonly string[]; readonly replace: string[] };

/** Reads an answer that edits code while it is written: search/replace blocks, or one code block that replaces all. */
export class EditAnswerReader {
  #line = "";
  #state: State = { in: "words" };
  readonly #words: string[] = [];
  readonly #blocks: SearchReplace[] = [];
  readonly #fences: (readonly string[])[] = [];

  add(text: string): void {
    const lines = (this.#line + text).split("\n");
    this.#line = lines.pop() ?? "";
    for (const line of lines) this.#read(line.replace(/\r$/, ""));
  }

  /** Reads the last line, which no line ending follows. A code block without its closing fence ends here. */
  end(): void {
    if (this.#line !== "") this.#read(this.#line.replace(/\r$/, ""));
    this.#line = "";
    if (this.#state.in !== "fence") return;
    this.#fences.push(this.#state.lines);
    this.#state = { in: "words" };
  }

  get answer(): EditAnswer {
    const state = this.#state;
    const inBlock = state.in === "search" || state.in === "replace";
    if (this.#blocks.length > 0 || inBlock)
      return { kind: "blocks", blocks: [...this.#blocks], isOpen: inBlock };
    const fences = state.in === "fence" ? [...this.#fences, state.lines] : this.#fences;
    const [first] = fences;
    if (first === undefined) return { kind: "words", text: [...this.#words, this.#line].join("\n").trim() };
    return {
      kind: "whole",
      lines: [...first],
      others: fences.length - 1,
      isOpen: state.in === "fence" && fences.length === 1,
    };
  }

  #read(line: string): void {
    const state = this.#state;
    switch (state.in) {
      case "words": {
        const mark = FENCE.exec(line)?.[1];
        if (SEARCH.test(line)) this.#state = { in: "search", search: [] };
        else if (mark !== undefined) this.#state = { in: "fence", mark, lines: [] };
        else this.#words.push(line);
        return;
      }
      case "fence":
        // Some models put their blocks into code blocks.
        if (SEARCH.test(line)) this.#state = { in: "search", search: [] };
        else if (closes(line, state.mark)) {
          // What is left of a code block around search/replace blocks.
          if (this.#blocks.length === 0) this.#fences.push(state.lines);
          this.#state = { in: "words" };
        } else state.lines.push(line);
        return;
      case "search":
        if (DIVIDER.test(line)) this.#state = { in: "replace", search: state.search, replace: [] };
        else state.search.push(line);
        return;
      case "replace":
        if (!REPLACE.test(line)) return void state.replace.push(line);
        this.#blocks.push({ search: state.search, replace: state.replace });
        this.#state = { in: "words" };
    }
  }
}

function closes(line: string, mark: string): boolean {
  const trimmed = line.trim();
  return trimmed.length >= mark.length && trimmed === mark.charAt(0).repeat(trimmed.length);
}
