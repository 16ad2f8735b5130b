import * as vscode from "vscode";
import type { Gathered } from "../../../../assistant/context.ts";
import { estimateTokens } from "../../../../models/tokens.ts";
import { ownText } from "../ownText.ts";
import { isPrivateDocument, placeOfDocument } from "../places.ts";
import { cutLines, nothing } from "../source.ts";
import { type GitChange, type GitRepository, gitApi } from "./git.ts";

/** A longer diff is cut. */
const MAX_CHARACTERS = 400_000;
/** A new file of more bytes is longer than that in any language. */
const MAX_NEW_BYTES = 3 * MAX_CHARACTERS;
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
      const text = await diffOf(repository, change);
      if (text === "") total -= 1;
      else if (text !== undefined) diffs.push({ path: placeOfDocument(change.uri).path, text });
      length += text?.length ?? 0;
    }
  }
  if (total === 0) return nothing(vscode.l10n.t("Nothing has changed since the last commit."));
  if (diffs.length === 0)
    return nothing(vscode.l10n.t("What has changed since the last commit cannot be attached as text."));
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

/** Returns the difference of a file to the last commit: empty if there is none, undefined if it cannot be read as text. */
async function diffOf(repository: GitRepository, { uri, status }: GitChange): Promise<string | undefined> {
  const isNew = status === UNTRACKED || repository.state.HEAD?.commit === undefined;
  return (isNew ? await newFile(uri) : await repository.diffWithHEAD(uri.fsPath))?.trimEnd();
}

/** Returns a file that Git does not know yet as a diff that adds all of it. */
async function newFile(uri: vscode.Uri): Promise<string | undefined> {
  const source = await ownText(uri, MAX_NEW_BYTES);
  if (source === undefined) return undefined;
  const { path } = placeOfDocument(uri);
  const lines = source.replace(/\n$/, "").split("\n");
  const head = [`diff --git a/${path} b/${path}`, "new file", "--- /dev/null", `+++ b/${path}`];
  return [...head, `@@ -0,0 +1,${lines.length} @@`, ...lines.map((line) => `+${line}`)].join("\n");
}
