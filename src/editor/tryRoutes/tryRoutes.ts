import * as vscode from "vscode";
import type { Chat } from "../../assistant/chat.ts";
import type { Engine } from "../../engine/engine.ts";
import { cellText } from "../reports/markdown.ts";
import type { ReportDocuments } from "../reports/reportDocuments.ts";
import { parsePromptFile, savedPrompts, type Trial } from "./prompts.ts";
import { type DecidedTrial, decideAll, trialReport } from "./trialReport.ts";

export type TryRoutesDeps = {
  readonly engine: () => Promise<Pick<Engine, "decide">>;
  readonly chat: Pick<Chat, "list" | "open">;
  readonly documents: ReportDocuments;
  readonly privatePaths: () => readonly string[];
};

const SAVED_PROMPTS = 50;
/** A longer table is of no use; `switchyard decide` takes any number of prompts. */
const MOST_PROMPTS = 1000;
const MOST_BYTES = 16 * 1024 * 1024;
const MOST_LINE_NUMBERS = 10;
const NAME_CHARACTERS = 200;

type Prompts = {
  readonly trials: readonly Trial[];
  /** Where they come from, within a sentence. */
  readonly source: string;
  /** Sentences about what is left out. */
  readonly notes: readonly string[];
};

/** Asks for prompts and shows where the current settings would send them. Nothing is sent. */
export async function tryRoutes(deps: TryRoutesDeps): Promise<void> {
  const prompts = await choosePrompts(deps);
  if (prompts === undefined) return;
  const { trials, source, notes } = prompts;
  if (trials.length === 0) {
    const message = vscode.l10n.t("There are no prompts in {source}.", { source });
    await vscode.window.showInformationMessage([message, ...notes].join(" "));
    return;
  }
  const decided = await decideWithProgress(trials, await deps.engine());
  if (decided.length === 0) return;
  const stopped = vscode.l10n.t("Stopped after {count} of {total}.", {
    count: decided.length,
    total: trials.length,
  });
  const report = trialReport({
    trials: decided,
    source: cellText(source, NAME_CHARACTERS),
    notes: decided.length < trials.length ? [stopped, ...notes] : notes,
  });
  await deps.documents.show(vscode.l10n.t("Routes tried"), report);
}

async function decideWithProgress(
  trials: readonly Trial[],
  engine: Pick<Engine, "decide">,
): Promise<readonly DecidedTrial[]> {
  const options = {
    location: vscode.ProgressLocation.Notification,
    title: vscode.l10n.t("Trying routes"),
    cancellable: true,
  };
  return vscode.window.withProgress(options, (progress, token) => {
    const abort = new AbortController();
    token.onCancellationRequested(() => abort.abort());
    let before = 0;
    const report = (count: number) => {
      const increment = ((count - before) / trials.length) * 100;
      before = count;
      const message = vscode.l10n.t("{count} of {total}", { count, total: trials.length });
      progress.report({ increment, message });
    };
    return decideAll(trials, (request) => engine.decide(request), abort.signal, report);
  });
}

async function choosePrompts({ chat, privatePaths }: TryRoutesDeps): Promise<Prompts | undefined> {
  const saved = {
    label: vscode.l10n.t("Saved conversations"),
    description: vscode.l10n.t("The last {count} prompts, and what would change", { count: SAVED_PROMPTS }),
    iconPath: new vscode.ThemeIcon("history"),
  };
  const file = {
    label: vscode.l10n.t("A file…"),
    description: vscode.l10n.t("One prompt per line (.txt, .md) or one object per line (.jsonl)"),
    iconPath: new vscode.ThemeIcon("file"),
  };
  const chosen = await vscode.window.showQuickPick([saved, file], {
    title: vscode.l10n.t("Try routes"),
    placeHolder: vscode.l10n.t("Select the prompts to try"),
  });
  if (chosen === saved) {
    const trials = await savedPrompts(chat, SAVED_PROMPTS);
    return { trials, source: vscode.l10n.t("saved conversations"), notes: [] };
  }
  return chosen === file ? chooseFile(privatePaths()) : undefined;
}

async function chooseFile(privatePaths: readonly string[]): Promise<Prompts | undefined> {
  const [uri] =
    (await vscode.window.showOpenDialog({
      title: vscode.l10n.t("Select a file with prompts"),
      openLabel: vscode.l10n.t("Try"),
      filters: { [vscode.l10n.t("Prompts")]: ["txt", "md", "jsonl", "ndjson"] },
    })) ?? [];
  if (uri === undefined) return undefined;
  const name = uri.path.slice(uri.path.lastIndexOf("/") + 1);
  const { size } = await vscode.workspace.fs.stat(uri);
  if (size > MOST_BYTES) {
    await vscode.window.showWarningMessage(
      vscode.l10n.t("{file} is larger than 16 MB. Use “switchyard decide” for files of any size.", {
        file: name,
      }),
    );
    return undefined;
  }
  const text = new TextDecoder().decode(await vscode.workspace.fs.readFile(uri));
  const { trials, malformed } = parsePromptFile(name, text, privatePaths);
  return {
    trials: trials.slice(0, MOST_PROMPTS),
    source: name,
    notes: [...cutNote(trials.length), ...malformedNote(malformed)],
  };
}

function cutNote(count: number): readonly string[] {
  if (count <= MOST_PROMPTS) return [];
  return [
    vscode.l10n.t("The file has {count} prompts. Use “switchyard decide” to try all of them.", {
      count: count.toLocaleString(),
    }),
  ];
}

function malformedNote(lines: readonly number[]): readonly string[] {
  if (lines.length === 0) return [];
  const numbers = lines.slice(0, MOST_LINE_NUMBERS).join(", ");
  return [
    lines.length <= MOST_LINE_NUMBERS
      ? vscode.l10n.t("These lines hold no prompt: {lines}.", { lines: numbers })
      : vscode.l10n.t("{count} lines hold no prompt, starting with {lines}.", {
          count: lines.length,
          lines: numbers,
        }),
  ];
}
