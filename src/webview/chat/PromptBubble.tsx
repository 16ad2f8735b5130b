import { t } from "@vscode/l10n";
import type { TurnView } from "../../contract/view/protocol.ts";
import { Chips } from "./Chips.tsx";
import { useStore } from "./services.ts";
import { Tool } from "./Tool.tsx";
import { Toolbar } from "./Toolbar.tsx";

/** What was asked, and what went along. */
export function PromptBubble({ prompt }: { readonly prompt: TurnView["prompt"] }) {
  const store = useStore();
  const { text, command, context } = prompt;
  return (
    <article class="sy-turn sy-turn--user" aria-label={t("You")}>
      <div class="sy-prompt">
        <p class="sy-prompt-text">
          {command !== undefined && <span class="sy-command">/{command}</span>}
          {command !== undefined && " "}
          {text}
        </p>
        <Chips context={context} />
      </div>
      {text !== "" && (
        <Toolbar name={t("Prompt")} class="sy-prompt-tools">
          <Tool icon="copy" name={t("Copy prompt")} onClick={() => store.post({ type: "copy", text })} />
        </Toolbar>
      )}
    </article>
  );
}
