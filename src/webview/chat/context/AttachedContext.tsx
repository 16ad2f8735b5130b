import * as l10n from "@vscode/l10n";
import { formatTokens } from "../../../explain/format.ts";
import { Icon } from "../../ui/buttons.tsx";
import { useStore } from "../state/store.ts";
import { ContextChips } from "./ContextChips.tsx";
import { type TooLong, tooLongFor } from "./fitting.ts";

/** What goes along with the next prompt, and why it would not be sent or was not attached. */
export function AttachedContext() {
  const store = useStore();
  const { attached, forecast, contextNotice } = store.shell.value;
  const { context } = attached;
  const tooLong = forecast === null ? undefined : tooLongFor(forecast.decision, context);
  return (
    <>
      <ContextChips
        context={context}
        tooLong={tooLong?.items}
        onOpen={(index) => store.post({ type: "openContext", turnId: null, index })}
        onRemove={(index) => {
          store.post({ type: "detach", index });
          store.focusInput.value++;
        }}
      />
      {tooLong !== undefined && (
        <Notice text={tooLongText(tooLong, store.names.value(tooLong.largest.ref))} />
      )}
      {contextNotice !== null && <Notice text={contextNotice} />}
    </>
  );
}

function Notice({ text }: { readonly text: string }) {
  return (
    <p class="sy-context-note">
      <Icon name="warning" state="sy-is-warning" />
      <span>{text}</span>
    </p>
  );
}

function tooLongText({ tokens, largest }: TooLong, model: string): string {
  return l10n.t(
    "Too long: the prompt has {tokens} tokens, and the largest window of this route, {model}, holds {window}. Remove what is struck through.",
    { tokens: formatTokens(tokens), model, window: formatTokens(largest.window) },
  );
}
