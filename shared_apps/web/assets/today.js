// A professional's day: what is entered is kept on the phone at once, and sent when there is signal.
import { ReportForm } from "./field-form.js";
import { Outbox } from "./field-outbox.js";
import { all, get, put } from "./field-store.js";
import { toast } from "./toasts.js";

const day = document.querySelector("[data-today]");
const words = day.dataset;
const owner = words.owner;
const visits = new Map([...document.querySelectorAll("[data-visit]")].map((card) => [card.dataset.visit, card]));
const forms = new Map();
const outbox = new Outbox(owner, told);

const TONES = { kept: "warning", waiting: "warning", sending: "info", sent: "success", refused: "danger", "sign-in": "danger" };
const SAID = { kept: "wordKept", waiting: "wordWaiting", sending: "wordSending", sent: "wordSent", refused: "wordRefused", "sign-in": "wordSignIn" };

function told(visit, state, detail) {
  const card = visits.get(visit);
  if (!card) return;
  const sync = card.querySelector("[data-sync]");
  sync.hidden = false;
  sync.dataset.tone = TONES[state];
  sync.dataset.state = state;
  sync.textContent = words[SAID[state]];
  const why = card.querySelector("[data-refused]");
  why.hidden = state !== "refused";
  why.textContent = state === "refused" ? detail : "";
  if (state === "sent" && detail?.status) {
    const status = card.querySelector("[data-status]");
    status.dataset.tone = detail.tone;
    status.lastElementChild.textContent = detail.status_label;
    card.dataset.status = detail.status;
    if (detail.status === "done") card.querySelector("details.report").open = false;
  }
  if (state === "sent" && detail?.thumbnail) sentPhoto(card, detail);
}

function sentPhoto(card, { key, thumbnail, download }) {
  const link = card.querySelector(`[data-photo-key="${key}"] a`);
  if (!link) return;
  link.href = download;
  link.querySelector("img").src = thumbnail;
}

function showPhoto(card, moment, key, file) {
  const row = document.createElement("li");
  row.dataset.photoKey = key;
  const link = document.createElement("a");
  const image = document.createElement("img");
  image.alt = file.name ?? "";
  image.src = URL.createObjectURL(file);
  link.append(image);
  row.append(link);
  card.querySelector(`[data-shelf="${moment}"] .photo-grid`).append(row);
}

function checkedIn(card, at) {
  const note = card.querySelector("[data-in]");
  note.hidden = false;
  note.querySelector("time").textContent = new Date(at).toLocaleTimeString(document.documentElement.lang, { hour: "2-digit", minute: "2-digit", timeZone: words.timeZone });
  card.querySelector("[data-check-in]")?.remove();
}

for (const [visit, card] of visits) {
  const form = card.querySelector("[data-report]");
  if (form) prepare(visit, card, form);
}

async function prepare(visit, card, element) {
  const form = new ReportForm(element);
  const key = `${owner}:${visit}`;
  forms.set(visit, form);
  let changed = 0;
  const keep = () => {
    changed = Date.now();
    form.warn();
    return put("drafts", key, { changed, values: form.values() }).then(() => told(visit, "kept"));
  };
  const send = async (finish) => {
    if (!form.warn()) {
      element.querySelector("[aria-invalid='true']").focus();
      return;
    }
    if (finish && !form.checkedIn) form.checkedIn = new Date().toISOString();
    await keep();
    const isCorrection = form.isFinished || card.dataset.status === "done"; // which keeps the time out
    const values = { ...form.values(), finish, checked_out_at: finish && !isCorrection ? new Date().toISOString() : null };
    await outbox.add(visit, card.dataset.send, { changed, values });
    if (finish && !navigator.onLine) { // what says that it waits is at the head of the card, out of sight from here
      card.querySelector("details.report").open = false;
      card.scrollIntoView({ block: "start" });
      toast({ text: words.wordLater });
    }
  };
  form.isFinished = card.querySelector("[data-status]").dataset.tone === "success";

  const draft = await get("drafts", key);
  if (draft) {
    form.show(draft.values);
    told(visit, "kept");
    if (form.checkedIn) checkedIn(card, form.checkedIn);
  }
  const waiting = await get("outbox", key);
  if (waiting) told(visit, waiting.refused ? "refused" : "waiting", waiting.refused);
  for (const [, photo] of await all("photos", `${owner}:${visit}:`)) showPhoto(card, photo.moment, photo.key, photo.file);
  form.warn();

  element.addEventListener("input", (event) => event.target.type !== "file" && keep());
  form.pad.onChange(keep);
  element.addEventListener("submit", (event) => event.preventDefault());
  element.querySelector("[data-save]").addEventListener("click", () => send(false));
  element.querySelector("[data-finish]").addEventListener("click", () => send(true));
  card.querySelector("[data-check-in]")?.addEventListener("click", () => {
    form.checkedIn = new Date().toISOString();
    checkedIn(card, form.checkedIn);
    card.querySelector("details.report").open = true;
    send(false);
  });
  for (const input of element.querySelectorAll("[data-photo]")) {
    input.addEventListener("change", async () => {
      const [file] = input.files;
      if (!file) return;
      const { shelf } = input.closest("[data-shelf]").dataset;
      showPhoto(card, shelf, await outbox.addPhoto(visit, card.dataset.sendPhoto, shelf, file), file);
      input.value = "";
      await send(false);
    });
  }
}

function signal() {
  day.querySelector("[data-offline]").hidden = navigator.onLine;
  for (const button of day.querySelectorAll("[data-needs-network] button")) button.disabled = !navigator.onLine;
}
addEventListener("online", signal);
addEventListener("offline", signal);
signal();
outbox.flush();

// The page for where there is no signal: one's own, today's, and nothing else.
if (words.ownPage && "serviceWorker" in navigator) {
  navigator.serviceWorker.register(words.worker, { scope: "/today/" }).then(async () => {
    const { active } = await navigator.serviceWorker.ready;
    const drawnWith = performance.getEntriesByType("resource").map((one) => one.name.split("#")[0]);
    active.postMessage({ keep: [location.pathname, ...new Set(drawnWith)] });
  }).catch(() => toast({ text: document.body.dataset.failed, tone: "danger" }));
}
