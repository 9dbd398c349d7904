// Keeps one page for where there is no signal: one's own day today, as it was last shown, and what it is drawn with.
// Nothing else, of nobody else. Signing out deletes it (assets/leaving.js), and so does the server when it asks one to
// sign in.
const KEPT = "today";
const PAGE = "/today/";
const isDrawnWith = (url) => url.pathname.startsWith("/static/") || ["/brand.css", "/logo/"].includes(url.pathname);

addEventListener("install", () => skipWaiting());
addEventListener("activate", (event) => event.waitUntil(clients.claim()));

addEventListener("fetch", (event) => {
  const { request } = event;
  const url = new URL(request.url);
  if (request.method !== "GET" || url.origin !== location.origin) return;
  if (request.mode === "navigate" && url.pathname === PAGE && !url.search) event.respondWith(page(request));
  else if (isDrawnWith(url)) event.respondWith(drawnWith(request));
});

// The page tells what it is drawn with: it was loaded before this worker was there.
addEventListener("message", (event) => {
  if (event.data?.keep) event.waitUntil(keep(event.data.keep));
});

async function page(request) {
  try {
    const answer = await fetch(request);
    const cache = await caches.open(KEPT);
    if (answer.ok) await cache.put(PAGE, answer.clone());
    else if (answer.type === "opaqueredirect" || answer.status === 403) await caches.delete(KEPT);
    return answer;
  } catch (error) {
    const kept = await caches.match(PAGE);
    if (kept) return kept;
    throw error;
  }
}

async function drawnWith(request) {
  try {
    return await fetch(request);
  } catch (error) {
    const kept = await caches.match(request, { ignoreVary: true });
    if (kept) return kept;
    throw error;
  }
}

async function keep(addresses) {
  const cache = await caches.open(KEPT);
  const wanted = addresses.filter((address) => {
    const url = new URL(address, location.origin);
    return url.origin === location.origin && (isDrawnWith(url) || url.pathname + url.search === PAGE);
  });
  await Promise.allSettled(wanted.map(async (address) => {
    const answer = await fetch(address, { redirect: "error" });
    if (answer.ok) await cache.put(address, answer);
  }));
}
