/**
 * The entry of the chat view. The page comes from the editor (src/editor/chat/chatView.ts). Its content security policy
 * allows no style attribute and no inline script. The editor sends nothing before the view has posted `ready`.
 */
import { render } from "preact";
import { browserScheduler } from "../scheduler.ts";
import { App } from "./App.tsx";
import { connectHost } from "./state/host.ts";
import { Store } from "./state/store.ts";

const root = document.getElementById("app");
if (root !== null) {
  const store = new Store(connectHost(), browserScheduler);
  render(<App store={store} />, root);
  store.start();
}
