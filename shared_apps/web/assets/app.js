// What every page does. Each module finds its own elements by data attributes, and again after htmx has swapped.
import htmx from "htmx.org/dist/htmx.esm.js";
import Alpine from "@alpinejs/csp";
import "./theme.js";
import { showWaiting } from "./toasts.js";
import "./requests.js";
import "./dialogs.js";
import "./keyboard.js";
import "./idle.js";
import "./leaving.js";
import "./selection.js";
import "./addresses.js";
import "./files.js";
import "./settings.js";
import { prepareForms } from "./forms.js";
import { rows } from "./rows.js";

window.htmx = htmx;
Alpine.data("rows", rows);
Alpine.start();

function prepare(root) {
  prepareForms(root);
  for (const element of root.querySelectorAll("[data-mask]")) {
    import("./masks.js").then(({ mask }) => mask(element));
  }
}

prepare(document);
showWaiting(document);
document.addEventListener("htmx:load", (event) => prepare(event.detail.elt));
