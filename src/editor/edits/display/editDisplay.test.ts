import { expect, it, vi } from "vitest";

const fake = vi.hoisted(() => ({
  kind: 2,
  /** The decoration types that are not disposed. */
  types: [] as Readonly<Record<string, unknown>>[],
}));
vi.mock("vscode", async () => ({
  ...(await import("../../../../test/support/views/fakeVscode.ts")),
  ColorThemeKind: { Light: 1, Dark: 2, HighContrast: 3, HighContrastLight: 4 },
  OverviewRulerLane: {},
  ThemeColor: class {
    readonly id: string;
    constructor(id: string) {
      this.id = id;
    }
  },
  window: {
    get activeColorTheme() {
      return { kind: fake.kind };
    },
    createTextEditorDecorationType: (options: Readonly<Record<string, unknown>>) => {
      fake.types.push(options);
      return { dispose: () => fake.types.splice(fake.types.indexOf(options), 1) };
    },
  },
}));
const { EditDisplay } = await import("./editDisplay.ts");

it("has borders in high contrast themes, which give the lines of a diff no background", () => {
  const borders = () =>
    fake.types.flatMap(({ borderColor }) => (borderColor === undefined ? [] : [borderColor]));
  const display = new EditDisplay();
  expect(borders()).toEqual([]);
  fake.kind = 4;
  display.changeTheme();
  expect(borders()).toEqual([
    { id: "diffEditor.insertedTextBorder" },
    { id: "diffEditor.removedTextBorder" },
  ]);
  display.dispose();
  expect(fake.types).toEqual([]);
});
