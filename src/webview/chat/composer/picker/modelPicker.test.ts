import axe from "axe-core";
import { describe, expect, it } from "vitest";
import { decision, summary } from "../../../../../test/support/answers.ts";
import { conversation, type FakeHost, open, turn } from "../../../../../test/support/views/fakeHost.ts";
import type { Affinity } from "../../../../contract/decision.ts";
import type { ModelOption } from "../../../../contract/modelOptions.ts";
import type { ToView } from "../../../../contract/view/protocol.ts";

function option(ref: string, known: Partial<ModelOption> = {}): ModelOption {
  return {
    ref,
    inputUsdPerMTok: 1.25,
    outputUsdPerMTok: 10,
    maxInputTokens: 922_000,
    capabilities: ["vision", "tools"],
    quality: { value: 0.8, basis: "estimate", standardError: 0.12 },
    local: false,
    ...known,
  };
}

const sol = option("openai/sol", { capabilities: ["tools", "reasoning"] });
const luna = option("openai/luna", {
  skipped: { ref: "openai/luna", reason: "breaker-open", failures: 5, nextTryAtMs: 8000, by: "model" },
});
const off = option("openrouter/luna", {
  skipped: { ref: "openrouter/luna", reason: "switched-off" },
  isBlocked: true,
});
const qwen = option("ollama/qwen", {
  inputUsdPerMTok: undefined,
  maxInputTokens: 32_768,
  quality: undefined,
  local: true,
});

const models: Extract<ToView, { type: "models" }> = {
  type: "models",
  picker: {
    dial: "balanced",
    recent: [],
    options: {
      models: [sol, luna, off, qwen],
      keyless: [{ id: "google", name: "Google", models: 19 }],
      nowMs: 0,
    },
  },
};

const names: ToView = {
  type: "providers",
  names: { openai: "OpenAI", openrouter: "OpenRouter", ollama: "Ollama" },
};

/** A view with an open picker that has received its models. */
async function opened(...messages: readonly ToView[]): Promise<FakeHost> {
  const host = await open(names, conversation([]), ...messages);
  await host.click(host.find(".sy-tool--model"));
  await host.send(models);
  return host;
}

const search = (host: FakeHost) => host.find<HTMLInputElement>("[role=combobox]");
const options = (host: FakeHost) =>
  [...host.root.querySelectorAll("[role=option] .sy-row-main")].map(({ textContent }) => textContent);
const row = (host: FakeHost, label: string) => {
  const found = [...host.root.querySelectorAll("[role=option]")].find(
    (each) => each.querySelector(".sy-row-main")?.textContent === label,
  );
  if (found === undefined) throw new Error(`There is no row ${label}.`);
  return found;
};
const active = (host: FakeHost) =>
  host.root.querySelector("[role=option][aria-selected=true] .sy-row-main")?.textContent;
const radio = (host: FakeHost, label: string) => {
  const found = [...host.root.querySelectorAll("label")].find(({ textContent }) => textContent === label);
  return found?.querySelector("input") ?? host.find<HTMLInputElement>(`[data-missing="${label}"]`);
};
async function filter(host: FakeHost, text: string): Promise<void> {
  await host.settle(() => {
    search(host).value = text;
    search(host).dispatchEvent(new InputEvent("input", { bubbles: true }));
  });
}

describe("the model picker", () => {
  it("asks for the models when it is opened, and offers Auto, then the models by provider", async () => {
    const host = await opened();
    expect(host.postedOf("openModels")).toHaveLength(1);
    expect(document.activeElement).toBe(search(host));
    expect(options(host)).toEqual([
      ...["Auto", "sol", "openai/luna", "openrouter/luna", "qwen"],
      "Add a key for Google…",
    ]);
    const groups = [...host.root.querySelectorAll("[role=listbox] [role=group]")];
    expect(groups.map((group) => group.getAttribute("aria-label"))).toEqual([
      ...["Auto", "OpenAI", "OpenRouter", "Ollama, on this machine", "Without a key"],
    ]);
    expect(active(host)).toBe("Auto");
    const { violations } = await axe.run(host.root, { rules: { "color-contrast": { enabled: false } } });
    expect(violations.map(({ id }) => id)).toEqual([]);
  });

  it("shows prices per million tokens, window, quality, capabilities and state", async () => {
    const host = await opened();
    expect(row(host, "sol").textContent).toContain("$1.25 / $10922k");
    expect(row(host, "sol").textContent).toContain(
      "Tools · reasoning · quality 0.80\u00a0±\u00a00.12, an estimate",
    );
    expect(row(host, "openai/luna").textContent).toContain("Paused after 5 failures, next try in 8\u00a0s");
    expect(row(host, "qwen").textContent).toContain("free33k");
    expect(row(host, "qwen").textContent).toContain("quality unknown");
  });

  it("picks a model by typing a part of its name or provider, and gives the focus back to the input", async () => {
    const host = await opened();
    await filter(host, "OpenAI lu");
    expect(options(host)).toEqual(["openai/luna"]);
    await host.press("Enter");
    expect(host.postedOf("chooseModel")).toEqual([{ type: "chooseModel", model: "openai/luna" }]);
    expect(host.root.querySelector("[role=listbox]")).toBeNull();
    expect(document.activeElement).toBe(host.input);
  });

  it("does not pick a model that would not answer", async () => {
    const host = await opened();
    expect(row(host, "openrouter/luna").getAttribute("aria-disabled")).toBe("true");
    await host.click(row(host, "openrouter/luna"));
    expect(host.postedOf("chooseModel")).toEqual([]);
  });

  it("closes on Escape from every control, and the input keeps its text", async () => {
    const host = await open(names, conversation([]));
    await host.type("Draft");
    for (const from of ["search", "dial"]) {
      await host.click(host.find(".sy-tool--model"));
      await host.send(models);
      const on = from === "search" ? search(host) : radio(host, "Best");
      on.focus();
      await host.press("Escape", {}, on);
      expect(host.root.querySelector("[role=listbox]")).toBeNull();
      expect(document.activeElement).toBe(host.input);
    }
    expect(host.input.value).toBe("Draft");
    expect(host.postedOf("stop")).toEqual([]);
  });

  it("leaves Tab to the browser, which moves to the dial", async () => {
    const host = await opened();
    await host.press("Tab");
    expect(host.postedOf("chooseModel")).toEqual([]);
    expect(host.root.querySelector("[role=listbox]")).not.toBeNull();
  });

  it("changes the dial, and the effort of the conversation's models", async () => {
    const host = await opened();
    expect(radio(host, "Balanced").checked).toBe(true);
    await host.click(radio(host, "Best"));
    expect(host.postedOf("setDial")).toEqual([{ type: "setDial", dial: "best" }]);
    expect(radio(host, "Default").checked).toBe(true);
    await host.click(radio(host, "High"));
    expect(host.postedOf("chooseEffort")).toEqual([{ type: "chooseEffort", effort: "high" }]);
    await host.send({ type: "choice", choice: { effort: "high" } });
    expect(radio(host, "High").checked).toBe(true);
    await host.click(radio(host, "Default"));
    expect(host.postedOf("chooseEffort").at(-1)).toEqual({ type: "chooseEffort", effort: null });
  });

  it("offers no effort for a picked model that does not reason", async () => {
    const picked = (model: string): ToView => ({ type: "choice", choice: { model } });
    const efforts = (host: FakeHost) => host.root.querySelectorAll("fieldset").length - 1;
    expect(efforts(await opened(picked("ollama/qwen")))).toBe(0);
    expect(efforts(await opened(picked("openai/sol")))).toBe(1);
  });

  it("starts at the picked model, and shows the recent ones first", async () => {
    const host = await opened({ type: "choice", choice: { model: "openai/luna" } });
    expect(active(host)).toBe("openai/luna");
    expect(row(host, "openai/luna").querySelector(".codicon-check")).not.toBeNull();
    await host.send({ ...models, picker: { ...models.picker, recent: ["gone/model", "ollama/qwen"] } });
    expect(options(host).slice(0, 3)).toEqual(["Auto", "qwen", "sol"]);
    await filter(host, "qwen");
    expect(options(host)).toEqual(["qwen"]);
  });

  it("offers to add the key of a provider", async () => {
    const host = await opened();
    await host.click(row(host, "Add a key for Google…"));
    expect(host.postedOf("replaceKey")).toEqual([{ type: "replaceKey", provider: "google" }]);
  });

  it("has a button with the choice of the conversation", async () => {
    const host = await open(names, conversation([]));
    expect(host.find(".sy-tool--model").getAttribute("aria-label")).toBe("Model: Auto");
    await host.send({ type: "choice", choice: { model: "openai/sol", effort: "high" } });
    expect(host.find(".sy-tool--model").getAttribute("aria-label")).toBe("Model: sol · High");
    expect(host.find(".sy-tool--model").querySelector(".codicon-lock")).not.toBeNull();
  });
});

describe("the lock in Why this model?", () => {
  async function explained(...messages: readonly ToView[]): Promise<FakeHost> {
    const answer = { decision: decision(), summary: summary({ modelUsed: "openai/sol" }) };
    const host = await open(conversation([turn("t1", "Why?", answer)]), ...messages);
    await host.click(host.find("button.sy-quiet"));
    return host;
  }

  it("keeps the model that answered for the conversation", async () => {
    const host = await explained();
    await host.click(host.button("Keep this model for the conversation"));
    expect(host.postedOf("chooseModel")).toEqual([{ type: "chooseModel", model: "openai/sol" }]);
    expect(host.find("[role=status]").textContent).toBe("sol is kept for the conversation.");
  });

  it("lets the routes decide again", async () => {
    const host = await explained({ type: "choice", choice: { model: "openai/sol" } });
    expect(host.find(".sy-lock").textContent).toContain("This model is kept for the conversation.");
    host.button("Back to Auto").focus();
    await host.click(host.button("Back to Auto"));
    expect(host.postedOf("chooseModel")).toEqual([{ type: "chooseModel", model: null }]);
    await host.send({ type: "choice", choice: {} });
    expect(document.activeElement?.textContent).toBe("Keep this model for the conversation");
  });

  it("lets the routes answer a prompt that the kept model did not", async () => {
    const blocked = {
      outcome: { kind: "blocked", reason: { kind: "no-model-available" } },
      route: { kind: "explicit" },
      skipped: [{ ref: "openai/sol", reason: "switched-off" }],
    } as const;
    const notSent = { kind: "not-sent", reason: blocked.outcome.reason } as const;
    const failure = { kind: "overloaded", provider: "openai", message: "" } as const;
    for (const ending of [notSent, { kind: "failed", failure } as const]) {
      const answer = { decision: decision(blocked), summary: summary({ modelUsed: undefined, ending }) };
      const kept: ToView = { type: "choice", choice: { model: "openai/sol" } };
      const host = await open(conversation([turn("t1", "Why?", answer)]), kept);
      if (ending === notSent) {
        expect(host.find(".sy-box h2").textContent).toBe("The model that you picked cannot answer this now");
      }
      await host.click(host.button("Back to Auto"));
      expect(host.posted.slice(-2)).toEqual([
        { type: "chooseModel", model: null },
        { type: "retry", turnId: "t1" },
      ]);
      await host.send({ type: "choice", choice: {} });
      expect(host.root.querySelector(".sy-box")?.textContent).not.toContain("Back to Auto");
    }
  });

  it("says what another model would have cost, if that is known", async () => {
    const affinity: Affinity = {
      kind: "stayed",
      last: "openai/sol",
      other: "a/other",
      cachedTokens: 9000,
      stayNanoUsd: 4_000_000,
      switchNanoUsd: 21_000_000,
    };
    const answer = { decision: decision({ affinity }), summary: summary({ modelUsed: "openai/sol" }) };
    const host = await open(conversation([turn("t1", "Why?", answer)]));
    await host.click(host.find("button.sy-quiet"));
    expect(host.find(".sy-lock").textContent).toContain(
      "The prompt was expected to cost $0.0040 with the cache of sol, and $0.021 with other.",
    );
  });
});
