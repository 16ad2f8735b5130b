import { describe, expect, it } from "vitest";
import { Failure } from "../../contract/failure.ts";
import type { Provider } from "../../contract/provider/provider.ts";
import { readSettings } from "../../settings/read.ts";
import { ProviderRegistry, type ProviderRegistryDeps, SIMULATOR_ID } from "./providerRegistry.ts";

const HOME = { kind: "openai-compatible", baseUrl: "http://127.0.0.1:9/v1", local: true };

function settingsWith(providers: Record<string, unknown>) {
  return readSettings({ "switchyard.providers": providers }).settings;
}

/** A registry over fakes: `created` collects the providers, `lists` answers `listModels`. */
function registryWith(providers: Record<string, unknown> = {}, more: Partial<ProviderRegistryDeps> = {}) {
  const state = {
    settings: settingsWith(providers),
    keys: new Map<string, string>(),
    created: [] as { id: string; key: string | undefined }[],
    lists: async (_id: string, _signal: AbortSignal): Promise<readonly string[]> => [],
    errors: [] as unknown[],
  };
  const registry = new ProviderRegistry({
    settings: () => state.settings,
    keys: { get: async (id) => state.keys.get(id) },
    environment: {},
    create: ({ id }, key): Provider => {
      state.created.push({ id, key });
      return {
        id,
        ask: () => Promise.reject(new Error("No call is expected.")),
        listModels: (signal) => state.lists(id, signal),
      };
    },
    onError: (error) => state.errors.push(error),
    ...more,
  });
  return { registry, state };
}

const offline = async () => Promise.reject(new Error("offline"));

describe("ProviderRegistry", () => {
  it.each([
    ["its entry", { openai: { baseURL: "http://proxy.example/v1" } }],
    ["an entry that nearly has its name", { opnai: { baseUrl: "http://proxy.example/v1" } }],
    ["an id with a blank", { "openai ": { kind: "openai", baseUrl: "http://proxy.example/v1" } }],
    ["an entry that it is nested in", { all: { openai: { baseUrl: "http://proxy.example/v1" } } }],
    ["a field without an entry", { baseUrl: "http://proxy.example/v1" }],
  ])("does not use a built-in provider because of %s, and starts no simulator instead", async (_, entry) => {
    const startSimulator = async () => Promise.reject(new Error("No simulator is expected."));
    const environment = { OPENAI_API_KEY: "k" };
    const { registry, state } = registryWith(entry, { environment, startSimulator });
    const openai = (await registry.all()).get("openai");
    expect(openai).toMatchObject({ usable: false, problem: expect.stringContaining("switchyard.providers") });
    expect(openai?.config.baseUrl).toBeUndefined();
    expect(await registry.providerFor("openai")).toBeUndefined();
    expect([await registry.onlySimulated(), state.created]).toEqual([false, []]);
  });

  it("lists the configured providers, which are usable if they have a key or need none", async () => {
    const { registry, state } = registryWith(
      { home: HOME },
      { environment: { ANTHROPIC_API_KEY: "a", OPENAI_API_KEY: "" } },
    );
    state.keys.set("google", "g");
    const all = await registry.all();
    expect(all.get("home")).toMatchObject({ usable: true, local: true, keySource: undefined });
    expect(all.get("google")).toMatchObject({ usable: true, keySource: { kind: "stored" } });
    expect(all.get("anthropic")).toMatchObject({
      name: "Anthropic",
      usable: true,
      keySource: { kind: "environment", variable: "ANTHROPIC_API_KEY" },
    });
    expect(all.get("openai")).toMatchObject({ usable: false, keySource: undefined });
    expect(all.has("ollama")).toBe(false);
  });

  it("returns the same promises until it is refreshed", async () => {
    const { registry, state } = registryWith({ home: HOME });
    const read = () => [
      registry.all(),
      registry.onlySimulated(),
      registry.providerFor("home"),
      registry.localModels(0),
    ];
    const first = read();
    await Promise.all(first);
    expect(read().every((promise, at) => promise === first[at])).toBe(true);
    registry.refresh();
    expect(read().some((promise) => first.includes(promise))).toBe(false);
    await registry.providerFor("home");
    expect(state.created).toHaveLength(2);
  });

  it("changes a provider's fingerprint with its key and its configuration", async () => {
    const { registry, state } = registryWith({ home: HOME });
    const fingerprint = async () => {
      registry.refresh();
      return (await registry.all()).get("home")?.fingerprint;
    };
    const first = await fingerprint();
    expect(await fingerprint()).toBe(first);
    state.keys.set("home", "k");
    const withKey = await fingerprint();
    state.settings = settingsWith({ home: { ...HOME, baseUrl: "http://127.0.0.1:10/v1" } });
    expect(new Set([first, withKey, await fingerprint()]).size).toBe(3);
  });

  it("reads the keys again after the key store failed", async () => {
    let isLocked = true;
    const get = async () => (isLocked ? Promise.reject(new Error("The keychain is locked.")) : "k");
    const { registry, state } = registryWith({ home: HOME }, { keys: { get } });
    await expect(registry.all()).rejects.toThrow("The keychain is locked.");
    await expect(registry.onlySimulated()).rejects.toThrow("The keychain is locked.");
    await expect(registry.localModels(0)).rejects.toThrow("The keychain is locked.");
    await expect(registry.providerFor("home")).rejects.toThrow("The keychain is locked.");
    isLocked = false;
    state.lists = async () => ["m"];
    expect((await registry.all()).get("home")?.usable).toBe(true);
    expect(await registry.onlySimulated()).toBe(false);
    expect(await registry.localModels(1)).toEqual(["home/m"]);
    expect((await registry.providerFor("home"))?.id).toBe("home");
  });

  it("creates a provider once, and none that is unusable or unknown", async () => {
    const { registry, state } = registryWith();
    state.keys.set("openai", "k");
    const [one, two] = await Promise.all([registry.providerFor("openai"), registry.providerFor("openai")]);
    expect(one).toBe(two);
    expect(await registry.providerFor("anthropic")).toBeUndefined();
    expect(await registry.providerFor("unknown")).toBeUndefined();
    expect(state.created).toEqual([{ id: "openai", key: "k" }]);
  });
});

describe("the simulator", () => {
  const address = {
    config: {
      id: SIMULATOR_ID,
      name: "Simulator",
      kind: "openai-compatible",
      baseUrl: "http://127.0.0.1:9/v1",
      local: false,
    },
    key: "s",
  } as const;

  it("is usable only while no other provider is, and starts once, with its first use", async () => {
    let started = 0;
    const startSimulator = async () => {
      started += 1;
      return address;
    };
    const { registry, state } = registryWith({}, { startSimulator });
    expect(await registry.onlySimulated()).toBe(true);
    expect(started).toBe(0);
    expect((await registry.providerFor(SIMULATOR_ID))?.id).toBe(SIMULATOR_ID);
    registry.refresh();
    await registry.providerFor(SIMULATOR_ID);
    expect(started).toBe(1);
    expect(state.created[0]).toEqual({ id: SIMULATOR_ID, key: "s" });
    state.keys.set("openai", "k");
    registry.refresh();
    expect(await registry.onlySimulated()).toBe(false);
    expect(await registry.providerFor(SIMULATOR_ID)).toBeUndefined();
  });

  it("is an ordinary provider if the settings name it", async () => {
    const { registry, state } = registryWith({ [SIMULATOR_ID]: { ...HOME, local: false } });
    expect(await registry.onlySimulated()).toBe(false);
    await registry.providerFor(SIMULATOR_ID);
    expect(state.created).toEqual([{ id: SIMULATOR_ID, key: undefined }]);
  });

  it("does not exist if none can be started", async () => {
    const { registry } = registryWith();
    expect((await registry.all()).has(SIMULATOR_ID)).toBe(false);
    expect(await registry.onlySimulated()).toBe(false);
  });
});

describe("localModels", () => {
  it("returns the models of all usable local servers; a server that fails has none", async () => {
    const { registry, state } = registryWith({
      home: HOME,
      lab: HOME,
      down: HOME,
      far: { ...HOME, local: false },
    });
    state.lists = async (id) => (id === "down" ? offline() : ["a", `of-${id}`]);
    expect(await registry.localModels(0)).toEqual(["home/a", "home/of-home", "lab/a", "lab/of-lab"]);
  });

  it("requests the lists again after 30 s without waiting for them", async () => {
    const { registry, state } = registryWith({ home: HOME });
    const list = Promise.withResolvers<readonly string[]>();
    let requests = 0;
    state.lists = async () => {
      requests += 1;
      return requests === 1 ? ["old"] : list.promise;
    };
    expect(await registry.localModels(0)).toEqual(["home/old"]);
    expect(await registry.localModels(29_999)).toEqual(["home/old"]);
    expect(requests).toBe(1);
    expect(await registry.localModels(30_000)).toEqual(["home/old"]);
    expect(await registry.localModels(30_001)).toEqual(["home/old"]);
    list.resolve(["new"]);
    await new Promise(setImmediate);
    expect(await registry.localModels(30_002)).toEqual(["home/new"]);
    expect(requests).toBe(2);
  });

  it("keeps the last list of a server that fails, for as long as its configuration is the same", async () => {
    const { registry, state } = registryWith({ home: HOME });
    state.lists = async () => ["m"];
    expect(await registry.localModels(0)).toEqual(["home/m"]);
    state.lists = offline;
    // The second call after the list expired returns what the failed request left.
    for (const nowMs of [30_000, 60_000, 90_000]) {
      expect(await registry.localModels(nowMs)).toEqual(["home/m"]);
      await new Promise(setImmediate);
    }
    registry.refresh();
    expect(await registry.localModels(90_001)).toEqual(["home/m"]);
    state.settings = settingsWith({ home: { ...HOME, baseUrl: "http://127.0.0.1:10/v1" } });
    registry.refresh();
    expect(await registry.localModels(90_002)).toEqual([]);
  });

  it("reports once that a list cannot be read, and never that a server does not run", async () => {
    const { registry, state } = registryWith({ home: HOME });
    state.lists = offline;
    await registry.localModels(0);
    expect(state.errors).toEqual([]);
    const unreadable = new Failure({ kind: "malformed", provider: "home", message: "the server sent 42" });
    state.lists = () => Promise.reject(unreadable);
    for (let call = 0; call < 3; call++) {
      registry.refresh();
      expect(await registry.localModels(0)).toEqual([]);
    }
    expect(state.errors).toEqual([unreadable]);
  });

  it("returns no models if the server lists none any more", async () => {
    const { registry, state } = registryWith({ home: HOME });
    state.lists = async () => ["m"];
    expect(await registry.localModels(0)).toEqual(["home/m"]);
    state.lists = async () => [];
    registry.refresh();
    expect(await registry.localModels(1)).toEqual([]);
  });

  it("waits for the lists after a refresh", async () => {
    const { registry, state } = registryWith({ home: HOME });
    state.lists = async () => ["old"];
    expect(await registry.localModels(0)).toEqual(["home/old"]);
    state.lists = async () => ["new"];
    registry.refresh();
    expect(await registry.localModels(1)).toEqual(["home/new"]);
  });

  it("ignores lists that were requested before a refresh", async () => {
    const { registry, state } = registryWith({ home: HOME });
    const list = Promise.withResolvers<readonly string[]>();
    state.lists = () => list.promise;
    const before = registry.localModels(0);
    await new Promise(setImmediate);
    state.lists = async () => ["new"];
    registry.refresh();
    list.resolve(["old"]);
    expect(await before).toEqual(["home/old"]);
    expect(await registry.localModels(1)).toEqual(["home/new"]);
  });
});

describe("findLocalServers", () => {
  it("returns the well-known servers that answer, with the number of their models", async () => {
    const { registry, state } = registryWith();
    state.lists = async (id) => (id === "ollama" ? ["a", "b"] : offline());
    expect(await registry.findLocalServers()).toEqual([{ id: "ollama", name: "Ollama", models: 2 }]);
  });
});
