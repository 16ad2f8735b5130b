/** The messages about the list of conversations. */
import * as v from "valibot";
import type { ConversationRow } from "../conversation.ts";
import { contractValues } from "./contractValue.ts";

export const listToView = v.variant("type", [
  v.object({
    type: v.literal("conversations"),
    rows: contractValues<ConversationRow>(),
    query: v.string(),
    nowMs: v.number(),
  }),
  /** The conversation was renamed, pinned or unpinned. */
  v.object({ type: v.literal("header"), id: v.string(), title: v.string(), isPinned: v.boolean() }),
  v.object({ type: v.literal("deleted"), id: v.string(), title: v.string() }),
]);

export const listFromView = v.variant("type", [
  v.object({ type: v.literal("new") }),
  v.object({ type: v.literal("list"), query: v.string() }),
  v.object({ type: v.literal("open"), id: v.string() }),
  v.object({ type: v.literal("delete"), id: v.string() }),
  v.object({ type: v.literal("undelete"), id: v.string() }),
  v.object({ type: v.literal("rename"), id: v.string(), title: v.string() }),
  v.object({ type: v.literal("pin"), id: v.string(), isPinned: v.boolean() }),
  v.object({ type: v.literal("export"), id: v.string() }),
  v.object({ type: v.literal("import") }),
]);

export type ListRequest = Readonly<v.InferOutput<typeof listFromView>>;
