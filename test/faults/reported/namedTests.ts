/** The test of a case that this suite does not run itself, because it is about settings, prompts or the editor. */
export type NamedTest = { readonly file: string; readonly title: string };

export const NAMED_TESTS: Readonly<Record<string, NamedTest>> = {
  "ui-company-proxy-and-own-root-certificate": {
    file: "test/cli/serve.test.ts",
    title: "answers through the proxy",
  },
};
