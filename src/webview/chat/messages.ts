import type { ToView } from "../../contract/view/protocol.ts";

type Kind =
  | "string"
  | "number"
  | "boolean"
  | "object"
  | "nullable object"
  | "nullable number"
  | "nullable string"
  | "list";

/** What each message must carry at least. The host is ours: this catches a host of another version, not an enemy. */
const shapes: { readonly [T in ToView["type"]]: Readonly<Record<string, Kind>> } = {
  conversation: { conversation: "nullable object", busyTurnId: "nullable string" },
  conversations: { rows: "list", query: "string", nowMs: "number" },
  turn: { conversationId: "string", title: "string", turn: "object" },
  text: { turnId: "string", text: "string" },
  restart: { turnId: "string" },
  answer: { turnId: "string", answer: "object", busy: "boolean" },
  budget: { budget: "object" },
  readiness: { readiness: "object" },
  providers: { names: "object" },
  forecast: { forecast: "nullable object", draft: "string" },
  budgetWarning: { percent: "nullable number" },
  attached: { context: "list" },
  input: { text: "string" },
  focus: {},
  deleted: { id: "string", title: "string" },
};

/** Whether something that arrived is a message of the host. */
export function isToView(data: unknown): data is ToView {
  if (typeof data !== "object" || data === null) return false;
  const fields = new Map(Object.entries(data));
  const type: unknown = fields.get("type");
  const shape = Object.entries(shapes).find(([name]) => name === type)?.[1];
  return shape !== undefined && Object.entries(shape).every(([name, kind]) => isOf(kind, fields.get(name)));
}

function isOf(kind: Kind, value: unknown): boolean {
  if (kind === "list") return Array.isArray(value);
  if (kind.startsWith("nullable ") && value === null) return true;
  return typeof value === kind.replace("nullable ", "") && value !== null;
}
