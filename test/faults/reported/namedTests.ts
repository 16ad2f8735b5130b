/** The test of a case that this suite does not run itself, because it is about settings, prompts or the editor. */
export type NamedTest = { readonly file: string; readonly title: string };

export const NAMED_TESTS: Readonly<Record<string, NamedTest>> = {
  "ui-spend-is-the-same-in-every-window": {
    file: "test/faults/processes/windows.test.ts",
    title: "shows and enforces the same spend in every window and over the endpoint",
  },
  "budget-free-model-with-paid-fallback": {
    file: "test/server/budget.test.ts",
    title: "is answered with the budget as the reason if the free model before a paid one fails",
  },
  "ui-company-proxy-and-own-root-certificate": {
    file: "test/cli/serve.test.ts",
    title: "answers through the proxy",
  },
  "route-hard-prompt-in-another-language": {
    file: "test/cli/decide.test.ts",
    title: "calls no hard prompt in another language easy",
  },
  "route-yes-after-a-hard-plan": {
    file: "test/cli/decide.test.ts",
    title: "answers an agreement with the model of the plan that it agrees to",
  },
  "ui-enter-that-ends-a-composition": {
    file: "src/webview/chat/inputMethods.test.ts",
    title: "does not send the prompt; the next Enter does",
  },
  "ui-keyring-missing-on-linux": {
    file: "src/editor/providers/keys.test.ts",
    title:
      "that is gone after a restart is reported, with the keyring's setting and the environment variable",
  },
  "ui-draft-survives-move-hide-reload": {
    file: "test/e2e/chat.e2e.ts",
    title: "keeps draft, attachments, position and running answer when the view moves and the window reloads",
  },
  "md-document-in-a-fence-with-fences-in-it": {
    file: "src/webview/chat/conversation/answer.test.ts",
    title: "copies a whole document that holds fences itself",
  },
};
