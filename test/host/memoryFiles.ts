import * as vscode from "vscode";

/** A file system in memory, as a virtual workspace has one: no search, no disk. */
export class MemoryFiles implements vscode.FileSystemProvider {
  readonly #files = new Map<string, Uint8Array>();
  readonly #changed = new vscode.EventEmitter<vscode.FileChangeEvent[]>();
  readonly onDidChangeFile = this.#changed.event;

  add(uri: vscode.Uri, text: string): void {
    this.#files.set(uri.path, new TextEncoder().encode(text));
  }

  /** Returns the text of a file; undefined if there is none. */
  text(uri: vscode.Uri): string | undefined {
    const content = this.#files.get(uri.path);
    return content === undefined ? undefined : new TextDecoder().decode(content);
  }

  watch(): vscode.Disposable {
    return new vscode.Disposable(() => {});
  }

  stat(uri: vscode.Uri): vscode.FileStat {
    const content = this.#files.get(uri.path);
    if (content !== undefined)
      return { type: vscode.FileType.File, ctime: 0, mtime: 0, size: content.length };
    if (this.readDirectory(uri).length === 0) throw vscode.FileSystemError.FileNotFound(uri);
    return { type: vscode.FileType.Directory, ctime: 0, mtime: 0, size: 0 };
  }

  readDirectory({ path }: vscode.Uri): [string, vscode.FileType][] {
    const root = path.endsWith("/") ? path : `${path}/`;
    const names = new Map<string, vscode.FileType>();
    for (const file of this.#files.keys()) {
      if (!file.startsWith(root)) continue;
      const [name = "", ...rest] = file.slice(root.length).split("/");
      names.set(name, rest.length === 0 ? vscode.FileType.File : vscode.FileType.Directory);
    }
    return [...names];
  }

  readFile(uri: vscode.Uri): Uint8Array {
    const content = this.#files.get(uri.path);
    if (content === undefined) throw vscode.FileSystemError.FileNotFound(uri);
    return content;
  }

  writeFile(uri: vscode.Uri, content: Uint8Array): void {
    this.#files.set(uri.path, content);
  }

  createDirectory(): void {}

  delete({ path }: vscode.Uri): void {
    this.#files.delete(path);
  }

  rename(): void {
    throw vscode.FileSystemError.NoPermissions();
  }
}
