import type { PromptCommand } from "../../../contract/view/commandMessages.ts";
import type { ContextChoice } from "../../../contract/view/contextMessages.ts";
import type { TurnView } from "../../../contract/view/conversationMessages.ts";
import type { Forecast } from "../../../contract/view/inputMessages.ts";
import type { ModelPickerView } from "../../../contract/view/modelMessages.ts";
import type { ToView } from "../../../contract/view/protocol.ts";
import type { QueuedPromptView } from "../../../contract/view/queueMessages.ts";
import type { HeldPrompt } from "../../../contract/view/secretMessages.ts";
import type { BudgetView, ConversationBudget, Readiness } from "../../../contract/view/statusMessages.ts";
import type { ContextChip, ConversationRow, ModelChoice } from "../../../contract/view/types.ts";
import { answeringModel } from "../../../explain/attempts.ts";
import type { ProviderNames } from "../../../explain/names.ts";
import { append, type GrowingText, growingText } from "../../markdown/growingText.ts";

/** Everything that the view shows except the turns, which change far more often. */
export type Shell = {
  /** Null until the editor has sent what to show. */
  readonly screen: "chat" | "list" | null;
  readonly conversation: {
    readonly id: string;
    readonly title: string;
    readonly isPrivate: boolean;
    readonly leftOut: number;
    readonly isPinned: boolean;
  } | null;
  readonly busyTurnId: string | null;
  /** Another window writes the answer of the busy turn. */
  readonly isElsewhere: boolean;
  /** The prompts that wait, in the order of sending. */
  readonly queued: readonly QueuedPromptView[];
  readonly list: {
    readonly rows: readonly ConversationRow[];
    readonly query: string;
    readonly nowMs: number;
  };
  readonly deleted: { readonly id: string; readonly title: string } | null;
  readonly budget: BudgetView | null;
  readonly conversationBudget: ConversationBudget | null;
  readonly readiness: Readiness | null;
  readonly providerNames: ProviderNames;
  readonly forecast: Forecast | null;
  /** Why the prompt in the input would not be sent. */
  readonly missing: string | null;
  readonly promptCommands: readonly PromptCommand[];
  /** Prompts of other conversations, the newest first. */
  readonly recentPrompts: readonly string[];
  readonly warningPercent: number | null;
  /** What the user chose for the conversation. */
  readonly choice: ModelChoice;
  /** What the model picker shows; null until it was opened. */
  readonly picker: ModelPickerView | null;
  /** What can be attached, for the text that the view asked with last. */
  readonly found: { readonly query: string; readonly choices: readonly ContextChoice[] } | null;
  /** Why something was not attached or opened. */
  readonly contextNotice: string | null;
  /** A prompt that was not sent because it contains what looks like secrets. */
  readonly heldPrompt: HeldPrompt | null;
  readonly attached: { readonly context: readonly ContextChip[]; readonly command?: string | undefined };
};

/** A turn, with the text of its answer apart: a chunk changes the text and nothing else. */
export type TurnState = { readonly turn: TurnView; readonly text: GrowingText };

export type State = { readonly shell: Shell; readonly turns: readonly TurnState[] };

export const initialState: State = {
  shell: {
    screen: null,
    conversation: null,
    busyTurnId: null,
    isElsewhere: false,
    queued: [],
    list: { rows: [], query: "", nowMs: 0 },
    deleted: null,
    budget: null,
    conversationBudget: null,
    readiness: null,
    providerNames: {},
    forecast: null,
    missing: null,
    promptCommands: [],
    recentPrompts: [],
    warningPercent: null,
    choice: {},
    picker: null,
    found: null,
    contextNotice: null,
    heldPrompt: null,
    attached: { context: [] },
  },
  turns: [],
};

/** The state after a message. Parts that a message does not change stay the same objects. */
export function reduce(state: State, message: ToView): State {
  if (isForOtherConversation(state, message)) return state;
  const { shell: oldShell, turns: oldTurns } = isDeletion(state, message)
    ? withoutConversation(state)
    : state;
  const shell = reduceShell(oldShell, message);
  const turns = reduceTurns(oldTurns, message);
  return shell === state.shell && turns === state.turns ? state : { shell, turns };
}

/** Whether the shown conversation was deleted. */
function isDeletion({ shell }: State, message: ToView): boolean {
  return message.type === "deleted" && shell.conversation?.id === message.id;
}

function withoutConversation({ shell }: State): State {
  const none = { conversation: null, busyTurnId: null, isElsewhere: false, queued: [] };
  return { shell: { ...shell, ...none }, turns: [] };
}

function isForOtherConversation({ shell }: State, message: ToView): boolean {
  const isOfConversation = message.type === "turn" || message.type === "turns" || message.type === "synced";
  return isOfConversation && shell.conversation !== null && shell.conversation.id !== message.conversationId;
}

function reduceShell(shell: Shell, message: ToView): Shell {
  switch (message.type) {
    case "conversation": {
      const { conversation, busyTurnId, isElsewhere = false } = message;
      return {
        ...shell,
        screen: "chat",
        conversation: conversation && {
          id: conversation.id,
          title: conversation.title,
          isPrivate: conversation.isPrivate,
          leftOut: conversation.leftOut ?? 0,
          isPinned: conversation.isPinned ?? false,
        },
        busyTurnId,
        isElsewhere,
        deleted: null,
      };
    }
    case "turn": {
      const { conversationId: id, title, isPrivate, leftOut = 0, turn } = message;
      return {
        ...shell,
        screen: "chat",
        conversation: { id, title, isPrivate, leftOut, isPinned: shell.conversation?.isPinned ?? false },
        busyTurnId: turn.answer.summary === undefined ? turn.id : shell.busyTurnId,
        isElsewhere: false,
      };
    }
    case "synced": {
      const { conversationId: id, title, isPrivate, leftOut = 0, isPinned = false, busyTurnId } = message;
      const conversation = { id, title, isPrivate, leftOut, isPinned };
      return { ...shell, conversation, busyTurnId, isElsewhere: busyTurnId !== null };
    }
    case "answer": {
      const busyTurnId = shell.busyTurnId === message.turnId ? null : shell.busyTurnId;
      return { ...shell, busyTurnId: message.busy ? message.turnId : busyTurnId };
    }
    case "conversations": {
      const { rows, query, nowMs } = message;
      return { ...shell, screen: "list", list: { rows, query, nowMs } };
    }
    case "header": {
      const { id, title, isPinned } = message;
      const { conversation } = shell;
      if (conversation?.id !== id) return shell;
      return { ...shell, conversation: { ...conversation, title, isPinned } };
    }
    case "deleted": {
      const { id, title } = message;
      const rows = shell.list.rows.filter((row) => row.id !== id);
      return { ...shell, deleted: { id, title }, list: { ...shell.list, rows } };
    }
    case "budget":
      return { ...shell, budget: message.budget };
    case "conversationBudget":
      return { ...shell, conversationBudget: message.budget };
    case "readiness":
      return { ...shell, readiness: message.readiness };
    case "providers":
      return { ...shell, providerNames: message.names };
    case "forecast":
      return { ...shell, forecast: message.forecast, missing: message.missing ?? null };
    case "commands":
      return { ...shell, promptCommands: message.commands };
    case "recentPrompts":
      return { ...shell, recentPrompts: message.prompts };
    case "budgetWarning":
      return { ...shell, warningPercent: message.percent };
    case "choice":
      return { ...shell, choice: message.choice };
    case "models":
      return { ...shell, picker: message.picker };
    case "queued":
      return { ...shell, queued: message.prompts };
    case "attached":
      return {
        ...shell,
        attached: { context: message.context, command: message.command },
        contextNotice: null,
      };
    case "contextChoices":
      return { ...shell, found: { query: message.query, choices: message.choices } };
    case "contextNotice":
      return message.text === shell.contextNotice ? shell : { ...shell, contextNotice: message.text };
    case "heldPrompt":
      return { ...shell, heldPrompt: message.held };
    case "readImages":
    case "pasteAttached":
    case "paths":
    case "turns":
    case "text":
    case "restarted":
    case "restore":
    case "find":
    case "input":
    case "focus":
      return shell;
  }
}

function reduceTurns(turns: readonly TurnState[], message: ToView): readonly TurnState[] {
  switch (message.type) {
    case "conversation":
      return withKnownTurns(message.conversation?.turns ?? [], turns);
    case "turn":
      return withTurn(turns, message.turn, message.index);
    case "synced":
      return message.turns.reduce((all, turn) => withTurn(all, turn), turns);
    case "turns":
      return message.turns.reduce((all, turn) => updateTurn(all, turn.id, () => turnState(turn)), turns);
    case "text":
      return updateTurn(turns, message.turnId, ({ turn, text }) => ({
        turn,
        text: append(text, message.text),
      }));
    case "restarted":
      return updateTurn(turns, message.turnId, ({ turn: { answer, ...turn } }) => ({
        turn: { ...turn, answer: { ...answer, handoffs: [] } },
        text: growingText(""),
      }));
    case "answer":
      return updateTurn(turns, message.turnId, ({ turn, text }) => ({
        turn: { ...turn, answer: { ...message.answer, text: "" } },
        text,
      }));
    default:
      return turns;
  }
}

/** What is known of a turn stays when the editor sends its outline: only these parts of it can have changed. */
function withKnownTurns(turns: readonly TurnView[], known: readonly TurnState[]): readonly TurnState[] {
  const states = new Map(known.map((state) => [state.turn.id, state]));
  return turns.map((turn) => {
    const state = states.get(turn.id);
    if (turn.isOutline !== true || state === undefined || state.turn.isOutline === true)
      return turnState(turn);
    const { alternatives, answer } = turn;
    const { thumb } = answer;
    const before = state.turn;
    const isSame =
      before.answer.thumb === thumb && JSON.stringify(before.alternatives) === JSON.stringify(alternatives);
    return isSame
      ? state
      : { ...state, turn: { ...before, alternatives, answer: { ...before.answer, thumb } } };
  });
}

/** Adds a turn or replaces it. @param index how many turns stay before it, which ends the conversation then */
function withTurn(turns: readonly TurnState[], turn: TurnView, index?: number): readonly TurnState[] {
  const next = turnState(turn);
  const isKnown = turns.some((state) => state.turn.id === turn.id);
  if (isKnown) return updateTurn(turns, turn.id, () => next);
  return [...turns.slice(0, index), next];
}

function turnState(turn: TurnView): TurnState {
  return { turn, text: growingText(turn.answer.text) };
}

function updateTurn(
  turns: readonly TurnState[],
  id: string,
  update: (state: TurnState) => TurnState,
): readonly TurnState[] {
  // The turn that changes is nearly always the last one.
  const index = turns.findLastIndex(({ turn }) => turn.id === id);
  const state = turns[index];
  return state === undefined ? turns : turns.with(index, update(state));
}

/** The model of a turn, if it is known: the one that answered, else the one that was called last. */
export function modelOf({ answer }: TurnView): string | undefined {
  const { summary, decision, fallbacks, handoffs = [] } = answer;
  if (summary !== undefined) return answeringModel(summary);
  const lastHandoff = handoffs.at(-1)?.to;
  if (lastHandoff !== undefined && !fallbacks.some(({ from }) => from === lastHandoff)) return lastHandoff;
  const chosen = decision?.outcome.kind === "chosen" ? decision.outcome.chain[0].ref : undefined;
  return fallbacks.at(-1)?.to ?? chosen;
}
