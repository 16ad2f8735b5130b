import * as vscode from "vscode";
import type { Gathered } from "../../../assistant/context.ts";
import type { ComparableProblem } from "../../../assistant/edits/check/compareProblems.ts";
import type { ReportedProblem } from "../../../contract/edit/editCheck.ts";
import { estimateTokens } from "../../../models/tokens.ts";
import { isPrivateDocument, placeOfDocument, withoutAbsolutePaths } from "./places.ts";
import { nothing } from "./source.ts";

/** The most problems of one item. */
const MAX_PROBLEMS = 100;
/** The most related places of one problem. */
const MAX_RELATED = 5;

type Problem = { readonly uri: vscode.Uri; readonly diagnostic: vscode.Diagnostic };

/** Gathers the errors, warnings and notices of one file. */
export function problemsOf(uri: vscode.Uri, privatePaths: readonly string[]): Gathered {
  const found = inOrder(vscode.languages.getDiagnostics(uri).map((diagnostic) => ({ uri, diagnostic })));
  const { path } = placeOfDocument(uri);
  if (found.length === 0) return nothing(vscode.l10n.t("{file} has no problems.", { file: path }));
  const isPrivate = isPrivateDocument(privatePaths, uri);
  return problemsItem(found, { path, isPrivate, source: uri.toString() });
}

/** Gathers the errors, warnings and notices of all files except private ones. */
export function allProblems(privatePaths: readonly string[]): Gathered {
  const all = vscode.languages
    .getDiagnostics()
    .flatMap(([uri, diagnostics]) => diagnostics.map((diagnostic) => ({ uri, diagnostic })));
  const found = inOrder(all.filter(({ uri }) => !isPrivateDocument(privatePaths, uri)));
  return found.length === 0
    ? nothing(vscode.l10n.t("No file has problems."))
    : problemsItem(found, { isPrivate: false });
}

/** Returns how many problems a file has. */
export function countProblems(uri: vscode.Uri): number {
  return vscode.languages.getDiagnostics(uri).filter(isShown).length;
}

/** Hints are not listed in the Problems view either. */
export function isShown({ severity }: vscode.Diagnostic): boolean {
  return severity !== vscode.DiagnosticSeverity.Hint;
}

/** Errors come first, then warnings. */
function inOrder(problems: readonly Problem[]): readonly Problem[] {
  return problems
    .filter(({ diagnostic }) => isShown(diagnostic))
    .toSorted((one, other) => one.diagnostic.severity - other.diagnostic.severity);
}

/** Returns a problem as plain data. */
export function reportedProblem(
  uri: vscode.Uri,
  diagnostic: vscode.Diagnostic,
  privatePaths: readonly string[],
): ReportedProblem {
  return {
    ...comparableProblem(uri, diagnostic),
    path: placeOfDocument(uri).path,
    isPrivate: isPrivateDocument(privatePaths, uri),
    text: problemText({ uri, diagnostic }),
  };
}

/** Returns what problems are compared by. */
export function comparableProblem(uri: vscode.Uri, diagnostic: vscode.Diagnostic): ComparableProblem {
  const { range, severity, message, source } = diagnostic;
  return {
    uri: uri.toString(),
    line: range.start.line,
    isError: severity === vscode.DiagnosticSeverity.Error,
    message,
    source,
    code: codeOf(diagnostic),
  };
}

type ProblemsOf = { readonly path?: string; readonly isPrivate: boolean; readonly source?: string };

/** Returns problems as one item. */
export function problemsItem(
  problems: readonly Problem[],
  of: ProblemsOf,
): Extract<Gathered, { kind: "items" }> {
  const included = problems.slice(0, MAX_PROBLEMS);
  const text = included.map(problemText).join("\n");
  const count = problems.length;
  const leftOut =
    included.length === count
      ? undefined
      : ({ unit: "problems", included: included.length, total: count } as const);
  const paths = [...new Set(included.map(({ uri }) => placeOfDocument(uri).path))];
  return {
    kind: "items",
    items: [{ kind: "problems", ...of, paths, count, text, tokens: estimateTokens(text), leftOut }],
  };
}

/**
 * Returns `src/a.ts:3:7: error ts(2322): message`, with the line of code below it where its file is open, and the places
 * that it is related to.
 */
function problemText({ uri, diagnostic }: Problem): string {
  const { message, range, source, severity } = diagnostic;
  const { line, character } = range.start;
  const code = codeOf(diagnostic);
  const by = [source, code === undefined ? "" : `(${code})`].join("");
  const place = `${placeOfDocument(uri).path}:${line + 1}:${character + 1}`;
  const first = `${place}: ${SEVERITIES[severity]}${by === "" ? "" : ` ${by}`}: ${withoutAbsolutePaths(message)}`;
  const document = vscode.workspace.textDocuments.find((each) => each.uri.toString() === uri.toString());
  const quoted =
    document === undefined || line >= document.lineCount ? [] : [`    ${document.lineAt(line).text.trim()}`];
  return [first, ...quoted, ...relatedTexts(diagnostic)].join("\n");
}

/** The places that a problem comes from, where its source names them. */
function relatedTexts({ relatedInformation = [] }: vscode.Diagnostic): readonly string[] {
  return relatedInformation.slice(0, MAX_RELATED).map(({ location, message }) => {
    const { line, character } = location.range.start;
    return `    ${placeOfDocument(location.uri).path}:${line + 1}:${character + 1}: ${withoutAbsolutePaths(message)}`;
  });
}

function codeOf({ code }: vscode.Diagnostic): string | undefined {
  const value = typeof code === "object" ? code.value : code;
  return value === undefined ? undefined : String(value);
}

const SEVERITIES: Readonly<Record<vscode.DiagnosticSeverity, string>> = ["error", "warning", "info", "hint"];
