// htmx: what comes back is swapped when it is a page or a form that was refused (422); every other refusal is a toast.
import htmx from "htmx.org/dist/htmx.esm.js";
import { toast } from "./toasts.js";

htmx.config.allowEval = false;
htmx.config.includeIndicatorStyles = false;
htmx.config.selfRequestsOnly = true;
htmx.config.historyCacheSize = 0; // pages hold an organization's records: none is kept in the browser's storage
htmx.config.responseHandling = [
  { code: "204", swap: false },
  { code: "[23]..", swap: true },
  { code: "422", swap: true },
  { code: "[45]..", swap: false, error: true },
];

const words = () => document.body.dataset;

document.addEventListener("htmx:configRequest", (event) => {
  const token = document.querySelector('meta[name="csrf-token"]')?.content;
  if (token) event.detail.headers["X-CSRFToken"] = token;
});
// What a page asks for by itself (the bell) is not asked for without a network, and nobody is told that it failed.
document.addEventListener("htmx:beforeRequest", (event) => {
  if (!navigator.onLine && event.detail.elt.getAttribute("hx-trigger") === "load") event.preventDefault();
});
document.addEventListener("htmx:responseError", (event) => {
  const said = event.detail.xhr.getResponseHeader("HX-Trigger") ?? "";
  if (!said.includes("toast")) toast({ text: words().failed, tone: "danger" });
});
for (const name of ["htmx:sendError", "htmx:timeout"]) {
  document.addEventListener(name, () => toast({ text: words().offline, tone: "danger" }));
}
