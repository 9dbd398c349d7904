// Signed out after a while without use, with a warning first: the server decides (access.py), this tells it of use and
// warns. Several tabs share the moment of the last use through localStorage. And: icons are drawings, not words.
addEventListener("DOMContentLoaded", () => {
  const dialog = document.getElementById("console-idle");
  if (dialog) watch(dialog, Number(dialog.dataset.limit), Number(dialog.dataset.warning));
  document.querySelectorAll(".material-symbols-outlined").forEach(quiet);
});

// Before Unfold draws the charts: the numbers beside them are to be read in the dark as well.
addEventListener("load", () => {
  if (window.Chart) Chart.defaults.color = document.documentElement.classList.contains("dark") ? "#a8a29e" : "#57534e";
});

// A screen reader would read the icon's name out, which is its text. Where there is nothing else to read it stays.
function quiet(icon) {
  const around = icon.closest("a, button, label, summary, h1, h2, h3") || icon.parentElement;
  const words = around.textContent.trim().length > icon.textContent.trim().length;
  if (words || around.getAttribute("aria-label") || around.title) icon.setAttribute("aria-hidden", "true");
}

function watch(dialog, limit, warning) {
  const KEY = "console-used-at";
  const count = dialog.querySelector("[data-seconds]");
  let told = Date.now();
  let busy = false; // one question at a time
  const used = () => Number(localStorage.getItem(KEY) ?? told);
  const left = () => limit - Math.round((Date.now() - used()) / 1000);

  function use() {
    if (dialog.open) return; // moving the mouse is no answer to the question
    const now = Date.now();
    if (now - used() > 1000) localStorage.setItem(KEY, now);
    if (now - told > Math.min(60, limit / 4) * 1000) tell();
  }
  function tell() {
    told = Date.now();
    return fetch(dialog.dataset.url, { redirect: "manual" }).then((answer) => answer.ok || leave(), () => {});
  }
  function leave() {
    busy = true;
    location.assign(dialog.dataset.leave);
  }
  function stay() {
    localStorage.setItem(KEY, Date.now());
    dialog.close();
    tell();
  }
  // Asked without counting as use: the clock here may have stood still, and the server writes use down by the minute.
  async function ask() {
    busy = true;
    try {
      const answer = await fetch(`${dialog.dataset.url}?idle=1`, { redirect: "manual" });
      if (!answer.ok) return leave();
      const { seconds_left: seconds } = await answer.json();
      localStorage.setItem(KEY, Date.now() - (limit - seconds) * 1000);
      if (seconds <= warning && !dialog.open) dialog.showModal();
    } catch {
      // No network: asked again in a second.
    }
    busy = false;
  }

  localStorage.setItem(KEY, Date.now());
  for (const name of ["keydown", "pointerdown", "scroll"]) addEventListener(name, use, { passive: true });
  dialog.addEventListener("cancel", (event) => { event.preventDefault(); stay(); });
  dialog.querySelector("[data-stay]").addEventListener("click", stay);
  setInterval(() => {
    const seconds = left();
    if (busy) return;
    if (seconds > warning + 60) return dialog.open && dialog.close();
    count.textContent = Math.max(0, seconds);
    if (!dialog.open || seconds <= 0) ask();
  }, 1000);
}
