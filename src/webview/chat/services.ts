import { createContext } from "preact";
import { useContext } from "preact/hooks";
import type { Store } from "./store.ts";

export const StoreContext = createContext<Store | null>(null);

/** The store of the view that a component stands in. */
export function useStore(): Store {
  const store = useContext(StoreContext);
  if (store === null) throw new Error("A component of the chat was rendered without its store");
  return store;
}
