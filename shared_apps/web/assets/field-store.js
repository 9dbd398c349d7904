// What a phone keeps of somebody's day until it is sent: IndexedDB of the organization's own host, keys begin with the
// member. `drafts`: what is in a form. `outbox`: what is to be sent. `photos`: pictures to be sent.
export const NAME = "field";
const STORES = ["drafts", "outbox", "photos"];

function opened() {
  return new Promise((done, failed) => {
    const asked = indexedDB.open(NAME, 1);
    asked.onupgradeneeded = () => STORES.forEach((name) => asked.result.createObjectStore(name));
    asked.onsuccess = () => done(asked.result);
    asked.onerror = () => failed(asked.error);
  });
}

async function within(store, mode, work) {
  const database = await opened();
  try {
    return await new Promise((done, failed) => {
      const transaction = database.transaction(store, mode);
      const asked = work(transaction.objectStore(store));
      transaction.oncomplete = () => done(asked?.result);
      transaction.onerror = transaction.onabort = () => failed(transaction.error);
    });
  } finally {
    database.close();
  }
}

export const put = (store, key, value) => within(store, "readwrite", (rows) => rows.put(value, key));
export const get = (store, key) => within(store, "readonly", (rows) => rows.get(key));
export const drop = (store, key) => within(store, "readwrite", (rows) => rows.delete(key));

// [key, value] of everything whose key begins so.
export async function all(store, prefix) {
  const range = IDBKeyRange.bound(prefix, `${prefix}\uffff`);
  const keys = await within(store, "readonly", (rows) => rows.getAllKeys(range));
  const values = await within(store, "readonly", (rows) => rows.getAll(range));
  return keys.map((key, at) => [key, values[at]]).filter(([, value]) => value !== undefined);
}

// Whether something waits to be sent, of anybody. A host where nobody worked in the field has no such database.
export async function isWaiting() {
  if (!indexedDB.databases || !(await indexedDB.databases()).some((one) => one.name === NAME)) return false;
  const waiting = await Promise.all(["outbox", "photos"].map((store) => within(store, "readonly", (rows) => rows.count())));
  return waiting.some((count) => count > 0);
}
