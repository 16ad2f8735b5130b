import * as vscode from "vscode";
import type { Chat } from "../../../assistant/chat.ts";
import type { Conversation } from "../../../contract/conversation.ts";
import { formatTokens } from "../../../explain/format.ts";

/** How many of the last turns the user can keep, apart from all. */
const KEPT_TURNS: readonly number[] = [1, 2, 5, 10, 20, 50, 100];

type Choice = vscode.QuickPickItem & { readonly leftOut: number };

/**
 * Asks how many of the earlier turns are sent with each prompt, with the tokens of each choice. Resolves to the number of
 * the oldest turns that are left out; undefined if the user cancels.
 */
export async function askForTurnsToLeaveOut(
  chat: Pick<Chat, "earlierTokens">,
  conversation: Conversation,
): Promise<number | undefined> {
  const { turns, leftOut: current = 0 } = conversation;
  const total = turns.length;
  const choices = [
    0,
    ...KEPT_TURNS.filter((kept) => kept < total)
      .map((kept) => total - kept)
      .toReversed(),
  ];
  const items = choices.map((leftOut): Choice => {
    const tokens = formatTokens(chat.earlierTokens({ ...conversation, leftOut }));
    return {
      label: labelOf(leftOut, total),
      description: vscode.l10n.t("about {tokens} tokens", { tokens }),
      leftOut,
      ...(leftOut === current ? { detail: vscode.l10n.t("As now") } : {}),
    };
  });
  const picked = await vscode.window.showQuickPick(items, {
    title: vscode.l10n.t("Earlier turns to send with each prompt"),
    placeHolder: vscode.l10n.t("Turns that are left out stay in the conversation, and can be sent again"),
  });
  return picked?.leftOut;
}

function labelOf(leftOut: number, total: number): string {
  if (leftOut === 0) return vscode.l10n.t("All {count} turns", { count: total });
  return total - leftOut === 1
    ? vscode.l10n.t("The last turn")
    : vscode.l10n.t("The last {count} turns", { count: total - leftOut });
}
