// Short messages at the edge of the page; those with an undo stay longer. The server renders the first ones, and sends
// later ones in the HX-Trigger header: {"toast": {"text", "tone", "undo_url", "undo"}}.
const SECONDS = 6;
const SECONDS_TO_UNDO = 12;

export function toast({ text, tone = "success", undo_url: undoUrl = "", undo = "" }) {
  const template = document.getElementById("toast-template");
  const shelf = document.getElementById("toasts");
  if (!template || !shelf) return;
  const element = template.content.firstElementChild.cloneNode(true);
  element.dataset.tone = tone;
  element.querySelector("[data-text]").textContent = text;
  const button = element.querySelector("[data-undo]");
  if (undoUrl) {
    button.hidden = false;
    if (undo) button.textContent = undo;
    button.dataset.undo = undoUrl;
  }
  shelf.append(element);
  show(element);
}

function show(element) {
  const undo = element.querySelector("[data-undo]:not([hidden])");
  element.querySelector("[data-close]")?.addEventListener("click", () => element.remove());
  undo?.addEventListener("click", () => {
    undo.disabled = true;
    const values = { values: { undo: "1" }, swap: "none", target: element, source: element };
    window.htmx.ajax("POST", undo.dataset.undo, values).then(() => element.remove());
  });
  let timer;
  const start = () => (timer = setTimeout(() => element.remove(), (undo ? SECONDS_TO_UNDO : SECONDS) * 1000));
  for (const name of ["mouseenter", "focusin"]) element.addEventListener(name, () => clearTimeout(timer));
  for (const name of ["mouseleave", "focusout"]) element.addEventListener(name, start);
  if (element.dataset.tone !== "danger") start();
}

export function showWaiting(root) {
  for (const element of root.querySelectorAll("#toasts > .toast-note")) show(element);
}

document.addEventListener("toast", (event) => toast(event.detail));
