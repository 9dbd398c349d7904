// A CEP fills the address around it: empty fields, and those it filled before. It never keeps anybody waiting.
const FILLED = ["street", "district", "city", "state"];

async function fill(place, input) {
  const digits = input.value.replace(/\D/g, "");
  if (digits.length !== 8 || input.dataset.asked === digits) return;
  input.dataset.asked = digits;
  let found = {};
  try {
    const answer = await fetch(`${place.dataset.cep}?cep=${digits}`, { headers: { Accept: "application/json" } });
    if (answer.ok) found = await answer.json();
  } catch {
    return; // no network: the address is typed
  }
  const row = place.closest("[data-row]");
  for (const name of FILLED) {
    const field = row?.querySelector(`[name$="-${name}"]`);
    if (!field || !found[name] || (field.value && field.dataset.filled !== field.value)) continue;
    field.value = field.dataset.filled = found[name];
  }
  if (found.street && document.activeElement === input) row.querySelector('[name$="-number"]')?.focus();
}

document.addEventListener("input", (event) => {
  const place = event.target.closest?.("[data-cep]");
  if (place) fill(place, event.target);
});
