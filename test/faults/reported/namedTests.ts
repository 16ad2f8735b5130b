/** The test of a case that this suite does not run itself, because it is about settings, prompts or the editor. */
export type NamedTest = { readonly file: string; readonly title: string };

export const NAMED_TESTS: Readonly<Record<string, NamedTest>> = {
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
};
