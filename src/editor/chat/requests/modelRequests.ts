import * as vscode from "vscode";
import type { Chat } from "../../../assistant/chat.ts";
import type { ModelChoice } from "../../../contract/conversation.ts";
import type { Dial } from "../../../contract/decision.ts";
import type { ModelRequest } from "../../../contract/view/modelMessages.ts";
import type { ToView } from "../../../contract/view/protocol.ts";
import type { Attachments } from "../attachments.ts";
import type { ConversationDisplay } from "../conversationDisplay.ts";
import type { WindowState } from "../windowState.ts";
import type { ChangeConversation } from "./listRequests.ts";

export type ModelRequestsDeps = {
  readonly chat: Pick<Chat, "choose" | "modelOptions">;
  readonly display: ConversationDisplay;
  readonly attachments: Pick<Attachments, "promptOf">;
  readonly state: Pick<WindowState, "recentModels" | "addRecentModel">;
  /** The present value of `switchyard.dial`. */
  readonly dial: () => Dial;
  readonly post: (message: ToView) => void;
  readonly onChange: ChangeConversation;
  /** Decides again where the prompt in the input would go. */
  readonly forecast: () => Promise<void>;
};

/** Carries out what the user does in the model picker, and with the lock of a model. */
export class ModelRequests {
  readonly #deps: ModelRequestsDeps;

  constructor(deps: ModelRequestsDeps) {
    this.#deps = deps;
  }

  async handle(request: ModelRequest): Promise<void> {
    const { state, forecast } = this.#deps;
    switch (request.type) {
      case "openModels":
        return this.#postModels();
      case "chooseModel":
        if (request.model !== null) state.addRecentModel(request.model);
        return this.#choose({ model: request.model ?? undefined });
      case "chooseEffort":
        return this.#choose({ effort: request.effort ?? undefined });
      case "setDial":
        await vscode.workspace
          .getConfiguration()
          .update("switchyard.dial", request.dial, vscode.ConfigurationTarget.Global);
        await this.#postModels();
        return forecast();
    }
  }

  async #choose(change: ModelChoice): Promise<void> {
    const { chat, display, onChange, post, forecast } = this.#deps;
    const { id, turns, choice: before } = display.conversation;
    const choice = { ...before, ...change };
    onChange(id, (conversation) => ({ ...conversation, choice }));
    post({ type: "choice", choice });
    if (turns.length > 0) await chat.choose(id, choice);
    await forecast();
  }

  async #postModels(): Promise<void> {
    const { chat, display, attachments, state, dial, post } = this.#deps;
    const options = await chat.modelOptions(display.conversation, attachments.promptOf(""));
    post({ type: "models", picker: { options, recent: [...state.recentModels], dial: dial() } });
  }
}
