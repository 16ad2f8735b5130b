import { createHash } from "node:crypto";
import * as vscode from "vscode";
import type { ContextItem } from "../../../../contract/context.ts";

const SCHEME = "switchyard-image";

/** Images that have no file, in memory, for the editor's own image preview. */
class ShownImages implements vscode.FileSystemProvider {
  readonly #images = new Map<string, Uint8Array>();
  readonly onDidChangeFile: vscode.Event<vscode.FileChangeEvent[]> = new vscode.EventEmitter<
    vscode.FileChangeEvent[]
  >().event;

  add({
    name,
    data,
    mediaType,
  }: Pick<Extract<ContextItem, { kind: "image" }>, "name" | "data" | "mediaType">) {
    const digest = createHash("sha256").update(data).digest("hex").slice(0, 16);
    const stem = name.replace(/\.\w+$/, "").replaceAll("/", "-");
    const path = `/${digest}/${stem}.${mediaType.slice("image/".length)}`;
    this.#images.set(path, Buffer.from(data, "base64"));
    return vscode.Uri.from({ scheme: SCHEME, path });
  }

  stat(uri: vscode.Uri): vscode.FileStat {
    return { type: vscode.FileType.File, ctime: 0, mtime: 0, size: this.readFile(uri).length };
  }

  readFile(uri: vscode.Uri): Uint8Array {
    const image = this.#images.get(uri.path);
    if (image === undefined) throw vscode.FileSystemError.FileNotFound(uri);
    return image;
  }

  watch = () => new vscode.Disposable(() => {});
  readDirectory = () => [];
  createDirectory = readOnly;
  writeFile = readOnly;
  delete = readOnly;
  rename = readOnly;
}

function readOnly(): never {
  throw vscode.FileSystemError.NoPermissions();
}

let shown: ShownImages | undefined;

/** Opens an image in the editor's preview. The scheme is registered with the first one, until the editor closes. */
export async function openImage(item: Extract<ContextItem, { kind: "image" }>): Promise<void> {
  if (shown === undefined) {
    shown = new ShownImages();
    vscode.workspace.registerFileSystemProvider(SCHEME, shown, { isReadonly: true, isCaseSensitive: true });
  }
  await vscode.commands.executeCommand("vscode.open", shown.add(item));
}
