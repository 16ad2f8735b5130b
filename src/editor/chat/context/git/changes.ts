import * as vscode from "vscode";
import { estimateTokens } from "../../../../models/tokens.ts";
import { isPrivateDocument, placeOfDocument } from "../places.ts";
import { cutLines, type Gathered, nothing } from "../source.ts";
import { type GitChange, type GitRepository, gitApi } from "./git.ts";

/** A longer diff is cut. */
const MAX_CHARACTERS = 400_000;
/** Git's status of a file that it does not track (`Status.UNTRACKED` of its API). */
const UNTRACKED = 7;

/**
 * Gathers what is not committed, of all repositories of the workspace: staged or not, and new files as a whole. Private
 * files are left out.
 */
export async function changes(privatePaths: readonly string[]): Promise<Gathered> {
  const api = await gitApi();
  if (api === undefined)
    return nothing(
      vscode.l10n.t("VS Code’s Git extension is turned off, so there are no changes to attach."),
    );
  if (api.repositories.length === 0)
    return nothing(vscode.l10n.t("No folder of this workspace is a Git repository."));
  const diffs: Diff[] = [];
  let total = 0;
  let length = 0;
  for (const repository of api.repositories) {
    await repository.status();
    for (const change of changedFiles(repository)) {
      if (isPrivateDocument(privatePaths, change.uri)) continue;
      total += 1;
      if (length > MAX_CHARACTERS) continue;
      const diff = await diffOf(repository, change);
      if (diff === undefined) total -= 1;
      else diffs.push(diff);
      length += diff?.text.length ?? 0;
    }
  }
  if (diffs.length === 0) return nothing(vscode.l10n.t("Nothing has changed since the last commit."));
  const { text, leftOut } = cutLines(diffs.map((diff) => diff.text).join("\n"), MAX_CHARACTERS);
  const isWhole = diffs.length === total;
  return {
    kind: "items",
    items: [
      {
        kind: "changes",
        paths: diffs.map(({ path }) => path),
        text,
        tokens: estimateTokens(text),
        isPrivate: false,
        leftOut: isWhole ? leftOut : { unit: "files", included: diffs.length, total },
      },
    ],
  };
}

type Diff = { readonly path: string; readonly text: string };

/** Returns each changed file once, whether it is staged, changed since, or both. */
export function changedFiles({ state }: GitRepository): readonly GitChange[] {
  const all = [
    ...state.workingTreeChanges,
    ...state.indexChanges,
    ...state.mergeChanges,
    ...(state.untrackedChanges ?? []),
  ];
  return [...new Map(all.map((change) => [change.uri.toString(), change])).values()];
}

/** Returns the difference of a file to the last commit; undefined if there is none, or it is not text. */
async function diffOf(repository: GitRepository, { uri, status }: GitChange): Promise<Diff | undefined> {
  const { path } = placeOfDocument(uri);
  const isNew = status === UNTRACKED || repository.state.HEAD?.commit === undefined;
  const text = isNew ? await newFile(uri, path) : await repository.diffWithHEAD(uri.fsPath);
  return text === undefined || text.trim() === "" ? undefined : { path, text: text.trimEnd() };
}

/** Returns a file that Git does not know yet as a diff that adds all of it. */
async function newFile(uri: vscode.Uri, path: string): Promise<string | undefined> {
  try {
    const bytes = await vscode.workspace.fs.readFile(uri);
    if (bytes.includes(0)) return undefined;
    const lines = new TextDecoder().decode(bytes).replace(/\n$/, "").split("\n");
    const head = [`diff --git a/${path} b/${path}`, "new file", "--- /dev/null", `+++ b/${path}`];
    return [...head, `@@ -0,0 +1,${lines.length} @@`, ...lines.map((line) => `+${line}`)].join("\n");
  } catch {
    // A folder that is a repository of its own, or a file that was deleted meanwhile.
    return undefined;
  }
}
