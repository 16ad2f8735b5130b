import { type FolderChange, type TestLanguage, testLanguage } from "./testLanguages.ts";

/** Where tests of a file go. Paths are relative to the workspace folder, with forward slashes. */
export type TestFile = {
  readonly path: string;
  /** The test that shows how tests are written here: the nearest one of the same language. */
  readonly example: string | undefined;
};

/** A file by the parts of its path. */
type File = {
  readonly path: string;
  readonly folders: readonly string[];
  /** Without the extension. */
  readonly name: string;
  readonly extension: string;
};

/** A test, its name with `*` in place of the tested file's, and the file that it tests, if there is one. */
type KnownTest = {
  readonly file: File;
  readonly pattern: string;
  readonly tested: File | undefined;
};

/** Folders that contain tests only. */
const TEST_FOLDERS = new Set(["__tests__", "test", "tests", "Test", "Tests", "spec", "specs"]);
/** Folders at the beginning of a path that tests in a folder of their own leave out. */
const SOURCE_FOLDERS = new Set(["src", "lib", "app", "source"]);

/**
 * Returns the file that tests of a file go into: its test, if it has one; else one with the name and the place that the
 * nearest test of the same language has, relative to the file that it tests; without any test, what is usual for the
 * language. A test takes tests of itself.
 * @param files the files around it; they decide, whether or not they contain `source`
 */
export function testFileFor(source: string, files: readonly string[]): TestFile {
  const file = readPath(source);
  const language = testLanguage(file.extension);
  if (language.inFile === true) return { path: source, example: undefined };
  const same = [...new Set([...files, source])]
    .map(readPath)
    .filter(({ extension }) => isOf(language, extension));
  const tests = testsAmong(same, language);
  if (tests.some((test) => test.file.path === source)) return { path: source, example: undefined };

  const own = nearest(
    tests.filter(({ tested }) => tested?.path === source),
    file,
  );
  const example = nearest(
    tests.filter((test) => test !== own),
    file,
  );
  if (own !== undefined) return { path: own.file.path, example: example?.file.path };
  const folders = example === undefined ? usualFolders(language, file) : foldersLike(example, file);
  const pattern = example?.pattern ?? language.names[0];
  const extension = language.testExtension ?? file.extension;
  const name = pattern.replace("*", () => file.name) + (extension === "" ? "" : `.${extension}`);
  const path = [...folders, name].join("/");
  return { path, example: example?.file.path };
}

/** Returns the extensions of the files that decide where tests of a file go. */
export function extensionsFor(source: string): readonly string[] {
  const { extensions, testExtension } = testLanguage(readPath(source).extension);
  return testExtension === undefined ? extensions : [...extensions, testExtension];
}

function readPath(path: string): File {
  const folders = path.split("/");
  const whole = folders.pop() ?? "";
  const dot = whole.lastIndexOf(".");
  return dot <= 0
    ? { path, folders, name: whole, extension: "" }
    : { path, folders, name: whole.slice(0, dot), extension: whole.slice(dot + 1) };
}

function isOf({ extensions, testExtension }: TestLanguage, extension: string): boolean {
  return extensions.includes(extension) || extension === testExtension;
}

function testsAmong(files: readonly File[], { names }: TestLanguage): readonly KnownTest[] {
  const named = files.map((file) => ({ file, match: matchName(file.name, names) }));
  const sources = named.flatMap(({ file, match }) =>
    match === undefined && !file.folders.some((folder) => TEST_FOLDERS.has(folder)) ? [file] : [],
  );
  return named.flatMap(({ file, match }): readonly KnownTest[] => {
    const isInTestFolder = file.folders.some((folder) => TEST_FOLDERS.has(folder));
    if (match === undefined && !isInTestFolder) return [];
    const stem = match?.stem ?? file.name;
    const tested = closest(
      sources.filter(({ name }) => name === stem),
      file,
    );
    // Folders of tests contain other files too, such as fixtures.
    if (match === undefined && tested === undefined) return [];
    return [{ file, pattern: match?.pattern ?? "*", tested }];
  });
}

function matchName(name: string, patterns: readonly string[]) {
  for (const pattern of patterns) {
    const [prefix = "", suffix = ""] = pattern.split("*");
    const isMatch = name.length > pattern.length - 1 && name.startsWith(prefix) && name.endsWith(suffix);
    if (isMatch) return { pattern, stem: name.slice(prefix.length, name.length - suffix.length) };
  }
  return undefined;
}

/** The file in whose place, but for the fewest folders, a test is. */
function closest(files: readonly File[], test: File): File | undefined {
  const cost = ({ folders }: File) => {
    const { from, to } = changeBetween(folders, test.folders);
    return from.length + to.length;
  };
  return least(files, cost);
}

/** The test that is nearest to a file, or whose tested file is. */
function nearest(tests: readonly KnownTest[], file: File): KnownTest | undefined {
  return least(tests, ({ file: test, tested }) => {
    const { folders } = tested ?? test;
    const shared = sharedStart(folders, file.folders);
    const steps = folders.length + file.folders.length - 2 * shared;
    return steps + (tested === undefined ? 0.5 : 0);
  });
}

function least<T extends { readonly path: string } | KnownTest>(
  all: readonly T[],
  cost: (each: T) => number,
): T | undefined {
  const pathOf = (each: T) => ("path" in each ? each.path : each.file.path);
  return all.toSorted((one, other) => cost(one) - cost(other) || (pathOf(one) < pathOf(other) ? -1 : 1))[0];
}

/** The folders of a test that is to a file as the example is to the file that it tests. */
function foldersLike({ file: test, tested }: KnownTest, { folders }: File): readonly string[] {
  if (tested === undefined) return inTestFolder(test.folders, folders);
  const { at, from, to, isMirror } = changeBetween(tested.folders, test.folders);
  if (from.length === 0 && to.length === 0) return folders;
  if (from.length === 0 && !isMirror) return [...folders, ...to];
  const start = Math.min(at, sharedStart(tested.folders, folders));
  const place = from.length === 0 ? start : indexOf(folders, from, start);
  if (place >= 0) return [...folders.slice(0, place), ...to, ...folders.slice(place + from.length)];
  return [...test.folders.slice(0, at), ...to];
}

/** The folders of tests if it is not known what the nearest one tests. */
function inTestFolder(test: readonly string[], folders: readonly string[]): readonly string[] {
  const at = test.findIndex((folder) => TEST_FOLDERS.has(folder));
  if (at < 0) return folders;
  const root = test.slice(0, at + 1);
  if (test[at] === "__tests__") return [...folders, "__tests__"];
  if (at === test.length - 1) return root;
  const rest = folders.slice(sharedStart(folders, root));
  return [...root, ...(SOURCE_FOLDERS.has(rest[0] ?? "") ? rest.slice(1) : rest)];
}

function usualFolders({ folders: changes }: TestLanguage, { folders }: File): readonly string[] {
  for (const { from, to } of changes) {
    const place = indexOf(folders, from, 0);
    if (place >= 0) return [...folders.slice(0, place), ...to, ...folders.slice(place + from.length)];
  }
  return folders;
}

/** What replaces what between two paths: from folder `at` on. `isMirror`: the same folders follow in both. */
function changeBetween(
  folders: readonly string[],
  changed: readonly string[],
): FolderChange & { readonly at: number; readonly isMirror: boolean } {
  const at = sharedStart(folders, changed);
  const [from, to] = [folders.slice(at), changed.slice(at)];
  const shared = sharedStart(from.toReversed(), to.toReversed());
  return {
    at,
    from: from.slice(0, from.length - shared),
    to: to.slice(0, to.length - shared),
    isMirror: shared > 0,
  };
}

function sharedStart(one: readonly string[], other: readonly string[]): number {
  const end = one.findIndex((part, index) => part !== other[index]);
  return end < 0 ? one.length : end;
}

/** Where parts stand in a path, from a place on; -1 if they do not. */
function indexOf(path: readonly string[], parts: readonly string[], start: number): number {
  for (let at = start; at + parts.length <= path.length; at++)
    if (parts.every((part, index) => path[at + index] === part)) return at;
  return -1;
}
