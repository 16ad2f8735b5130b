import type { Chat } from "../../../assistant/chat.ts";
import type { InputRequest } from "../../../contract/view/inputMessages.ts";
import type { ToView } from "../../../contract/view/protocol.ts";
import type { Attachments } from "../attachments.ts";
import type { ConversationDisplay } from "../conversationDisplay.ts";
import type { WindowState } from "../windowState.ts";

export type InputRequestsDeps = {
  readonly chat: Pick<Chat, "forecast" | "earlierTokens">;
  readonly display: ConversationDisplay;
  readonly attachments: Attachments;
  readonly state: WindowState;
  readonly post: (message: ToView) => void;
};

/** Carries out what the user does with the next prompt, before it is sent. */
export class InputRequests {
  readonly #deps: InputRequestsDeps;
  /** The text in the input, as far as the view has sent it. */
  #draft = "";
  #forecasts = 0;

  constructor(deps: InputRequestsDeps) {
    this.#deps = deps;
  }

  async handle(request: InputRequest): Promise<void> {
    const { attachments, state } = this.#deps;
    switch (request.type) {
      case "draft":
        this.#draft = request.text;
        return this.forecast();
      case "save":
        state.view = request.state;
        return;
      case "dropCommand":
        return attachments.removeCommand();
    }
  }

  /** Forgets the text in the input, because it is sent. */
  clearDraft(): void {
    this.#draft = "";
  }

  /** Posts where the prompt in the input would go, and its expected cost. */
  async forecast(): Promise<void> {
    const { chat, display, attachments, post } = this.#deps;
    const draft = this.#draft;
    const number = ++this.#forecasts;
    const prompt = attachments.promptOf(draft.trim());
    if (prompt.text === "" && prompt.context.length === 0)
      return post({ type: "forecast", forecast: null, draft });
    const { conversation } = display;
    const decision = await chat.forecast(conversation, prompt);
    const earlierTokens = chat.earlierTokens(conversation);
    if (number === this.#forecasts) post({ type: "forecast", forecast: { decision, earlierTokens }, draft });
  }
}
