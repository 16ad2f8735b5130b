import { beforeEach, describe, expect, it, vi } from "vitest";
import { typeIntoTerminal } from "./runInTerminal.ts";

const fake = vi.hoisted(() => {
  const typed: { text: string; entered: boolean }[] = [];
  const messages: string[] = [];
  const state: { isTrusted: boolean; scheme: string; active: object | undefined; created: number } = {
    isTrusted: true,
    scheme: "file",
    active: undefined,
    created: 0,
  };
  return { typed, messages, state };
});

const terminal = (more: object = {}) => ({
  exitStatus: undefined,
  creationOptions: {},
  show: () => {},
  sendText: (text: string, entered: boolean) => fake.typed.push({ text, entered }),
  ...more,
});

vi.mock("vscode", () => ({
  l10n: { t: (text: string) => text },
  workspace: {
    get isTrusted() {
      return fake.state.isTrusted;
    },
    get workspaceFolders() {
      return [{ uri: { scheme: fake.state.scheme } }];
    },
  },
  window: {
    get activeTerminal() {
      return fake.state.active;
    },
    createTerminal: () => {
      fake.state.created += 1;
      return terminal();
    },
    showWarningMessage: async (message: string) => void fake.messages.push(message),
    setStatusBarMessage: (message: string) => fake.messages.push(message),
  },
}));

const code = (text: string, language = "bash") => ({ text, language, before: "" });

beforeEach(() => {
  fake.typed.length = 0;
  fake.messages.length = 0;
  Object.assign(fake.state, { isTrusted: true, scheme: "file", active: undefined, created: 0 });
});

describe("running code in the terminal", () => {
  it("types one line and never enters it", async () => {
    await typeIntoTerminal(code("npm ci\nnpm test\n"));
    expect(fake.typed).toEqual([{ text: "npm ci && npm test", entered: false }]);
    expect(fake.messages).toEqual(["{count} commands were joined. Press Enter in the terminal to run them."]);
  });

  it("uses the active terminal, unless it has ended or belongs to an extension", async () => {
    fake.state.active = terminal();
    await typeIntoTerminal(code("ls"));
    expect(fake.state.created).toBe(0);
    fake.state.active = terminal({ exitStatus: { code: 0 } });
    await typeIntoTerminal(code("ls"));
    fake.state.active = terminal({ creationOptions: { pty: {} } });
    await typeIntoTerminal(code("ls"));
    expect(fake.state.created).toBe(2);
  });

  it.each([
    ["in Restricted Mode", { isTrusted: false }, "ls"],
    ["in a virtual workspace", { scheme: "vscode-vfs" }, "ls"],
    ["of a script whose lines belong together", {}, "for f in *; do\necho $f\ndone"],
    ["of code with control characters", {}, "ls\u001b"],
  ])("types nothing %s, and says why", async (_, state, text) => {
    Object.assign(fake.state, state);
    await typeIntoTerminal(code(text));
    expect(fake.typed).toEqual([]);
    expect(fake.messages).toHaveLength(1);
  });
});
