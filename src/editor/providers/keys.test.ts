import { beforeEach, describe, expect, it, vi } from "vitest";
import { commands, Memento, messages, user } from "../../../test/support/views/fakeVscode.ts";
import { readSettings } from "../../settings/read.ts";
import { registerKeyCommands, warnOfLostKeys } from "./keys.ts";
import { SecretKeys } from "./secretKeys.ts";

vi.mock("vscode", () => import("../../../test/support/views/fakeVscode.ts"));

const KEY = "sk-proj-0123456789abcdef";

/** A secret storage as VS Code has it without a keyring: what it stores is gone after a restart. */
class FakeSecrets {
  readonly stored = new Map<string, string>();
  readonly listeners = new Set<(event: { readonly key: string }) => void>();
  /** Replaces the storage's answers. */
  answer: ((key: string | undefined) => PromiseLike<string | undefined>) | undefined;

  async get(name: string): Promise<string | undefined> {
    const key = this.stored.get(name);
    return this.answer === undefined ? key : this.answer(key);
  }

  async store(name: string, key: string): Promise<void> {
    this.stored.set(name, key);
    for (const listener of this.listeners) listener({ key: name });
  }

  async delete(name: string): Promise<void> {
    this.stored.delete(name);
  }

  async keys(): Promise<string[]> {
    return [...this.stored.keys()];
  }

  onDidChange(listener: (event: { readonly key: string }) => void) {
    this.listeners.add(listener);
    return { dispose: () => this.listeners.delete(listener) };
  }
}

const settings = () => readSettings({}).settings;

/** One start of VS Code: what is stored in `memento` outlives it, and what is in `secrets` does with a keyring. */
function started(
  secrets = new FakeSecrets(),
  memento = new Memento(),
  environment: Record<string, string> = {},
  limitMs?: number,
) {
  const errors: unknown[] = [];
  const keys = new SecretKeys({ secrets, memento, onError: (error) => errors.push(error), limitMs });
  const deps = { keys, settings, environment, providers: async () => ({ all: async () => new Map() }) };
  return { keys, secrets, memento, errors, deps, warn: () => warnOfLostKeys(deps) };
}

beforeEach(() => {
  messages.length = 0;
});

describe("a stored key", () => {
  it("is read back, after a restart too, without a message", async () => {
    const { keys, secrets, memento } = started();
    expect(await keys.set("openai", KEY)).toBe(true);
    const again = started(secrets, memento);
    await again.warn();
    expect([await again.keys.get("openai"), messages]).toEqual([KEY, []]);
  });

  it("that is gone after a restart is reported, with the keyring's setting and the environment variable", async () => {
    const { keys, memento } = started();
    await keys.set("openai", KEY);
    await keys.set("google", KEY);
    await started(new FakeSecrets(), memento).warn();
    expect(messages).toHaveLength(1);
    expect(messages[0]).toMatch(/stored key for OpenAI, Google cannot be read.*keyring.*“password-store”/);
    expect(messages[0]).toMatch(/OPENAI_API_KEY, GEMINI_API_KEY/);
  });

  it("is remembered by its provider's id alone", async () => {
    const { keys, memento } = started();
    await keys.set("openai", KEY);
    expect(memento.keys().map((name) => memento.get(name))).toEqual([["openai"]]);
  });

  it("that an earlier version stored is remembered once it is read", async () => {
    const { keys, secrets, memento } = started();
    secrets.stored.set("switchyard.key.openai", KEY);
    await keys.get("openai");
    await started(new FakeSecrets(), memento).warn();
    expect(messages).toHaveLength(1);
  });

  it("is not missed after it was removed, or while the environment has one", async () => {
    const { keys, memento } = started();
    await keys.set("openai", KEY);
    await started(new FakeSecrets(), memento, { OPENAI_API_KEY: KEY }).warn();
    await keys.remove("openai");
    await started(new FakeSecrets(), memento).warn();
    expect(messages).toEqual([]);
  });
});

describe("a secret storage that does not answer", () => {
  it("leaves a provider without its stored key, and is a change once it answers", async () => {
    const { keys, secrets, memento } = started();
    await keys.set("openai", KEY);
    let open: (key: string) => void = () => undefined;
    secrets.answer = () => new Promise((resolve) => (open = resolve));
    const again = started(secrets, memento, {}, 1);
    let changes = 0;
    const changed = new Promise<void>((resolve) => {
      again.keys.onDidChange(() => {
        changes += 1;
        resolve();
      });
    });
    expect(await again.keys.get("openai")).toBeUndefined();
    await again.warn();
    expect(messages).toHaveLength(1);
    secrets.answer = undefined;
    open(KEY);
    await changed;
    expect([await again.keys.get("openai"), changes]).toEqual([KEY, 1]);
  });

  it("that fails is logged, and leaves the environment's key", async () => {
    const { keys, secrets, errors } = started();
    secrets.answer = () => Promise.reject(new Error("no keyring"));
    expect(await keys.get("openai")).toBeUndefined();
    expect(errors).toEqual([new Error("no keyring")]);
  });
});

it("reports a key that cannot be read back right after it was added", async () => {
  const { secrets, memento, deps } = started();
  secrets.answer = async () => undefined;
  user.input = () => KEY;
  const registered = registerKeyCommands(deps);
  await commands.executeCommand("switchyard.addProviderKey", "openai");
  registered.dispose();
  expect(messages[0]).toMatch(/The key for openai could not be stored\..*OPENAI_API_KEY/);
  expect(messages[0]).not.toContain(KEY);
  expect(memento.keys()).toEqual([]);
});
