import * as vscode from "vscode";
import type { Chat } from "../../../assistant/chat.ts";
import type { Conversation, Turn } from "../../../contract/conversation.ts";
import type { ModelRef } from "../../../contract/model.ts";
import type { ModelOption } from "../../../contract/modelOptions.ts";
import { describeSkipped } from "../../../explain/decision/skipped.ts";
import { describeExpectedCost, describePrices } from "../../../explain/money.ts";
import { modelNames } from "../../../explain/names.ts";

/** Which model answers a prompt again. */
export type NextTryChoice =
  | { readonly kind: "stronger" }
  | { readonly kind: "model"; readonly ref: ModelRef };

type Item = vscode.QuickPickItem & { readonly choice?: NextTryChoice };

/**
 * Asks which model answers the prompt of a turn again: a stronger one, with its expected cost, or any that can be used,
 * with its prices and its state. Resolves to undefined if the user cancels.
 */
export async function askForNextTry(
  chat: Pick<Chat, "stronger" | "modelOptions">,
  conversation: Conversation,
  turn: Turn,
): Promise<NextTryChoice | undefined> {
  const before = conversation.turns.slice(0, conversation.turns.indexOf(turn));
  const [stronger, { models, nowMs }] = await Promise.all([
    chat.stronger(turn),
    chat.modelOptions({ ...conversation, turns: before }, turn.prompt),
  ]);
  const names = modelNames(models.map(({ ref }) => ref));
  const better: readonly Item[] =
    stronger === undefined
      ? []
      : [
          {
            label: vscode.l10n.t("Try a stronger model"),
            description: `${names(stronger.ref)} · ${describeExpectedCost(stronger.expectedNanoUsd)}`,
            iconPath: new vscode.ThemeIcon("arrow-up"),
            choice: { kind: "stronger" },
          },
          { label: vscode.l10n.t("Another model"), kind: vscode.QuickPickItemKind.Separator },
        ];
  const usable = models.filter(({ isBlocked }) => isBlocked !== true);
  const items = [...better, ...usable.map((option) => itemOf(option, names(option.ref), nowMs))];
  if (items.length === 0) {
    void vscode.window.showInformationMessage(vscode.l10n.t("No other model can answer this prompt."));
    return undefined;
  }
  const picked = await vscode.window.showQuickPick(items, {
    title: vscode.l10n.t("Answer this prompt again"),
    placeHolder: vscode.l10n.t("The current answer is kept. Prices are per 1M tokens of input and output."),
    matchOnDescription: true,
  });
  return picked?.choice;
}

function itemOf(option: ModelOption, name: string, nowMs: number): Item {
  const { ref, skipped } = option;
  return {
    label: name,
    description: describePrices(option),
    choice: { kind: "model", ref },
    ...(skipped === undefined ? {} : { detail: describeSkipped(skipped, nowMs) }),
  };
}
