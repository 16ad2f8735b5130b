import type { FromView } from "../../../contract/view/protocol.ts";
import type { CodeRequests } from "../../code/codeRequests.ts";
import type { ContextRequests } from "./contextRequests.ts";
import type { ConversationRequests } from "./conversationRequests.ts";
import type { InputRequests } from "./inputRequests.ts";
import type { ListRequests } from "./listRequests.ts";
import type { ModelRequests } from "./modelRequests.ts";
import type { StatusRequests } from "./statusRequests.ts";

/** What carries out the requests of the view, by topic. */
export type RequestHandlers = {
  readonly conversation: ConversationRequests;
  readonly list: ListRequests;
  readonly input: InputRequests;
  readonly models: ModelRequests;
  readonly context: ContextRequests;
  readonly status: StatusRequests;
  readonly code: Pick<CodeRequests, "handle">;
};

/** Carries out a request of the view by the handler of its topic. */
export async function handleRequest(
  message: Exclude<FromView, { type: "ready" }>,
  handlers: RequestHandlers,
): Promise<void> {
  const { conversation, list, input, models, context, status, code } = handlers;
  switch (message.type) {
    case "send":
      input.clearDraft();
      return conversation.handle(message);
    case "secretsChoice":
      if (message.text !== "") input.clearDraft();
      return conversation.chooseForSecrets(message);
    case "loadTurns":
    case "stop":
    case "retry":
    case "regenerate":
    case "regenerateWith":
    case "editPrompt":
    case "showTurn":
    case "continue":
    case "budgetChoice":
    case "leaveOut":
    case "moveToNew":
    case "thumb":
    case "copyDecision":
      return conversation.handle(message);
    case "editQueued":
    case "moveQueued":
    case "removeQueued":
    case "sendQueued":
    case "openQueuedContext":
      return conversation.handleQueue(message);
    case "new":
    case "list":
    case "open":
    case "delete":
    case "undelete":
    case "rename":
    case "pin":
    case "export":
    case "import":
      return list.handle(message);
    case "draft":
    case "save":
    case "dropCommand":
    case "recentPrompts":
      return input.handle(message);
    case "openModels":
    case "chooseModel":
    case "chooseEffort":
    case "setDial":
      return models.handle(message);
    case "findContext":
    case "attachSelection":
    case "attachChoice":
    case "attachUris":
    case "attachText":
    case "attachPasted":
    case "attachImage":
    case "detach":
    case "openContext":
      return context.handle(message);
    case "copy":
    case "useCode":
    case "openLink":
    case "checkPaths":
    case "openPath":
      return code.handle(message);
    case "replaceKey":
    case "resetBreaker":
    case "dismissWarning":
    case "command":
      return status.handle(message);
  }
}
