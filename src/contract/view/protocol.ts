/**
 * The messages between the chat view and the editor. The editor holds the state; the view shows it and requests
 * changes. The types come from the schemas, and each side validates what it receives.
 */
import * as v from "valibot";
import { codeFromView, codeToView } from "./codeMessages.ts";
import { commandsFromView, commandsToView } from "./commandMessages.ts";
import { contextFromView, contextToView } from "./contextMessages.ts";
import { conversationFromView, conversationToView } from "./conversationMessages.ts";
import { imagesFromView, imagesToView } from "./imageMessages.ts";
import { inputFromView, inputToView } from "./inputMessages.ts";
import { listFromView, listToView } from "./listMessages.ts";
import { modelFromView, modelToView } from "./modelMessages.ts";
import { queueFromView, queueToView } from "./queueMessages.ts";
import { secretsFromView, secretsToView } from "./secretMessages.ts";
import { statusFromView, statusToView } from "./statusMessages.ts";

const toView = v.variant("type", [
  conversationToView,
  queueToView,
  listToView,
  inputToView,
  commandsToView,
  modelToView,
  contextToView,
  imagesToView,
  secretsToView,
  statusToView,
  codeToView,
]);

const fromView = v.variant("type", [
  /** The view is loaded. The editor sends nothing before this. */
  v.object({ type: v.literal("ready") }),
  conversationFromView,
  queueFromView,
  listFromView,
  inputFromView,
  commandsFromView,
  modelFromView,
  contextFromView,
  imagesFromView,
  secretsFromView,
  codeFromView,
  statusFromView,
]);

/** A message to the view. */
export type ToView = Readonly<v.InferOutput<typeof toView>>;
/** A message from the view. */
export type FromView = Readonly<v.InferOutput<typeof fromView>>;

/** Validates what the view received; undefined if it is not a message to the view. */
export function readToView(data: unknown): ToView | undefined {
  return v.is(toView, data) ? data : undefined;
}

/**
 * Validates what the editor received; undefined if it is not a message from the view. The view shows text from models,
 * so it is less trusted than the editor: every field is checked, and unknown fields are dropped.
 */
export function readFromView(data: unknown): FromView | undefined {
  const parsed = v.safeParse(fromView, data);
  return parsed.success ? parsed.output : undefined;
}
