// <dialog> elements: opened by data-opens="id", closed by data-closes, Escape or a click beside them. What is loaded
// into #modal opens it. hx-confirm asks in our own words instead of the browser's window.
document.addEventListener("click", (event) => {
  const opener = event.target.closest("[data-opens]");
  if (opener) return document.getElementById(opener.dataset.opens)?.showModal();
  const closer = event.target.closest("[data-closes]");
  if (closer) return closer.closest("dialog")?.close();
  if (event.target instanceof HTMLDialogElement && event.target.hasAttribute("data-light")) event.target.close();
});
document.addEventListener("htmx:afterSwap", (event) => {
  const modal = document.getElementById("modal");
  if (event.detail.target === modal?.querySelector("[data-body]") && !modal.open) modal.showModal();
});
document.addEventListener("close-modal", () => document.getElementById("modal")?.close());

function ask(question, action) {
  const dialog = document.getElementById("confirm");
  if (!dialog) return Promise.resolve(true);
  dialog.querySelector("[data-question]").textContent = question;
  const button = dialog.querySelector("[data-yes]");
  button.textContent = action || button.dataset.default;
  dialog.returnValue = "";
  dialog.showModal();
  return new Promise((answer) => {
    dialog.addEventListener("close", () => answer(dialog.returnValue === "yes"), { once: true });
  });
}

// Other scripts ask with an event, so that none of them needs to know how.
document.addEventListener("ask", ({ detail }) => ask(detail.question, detail.action).then(detail.answer));

document.addEventListener("htmx:confirm", (event) => {
  if (!event.detail.question) return;
  event.preventDefault();
  ask(event.detail.question, event.target.dataset.action).then((yes) => yes && event.detail.issueRequest(true));
});
// The same for a form that works without htmx.
document.addEventListener("submit", (event) => {
  const form = event.target;
  if (!form.dataset.confirm || form.dataset.confirmed) return;
  event.preventDefault();
  event.stopImmediatePropagation();
  ask(form.dataset.confirm, form.dataset.action).then((yes) => {
    if (!yes) return;
    form.dataset.confirmed = "yes";
    form.requestSubmit(event.submitter);
  });
}, true);
