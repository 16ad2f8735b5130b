import * as vscode from "vscode";
import { compareProblems } from "../../../assistant/edits/check/compareProblems.ts";
import type { CheckFailure, EditCheck, ReportedProblem } from "../../../contract/edit/editCheck.ts";
import { comparableProblem, isShown, reportedProblem } from "../../chat/context/problems.ts";
import type { DocumentEdit } from "../editEvents.ts";
import type { SettledProblems } from "./settledProblems.ts";

/** Languages whose server reports nothing where the problems of a file stay the same. Other servers report each change. */
const REPORTS_CHANGES_ONLY = new Set(["typescript", "typescriptreact", "javascript", "javascriptreact"]);

/** VS Code's TypeScript waits up to 0.8 s after a change; clients of other servers wait about as long. */
const FIRST_MS = 1_000;
/** So long a report is waited for. One that does not come by then is taken as one that changes nothing. */
const REPORT_MS = 10_000;

/**
 * Checks an edit that is in its document: whether the language server reports errors that were not there before, in any
 * document, and whether the problems are gone that the edit was to remove. Undefined if the signal is aborted, or the
 * document is closed.
 */
export async function checkDiagnostics(
  edit: DocumentEdit,
  privatePaths: readonly string[],
  problems: SettledProblems,
  signal: AbortSignal,
): Promise<EditCheck | undefined> {
  const key = edit.uri.toString();
  const document = vscode.workspace.textDocuments.find(({ uri }) => uri.toString() === key);
  if (document === undefined) return undefined;
  const changed = new Set<string>();
  const reported = new Map<string, vscode.Uri>();
  const end = new AbortController();
  const subscriptions = vscode.Disposable.from(
    vscode.workspace.onDidChangeTextDocument(({ document: { uri }, contentChanges }) => {
      if (contentChanges.length === 0) return;
      changed.add(uri.toString());
    }),
    vscode.workspace.onDidCloseTextDocument((closed) => {
      if (closed === document) end.abort();
    }),
  );
  try {
    const isKnown = edit.problemsBefore.reported.some(([uri]) => uri.toString() === key);
    const reportMs = isKnown && !REPORTS_CHANGES_ONLY.has(document.languageId) ? REPORT_MS : 0;
    const settled = await problems.settle(
      document,
      { firstMs: FIRST_MS, reportMs },
      (uris) => {
        for (const uri of uris) reported.set(uri.toString(), uri);
      },
      AbortSignal.any([signal, end.signal]),
    );
    if (signal.aborted || end.signal.aborted) return undefined;
    const unchecked = (reason: Extract<EditCheck, { kind: "unchecked" }>["reason"]): EditCheck => ({
      kind: "unchecked",
      by: "diagnostics",
      reason,
    });
    if (changed.has(key)) return unchecked("changed");
    if (settled.kind !== "settled") return unchecked("not-settled");
    if (!isKnown && !settled.isAnswered && !reported.has(key)) return unchecked("no-language-server");
    // In a document that the user writes in, new errors are the user's.
    const compared = [edit.uri, ...reported.values()].filter((uri) => !changed.has(uri.toString()));
    const { failures, isCertain } = compare(edit, compared, privatePaths);
    const [first, ...others] = failures;
    if (first !== undefined) return { kind: "failed", by: "diagnostics", failures: [first, ...others] };
    return isCertain ? { kind: "passed", by: "diagnostics" } : unchecked("not-settled");
  } finally {
    subscriptions.dispose();
  }
}

function compare(
  edit: DocumentEdit,
  uris: readonly vscode.Uri[],
  privatePaths: readonly string[],
): { readonly failures: readonly CheckFailure[]; readonly isCertain: boolean } {
  const { target, problemsBefore, before: textBefore, after: textAfter } = edit;
  const problems = (uri: vscode.Uri, diagnostics: readonly vscode.Diagnostic[]) =>
    diagnostics
      .filter(isShown)
      .map((diagnostic) => ({ ...comparableProblem(uri, diagnostic), document: uri, diagnostic }));
  const byUri = new Map(uris.map((uri) => [uri.toString(), uri]));
  const compared = compareProblems({
    uri: edit.uri.toString(),
    textAsked: target.text,
    textBefore,
    textAfter,
    before: problemsBefore.reported
      .filter(([uri]) => byUri.has(uri.toString()))
      .flatMap(([uri, diagnostics]) => problems(uri, diagnostics)),
    isBeforeComplete: problemsBefore.isComplete,
    after: [...byUri.values()].flatMap((uri) => problems(uri, vscode.languages.getDiagnostics(uri))),
    fixes: problems(edit.uri, edit.fixes),
  });
  const asFailure = (kind: "new-errors" | "not-fixed", found: typeof compared.newErrors): CheckFailure[] => {
    const [first, ...others] = found.map(
      ({ document, diagnostic }): ReportedProblem => reportedProblem(document, diagnostic, privatePaths),
    );
    return first === undefined ? [] : [{ kind, problems: [first, ...others] }];
  };
  return {
    failures: [...asFailure("new-errors", compared.newErrors), ...asFailure("not-fixed", compared.notFixed)],
    isCertain: compared.uncertain.length === 0,
  };
}
