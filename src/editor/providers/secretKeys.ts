import type * as vscode from "vscode";
import type { KeyStore } from "../../providers/keys.ts";

const PREFIX = "switchyard.key.";

/** Provider keys in VS Code's SecretStorage: the operating system's keychain. */
export class SecretKeys implements KeyStore {
  readonly #secrets: vscode.SecretStorage;

  constructor(secrets: vscode.SecretStorage) {
    this.#secrets = secrets;
  }

  async get(providerId: string): Promise<string | undefined> {
    return this.#secrets.get(PREFIX + providerId);
  }

  async set(providerId: string, key: string): Promise<void> {
    await this.#secrets.store(PREFIX + providerId, key);
  }

  async remove(providerId: string): Promise<void> {
    await this.#secrets.delete(PREFIX + providerId);
  }

  /** Told when a key was added, replaced or removed, in any window. */
  onDidChange(listener: () => void): vscode.Disposable {
    return this.#secrets.onDidChange(({ key }) => {
      if (key.startsWith(PREFIX)) listener();
    });
  }
}
