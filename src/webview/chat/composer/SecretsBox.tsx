import * as l10n from "@vscode/l10n";
import { ActionButtons } from "../../ui/buttons.tsx";
import { MessageBox } from "../../ui/messages.tsx";
import { useStore } from "../state/store.ts";
import { describeRemoteModel, describeSecret, heldPromptTitle, placeText } from "./secretText.ts";

/** The box lists up to this many secrets. */
const MAX_SECRETS = 4;
/** Stands for the place in its sentence, and is replaced by an element. */
const PLACE = "\0";

/** The question what to do with keys and passwords in a prompt, which was not sent. */
export function SecretsBox() {
  const store = useStore();
  const held = store.shell.value.heldPrompt;
  if (held === null) return null;
  const shown = held.secrets.slice(0, MAX_SECRETS);
  const hidden = held.secrets.length - shown.length;
  const onKeyDown = (event: KeyboardEvent) => {
    if (event.key !== "Escape") return;
    event.preventDefault();
    store.chooseForSecrets("cancel");
  };
  return (
    // biome-ignore lint/a11y/noStaticElementInteractions: Escape is the key of the button Cancel
    <div class="sy-held" onKeyDown={onKeyDown}>
      <MessageBox kind="warning" icon="shield" name={l10n.t("Before sending")} title={heldPromptTitle(held)}>
        <p>
          {shown.map(({ place, secret }, index) => {
            const [before = "", after = ""] = describeSecret(PLACE, secret).split(PLACE);
            const text = placeText(place);
            return (
              <span key={index}>
                {before}
                {place.kind === "context" ? <code>{text}</code> : text}
                {after}{" "}
              </span>
            );
          })}
          {hidden > 0 && `${l10n.t("And {count} more.", { count: hidden })} `}
          {describeRemoteModel(held, store.names.value)}
        </p>
        <ActionButtons
          actions={[
            { name: l10n.t("Blank it out and send"), run: () => store.chooseForSecrets("blankOut") },
            { name: l10n.t("Send as it is"), run: () => store.chooseForSecrets("sendAsIs") },
            { name: l10n.t("Cancel"), run: () => store.chooseForSecrets("cancel") },
          ]}
        />
      </MessageBox>
    </div>
  );
}
