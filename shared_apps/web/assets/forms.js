// Forms: sent once however often the button is pressed, and not lost by leaving the page.
const unsaved = new Set();

export function prepareForms(root) {
  const forms = root.matches?.("form") ? [root] : root.querySelectorAll("form");
  for (const form of forms) {
    if (form.dataset.ready) continue;
    form.dataset.ready = "yes";
    if (form.hasAttribute("data-guard")) {
      form.addEventListener("input", () => unsaved.add(form));
      form.addEventListener("submit", () => unsaved.delete(form));
    }
    form.addEventListener("submit", (event) => {
      if (event.defaultPrevented || form.hasAttribute("hx-post") || form.method === "get") return;
      if (form.dataset.sent) return event.preventDefault();
      form.dataset.sent = "yes";
      event.submitter?.setAttribute("aria-busy", "true");
    });
  }
  root.querySelector("[autofocus], .is-invalid")?.focus?.();
}

// Back from the next page by the browser's button: the form may be sent again.
addEventListener("pageshow", () => {
  for (const form of document.querySelectorAll("form[data-sent]")) {
    delete form.dataset.sent;
    for (const button of form.querySelectorAll("[aria-busy]")) button.removeAttribute("aria-busy");
  }
});
addEventListener("beforeunload", (event) => {
  if ([...unsaved].some((form) => form.isConnected)) event.preventDefault();
});
document.addEventListener("change", (event) => {
  if (event.target.matches("[data-submit-on-change]")) event.target.form.requestSubmit();
});
document.addEventListener("click", async (event) => {
  const button = event.target.closest("[data-copies]");
  if (!button) return;
  await navigator.clipboard.writeText(document.getElementById(button.dataset.copies).textContent.trim());
  button.dataset.copied = "yes";
});
document.addEventListener("click", (event) => {
  const button = event.target.closest("[data-fills]");
  if (!button) return;
  const field = document.getElementById(button.dataset.fills);
  field.value = button.dataset.value;
  field.dispatchEvent(new Event("input", { bubbles: true }));
});
// What an answer knows for a field that nobody has filled in yet.
document.addEventListener("htmx:afterSwap", (event) => {
  for (const known of event.target.querySelectorAll("[data-fills-now]")) {
    const field = document.getElementById(known.dataset.fillsNow);
    if (!field.value) field.value = known.dataset.value;
  }
});
