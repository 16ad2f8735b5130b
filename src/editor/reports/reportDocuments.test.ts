import { beforeEach, describe, expect, it, vi } from "vitest";

const fake = vi.hoisted(() => ({ hasMarkdown: true, shown: [] as string[] }));

vi.mock("vscode", async () => {
  const { EventEmitter, l10n } = await import("../../../test/support/views/fakeVscode.ts");
  return {
    EventEmitter,
    l10n,
    Uri: {
      from: ({ scheme, path }: Record<string, string>) => ({ path, toString: () => `${scheme}:${path}` }),
    },
    workspace: {
      registerTextDocumentContentProvider: () => ({ dispose: () => {} }),
      openTextDocument: async (uri: object) => uri,
    },
    window: { showTextDocument: async (document: object) => fake.shown.push(`source ${document}`) },
    extensions: {
      getExtension: (id: string) =>
        fake.hasMarkdown && id === "vscode.markdown-language-features" ? {} : undefined,
    },
    commands: {
      executeCommand: async (command: string, uri: object) => fake.shown.push(`${command} ${uri}`),
    },
  };
});

const { ReportDocuments } = await import("./reportDocuments.ts");

beforeEach(() => {
  fake.shown = [];
});

describe("a report", () => {
  it("is shown as VS Code renders Markdown, or as its source where that is disabled", async () => {
    const documents = new ReportDocuments();
    fake.hasMarkdown = true;
    await documents.show("Why", "# Why");
    fake.hasMarkdown = false;
    await documents.show("Why", "# Why");
    expect(fake.shown).toEqual(["markdown.showPreview switchyard:/Why.md", "source switchyard:/Why.md"]);
  });
});
