// Signed out after a while without use, with a warning first. The server decides; this only tells it of use, and warns.
// Several tabs share the moment of the last use through localStorage.
const minutes = Number(document.body.dataset.idleMinutes || 0);
if (minutes) start(minutes * 60, Number(document.body.dataset.idleWarning || 60));

function start(limit, warning) {
  const KEY = "used-at";
  const dialog = document.getElementById("idle");
  const count = dialog.querySelector("[data-seconds]");
  let told = Date.now();
  let leaving = false; // once: a second navigation would break off the first
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
    const headers = { "X-CSRFToken": document.querySelector('meta[name="csrf-token"]').content };
    return fetch("/session/", { method: "POST", headers }).then((answer) => answer.ok || leave());
  }
  function leave() {
    if (leaving) return;
    leaving = true;
    const forgotten = "caches" in window ? caches.delete("today") : Promise.resolve();
    forgotten.finally(() => location.assign("/sign-in/?idle=1"));
  }
  function stay() {
    localStorage.setItem(KEY, Date.now());
    dialog.close();
    tell();
  }
  // The clock may have stood still (a laptop that slept): the server knows how long it really was.
  function leaveIfEnded() {
    fetch("/session/").then((answer) => answer.json()).then(({ seconds_left: seconds }) => {
      if (seconds > 0) localStorage.setItem(KEY, Date.now() - (limit - seconds) * 1000);
      else leave();
    }, () => {});
  }

  localStorage.setItem(KEY, Date.now());
  for (const name of ["keydown", "pointerdown", "scroll"]) addEventListener(name, use, { passive: true });
  dialog.addEventListener("cancel", (event) => { event.preventDefault(); stay(); });
  dialog.querySelector("[data-stay]").addEventListener("click", stay);
  setInterval(() => {
    if (leaving) return;
    const seconds = left();
    if (seconds <= -1) return leaveIfEnded();
    if (seconds > warning) return dialog.open && dialog.close();
    count.textContent = Math.max(0, seconds);
    if (!dialog.open) dialog.showModal();
  }, 1000);
}
