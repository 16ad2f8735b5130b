import * as vscode from "vscode";
import { lineContent } from "../../../assistant/edits/lines.ts";
import { lineChanges } from "../../../assistant/edits/mergeTexts.ts";
import type { Hunk } from "../../../assistant/edits/selected/hunks.ts";
import type { ShownEdit, ShownEdits } from "../shownEdits.ts";
import { quietLine } from "./editMessages.ts";
import type { StepLine } from "./stepMessages.ts";

/** The other side of a changed line is shown up to this many characters after it. */
const MAX_SHOWN_CHARACTERS = 160;

/**
 * An edit that is being written, and who writes it. `line`: where that is shown; undefined if it is above an edit that this one is
 * to replace. `proposed` returns the text of the document with what is written so far; undefined if none of it is shown.
 */
export type WrittenEdit = {
  readonly line: number | undefined;
  readonly note: string;
  readonly proposed: (() => string) | undefined;
};

/**
 * Shows edits in the editors of their documents: lines that were added have the colours of a diff, and the lines that they
 * replace follow at their ends. While an edit is being written it is the other way round.
 */
export class EditDisplay implements vscode.Disposable {
  #added = addedLines();
  #removed = removedLines();
  /** Texts beside a line. */
  readonly #beside = vscode.window.createTextEditorDecorationType({
    after: { margin: "0 0 0 3ch", color: new vscode.ThemeColor("editorCodeLens.foreground") },
  });

  /** The colour theme has changed. What is shown has to be shown again. */
  changeTheme(): void {
    for (const type of [this.#added, this.#removed]) type.dispose();
    this.#added = addedLines();
    this.#removed = removedLines();
  }

  /** Shows what is in a document now, in every editor that shows it. */
  show(uri: vscode.Uri, edits: readonly ShownEdit[], written: WrittenEdit | undefined): void {
    for (const editor of vscode.window.visibleTextEditors) {
      if (editor.document.uri.toString() !== uri.toString()) continue;
      const hunks = edits.flatMap((shown) => shown.hunks);
      const pending = pendingIn(editor.document, written?.proposed);
      editor.setDecorations(
        this.#added,
        hunks
          .filter(({ lines }) => lines.end > lines.start)
          .map((hunk) => ({ range: rangeOf(hunk.lines.start, hunk.lines.end), hoverMessage: asDiff(hunk) })),
      );
      editor.setDecorations(
        this.#removed,
        pending.flatMap(({ start, end }) => (end > start ? [rangeOf(start, end)] : [])),
      );
      const { lineCount } = editor.document;
      editor.setDecorations(this.#beside, [
        ...hunks.flatMap(({ lines, removed }) => beside(lines.start, lines.end, removed, "−", lineCount)),
        ...pending.flatMap(({ start, end, lines }) => beside(start, end, lines, "+", lineCount)),
        ...(written?.line === undefined ? [] : [noteAt(written.line, written.note, lineCount)]),
      ]);
    }
  }

  dispose(): void {
    for (const type of [this.#added, this.#removed, this.#beside]) type.dispose();
  }
}

function addedLines(): vscode.TextEditorDecorationType {
  return vscode.window.createTextEditorDecorationType({
    isWholeLine: true,
    backgroundColor: new vscode.ThemeColor("diffEditor.insertedLineBackground"),
    overviewRulerColor: new vscode.ThemeColor("editorOverviewRuler.addedForeground"),
    overviewRulerLane: vscode.OverviewRulerLane.Full,
    ...borderOf("diffEditor.insertedTextBorder"),
  });
}

function removedLines(): vscode.TextEditorDecorationType {
  return vscode.window.createTextEditorDecorationType({
    isWholeLine: true,
    backgroundColor: new vscode.ThemeColor("diffEditor.removedLineBackground"),
    ...borderOf("diffEditor.removedTextBorder"),
  });
}

/** High contrast themes have a border in place of a background. In other themes this colour is not set. */
function borderOf(color: string): vscode.DecorationRenderOptions {
  const { HighContrast, HighContrastLight } = vscode.ColorThemeKind;
  const { kind } = vscode.window.activeColorTheme;
  return kind === HighContrast || kind === HighContrastLight
    ? { borderWidth: "1px", borderStyle: "dashed", borderColor: new vscode.ThemeColor(color) }
    : {};
}

function pendingIn(document: vscode.TextDocument, proposed: WrittenEdit["proposed"]) {
  if (proposed === undefined) return [];
  return lineChanges(document.getText(), proposed()).map(({ start, end, lines }) => ({
    start,
    end,
    lines: lines.map(lineContent),
  }));
}

function rangeOf(start: number, end: number): vscode.Range {
  return new vscode.Range(start, 0, end - 1, 0);
}

/** The lines of the other side, each at the end of the line that it belongs to; the rest at the end of the last one. */
function beside(
  start: number,
  end: number,
  others: readonly string[],
  sign: "+" | "−",
  lineCount: number,
): vscode.DecorationOptions[] {
  if (others.length === 0) return [];
  const first = end > start ? start : Math.max(0, start - 1);
  const count = Math.max(1, end - start);
  return Array.from({ length: Math.min(count, others.length) }, (_, index) => {
    const isLast = index === count - 1;
    const texts = isLast ? others.slice(index) : others.slice(index, index + 1);
    const text = texts.map((each) => each.trim()).join(" ⏎ ");
    const line = Math.min(first + index, lineCount - 1);
    const isRemoved = sign === "−";
    return {
      range: endOf(line),
      renderOptions: {
        after: {
          contentText: `${sign} ${cut(text)}`.replaceAll(" ", "\u00a0"),
          backgroundColor: new vscode.ThemeColor(
            isRemoved ? "diffEditor.removedTextBackground" : "diffEditor.insertedTextBackground",
          ),
        },
      },
    };
  });
}

function noteAt(line: number, note: string, lineCount: number): vscode.DecorationOptions {
  const contentText = note.replaceAll(" ", "\u00a0");
  return { range: endOf(Math.min(line, lineCount - 1)), renderOptions: { after: { contentText } } };
}

function endOf(line: number): vscode.Range {
  return new vscode.Range(line, Number.MAX_SAFE_INTEGER, line, Number.MAX_SAFE_INTEGER);
}

function cut(text: string): string {
  const characters = [...text];
  return characters.length <= MAX_SHOWN_CHARACTERS
    ? text
    : `${characters.slice(0, MAX_SHOWN_CHARACTERS).join("")}…`;
}

function asDiff({ removed, added }: Hunk): vscode.MarkdownString {
  const lines = [...removed.map((line) => `-${line}`), ...added.map((line) => `+${line}`)];
  return new vscode.MarkdownString().appendCodeblock(lines.join("\n"), "diff");
}

/**
 * The lines above each hunk that accept and discard it. Above the first one also: which model made the edit, for how much, what
 * its check found, and what can follow.
 */
export class EditLenses implements vscode.CodeLensProvider {
  readonly #edits: ShownEdits;
  readonly #lineOf: (id: number) => StepLine | undefined;
  readonly onDidChangeCodeLenses: vscode.Event<void>;

  /** @param lineOf the line of an edit, by its id */
  constructor(
    edits: ShownEdits,
    lineOf: (id: number) => StepLine | undefined,
    onDidChangeLines: vscode.Event<void>,
  ) {
    this.#edits = edits;
    this.#lineOf = lineOf;
    this.onDidChangeCodeLenses = onDidChangeLines;
  }

  provideCodeLenses({ uri, lineCount }: vscode.TextDocument): vscode.CodeLens[] {
    return this.#edits.open(uri).flatMap((shown) => {
      const { id, hunks, accepted, edit } = shown;
      const lensAt = (start: number) => {
        const line = Math.min(start, lineCount - 1);
        return (title: string, command: string, ...args: unknown[]) =>
          new vscode.CodeLens(new vscode.Range(line, 0, line, 0), { title, command, arguments: args });
      };
      const line = this.#lineOf(id);
      const lineLens = (start: number) =>
        line === undefined || line.isMinor === true
          ? []
          : [lensAt(start)(line.text, line.action === undefined ? "" : "switchyard.escalateEdit", id)];
      // An accepted edit has a line only while something can follow.
      const firstAccepted = accepted[0]?.lines.start;
      if (hunks.length === 0 && firstAccepted !== undefined && line?.action !== undefined)
        return lineLens(firstAccepted);
      return hunks.flatMap(({ id: hunkId, lines }, index) => {
        const lens = lensAt(lines.start);
        const hunk = { edit: id, hunk: hunkId };
        const own = [
          lens(vscode.l10n.t("Accept"), "switchyard.acceptHunk", hunk),
          lens(vscode.l10n.t("Discard"), "switchyard.discardHunk", hunk),
        ];
        if (index > 0) return own;
        const all =
          hunks.length === 1
            ? []
            : [
                lens(vscode.l10n.t("Accept All"), "switchyard.acceptEdit", uri),
                lens(vscode.l10n.t("Discard All"), "switchyard.discardEdit", uri),
              ];
        return [
          ...own,
          ...all,
          // After what is there from the start, so that nothing moves below the mouse.
          ...lineLens(lines.start),
          lens(vscode.l10n.t("Compare"), "switchyard.compareEdit", uri),
          lens(quietLine(edit.tries), "switchyard.whyEdit", id),
        ];
      });
    });
  }
}
