// Sends what waits, in order, each under a key that the server takes once. Where there is no signal it waits; what the
// server refuses stays with the reason until somebody changes it.
import { all, drop, get, put } from "./field-store.js";

const AGAIN = 20_000; // milliseconds
const PASSING = new Set([401, 403, 408, 425, 429]); // by signing in again, or by waiting

export class Outbox {
  constructor(owner, told) {
    this.owner = owner;
    this.told = told; // (visit, state, detail): kept, sending, waiting, sent, refused, sign-in
    addEventListener("online", () => this.flush());
    document.addEventListener("visibilitychange", () => document.visibilityState === "visible" && this.flush());
    setInterval(() => this.flush(), AGAIN);
  }

  async add(visit, url, body) {
    await put("outbox", `${this.owner}:${visit}`, { visit, url, changed: body.changed, body: { ...body.values, sent_key: crypto.randomUUID() } });
    this.told(visit, "kept");
    return this.flush();
  }

  async addPhoto(visit, url, moment, file) {
    const key = crypto.randomUUID();
    await put("photos", `${this.owner}:${visit}:${key}`, { visit, url, moment, file, key });
    return key;
  }

  // One flush at a time, of all tabs together.
  flush() {
    if (!navigator.locks) return this.send();
    return navigator.locks.request("field-outbox", { ifAvailable: true }, (lock) => (lock ? this.send() : (this.again = true)))
      .then(() => {
        if (!this.again) return;
        this.again = false;
        setTimeout(() => this.flush(), 300);
      });
  }

  async send() {
    for (const [key, entry] of await all("outbox", `${this.owner}:`)) {
      if (entry.refused) this.told(entry.visit, "refused", entry.refused);
      else if (!(await this.sendReport(key, entry))) return;
    }
    for (const [key, photo] of await all("photos", `${this.owner}:`)) {
      if (photo.refused) this.told(photo.visit, "refused", photo.refused);
      else if (!(await this.sendPhoto(key, photo))) return;
    }
  }

  async sendReport(key, entry) {
    this.told(entry.visit, "sending");
    const answer = await post(entry.url, JSON.stringify(entry.body), "application/json");
    const now = await get("outbox", key);
    const isNewest = now?.body.sent_key === entry.body.sent_key;
    if (answer.ok) {
      if (!isNewest) return true; // it was changed while it was under way: the change is sent next time
      await drop("outbox", key);
      const draft = await get("drafts", key);
      if (draft && draft.changed <= entry.changed) await drop("drafts", key);
      this.told(entry.visit, "sent", answer.told);
      return true;
    }
    return this.failed("outbox", key, now ?? entry, answer);
  }

  async sendPhoto(key, photo) {
    if (await get("outbox", `${this.owner}:${photo.visit}`)) return true; // its report first
    const form = new FormData();
    form.append("moment", photo.moment);
    form.append("key", photo.key);
    form.append("file", photo.file, photo.file.name || "photo.jpg");
    this.told(photo.visit, "sending");
    const answer = await post(photo.url, form);
    if (answer.ok) {
      await drop("photos", key);
      this.told(photo.visit, "sent", { ...answer.told, key: photo.key });
      return true;
    }
    return this.failed("photos", key, photo, answer);
  }

  async failed(store, key, entry, answer) {
    if (answer.status === 0 || answer.status >= 500 || PASSING.has(answer.status)) {
      const isOut = answer.status === 401 || (answer.status === 403 && !answer.told?.code);
      this.told(entry.visit, isOut ? "sign-in" : "waiting");
      if (answer.status !== 403 || !answer.told?.code) return false;
    }
    const said = (answer.told?.errors ?? []).map((one) => one.message).join(" ") || answer.told?.detail || String(answer.status);
    await put(store, key, { ...entry, refused: said });
    this.told(entry.visit, "refused", said);
    return true;
  }
}

const token = () => /(?:^|; )csrftoken=([^;]+)/.exec(document.cookie)?.[1]
  ?? document.querySelector('meta[name="csrf-token"]').content;

async function post(url, body, type) {
  const headers = { Accept: "application/json", "X-CSRFToken": token(), ...(type ? { "Content-Type": type } : {}) };
  try {
    const answer = await fetch(url, { method: "POST", body, headers, redirect: "error" });
    return { ok: answer.ok, status: answer.status, told: await answer.json().catch(() => null) };
  } catch {
    return { ok: false, status: 0, told: null };
  }
}
