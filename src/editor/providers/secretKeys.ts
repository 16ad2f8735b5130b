import type * as vscode from "vscode";
import type { KeyStore } from "../../providers/registry/providerSettings.ts";

const PREFIX = "switchyard.key.";
/** Holds the ids of the providers whose keys were stored, and no key. */
const STORED_IDS = "switchyard.storedKeys";

/** How long the secret storage may take, in milliseconds. It can wait for a keyring that is locked, or not there. */
const LIMIT_MS = 3000;

export type SecretKeysDeps = {
  readonly secrets: vscode.SecretStorage;
  /** Remembers which keys were stored, over restarts. */
  readonly memento: vscode.Memento;
  readonly onError: (error: unknown) => void;
  /** By default 3 s. */
  readonly limitMs?: number | undefined;
};

/**
 * Provider keys in VS Code's SecretStorage, which uses the operating system's keyring. Without one, VS Code for Linux
 * keeps them in memory: after a restart they are gone, without an error.
 */
export class SecretKeys implements KeyStore {
  readonly #deps: SecretKeysDeps;
  readonly #listeners = new Set<() => void>();
  /** Reads that have passed the limit. */
  readonly #late = new Set<string>();

  constructor(deps: SecretKeysDeps) {
    this.#deps = deps;
  }

  /** The stored key; undefined if there is none, or it cannot be read in time. A key that is read later is a change. */
  async get(providerId: string): Promise<string | undefined> {
    if (this.#late.has(providerId)) return undefined;
    const { secrets, onError, limitMs = LIMIT_MS } = this.#deps;
    const reading = Promise.resolve(secrets.get(PREFIX + providerId)).catch((error: unknown) => {
      onError(error);
      return undefined;
    });
    const key = await inTime(reading, limitMs, () => {
      this.#late.add(providerId);
      void reading.then((lateKey) => {
        this.#late.delete(providerId);
        if (lateKey !== undefined) this.#fire();
      });
    });
    if (key !== undefined && key !== "") await this.#remember(providerId, true);
    return key;
  }

  /** Stores a key, and reads it back. False if that failed. */
  async set(providerId: string, key: string): Promise<boolean> {
    const { secrets, onError, limitMs = LIMIT_MS } = this.#deps;
    try {
      await inTime(Promise.resolve(secrets.store(PREFIX + providerId, key)), limitMs, () => undefined);
    } catch (error) {
      onError(error);
      return false;
    }
    return (await this.get(providerId)) === key;
  }

  async remove(providerId: string): Promise<void> {
    // First, so that another window that sees the change does not miss the key.
    await this.#remember(providerId, false);
    await this.#deps.secrets.delete(PREFIX + providerId);
  }

  /** The providers whose keys were stored and cannot be read now. */
  async lost(): Promise<readonly string[]> {
    const ids = this.#storedIds();
    const keys = await Promise.all(ids.map((id) => this.get(id)));
    return ids.filter((_, index) => (keys[index] ?? "") === "");
  }

  /** Fires when a key was added, replaced or removed in any window, or could be read after the limit. */
  onDidChange(listener: () => void): vscode.Disposable {
    this.#listeners.add(listener);
    const subscription = this.#deps.secrets.onDidChange(({ key }) => {
      if (key.startsWith(PREFIX)) listener();
    });
    return {
      dispose: () => {
        this.#listeners.delete(listener);
        subscription.dispose();
      },
    };
  }

  #fire(): void {
    for (const listener of this.#listeners) listener();
  }

  #storedIds(): readonly string[] {
    return this.#deps.memento.get<readonly string[]>(STORED_IDS) ?? [];
  }

  async #remember(providerId: string, isStored: boolean): Promise<void> {
    const ids = this.#storedIds();
    if (ids.includes(providerId) === isStored) return;
    const changed = isStored ? [...ids, providerId] : ids.filter((id) => id !== providerId);
    await this.#deps.memento.update(STORED_IDS, changed);
  }
}

/** What a promise resolves to, or undefined once the limit has passed. */
async function inTime<T>(promise: Promise<T>, limitMs: number, onLimit: () => void): Promise<T | undefined> {
  let timer: ReturnType<typeof setTimeout> | undefined;
  const limit = new Promise<undefined>((resolve) => {
    timer = setTimeout(() => {
      onLimit();
      resolve(undefined);
    }, limitMs);
  });
  try {
    return await Promise.race([promise, limit]);
  } finally {
    clearTimeout(timer);
  }
}
