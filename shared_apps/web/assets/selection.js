// A list with checkboxes: the bar of actions appears on selection and says how many.
function refresh(list) {
  const boxes = [...list.querySelectorAll('input[name="ids"]')];
  const chosen = boxes.filter((box) => box.checked).length;
  const bar = list.querySelector("[data-bulk]");
  if (bar) bar.hidden = chosen === 0;
  for (const count of list.querySelectorAll("[data-chosen]")) count.textContent = chosen;
  const all = list.querySelector("[data-all]");
  if (all) {
    all.checked = chosen > 0 && chosen === boxes.length;
    all.indeterminate = chosen > 0 && chosen < boxes.length;
  }
}

document.addEventListener("change", (event) => {
  const list = event.target.closest("[data-selectable]");
  if (!list) return;
  if (event.target.matches("[data-all]")) {
    for (const box of list.querySelectorAll('input[name="ids"]')) box.checked = event.target.checked;
  }
  refresh(list);
});
document.addEventListener("htmx:afterSettle", () => document.querySelectorAll("[data-selectable]").forEach(refresh));
