import type { Page } from "playwright-core";
import { until } from "./until.ts";

/** Resolves when VS Code's storage, which is in the browser, holds this text. A reload of the window then keeps it. */
export async function isStored(page: Page, text: string): Promise<void> {
  await until(async () => {
    if (!(await storageHas(page, text))) throw new Error(`Not stored: ${text}`);
  }, 60_000);
}

/** Whether VS Code's storage holds a text now. @param key of the entry; without it, any entry can hold the text */
export function storageHas(page: Page, text: string, key?: string): Promise<boolean> {
  return page.evaluate(storageHolds, { text, key });
}

/** In the page: whether a database of VS Code holds a text. */
async function storageHolds({ text, key }: { text: string; key: string | undefined }): Promise<boolean> {
  const result = <T>(request: IDBRequest<T>): Promise<T> =>
    new Promise((resolve, reject) => {
      request.onsuccess = () => resolve(request.result);
      request.onerror = () => reject(request.error);
    });
  for (const { name = "" } of await indexedDB.databases()) {
    const database = await result(indexedDB.open(name));
    try {
      for (const store of database.objectStoreNames) {
        const values = await result(database.transaction(store).objectStore(store).getAll(key));
        if (values.some((value) => String(value).includes(text))) return true;
      }
    } finally {
      database.close();
    }
  }
  return false;
}
