import { useSignal } from "@preact/signals";
import { Composer } from "./Composer.tsx";
import { Conversation } from "./Conversation.tsx";
import { Head } from "./Head.tsx";
import { List } from "./list/List.tsx";
import { Start } from "./Start.tsx";
import { StoreContext, useStore } from "./services.ts";
import type { Store } from "./store.ts";
import { Toast } from "./Toast.tsx";

/** The chat view. */
export function App({ store }: { readonly store: Store }) {
  const { screen } = store.shell.value;
  const onKeyDown = (event: KeyboardEvent) => {
    if (event.key !== "Escape" || event.defaultPrevented || event.isComposing) return;
    if (screen === "list") store.leaveList();
    else if (store.shell.value.busyTurnId !== null) store.post({ type: "stop" });
  };
  return (
    <StoreContext.Provider value={store}>
      <main class="sy-chat" onKeyDown={onKeyDown}>
        {screen === "chat" && <Chat />}
        {screen === "list" && <List />}
        <Toast />
        <div class="sy-hidden-text" role="status">
          {store.live}
        </div>
      </main>
    </StoreContext.Provider>
  );
}

function Chat() {
  const newBelow = useSignal(false);
  const toEnd = useSignal(0);
  const isNew = useStore().shell.value.conversation === null;
  return (
    <>
      {isNew ? <Start /> : <Head />}
      {!isNew && <Conversation newBelow={newBelow} toEnd={toEnd} />}
      <Composer newBelow={newBelow} toEnd={toEnd} />
    </>
  );
}
