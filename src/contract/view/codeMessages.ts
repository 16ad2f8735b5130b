/** The messages about what an answer contains: text to copy, code to insert, links to open. */
import * as v from "valibot";

export const codeFromView = v.variant("type", [
  v.object({ type: v.literal("copy"), text: v.string() }),
  v.object({ type: v.literal("insert"), text: v.string() }),
  v.object({ type: v.literal("openLink"), href: v.string() }),
]);

export type CodeRequest = Readonly<v.InferOutput<typeof codeFromView>>;
