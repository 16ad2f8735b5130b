/** What is attached to a prompt: code, files, problems, output. */
import * as v from "valibot";

/** JSON has no infinite numbers, but `1e999` is read as one. */
const count = v.pipe(v.number(), v.integer(), v.minValue(0), v.maxValue(Number.MAX_SAFE_INTEGER));
/** Lines count from 1. VS Code takes no higher number. */
const line = v.pipe(count, v.minValue(1), v.maxValue(2 ** 31 - 1));

/** What the item leaves out of what it stands for, because that is too long. */
const leftOut = v.object({
  unit: v.picklist(["lines", "files", "problems"]),
  included: count,
  /** Of how many. */
  total: count,
});

const common = {
  /** What the model reads, without the label. */
  text: v.string(),
  tokens: count,
  /** Matches `switchyard.privatePaths`: it goes to local models only. */
  isPrivate: v.boolean(),
  /** Git or `files.exclude` ignores the file, and the user attached it all the same. */
  isIgnored: v.optional(v.literal(true)),
  leftOut: v.optional(leftOut),
  /** How many keys and passwords the text has no more: the user had them blanked out. */
  removedSecrets: v.optional(v.number()),
  /** The URI that the editor opens. It stays on this machine: neither models nor exported conversations contain it. */
  source: v.optional(v.string()),
};

/** Paths are relative to their workspace folder, with forward slashes; a file outside of all folders has only its name. */
const path = v.string();
const paths = v.pipe(v.array(path), v.readonly());

const code = { path, language: v.string(), startLine: line, endLine: line };

const base64 = v.pipe(v.string(), v.regex(/^[A-Za-z\d+/]+={0,2}$/));

/** An image, scaled to what providers use. `data`: base64, at most what Anthropic takes (5 MB). */
export const attachedImage = {
  /** The name of its file, or what it is: “Pasted image”. */
  name: v.string(),
  mediaType: v.picklist(["image/png", "image/jpeg", "image/webp", "image/gif"]),
  data: v.pipe(base64, v.maxLength(5_000_000)),
  /** A small version for the chip, as a `data:` address. */
  thumbnail: v.pipe(v.string(), v.maxLength(30_000), v.regex(/^data:image\/png;base64,[A-Za-z\d+/]+={0,2}$/)),
  /** In pixels. */
  width: v.number(),
  height: v.number(),
};

/** Validates an item that was stored or imported. Fields that version 0.1.0 did not store are optional. */
export const contextItem = v.variant("kind", [
  v.object({ kind: v.literal("selection"), ...code, ...common }),
  v.object({ kind: v.literal("file"), ...code, ...common }),
  v.object({ kind: v.literal("symbol"), name: v.string(), ...code, ...common }),
  /** `paths`: the files whose text is included. */
  v.object({ kind: v.literal("folder"), path, paths, ...common }),
  /** `path`: the file that has the problems; undefined for those of all files. `paths`: all files with problems. */
  v.object({ kind: v.literal("problems"), path: v.optional(path), paths, count, ...common }),
  /** `exitCode`: undefined while the command runs, and where the shell did not report it. */
  v.object({
    kind: v.literal("terminal"),
    command: v.string(),
    terminal: v.string(),
    exitCode: v.optional(v.pipe(v.number(), v.safeInteger())),
    ...common,
  }),
  /** `paths`: the files that were changed. */
  v.object({ kind: v.literal("changes"), paths, ...common }),
  /** `path`: undefined for one that was pasted, or dropped from outside of the editor. Its text is empty. */
  v.object({ kind: v.literal("image"), path: v.optional(path), ...attachedImage, ...common }),
]);

/** Something that is attached to a prompt. */
export type ContextItem = Readonly<v.InferOutput<typeof contextItem>>;

export type LeftOut = Readonly<v.InferOutput<typeof leftOut>>;

type WithoutText<T> = T extends unknown ? Omit<T, "text" | "source" | "data"> : never;

/** An item as the view shows it: that it is attached, not its content. */
export type ContextChip = WithoutText<ContextItem>;
