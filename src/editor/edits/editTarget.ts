import * as vscode from "vscode";
import type { LineRange } from "../../assistant/edits/alignment.ts";
import { splitLines } from "../../assistant/edits/lines.ts";
import type { EditTarget } from "../../assistant/edits/selected/editRequest.ts";
import { isPrivateDocument, placeOfDocument } from "../chat/context/places.ts";
import { problemsItem } from "../chat/context/problems.ts";

/** Without a selection, a file of up to this many lines is edited as a whole. */
const MAX_WHOLE_FILE_LINES = 1_000;
/** In a longer file, a fix gets this many lines before and after its problem. */
const NEAR_PROBLEM_LINES = 100;

/** What is edited in a document: the lines, and the diagnostics to fix. */
export type DocumentTarget = {
  readonly document: vscode.TextDocument;
  readonly target: EditTarget;
  readonly fixes: readonly vscode.Diagnostic[];
};

/** What can be edited, or a sentence with the reason why nothing can. */
export type FoundTarget =
  | ({ readonly kind: "target" } & DocumentTarget)
  | { readonly kind: "none"; readonly reason: string };

/**
 * Returns the selected lines of a document; without a selection, the whole file if it is not too long. For a fix, the
 * problems in these lines are sent too, and other lines of the file may change too.
 */
export function editTarget(
  document: vscode.TextDocument,
  selection: vscode.Range,
  isFix: boolean,
  privatePaths: readonly string[],
): FoundTarget {
  const text = document.getText();
  const total = splitLines(text).length;
  const { path } = placeOfDocument(document.uri);
  const inSelection = problemsIn(document, selection);
  const lines = selection.isEmpty
    ? linesAround(total, isFix && inSelection.length > 0 ? selection.start.line : undefined)
    : wholeLines(selection);
  if (lines === undefined)
    return {
      kind: "none",
      reason: vscode.l10n.t("{file} has {count} lines. Select the code to edit.", {
        file: path,
        count: total.toLocaleString(),
      }),
    };
  const range = new vscode.Range(
    lines.start,
    0,
    Math.max(lines.start, lines.end - 1),
    Number.MAX_SAFE_INTEGER,
  );
  const fixes = isFix ? (inSelection.length > 0 ? inSelection : problemsIn(document, range)) : [];
  const isPrivate = isPrivateDocument(privatePaths, document.uri);
  const problems =
    fixes.length === 0
      ? undefined
      : problemsItem(
          fixes.map((diagnostic) => ({ uri: document.uri, diagnostic })),
          { path, isPrivate, source: document.uri.toString() },
        );
  return {
    kind: "target",
    document,
    fixes,
    target: {
      path,
      language: document.languageId,
      text,
      range: { lines, isRestOpen: isFix },
      isPrivate,
      problems: problems?.items[0],
    },
  };
}

function problemsIn(document: vscode.TextDocument, range: vscode.Range): readonly vscode.Diagnostic[] {
  const { Hint } = vscode.DiagnosticSeverity;
  return vscode.languages
    .getDiagnostics(document.uri)
    .filter(({ range: at, severity }) => severity !== Hint && at.intersection(range) !== undefined);
}

/** A selection that ends at the start of a line does not contain that line. */
function wholeLines({ start, end }: vscode.Range): LineRange {
  const isBeforeLine = end.character === 0 && end.line > start.line;
  return { start: start.line, end: isBeforeLine ? end.line : end.line + 1 };
}

function linesAround(total: number, line: number | undefined): LineRange | undefined {
  if (total <= MAX_WHOLE_FILE_LINES) return { start: 0, end: total };
  if (line === undefined) return undefined;
  return {
    start: Math.max(0, line - NEAR_PROBLEM_LINES),
    end: Math.min(total, line + NEAR_PROBLEM_LINES + 1),
  };
}
