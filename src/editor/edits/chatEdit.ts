import type * as vscode from "vscode";
import type { Turn } from "../../contract/conversation.ts";
import { isPrivateDocument, placeOfDocument } from "../chat/context/places.ts";
import type { DocumentEdit } from "./editEvents.ts";

/**
 * Returns code of a chat's answer as an edit of a document, before it is made. Undefined if it is not known which models were
 * asked: the answer is not complete, or its turn is not shown any more.
 */
export function chatEdit(
  document: vscode.TextDocument,
  turn: Turn | undefined,
  privatePaths: readonly string[],
): Omit<DocumentEdit, "uri" | "before" | "after" | "problemsBefore"> | undefined {
  const { decision, summary } = turn?.answer ?? {};
  if (turn === undefined || decision === undefined || summary === undefined) return undefined;
  const { command = "", instructions = "", text: words, context } = turn.prompt;
  return {
    tries: [{ decision, summary }],
    decisionId: decision.id,
    task: { command, instructions, words, context },
    target: {
      path: placeOfDocument(document.uri).path,
      language: document.languageId,
      text: document.getText(),
      range: { lines: { start: 0, end: document.lineCount }, isRestOpen: true },
      isPrivate: isPrivateDocument(privatePaths, document.uri),
    },
    fixes: [],
  };
}
