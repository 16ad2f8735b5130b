import { useSignal } from "@preact/signals";
import type { Store } from "../state/store.ts";
import { attachImage, isImage } from "./images.ts";

/** The types that VS Code's explorer and tabs, and other programs, give the URIs of files that are dragged or copied. */
const URI_LISTS: readonly string[] = ["application/vnd.code.uri-list", "text/uri-list"];
/** A list of URIs as JSON, from VS Code. */
const URI_JSON = "resourceurls";

/** A larger file fits into no model's window. */
const MAX_FILE_BYTES = 8_000_000;
/** What is dropped or pasted at once. */
const MAX_FILES = 100;

/** Lets files be dropped on an element. VS Code passes a drag on to a view only while Shift is pressed. */
export function useDropping(store: Store) {
  const isOver = useSignal(false);
  return {
    isOver: isOver.value,
    onDragOver: (event: DragEvent) => {
      isOver.value = event.dataTransfer !== null && carriesFiles(event.dataTransfer);
      if (isOver.value) event.preventDefault();
    },
    onDragLeave: () => {
      isOver.value = false;
    },
    onDrop: (event: DragEvent) => {
      isOver.value = false;
      if (event.dataTransfer !== null && attachFiles(store, event.dataTransfer)) event.preventDefault();
    },
  };
}

/** Attaches pasted files. A pasted text that may be their paths stays in the input until the editor has found them. */
export function pasteFiles(store: Store, event: ClipboardEvent): void {
  const data = event.clipboardData;
  if (data === null) return;
  const text = data.getData("text/plain");
  // An application that copies a table or a page may offer it as a file too.
  const isText = text !== "" && !carriesUris(data);
  if (!isText && attachFiles(store, data)) event.preventDefault();
  else if (mayBePaths(text)) store.post({ type: "attachPasted", text });
}

/** Returns whether a drag or the clipboard carries the URIs of files. The data of a drag cannot be read before the drop. */
function carriesUris({ types }: DataTransfer): boolean {
  return [...URI_LISTS, URI_JSON].some((type) => types.includes(type));
}

function carriesFiles(data: DataTransfer): boolean {
  return carriesUris(data) || data.types.includes("Files");
}

/**
 * Attaches files by their URIs, or by their content where they come from outside of VS Code.
 * @returns whether there were any
 */
function attachFiles(store: Store, data: DataTransfer): boolean {
  const uris = fileUris(data);
  if (uris.length > 0) {
    store.post({ type: "attachUris", uris: uris.slice(0, MAX_FILES) });
    return true;
  }
  const files = [...data.files].filter((file) => isImage(file) || file.size <= MAX_FILE_BYTES);
  for (const file of files.slice(0, MAX_FILES)) {
    if (isImage(file)) void attachImage(store, file);
    else void file.text().then((text) => store.post({ type: "attachText", name: file.name, text }));
  }
  return files.length > 0;
}

/** Returns whether every line of a text may be the absolute path or the URI of a file. */
function mayBePaths(text: string): boolean {
  const lines = text.trim().split(/\r?\n/);
  const isPath = (line: string) => /^(?:file:\/\/|vscode-[\w-]+:\/\/|\/[^/\s]|[a-z]:[\\/])/i.test(line);
  return lines.length <= MAX_FILES && lines.every(isPath);
}

/** Links to web pages are no files. */
function fileUris(data: DataTransfer): readonly string[] {
  const isFile = (uri: string) => /^[a-z][\w+.-]+:/i.test(uri) && !/^(?:https?|mailto|data):/i.test(uri);
  const lists = URI_LISTS.map((type) => data.getData(type).split(/\r?\n/));
  const found = [urisInJson(data.getData(URI_JSON)), ...lists]
    .map((uris) => uris.map((uri) => uri.trim()).filter(isFile))
    .find((uris) => uris.length > 0);
  return [...new Set(found)];
}

function urisInJson(json: string): readonly string[] {
  try {
    const parsed: unknown = JSON.parse(json);
    return Array.isArray(parsed) ? parsed.filter((uri) => typeof uri === "string") : [];
  } catch {
    // Another program uses this type for something else.
    return [];
  }
}
