import type { Chat } from "../../../assistant/chat.ts";
import type { Decision } from "../../../contract/decision.ts";
import { splitRef } from "../../../contract/model.ts";
import type { CommandsRequest } from "../../../contract/view/commandMessages.ts";
import type { InputRequest } from "../../../contract/view/inputMessages.ts";
import type { ToView } from "../../../contract/view/protocol.ts";
import { imageTokensOf } from "../../../models/tokens.ts";
import type { Attachments } from "../attachments.ts";
import type { PromptCommands } from "../commands/promptCommands.ts";
import type { ConversationDisplay } from "../conversationDisplay.ts";
import { contextChip } from "../conversationView.ts";
import type { WindowState } from "../windowState.ts";

/** A forecast takes what was gathered this long ago, because there is one after each pause of typing. */
const MAX_AGE_MS = 10_000;

export type InputRequestsDeps = {
  readonly chat: Pick<Chat, "forecast" | "earlierTokens" | "recentPrompts">;
  readonly commands: Pick<PromptCommands, "list" | "fill">;
  readonly display: ConversationDisplay;
  readonly attachments: Attachments;
  readonly state: WindowState;
  readonly post: (message: ToView) => void;
  /** False while the view is hidden: nothing is gathered or decided for it. */
  readonly isViewReady: () => boolean;
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

  async handle(request: InputRequest | CommandsRequest): Promise<void> {
    const { attachments, state, chat, post } = this.#deps;
    switch (request.type) {
      case "draft":
        this.#draft = request.text;
        return this.forecast();
      case "save":
        state.view = request.state;
        return;
      case "dropCommand":
        attachments.removeCommand();
        return this.forecast();
      case "recentPrompts":
        return post({ type: "recentPrompts", prompts: [...(await chat.recentPrompts())] });
    }
  }

  /** Forgets the text in the input, because it is sent. */
  clearDraft(): void {
    const { state } = this.#deps;
    this.#draft = "";
    // A window that is reloaded before its view has saved this shows no prompt in the input that was sent.
    if (state.view.draft !== "") state.view = { ...state.view, draft: "" };
  }

  /** Posts the commands that can be typed, and what that means for the text in the input. */
  async postCommands(): Promise<void> {
    const { commands, post, isViewReady } = this.#deps;
    if (!isViewReady()) return;
    post({ type: "commands", commands: await commands.list() });
    await this.refresh();
  }

  /** Decides again where a prompt that was typed would go: the conversation or the settings have changed. */
  async refresh(): Promise<void> {
    if (this.#draft.trim() !== "") await this.forecast();
  }

  /** Decides again where the prompt in the input would go, if it is a command: the editor has other code selected. */
  async refreshCommand(): Promise<void> {
    if (this.#draft.trimStart().startsWith("/")) await this.forecast();
  }

  /** Posts where the prompt in the input would go, and its expected cost; for a command, also what it lacks. */
  async forecast(): Promise<void> {
    const { chat, display, attachments, commands, post, isViewReady } = this.#deps;
    if (!isViewReady()) return;
    const draft = this.#draft;
    const number = ++this.#forecasts;
    const prompt = attachments.promptOf(draft.trim());
    if (prompt.text === "" && prompt.context.length === 0)
      return post({ type: "forecast", forecast: null, draft });
    const filled = await commands.fill(prompt, MAX_AGE_MS);
    if (number !== this.#forecasts) return;
    if (filled.kind === "missing")
      return post({ type: "forecast", forecast: null, draft, missing: filled.reason });
    const { conversation } = display;
    const decision = await chat.forecast(conversation, filled.prompt);
    const earlierTokens = chat.earlierTokens(conversation);
    const added = filled.prompt.context.filter((item) => !prompt.context.includes(item)).map(contextChip);
    if (number === this.#forecasts)
      post({
        type: "forecast",
        forecast: { decision, earlierTokens, added, imageTokens: imageTokensIn(decision) },
        draft,
      });
  }
}

/** The most tokens that one image can have for the first model of a decision. */
function imageTokensIn({ attributes, outcome }: Decision): number | undefined {
  if (outcome.kind === "blocked" || attributes.images === 0) return undefined;
  return imageTokensOf(splitRef(outcome.chain[0].ref).model, []);
}
