import type {
  BudgetView,
  ContextChip,
  Forecast,
  Readiness,
  ToView,
  TurnView,
} from "../../contract/view/protocol.ts";
import type { ConversationRow } from "../../contract/view/shown.ts";
import type { ProviderNames } from "../../explain/names.ts";
import { reduceTurns, type TurnState } from "./turns.ts";

/** What the view shows apart from the turns, which change far more often. */
export type Shell = {
  /** Null until the host has said what to show. */
  readonly screen: "chat" | "list" | null;
  readonly conversation: { readonly id: string; readonly title: string; readonly isPrivate: boolean } | null;
  readonly busyTurnId: string | null;
  readonly list: {
    readonly rows: readonly ConversationRow[];
    readonly query: string;
    readonly nowMs: number;
  };
  readonly deleted: { readonly id: string; readonly title: string } | null;
  readonly budget: BudgetView | null;
  readonly readiness: Readiness | null;
  readonly providerNames: ProviderNames;
  readonly forecast: { readonly forecast: Forecast; readonly draft: string } | null;
  readonly warningPercent: number | null;
  readonly attached: { readonly context: readonly ContextChip[]; readonly command?: string };
};

export type State = { readonly shell: Shell; readonly turns: readonly TurnState[] };

export const initialState: State = {
  shell: {
    screen: null,
    conversation: null,
    busyTurnId: null,
    list: { rows: [], query: "", nowMs: 0 },
    deleted: null,
    budget: null,
    readiness: null,
    providerNames: {},
    forecast: null,
    warningPercent: null,
    attached: { context: [] },
  },
  turns: [],
};

/** What the view shows after the host has spoken. */
export function reduce(state: State, message: ToView): State {
  if (message.type === "turn" && !belongsHere(state, message.conversationId)) return state;
  const { shell: from, turns: fromTurns } = isDeleted(state, message) ? withoutConversation(state) : state;
  const shell = reduceShell(from, message);
  const turns = reduceTurns(fromTurns, message);
  return shell === state.shell && turns === state.turns ? state : { shell, turns };
}

/** Whether it is the conversation behind the list that is gone. */
function isDeleted({ shell }: State, message: ToView): boolean {
  return message.type === "deleted" && shell.conversation?.id === message.id;
}

function withoutConversation({ shell }: State): State {
  return { shell: { ...shell, conversation: null, busyTurnId: null }, turns: [] };
}

function belongsHere({ shell }: State, conversationId: string): boolean {
  return shell.conversation === null || shell.conversation.id === conversationId;
}

function reduceShell(shell: Shell, message: ToView): Shell {
  switch (message.type) {
    case "conversation":
      return {
        ...shell,
        screen: "chat",
        conversation: message.conversation && titled(message.conversation),
        busyTurnId: message.busyTurnId,
        deleted: null,
      };
    case "turn":
      return {
        ...shell,
        screen: "chat",
        conversation: { id: message.conversationId, title: message.title, isPrivate: message.isPrivate },
        busyTurnId: message.turn.answer.summary === undefined ? message.turn.id : shell.busyTurnId,
      };
    case "answer":
      return { ...shell, busyTurnId: busyAfter(shell.busyTurnId, message.turnId, message.busy) };
    case "conversations": {
      const { rows, query, nowMs } = message;
      return { ...shell, screen: "list", list: { rows, query, nowMs } };
    }
    case "deleted": {
      const { id, title } = message;
      const rows = shell.list.rows.filter((row) => row.id !== id);
      return { ...shell, deleted: { id, title }, list: { ...shell.list, rows } };
    }
    case "budget":
      return { ...shell, budget: message.budget };
    case "readiness":
      return { ...shell, readiness: message.readiness };
    case "providers":
      return { ...shell, providerNames: message.names };
    case "forecast":
      return { ...shell, forecast: message.forecast && { forecast: message.forecast, draft: message.draft } };
    case "budgetWarning":
      return { ...shell, warningPercent: message.percent };
    case "attached": {
      const { context, command } = message;
      return { ...shell, attached: command === undefined ? { context } : { context, command } };
    }
    case "text":
    case "restart":
    case "input":
    case "focus":
      return shell;
  }
}

function titled({ id, title, isPrivate }: { id: string; title: string; isPrivate: boolean }) {
  return { id, title, isPrivate };
}

function busyAfter(busy: string | null, turnId: string, stillBusy: boolean): string | null {
  if (stillBusy) return turnId;
  return busy === turnId ? null : busy;
}

/** The turn's model as far as it is known: who answered, else who is being asked. */
export function modelOf({ answer }: TurnView): string | undefined {
  const { summary, decision, fallbacks, handoffs: seams = [] } = answer;
  if (summary !== undefined) return summary.modelUsed;
  const last = seams.at(-1)?.to;
  if (last !== undefined && !fallbacks.some(({ from }) => from === last)) return last;
  const chosen = decision?.outcome.kind === "chosen" ? decision.outcome.chain[0].ref : undefined;
  return fallbacks.at(-1)?.to ?? chosen;
}
