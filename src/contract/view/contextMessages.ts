/** The messages about what is attached to the next prompt: finding it, attaching it, opening it. */
import * as v from "valibot";

/** Something that can be attached. `id`: the editor's name of it. */
const contextChoice = v.object({
  id: v.string(),
  group: v.picklist(["sources", "files", "symbols"]),
  /** A codicon's name. */
  icon: v.string(),
  label: v.string(),
  detail: v.optional(v.string()),
  /** Why it cannot be attached now. */
  unavailable: v.optional(v.string()),
});

export const contextToView = v.variant("type", [
  /** What can be attached, for the text that the view asked with. Symbols come in a second message, which has all. */
  v.object({
    type: v.literal("contextChoices"),
    query: v.string(),
    choices: v.pipe(v.array(contextChoice), v.readonly()),
  }),
  /** Files were attached for this pasted text, which is no part of the prompt then. */
  v.object({ type: v.literal("pasteAttached"), text: v.string() }),
  /** Why something was not attached or opened. Hidden by null, and when what is attached changes. */
  v.object({ type: v.literal("contextNotice"), text: v.nullable(v.string()) }),
]);

/** A text is longer than this only if it was made up: no window of a model holds more. */
const droppedText = v.pipe(v.string(), v.maxLength(8_000_000));

export const contextFromView = v.variant("type", [
  /** Finds what can be attached. Replaces the search before it; null ends that. */
  v.object({ type: v.literal("findContext"), query: v.nullable(v.string()) }),
  /** Attaches the selections of the active editor, or its whole file if nothing is selected. */
  v.object({ type: v.literal("attachSelection") }),
  v.object({ type: v.literal("attachChoice"), id: v.string() }),
  /** Attaches dropped or pasted files and folders of the workspace, by their URIs. */
  v.object({ type: v.literal("attachUris"), uris: v.pipe(v.array(v.string()), v.maxLength(100)) }),
  /** Attaches a file that was dropped from outside of VS Code, which knows no more of it than its name and its text. */
  v.object({ type: v.literal("attachText"), name: v.string(), text: droppedText }),
  /** A pasted text whose lines may be absolute paths or URIs: attaches the files if all of them are in the workspace. */
  v.object({ type: v.literal("attachPasted"), text: v.string() }),
  v.object({ type: v.literal("detach"), index: v.number() }),
  /** Opens what a chip shows. `turnId`: the turn that has it; null: the next prompt. */
  v.object({ type: v.literal("openContext"), turnId: v.nullable(v.string()), index: v.number() }),
]);

export type ContextRequest = Readonly<v.InferOutput<typeof contextFromView>>;
export type ContextChoice = Readonly<v.InferOutput<typeof contextChoice>>;
