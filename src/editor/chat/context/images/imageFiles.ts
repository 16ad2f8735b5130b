import * as vscode from "vscode";
import type { ContextItem } from "../../../../contract/context.ts";
import type { AttachedImage, ImageFile } from "../../../../contract/view/imageMessages.ts";
import { isPrivateDocument, nameOf, placeOfDocument } from "../places.ts";

/** As many as one message of Anthropic's own apps can have: https://platform.claude.com/docs/en/build-with-claude/vision */
const MAX_IMAGES = 20;

/** All images of a prompt in base64. A whole request may have 32 MB (Anthropic, same page). */
const MAX_TOTAL_CHARACTERS = 20_000_000;

/** The view scales larger pictures down, but must receive them first. */
const MAX_FILE_BYTES = 30_000_000;

/** What the view can read as an image, by the ending of the file's name. SVG is text. */
const MEDIA_TYPES: Readonly<Record<string, string>> = {
  png: "image/png",
  jpg: "image/jpeg",
  jpeg: "image/jpeg",
  webp: "image/webp",
  gif: "image/gif",
  bmp: "image/bmp",
  avif: "image/avif",
};

type ImageItem = Extract<ContextItem, { kind: "image" }>;

/** The type of an image by its name; undefined for other files. */
export function imageTypeOf(name: string): string | undefined {
  return MEDIA_TYPES[/\.(\w+)$/.exec(name)?.[1]?.toLowerCase() ?? ""];
}

/** The images of the editor that the view is reading, so that it cannot name other files. */
export class ImageFiles {
  readonly #uris = new Map<string, vscode.Uri>();
  #ids = 0;

  /** Lets the user choose image files. */
  async choose(): Promise<readonly vscode.Uri[]> {
    const chosen = await vscode.window.showOpenDialog({
      canSelectMany: true,
      title: vscode.l10n.t("Attach Images"),
      openLabel: vscode.l10n.t("Attach"),
      filters: { [vscode.l10n.t("Images")]: Object.keys(MEDIA_TYPES) },
    });
    return chosen ?? [];
  }

  /** Reads an image file for the view, or returns a sentence with the reason why it cannot be attached. */
  async read(uri: vscode.Uri): Promise<ImageFile | string> {
    const name = nameOf(uri.path);
    let bytes: Uint8Array;
    try {
      bytes = await vscode.workspace.fs.readFile(uri);
    } catch {
      return vscode.l10n.t("{file} was not found.", { file: name });
    }
    if (bytes.length > MAX_FILE_BYTES) return vscode.l10n.t("{file} is too large.", { file: name });
    const id = String(++this.#ids);
    this.#uris.set(id, uri);
    return {
      id,
      name,
      mediaType: imageTypeOf(name) ?? "image/png",
      data: Buffer.from(bytes).toString("base64"),
    };
  }

  /** Returns an image that the view has read as an item. */
  item(image: AttachedImage, id: string | undefined, privatePaths: readonly string[]): ImageItem {
    const uri = id === undefined ? undefined : this.#uris.get(id);
    if (id !== undefined) this.#uris.delete(id);
    const common = { kind: "image", ...image, text: "", tokens: 0 } as const;
    if (uri === undefined) return { ...common, isPrivate: false };
    return {
      ...common,
      path: placeOfDocument(uri).path,
      isPrivate: isPrivateDocument(privatePaths, uri),
      source: uri.toString(),
    };
  }
}

/** Returns why an image cannot be attached to what is attached already; undefined if it can. */
export function noRoomFor(image: AttachedImage, context: readonly ContextItem[]): string | undefined {
  const images = context.filter((item): item is ImageItem => item.kind === "image");
  const others = images.filter(({ data }) => data !== image.data);
  if (others.length >= MAX_IMAGES)
    return vscode.l10n.t("A prompt can have {count} images. {name} was not attached.", {
      count: MAX_IMAGES,
      name: image.name,
    });
  const characters = others.reduce((sum, { data }) => sum + data.length, image.data.length);
  return characters > MAX_TOTAL_CHARACTERS
    ? vscode.l10n.t("The images of a prompt can have {size} MB in total. {name} was not attached.", {
        size: MAX_TOTAL_CHARACTERS / 1_000_000,
        name: image.name,
      })
    : undefined;
}
