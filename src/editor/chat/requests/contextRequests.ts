import * as vscode from "vscode";
import type { Gathered } from "../../../assistant/context.ts";
import type { ContextItem } from "../../../contract/context.ts";
import type { ContextRequest } from "../../../contract/view/contextMessages.ts";
import type { AttachedImage, ImageRequest } from "../../../contract/view/imageMessages.ts";
import type { ToView } from "../../../contract/view/protocol.ts";
import type { Attachments } from "../attachments.ts";
import { droppedText, file } from "../context/file.ts";
import { ContextFinder, type FinderDeps } from "../context/finder.ts";
import { folder } from "../context/folder.ts";
import { ImageFiles, imageTypeOf, noRoomFor } from "../context/images/imageFiles.ts";
import { openContext } from "../context/openContext.ts";
import { fileOf, placeOfDocument } from "../context/places.ts";
import { selectionsOrFile } from "../context/selection.ts";
import { type ContextSource, type ImageUris, nothing } from "../context/source.ts";
import type { ConversationDisplay } from "../conversationDisplay.ts";

export type ContextRequestsDeps = Omit<FinderDeps, "images"> & {
  readonly attachments: Attachments;
  readonly display: Pick<ConversationDisplay, "conversation">;
  readonly post: (message: ToView) => void;
  /** Decides again where the prompt in the input would go. */
  readonly forecast: () => Promise<void>;
};

/** Carries out what the user does with the context of a prompt: finds, attaches, removes and opens it. */
export class ContextRequests {
  readonly #deps: ContextRequestsDeps;
  readonly #finder: ContextFinder;
  readonly #images = new ImageFiles();

  constructor(deps: ContextRequestsDeps) {
    this.#deps = deps;
    this.#finder = new ContextFinder({ ...deps, images: this.#images });
  }

  async handle(request: ContextRequest | ImageRequest): Promise<void> {
    const { attachments, privatePaths, post, forecast } = this.#deps;
    switch (request.type) {
      case "findContext": {
        const { query } = request;
        if (query === null) return this.#finder.stop();
        return this.#finder.find(query, (choices) => post({ type: "contextChoices", query, choices }));
      }
      case "attachSelection":
        return this.#attachFrom([async () => selectionsOrFile(privatePaths())]);
      case "attachChoice": {
        const source = this.#finder.source(request.id);
        return source && this.#attachFrom([source]);
      }
      case "attachUris":
        return this.#attachFrom(request.uris.map((uri) => () => this.#fileOrFolder(uri)));
      case "attachText":
        return this.#attachFrom([async () => droppedText(request.name, request.text, privatePaths())]);
      case "attachImage":
        return this.#attachImage(request.image, request.id);
      case "attachPasted":
        return this.#attachPasted(request.text);
      case "detach":
        attachments.remove(request.index);
        return forecast();
      case "openContext":
        return this.#open(request.turnId, request.index);
    }
  }

  /** Attaches items to the next prompt and focuses the input. */
  async attach(items: readonly ContextItem[], command?: string): Promise<void> {
    this.#deps.attachments.add(items, command);
    this.#deps.post({ type: "focus" });
    await this.#deps.forecast();
  }

  async #attachFrom(sources: readonly ContextSource[]): Promise<void> {
    const gathered = await Promise.all(sources.map((source) => source()));
    const items = gathered.flatMap((each) => (each.kind === "items" ? each.items : []));
    const uris = gathered.flatMap((each) => (each.kind === "images" ? each.uris : []));
    const unreadable = await this.#readImages(uris);
    const reasons = gathered.flatMap((each) => (each.kind === "none" ? [each.reason] : []));
    reasons.push(...unreadable);
    await this.attach(items);
    if (reasons.length > 0) this.#notice(reasons.join(" "));
  }

  /** Lets the view read images, which then attaches them. Returns why some cannot be read. */
  async #readImages(uris: readonly vscode.Uri[]): Promise<readonly string[]> {
    const read = await Promise.all(uris.map((uri) => this.#images.read(uri)));
    const files = read.filter((each) => typeof each !== "string");
    if (files.length > 0) this.#deps.post({ type: "readImages", files });
    return read.filter((each) => typeof each === "string");
  }

  async #attachImage(image: AttachedImage, id: string | undefined): Promise<void> {
    const { attachments, privatePaths } = this.#deps;
    const reason = noRoomFor(image, attachments.context);
    if (reason === undefined) await this.attach([this.#images.item(image, id, privatePaths())]);
    else this.#notice(reason);
  }

  async #fileOrFolder(text: string): Promise<Gathered | ImageUris> {
    const { privatePaths } = this.#deps;
    const uri = fileOf(vscode.Uri.parse(text).with({ fragment: "" }));
    try {
      const { type } = await vscode.workspace.fs.stat(uri);
      const isFolder = (type & vscode.FileType.Directory) !== 0;
      if (isFolder) return folder(uri, privatePaths());
      if (imageTypeOf(uri.path) !== undefined) return { kind: "images", uris: [uri] };
      return file(uri, privatePaths());
    } catch {
      return nothing(vscode.l10n.t("{file} was not found.", { file: placeOfDocument(uri).path }));
    }
  }

  /** Absolute paths of files outside of the workspace stay text: the user may ask about them. */
  async #attachPasted(text: string): Promise<void> {
    const lines = text.trim().split(/\r?\n/);
    const uris = lines.map((line) =>
      fileOf(/^[a-z][\w+.-]+:/i.test(line) ? vscode.Uri.parse(line) : vscode.Uri.file(line)),
    );
    if (!(await Promise.all(uris.map(isInWorkspace))).every((is) => is)) return;
    this.#deps.post({ type: "pasteAttached", text });
    await this.#attachFrom(uris.map((uri) => () => this.#fileOrFolder(uri.toString())));
  }

  async #open(turnId: string | null, index: number): Promise<void> {
    const { attachments, display } = this.#deps;
    const turn = display.conversation.turns.find(({ id }) => id === turnId);
    const item = (turnId === null ? attachments.context : (turn?.prompt.context ?? []))[index];
    if (item !== undefined) this.#notice(await openContext(item));
  }

  #notice(text: string | undefined): void {
    this.#deps.post({ type: "contextNotice", text: text ?? null });
  }
}

async function isInWorkspace(uri: vscode.Uri): Promise<boolean> {
  if (placeOfDocument(uri).folder === undefined) return false;
  try {
    await vscode.workspace.fs.stat(uri);
    return true;
  } catch {
    return false;
  }
}
