import type { ToView } from "../../../src/contract/view/protocol.ts";
import { answered, decision, selection, step, turn } from "../turns.ts";
import { opening, type Scene, sonnet } from "./scene.ts";

const commands: ToView = {
  type: "commands",
  commands: [
    { name: "explain", description: "Explain the selected code", source: "built-in" },
    { name: "fix", description: "Find and fix what is wrong", source: "built-in" },
    { name: "tests", description: "Write tests for the selection", source: "built-in" },
    { name: "document", description: "Write comments for the selection", source: "built-in" },
    { name: "refactor", description: "Make the selection easier to read", source: "built-in" },
    { name: "review", description: "Look for mistakes in the selection", source: "built-in" },
    { name: "commit", description: "Write a commit message", source: "built-in" },
    { name: "tell-why", description: "Your prompt, from settings", source: "settings" },
    { name: "ticket", description: "Your prompt, ticket.md", source: "workspace" },
    {
      name: "translate-the-error-messages",
      description: "Translate every message of the error table into the languages of the product",
      source: "workspace",
    },
  ],
};

const conversation = opening(
  1.24,
  [turn("Draft the migration guide", "It has three parts.", { answer: answered(sonnet) })],
  "Migration guide",
);

const heldPrompt: Scene = {
  name: "held-prompt",
  messages: [
    ...conversation,
    { type: "input", text: "Why is this rejected?" },
    {
      type: "attached",
      context: [
        {
          kind: "file",
          path: "src/config.ts",
          language: "typescript",
          startLine: 1,
          endLine: 40,
          tokens: 320,
          isPrivate: false,
        },
      ],
    },
    {
      type: "heldPrompt",
      held: {
        model: "anthropic/claude-sonnet-5-5",
        isInInput: true,
        secrets: [
          {
            place: {
              kind: "context",
              line: 14,
              item: {
                kind: "file",
                path: "src/config.ts",
                language: "typescript",
                startLine: 1,
                endLine: 40,
                tokens: 320,
                isPrivate: false,
              },
            },
            secret: "AWS Secret Access Key",
          },
        ],
      },
    },
  ],
};

const allCommands: Scene = {
  name: "commands",
  messages: [...conversation, commands],
  typed: "/",
};

const filtered: Scene = {
  name: "commands-filtered",
  messages: [...conversation, commands],
  typed: "/t",
  keys: ["ArrowDown"],
};

const onStartScreen: Scene = {
  name: "commands-first",
  messages: [
    { type: "readiness", readiness: { kind: "simulator" } },
    { type: "conversation", conversation: null, busyTurnId: null },
    commands,
  ],
  typed: "/",
  height: 420,
};

const missing: Scene = {
  name: "command-missing",
  messages: [
    ...conversation,
    commands,
    {
      type: "forecast",
      forecast: null,
      draft: "/fix ",
      missing: "No editor is open. Type # and the name of a file.",
    },
  ],
  typed: "/fix ",
};

const forecast: Scene = {
  name: "command-typed",
  messages: [
    ...conversation,
    commands,
    {
      type: "forecast",
      forecast: {
        decision: decision({ chain: [step(sonnet, 0.02, 0.79)] }),
        earlierTokens: 0,
        added: [selection("src/http/retry.ts", 12, 48, 420)],
      },
      draft: "",
    },
  ],
  typed: "/tests for the empty list, and for one that is too long to be sent in one go",
};

/** What is typed with few keys. */
export const inputScenes: readonly Scene[] = [
  allCommands,
  filtered,
  onStartScreen,
  missing,
  forecast,
  heldPrompt,
];
