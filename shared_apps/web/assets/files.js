// Uploads: dropped or chosen files are sent at once; what is too large is said before anything is sent.
import { toast } from "./toasts.js";

const form = (event) => event.target.closest?.("[data-uploads]");

document.addEventListener("change", (event) => {
  const target = form(event);
  if (!target || event.target.type !== "file") return;
  const large = [...event.target.files].find((file) => file.size > Number(target.dataset.limit));
  if (!large) return;
  event.stopImmediatePropagation();
  event.target.value = "";
  toast({ text: `${large.name} ${target.dataset.tooLarge}`, tone: "danger" });
}, true);

for (const name of ["dragenter", "dragover"]) {
  document.addEventListener(name, (event) => {
    const target = form(event);
    if (!target || !event.dataTransfer.types.includes("Files")) return;
    event.preventDefault();
    target.dataset.over = "yes";
  });
}
for (const name of ["dragleave", "drop"]) {
  document.addEventListener(name, (event) => {
    const target = form(event);
    if (target && !(name === "dragleave" && target.contains(event.relatedTarget))) delete target.dataset.over;
  });
}
document.addEventListener("drop", (event) => {
  const target = form(event);
  if (!target || !event.dataTransfer.files.length) return;
  event.preventDefault();
  const input = target.querySelector('input[type="file"]');
  input.files = event.dataTransfer.files;
  input.dispatchEvent(new Event("change", { bubbles: true }));
});

document.addEventListener("htmx:xhr:progress", (event) => {
  const bar = form(event)?.querySelector("progress");
  if (!bar || !event.detail.lengthComputable) return;
  bar.hidden = false;
  bar.value = (event.detail.loaded / event.detail.total) * 100;
});
