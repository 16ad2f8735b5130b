import * as l10n from "@vscode/l10n";
import type { ContextChip } from "../../../contract/view/types.ts";
import { formatList, formatTokens } from "../../../explain/format.ts";
import { Icon } from "../../ui/buttons.tsx";
import { useStore } from "../state/store.ts";
import { ContextChips } from "./ContextChips.tsx";
import { chipName } from "./chipText.ts";
import { type TooLong, tooLongFor } from "./fitting.ts";

/** What is attached to the next prompt, and why it would not be sent or was not attached. */
export function AttachedContext() {
  const store = useStore();
  const { attached, forecast, contextNotice } = store.shell.value;
  const added = store.draft.value === "" ? [] : (forecast?.added ?? []);
  const { context } = attached;
  const tooLong = forecast === null ? undefined : tooLongFor(forecast.decision, context);
  return (
    <>
      <ContextChips
        context={context}
        tooLong={tooLong?.items}
        imageTokens={forecast?.imageTokens}
        onOpen={(index) => store.post({ type: "openContext", turnId: null, index })}
        onRemove={(index) => {
          store.post({ type: "detach", index });
          store.focusInput.value++;
        }}
      />
      {added.length > 0 && <Added chips={added} />}
      {tooLong !== undefined && (
        <Notice text={tooLongText(tooLong, store.names.value(tooLong.largest.ref))} />
      )}
      {contextNotice !== null && <Notice text={contextNotice} />}
    </>
  );
}

/** What the command in the input attaches by itself. */
function Added({ chips }: { readonly chips: readonly ContextChip[] }) {
  const tokens = chips.reduce((sum, chip) => sum + chip.tokens, 0);
  const isPrivate = chips.some((chip) => chip.isPrivate);
  return (
    <p class="sy-context-note">
      <Icon name={isPrivate ? "lock" : "attach"} />
      <span>
        {l10n.t("Sent along: {names} ({tokens} tokens)", {
          names: formatList(chips.map(chipName)),
          tokens: formatTokens(tokens),
        })}
      </span>
    </p>
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
