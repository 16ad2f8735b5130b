/** Folders that replace others: `from` is `src/main` and `to` is `src/test`. An empty `from` puts `to` at the beginning. */
export type FolderChange = { readonly from: readonly string[]; readonly to: readonly string[] };

/** How the tests of a language are named, and where they are. */
export type TestLanguage = {
  /** The extensions of its files. */
  readonly extensions: readonly string[];
  /** The extension of tests, where it is not that of the tested file. */
  readonly testExtension?: string | undefined;
  /** Names of tests without the extension; `*` is the name of the tested file. The first one is the default. */
  readonly names: readonly [string, ...string[]];
  /** Where tests are if there are none yet: the first change whose `from` applies. None: beside the tested file. */
  readonly folders: readonly FolderChange[];
  /** Tests are in the tested file. */
  readonly inFile?: true | undefined;
};

const change = (from: string, to: string): FolderChange => ({
  from: from.split("/").filter((part) => part !== ""),
  to: to.split("/"),
});

const JVM = { names: ["*Test", "*Tests", "*Spec"], folders: [change("src/main", "src/test")] } as const;

const LANGUAGES: readonly TestLanguage[] = [
  {
    extensions: ["ts", "tsx", "mts", "cts", "js", "jsx", "mjs", "cjs"],
    names: ["*.test", "*.spec", "*-test", "*-spec", "*_test", "*_spec"],
    folders: [],
  },
  { extensions: ["vue", "svelte"], testExtension: "ts", names: ["*.test", "*.spec"], folders: [] },
  { extensions: ["py"], names: ["test_*", "*_test"], folders: [change("src", "tests"), change("", "tests")] },
  { extensions: ["go"], names: ["*_test"], folders: [] },
  { extensions: ["rs"], names: ["*_test"], folders: [], inFile: true },
  { extensions: ["java"], ...JVM },
  { extensions: ["kt"], ...JVM },
  { extensions: ["scala"], ...JVM },
  { extensions: ["groovy"], ...JVM },
  { extensions: ["cs"], names: ["*Tests", "*Test"], folders: [] },
  {
    extensions: ["rb"],
    names: ["*_spec", "*_test", "test_*"],
    folders: [change("lib", "spec"), change("app", "spec"), change("", "spec")],
  },
  {
    extensions: ["php"],
    names: ["*Test"],
    folders: [change("src", "tests"), change("app", "tests"), change("", "tests")],
  },
  { extensions: ["dart"], names: ["*_test"], folders: [change("lib", "test"), change("", "test")] },
  {
    extensions: ["ex", "exs"],
    testExtension: "exs",
    names: ["*_test"],
    folders: [change("lib", "test"), change("", "test")],
  },
  { extensions: ["swift"], names: ["*Tests"], folders: [change("Sources", "Tests")] },
  {
    extensions: ["c", "cc", "cpp", "cxx", "h", "hpp"],
    names: ["*_test", "test_*", "*Test", "*Tests"],
    folders: [change("src", "tests"), change("", "tests")],
  },
  { extensions: ["ps1"], names: ["*.Tests"], folders: [] },
];

const NO_CONVENTION: Omit<TestLanguage, "extensions"> = {
  names: ["*_test", "test_*", "*.test"],
  folders: [],
};

/** Returns the language of files with an extension. */
export function testLanguage(extension: string): TestLanguage {
  const known = LANGUAGES.find(({ extensions }) => extensions.includes(extension));
  return known ?? { extensions: [extension], ...NO_CONVENTION };
}
