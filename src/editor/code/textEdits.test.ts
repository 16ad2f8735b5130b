import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import type { TextDocument, TextDocumentChangeEvent } from "vscode";

type Edit = { readonly start: number; readonly end: number; readonly text: string };

const fake = vi.hoisted(() => ({
  text: "",
  version: 1,
  /** What the user writes at the end just before the next changes. */
  typed: [] as string[],
  /** The same, of which extensions learn only after the change was rejected. */
  typedUnseen: [] as string[],
  listeners: new Set<(event: Pick<TextDocumentChangeEvent, "document">) => void>(),
  isReadonly: false,
  errors: [] as string[],
}));

vi.mock("vscode", () => ({
  l10n: {
    t: (text: string, places: Readonly<Record<string, string>>) =>
      text.replace("{file}", places["file"] ?? ""),
  },
  Range: class {
    readonly start: number;
    readonly end: number;
    constructor(start: number, end: number) {
      this.start = start;
      this.end = end;
    }
  },
  TextEdit: { replace: ({ start, end }: Edit, text: string): Edit => ({ start, end, text }) },
  WorkspaceEdit: class {
    edits: readonly Edit[] = [];
    readonly version = fake.version;
    set(_: unknown, edits: readonly Edit[]): void {
      this.edits = edits;
    }
  },
  workspace: {
    /** Like VS Code, rejects an edit of an earlier version. */
    applyEdit: async ({ edits, version }: { readonly edits: readonly Edit[]; readonly version: number }) => {
      const typed = fake.typed.shift();
      if (typed !== undefined) {
        fake.text += typed;
        fake.version += 1;
      }
      const unseen = fake.typedUnseen.shift();
      if (unseen !== undefined) {
        setTimeout(() => {
          fake.text += unseen;
          fake.version += 1;
          for (const listener of fake.listeners) listener({ document });
        }, 500);
        return false;
      }
      if (fake.isReadonly || fake.version !== version) return false;
      for (const { start, end, text } of edits.toReversed())
        fake.text = fake.text.slice(0, start) + text + fake.text.slice(end);
      fake.version += 1;
      return true;
    },
    onDidChangeTextDocument: (listener: (event: Pick<TextDocumentChangeEvent, "document">) => void) => {
      fake.listeners.add(listener);
      return { dispose: () => fake.listeners.delete(listener) };
    },
  },
  window: { showErrorMessage: (message: string) => fake.errors.push(message) },
}));
vi.mock("../chat/context/places.ts", () => ({ placeOfDocument: () => ({ path: "a.ts" }) }));
const { writeText } = await import("./textEdits.ts");

const document = {
  get version() {
    return fake.version;
  },
  getText: () => fake.text,
  positionAt: (offset: number) => offset,
} as unknown as TextDocument;

beforeEach(() => {
  vi.useFakeTimers();
  const state = { version: 1, typed: [], typedUnseen: [], isReadonly: false, errors: [] };
  Object.assign(fake, { text: "a\nb\n", ...state });
});
afterEach(() => {
  expect(fake.listeners.size).toBe(0);
  expect(vi.getTimerCount()).toBe(0);
  vi.useRealTimers();
});

describe("the new text of a document", () => {
  const withX = (before: string) => before.replace("b\n", "x\n");

  it("is written around what the user types at that moment", async () => {
    fake.typed = ["c", "d\n"];
    expect(await writeText(document, withX)).toEqual({ before: "a\nb\ncd\n", after: "a\nx\ncd\n" });
    expect(fake).toMatchObject({ text: "a\nx\ncd\n", errors: [] });
  });

  it("is written around what the user types at that moment, also if extensions learn of it later", async () => {
    fake.typedUnseen = ["c", "d\n"];
    const written = writeText(document, withX);
    await vi.advanceTimersByTimeAsync(1_000);
    expect(await written).toEqual({ before: "a\nb\ncd\n", after: "a\nx\ncd\n" });
    expect(fake).toMatchObject({ text: "a\nx\ncd\n", errors: [] });
  });

  it("is not written if there is none for what the user has typed", async () => {
    fake.typed = ["c"];
    const result = await writeText(document, (before) => (before === "a\nb\n" ? withX(before) : undefined));
    expect(result).toBeUndefined();
    expect(fake).toMatchObject({ text: "a\nb\nc", errors: [] });
  });

  it("is not written where the document cannot be edited, and a message reports that", async () => {
    fake.isReadonly = true;
    const written = writeText(document, withX);
    await vi.advanceTimersByTimeAsync(2_000);
    expect(await written).toBeUndefined();
    expect(fake.errors).toEqual(["a.ts cannot be edited."]);
  });
});
