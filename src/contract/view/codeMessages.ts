/** The messages about what an answer contains: text to copy, code to use, links and files to open. */
import * as v from "valibot";

/** How many names one message may ask about. */
export const MAX_CHECKED_PATHS = 50;

const pathText = v.pipe(v.string(), v.maxLength(300));

const shownCode = v.object({
  text: v.string(),
  /** In lower case; empty if the fence names none. */
  language: v.pipe(v.string(), v.maxLength(100)),
  /** The file that the fence names. */
  file: v.optional(pathText),
  /** The text just before the block. */
  before: v.pipe(v.string(), v.maxLength(1000)),
});

export const codeFromView = v.variant("type", [
  v.object({ type: v.literal("copy"), text: v.string() }),
  v.object({
    type: v.literal("useCode"),
    use: v.picklist(["insert", "apply", "create", "run"]),
    code: shownCode,
    /** The turn whose answer contains the code. */
    turnId: v.optional(v.string()),
  }),
  v.object({ type: v.literal("openLink"), href: v.string() }),
  /** Asks which of these names, as an answer writes them, are files of the workspace. */
  v.object({
    type: v.literal("checkPaths"),
    names: v.pipe(v.array(pathText), v.maxLength(MAX_CHECKED_PATHS)),
  }),
  v.object({ type: v.literal("openPath"), name: pathText }),
]);

export const codeToView = v.variant("type", [
  /** The names that are files of the workspace, of those that were checked. */
  v.object({ type: v.literal("paths"), checked: v.array(v.string()), found: v.array(v.string()) }),
]);

export type CodeRequest = Readonly<v.InferOutput<typeof codeFromView>>;
/** What a button of a code block does with its code. */
export type CodeUse = Extract<CodeRequest, { readonly type: "useCode" }>["use"];
