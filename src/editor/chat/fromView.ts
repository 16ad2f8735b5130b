import * as v from "valibot";
import type { FromView } from "../../contract/view/protocol.ts";

const turn = { turnId: v.string() };

/** Messages from the view. The view shows text from models, so its messages are validated like any external input. */
const schema = v.variant("type", [
  v.object({ type: v.literal("ready") }),
  v.object({ type: v.literal("send"), conversationId: v.nullable(v.string()), text: v.string() }),
  v.object({ type: v.literal("stop") }),
  v.object({ type: v.literal("new") }),
  v.object({ type: v.literal("list"), query: v.string() }),
  v.object({ type: v.literal("open"), id: v.string() }),
  v.object({ type: v.literal("delete"), id: v.string() }),
  v.object({ type: v.literal("undelete"), id: v.string() }),
  v.object({ type: v.literal("rename"), id: v.string(), title: v.string() }),
  v.object({ type: v.literal("draft"), text: v.string() }),
  v.object({ type: v.literal("detach"), index: v.number() }),
  v.object({ type: v.literal("dropCommand") }),
  v.object({ type: v.literal("attachSelection") }),
  v.object({ type: v.literal("thumb"), ...turn, thumb: v.nullable(v.picklist(["up", "down"])) }),
  v.object({ type: v.literal("copy"), text: v.string() }),
  v.object({ type: v.literal("insert"), text: v.string() }),
  v.object({ type: v.literal("openLink"), href: v.string() }),
  v.object({ type: v.literal("copyDecision"), ...turn }),
  v.object({ type: v.literal("retry"), ...turn }),
  v.object({ type: v.literal("continue"), ...turn }),
  v.object({
    type: v.literal("budgetChoice"),
    ...turn,
    choice: v.picklist(["cheapest", "free", "raise", "discard"]),
  }),
  v.object({ type: v.literal("replaceKey"), provider: v.string() }),
  v.object({ type: v.literal("resetBreaker"), ref: v.string() }),
  v.object({ type: v.literal("dismissWarning") }),
  v.object({
    type: v.literal("command"),
    command: v.picklist(["addKey", "changeBudget", "openSettings", "editRoutes", "findLocalModels"]),
  }),
]);

/** Returns a message from the view; undefined if it is invalid. */
export function readFromView(message: unknown): FromView | undefined {
  const parsed = v.safeParse(schema, message);
  return parsed.success ? parsed.output : undefined;
}
