import { useSignal } from "@preact/signals";
import * as l10n from "@vscode/l10n";
import { useEffect } from "preact/hooks";
import { Toast } from "../ui/messages.tsx";
import { Composer } from "./composer/Composer.tsx";
import { Conversation } from "./conversation/Conversation.tsx";
import { StartScreen } from "./conversation/StartScreen.tsx";
import { FindBar } from "./find/FindBar.tsx";
import { ConversationList } from "./list/ConversationList.tsx";
import { isConversationShown, type Store, StoreContext, useStore } from "./state/store.ts";
import { TitleRow } from "./title/TitleRow.tsx";

/** The code of a key that an input method handles (W3C UI Events, "Legacy key attributes"). */
const INPUT_METHOD_KEY_CODE = 229;

/** The chat view. */
export function App({ store }: { readonly store: Store }) {
  const { screen } = store.shell.value;
  const onKeyDown = (event: KeyboardEvent) => {
    if (event.key !== "Escape" || event.defaultPrevented) return;
    if (store.find.isOpen.value) store.find.close();
    else if (screen === "list") store.closeList();
    else if (store.shell.value.busyTurnId !== null) store.post({ type: "stop" });
    else return;
    event.preventDefault();
  };
  // On the document: after a click beside all text, nothing in the view has the focus.
  useEffect(() => {
    const onDocumentKey = (event: KeyboardEvent) => {
      if (isFindKey(event) && isConversationShown(store.shell.peek())) {
        event.preventDefault();
        store.find.open();
      }
      // VS Code listens on the window and runs its own keybindings too: Ctrl+F would also open the editor's find, and
      // Ctrl+A in a field would select once more, a moment later, what has been typed since.
      if (event.defaultPrevented || isSelectAll(event)) event.stopPropagation();
    };
    document.addEventListener("keydown", onDocumentKey);
    return () => document.removeEventListener("keydown", onDocumentKey);
  }, [store]);
  return (
    <StoreContext.Provider value={store}>
      <main class="sy-chat" onKeyDownCapture={withholdFromHandlers} onKeyDown={onKeyDown}>
        {screen === "chat" && <Chat />}
        {screen === "list" && <ConversationList />}
        <DeletedToast />
        <div class="sy-hidden-text" role="status">
          {store.announcement}
        </div>
      </main>
    </StoreContext.Provider>
  );
}

/**
 * Keeps a key that belongs to an input method from every handler of the view: it confirms or cancels a word. Safari ends
 * the composition before that key, which then has the key code alone.
 */
function withholdFromHandlers(event: KeyboardEvent): void {
  if (event.isComposing || event.keyCode === INPUT_METHOD_KEY_CODE) event.stopPropagation();
}

/** Ctrl+F, and Cmd+F on macOS, where Ctrl+F moves the cursor. */
function isFindKey(event: KeyboardEvent): boolean {
  return isShortcut(event, "f");
}

/** Ctrl+A or Cmd+A in a text field, which the browser handles. */
function isSelectAll(event: KeyboardEvent): boolean {
  const { target } = event;
  const isField = target instanceof HTMLTextAreaElement || target instanceof HTMLInputElement;
  return isField && isShortcut(event, "a");
}

function isShortcut(event: KeyboardEvent, letter: string): boolean {
  const { key, ctrlKey, metaKey, shiftKey, altKey } = event;
  const isMac = navigator.userAgent.includes("Mac");
  return key.toLowerCase() === letter && (isMac ? metaKey && !ctrlKey : ctrlKey) && !shiftKey && !altKey;
}

function Chat() {
  const hasNewBelow = useSignal(false);
  const scrollRequests = useSignal(0);
  const { shell, find } = useStore();
  const { conversation } = shell.value;
  const isNew = conversation === null;
  return (
    <>
      {isNew ? <StartScreen /> : <TitleRow />}
      {!isNew && find.isOpen.value && <FindBar key={conversation.id} />}
      {!isNew && <Conversation hasNewBelow={hasNewBelow} scrollRequests={scrollRequests} />}
      <Composer hasNewBelow={hasNewBelow} scrollRequests={scrollRequests} />
    </>
  );
}

/** Offers to undo the deletion of a conversation. */
function DeletedToast() {
  const store = useStore();
  const { deleted } = store.shell.value;
  if (deleted === null) return null;
  const undo = () => {
    store.post({ type: "undelete", id: deleted.id });
    store.dismissDeleted();
    // The button, which had the focus, is gone.
    store.focusInput.value++;
  };
  return (
    <Toast
      key={deleted.id}
      text={l10n.t("“{title}” deleted", { title: deleted.title })}
      actionName={l10n.t("Undo")}
      scheduler={store.scheduler}
      onAction={undo}
      onTimeout={() => store.dismissDeleted()}
    />
  );
}
