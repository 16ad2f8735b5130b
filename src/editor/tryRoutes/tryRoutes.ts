import * as vscode from "vscode";
import type { Chat } from "../../assistant/chat.ts";
import type { Engine } from "../../engine/engine.ts";
import { prose } from "../reports/markdown.ts";
import type { VirtualDocuments } from "../reports/reportDocuments.ts";
import { promptsIn } from "./promptFile.ts";
import { keptPrompts } from "./prompts.ts";
import { type Trial, tryEach } from "./trial.ts";
import { trialReport } from "./trialReport.ts";

export type TryRoutesDeps = {
  readonly engine: () => Promise<Pick<Engine, "decide">>;
  readonly chat: Pick<Chat, "list" | "open">;
  readonly documents: VirtualDocuments;
  readonly privatePaths: () => readonly string[];
};

const KEPT_PROMPTS = 50;
/** A table with more rows is read by nobody; `switchyard decide` takes any number. */
const MOST_PROMPTS = 1000;
const MOST_BYTES = 16 * 1024 * 1024;
const MOST_NAMED_LINES = 10;
const NAME_CHARACTERS = 200;

/** Prompts to try, and what to say of them. */
type Chosen = {
  readonly trials: readonly Trial[];
  readonly source: string;
  readonly notes: readonly string[];
};

/** Asks for prompts and shows where they would go with the settings as they are now. Nothing is asked of any model. */
export async function tryRoutes(deps: TryRoutesDeps): Promise<void> {
  const chosen = await choose(deps);
  if (chosen === undefined) return;
  const { trials, source, notes } = chosen;
  if (trials.length === 0) {
    const words = vscode.l10n.t("There is no prompt in {source}.", { source });
    await vscode.window.showInformationMessage([words, ...notes].join(" "));
    return;
  }
  const engine = await deps.engine();
  const tried = await vscode.window.withProgress(
    {
      location: vscode.ProgressLocation.Notification,
      title: vscode.l10n.t("Trying routes"),
      cancellable: true,
    },
    (progress, token) => {
      const abort = new AbortController();
      token.onCancellationRequested(() => abort.abort());
      let before = 0;
      return tryEach(
        trials,
        (request) => engine.decide(request),
        abort.signal,
        (count) => {
          const increment = ((count - before) / trials.length) * 100;
          before = count;
          progress.report({
            increment,
            message: vscode.l10n.t("{count} of {total}", { count, total: trials.length }),
          });
        },
      );
    },
  );
  if (tried.length === 0) return;
  const places = { count: tried.length, total: trials.length };
  const stopped =
    tried.length < trials.length ? [vscode.l10n.t("Stopped after {count} of {total}.", places)] : [];
  const report = trialReport({
    tried,
    source: prose(source, NAME_CHARACTERS),
    notes: [...stopped, ...notes],
  });
  await deps.documents.show(vscode.l10n.t("Routes tried"), report);
}

async function choose({ chat, privatePaths }: TryRoutesDeps): Promise<Chosen | undefined> {
  const kept = {
    label: vscode.l10n.t("Kept conversations"),
    description: vscode.l10n.t("the last {count} prompts, and what would change", { count: KEPT_PROMPTS }),
    iconPath: new vscode.ThemeIcon("history"),
  };
  const file = {
    label: vscode.l10n.t("A file…"),
    description: vscode.l10n.t("a prompt a line (.txt, .md), or an object a line (.jsonl)"),
    iconPath: new vscode.ThemeIcon("file"),
  };
  const picked = await vscode.window.showQuickPick([kept, file], {
    title: vscode.l10n.t("Try routes"),
    placeHolder: vscode.l10n.t("Which prompts?"),
  });
  if (picked === kept) {
    const trials = await keptPrompts(chat, KEPT_PROMPTS);
    return { trials, source: vscode.l10n.t("kept conversations"), notes: [] };
  }
  return picked === file ? chooseFile(privatePaths()) : undefined;
}

async function chooseFile(privatePaths: readonly string[]): Promise<Chosen | undefined> {
  const [uri] =
    (await vscode.window.showOpenDialog({
      title: vscode.l10n.t("A file with prompts"),
      openLabel: vscode.l10n.t("Try"),
      filters: { [vscode.l10n.t("Prompts")]: ["txt", "md", "jsonl", "ndjson"] },
    })) ?? [];
  if (uri === undefined) return undefined;
  const name = uri.path.slice(uri.path.lastIndexOf("/") + 1);
  const { size } = await vscode.workspace.fs.stat(uri);
  if (size > MOST_BYTES) {
    await vscode.window.showWarningMessage(
      vscode.l10n.t("{file} is too large to be tried here. “switchyard decide” takes files of any size.", {
        file: name,
      }),
    );
    return undefined;
  }
  const text = new TextDecoder().decode(await vscode.workspace.fs.readFile(uri));
  const { trials, malformed } = promptsIn(name, text, privatePaths);
  return {
    trials: trials.slice(0, MOST_PROMPTS),
    source: name,
    notes: [...cutNote(trials.length), ...malformedNote(malformed)],
  };
}

function cutNote(count: number): readonly string[] {
  return count <= MOST_PROMPTS
    ? []
    : [
        vscode.l10n.t("They are the first of {count}; “switchyard decide” takes any number.", {
          count: count.toLocaleString(),
        }),
      ];
}

function malformedNote(lines: readonly number[]): readonly string[] {
  if (lines.length === 0) return [];
  const named = lines.slice(0, MOST_NAMED_LINES).join(", ");
  return [
    lines.length <= MOST_NAMED_LINES
      ? vscode.l10n.t("These lines are no prompts: {lines}.", { lines: named })
      : vscode.l10n.t("{count} lines are no prompts, the first of them: {lines}.", {
          count: lines.length,
          lines: named,
        }),
  ];
}
