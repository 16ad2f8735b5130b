import { useSignal } from "@preact/signals";
import * as l10n from "@vscode/l10n";
import { useRef } from "preact/hooks";
import type { TurnView } from "../../../../contract/view/conversationMessages.ts";
import { inputTextOf } from "../../../../explain/prompts.ts";
import { IconButton } from "../../../ui/buttons.tsx";
import { Toolbar } from "../../../ui/Toolbar.tsx";
import { ContextChips } from "../../context/ContextChips.tsx";
import { useStore } from "../../state/store.ts";
import { CopyButton } from "../tools/CopyButton.tsx";
import { Pager } from "../tools/Pager.tsx";
import { CollapsibleText } from "./CollapsibleText.tsx";
import { PromptEditor } from "./PromptEditor.tsx";

/** The prompt of a turn with its context, the way to edit it, and to what was sent in its place. */
export function PromptBubble({ turn }: { readonly turn: TurnView }) {
  const store = useStore();
  const bubble = useRef<HTMLElement>(null);
  const isEditing = useSignal(false);
  const { id, prompt, alternatives } = turn;
  const typed = inputTextOf(prompt);
  const stopEditing = () => {
    isEditing.value = false;
    store.scheduler.nextFrame(() =>
      bubble.current?.querySelector<HTMLElement>(".sy-prompt-tools button:last-child")?.focus(),
    );
  };
  const openContext = (index: number) => store.post({ type: "openContext", turnId: id, index });
  const send = (text: string) => {
    isEditing.value = false;
    store.post({ type: "editPrompt", turnId: id, text });
    store.focusInput.value++;
  };
  return (
    <article ref={bubble} class="sy-turn sy-turn--user" aria-label={l10n.t("You")}>
      {isEditing.value ? (
        <PromptEditor text={typed} acceptName={l10n.t("Send")} onAccept={send} onCancel={stopEditing} />
      ) : (
        <PromptText prompt={prompt} onOpenContext={openContext} />
      )}
      {!isEditing.value && typed !== "" && (
        <Toolbar name={l10n.t("Prompt")} class="sy-prompt-tools">
          <CopyButton name={l10n.t("Copy prompt")} text={() => typed} />
          <IconButton
            icon="edit"
            name={l10n.t("Edit and resend")}
            onClick={() => {
              isEditing.value = true;
            }}
          />
        </Toolbar>
      )}
      {alternatives !== undefined && alternatives.prompts.length > 1 && (
        <div class="sy-prompt-pager">
          <Pager turnId={id} ids={alternatives.prompts} part="prompt" />
        </div>
      )}
    </article>
  );
}

type PromptTextProps = {
  readonly prompt: TurnView["prompt"];
  readonly class?: string;
  readonly onOpenContext: (index: number) => void;
};

/** The text of a prompt, in its bubble. */
export function PromptText({ prompt, class: extra = "", onOpenContext }: PromptTextProps) {
  const { text, command, instructions, context } = prompt;
  return (
    <div class={`sy-prompt ${extra}`.trimEnd()}>
      <CollapsibleText text={text}>
        {command !== undefined && (
          <span class="sy-command" title={instructions}>
            /{command}
          </span>
        )}
        {command !== undefined && " "}
      </CollapsibleText>
      <ContextChips context={context} onOpen={onOpenContext} />
    </div>
  );
}
