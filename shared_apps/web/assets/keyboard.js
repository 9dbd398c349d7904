// "/" searches, "n" makes a new one, "?" explains. Never while somebody types.
document.addEventListener("keydown", (event) => {
  if (event.ctrlKey || event.metaKey || event.altKey || document.querySelector("dialog[open]")) return;
  if (event.target.closest("input, textarea, select, [contenteditable]")) return;
  const target = {
    "/": () => document.querySelector('[data-shortcut="/"]')?.focus(),
    n: () => document.querySelector('[data-shortcut="n"]')?.click(),
    "?": () => document.getElementById("shortcuts")?.showModal(),
  }[event.key];
  if (!target) return;
  event.preventDefault();
  target();
});
