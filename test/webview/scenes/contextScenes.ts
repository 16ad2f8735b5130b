import type { ContextChip } from "../../../src/contract/context.ts";
import type { ToView } from "../../../src/contract/view/protocol.ts";
import { attachedImage } from "../../support/views/images.ts";
import { answered, decision, file, selection, turn } from "../turns.ts";
import { opening, type Scene, sonnet } from "./scene.ts";

const { data: _, ...image } = attachedImage({ width: 1600, height: 900 });
const known = { tokens: 640, isPrivate: false } as const;

/** One item of every kind. */
const every: readonly ContextChip[] = [
  selection("src/http/retry.ts", 12, 48, 420),
  selection("src/http/retry.ts", 60, 60, 12),
  file("src/http/client.test.ts", 1240),
  {
    ...known,
    kind: "symbol",
    name: "withRetry",
    path: "src/http/retry.ts",
    language: "typescript",
    startLine: 12,
    endLine: 48,
  },
  {
    ...known,
    kind: "folder",
    path: "src/http",
    paths: ["src/http/retry.ts"],
    tokens: 19_400,
    leftOut: { unit: "files", included: 12, total: 40 },
  },
  { ...known, kind: "image", ...image },
  { ...file("src/config.ts", 320), removedSecrets: 2 },
  { ...known, kind: "problems", paths: ["src/http/retry.ts"], count: 2, tokens: 85 },
  {
    ...known,
    kind: "terminal",
    command: "npm test -- retry --reporter=verbose",
    terminal: "bash",
    exitCode: 1,
  },
  {
    ...known,
    kind: "changes",
    paths: ["src/http/retry.ts", "src/http/client.ts", "CHANGELOG.md"],
    tokens: 2310,
  },
  { ...file("dist/bundle.js", 3100), isIgnored: true },
  file(".env.local", 90, true),
];

const attached: Scene = {
  name: "context",
  messages: [
    ...opening(
      1.24,
      [
        turn("Why does this fail?", "The wait is never awaited.", {
          context: every,
          answer: answered(sonnet),
        }),
      ],
      "Why does this fail?",
    ),
    { type: "attached", context: every },
  ],
};

const tooLong = decision({
  outcome: { kind: "blocked", reason: { kind: "no-model-available" } },
  skipped: [
    { ref: sonnet, reason: "context-window", tokens: 2_104_000, maxInputTokens: 1_000_000 },
    { ref: "ollama/qwen3-coder", reason: "context-window", tokens: 2_104_000, maxInputTokens: 32_768 },
  ],
});

const doesNotFit: Scene = {
  name: "context-too-long",
  messages: [
    ...opening(4.02, [], "New"),
    { type: "attached", context: [file(".env.local", 90, true), file("dist/bundle.js", 2_100_000)] },
    { type: "forecast", forecast: { decision: tooLong, earlierTokens: 0 }, draft: "" },
    { type: "contextNotice", text: "logo.png cannot be read as text." },
  ],
  typed: "Which of these variables are unused?",
};

const editorSources: Extract<ToView, { type: "contextChoices" }>["choices"] = [
  {
    id: "selection",
    group: "sources",
    icon: "list-selection",
    label: "Selection",
    detail: "src/http/retry.ts",
  },
  { id: "file", group: "sources", icon: "file-code", label: "Active file", detail: "src/http/retry.ts" },
  {
    id: "problems",
    group: "sources",
    icon: "warning",
    label: "All problems",
    unavailable: "No file has problems.",
  },
  {
    id: "terminal",
    group: "sources",
    icon: "terminal",
    label: "Last terminal command",
    unavailable: "Shell integration is not active in zsh.",
  },
  { id: "changes", group: "sources", icon: "diff", label: "Uncommitted changes" },
  { id: "f1", group: "files", icon: "file", label: "retry.ts", detail: "src/http" },
  { id: "f2", group: "files", icon: "file", label: "README.md" },
];

const menu: Scene = {
  name: "context-menu",
  messages: [...opening(1.24, [], "New"), { type: "contextChoices", query: "", choices: editorSources }],
  clicks: ['button[aria-label="Add context"]'],
};

const completion: Scene = {
  name: "context-completion",
  messages: [
    ...opening(1.24, [], "New"),
    {
      type: "contextChoices",
      query: "ret",
      choices: [
        { id: "f1", group: "files", icon: "file", label: "retry.ts", detail: "src/http" },
        {
          id: "f2",
          group: "files",
          icon: "file",
          label: "retry.test.ts",
          detail: "packages/a-package-with-a-long-name/src/http",
        },
        { id: "d1", group: "files", icon: "folder", label: "retries", detail: "src" },
        {
          id: "s1",
          group: "symbols",
          icon: "symbol-misc",
          label: "withRetry",
          detail: "src/http/retry.ts:12",
        },
        {
          id: "s2",
          group: "symbols",
          icon: "symbol-misc",
          label: "retryAfterOf",
          detail: "src/http/retry.ts:60",
        },
      ],
    },
  ],
  typed: "Explain #ret",
};

/** What is attached to a prompt. */
export const contextScenes: readonly Scene[] = [attached, doesNotFit, menu, completion];
