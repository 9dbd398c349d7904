// The accent colour as it will look, and whether it can be read (WCAG's contrast), while it is chosen.
const PAPER = "#faf8f4";
const LEGIBLE = 4.5;

function luminance(colour) {
  const parts = [1, 3, 5].map((place) => parseInt(colour.slice(place, place + 2), 16) / 255);
  const [red, green, blue] = parts.map((part) => (part <= 0.04045 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4));
  return 0.2126 * red + 0.7152 * green + 0.0722 * blue;
}

function show(field) {
  const preview = document.getElementById(field.dataset.accent);
  const note = preview?.querySelector("[data-contrast]");
  if (!note || !/^#[0-9a-f]{6}$/i.test(field.value)) return;
  const [lighter, darker] = [luminance(field.value), luminance(PAPER)].sort((a, b) => b - a);
  const ratio = (lighter + 0.05) / (darker + 0.05);
  preview.style.setProperty("--accent", field.value);
  const pale = ratio < LEGIBLE ? `, ${note.dataset.pale}` : "";
  note.textContent = `${note.dataset.contrast} ${ratio.toLocaleString(document.documentElement.lang, { maximumFractionDigits: 1 })}${pale}`;
  const picker = preview.querySelector("[data-picks]");
  if (picker) picker.value = field.value.toLowerCase();
}

document.addEventListener("input", (event) => {
  if (event.target.dataset.accent) return show(event.target);
  const field = event.target.dataset.picks && document.getElementById(event.target.dataset.picks);
  if (!field) return;
  field.value = event.target.value;
  show(field);
});
for (const field of document.querySelectorAll("[data-accent]")) show(field);
