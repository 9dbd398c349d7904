// Who signs out leaves nothing on the device: not the page that is kept for the field, not what was entered there. What
// was not sent yet is asked about first. When somebody else is signed in than before, the page that was kept goes.
import { NAME, isWaiting } from "./field-store.js";

const OWNER = "field-owner";
const body = document.body;

async function forget() {
  if ("caches" in window) await caches.delete("today");
  const workers = (await navigator.serviceWorker?.getRegistrations()) ?? [];
  await Promise.all(workers.map((one) => one.unregister()));
  localStorage.removeItem(OWNER);
  await new Promise((done) => {
    const asked = indexedDB.deleteDatabase(NAME);
    asked.onsuccess = asked.onerror = asked.onblocked = done;
  });
}

document.addEventListener("submit", (event) => {
  const form = event.target;
  if (form.getAttribute("action") !== "/sign-out/" || form.dataset.left) return;
  event.preventDefault();
  event.stopImmediatePropagation();
  leave(form).catch(() => {}).then((stays) => {
    if (stays) return;
    form.dataset.left = "yes";
    form.submit();
  });
}, true);

async function leave(form) {
  const waiting = await isWaiting();
  if (waiting && !(await confirmed(form))) return true;
  await forget();
  return false;
}

function confirmed(form) {
  return new Promise((answer) => {
    const ask = new CustomEvent("ask", { detail: { question: body.dataset.unsent, action: form.innerText.trim(), answer } });
    document.dispatchEvent(ask);
  });
}

if (body.dataset.member && "caches" in window) {
  const before = localStorage.getItem(OWNER);
  if (before && before !== body.dataset.member) caches.delete("today");
  if (before !== body.dataset.member) localStorage.setItem(OWNER, body.dataset.member);
}
