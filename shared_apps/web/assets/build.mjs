// The one build of the browser's code: scripts, styles and the icons that templates name, into static/web/dist.
// Run by `make assets`; `node build.mjs` needs node_modules and nothing else.
import { readFile, readdir, rm, writeFile, mkdir } from "node:fs/promises";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import * as esbuild from "esbuild";

const here = dirname(fileURLToPath(import.meta.url));
const root = join(here, "../../..");
const out = join(here, "../static/web/dist");

// FullCalendar carries a font for its arrows, which the pages' policy does not load (field.css draws them).
const noIconFont = {
  name: "no-icon-font",
  setup(build) {
    build.onLoad({ filter: /@fullcalendar[\\/]core[\\/].*\.js$/ }, async ({ path }) => ({
      contents: (await readFile(path, "utf8")).replace(/@font-face\s*\{[^}]*\}/g, ""),
      loader: "js",
    }));
  },
};

await rm(out, { recursive: true, force: true });
await mkdir(out, { recursive: true });
await esbuild.build({
  entryPoints: ["app.js", "app.css", "charts.js", "calendar.js", "today.js"].map((name) => join(here, name)),
  outdir: out,
  bundle: true,
  splitting: true, // what only some pages need (masks) is a file of its own, fetched when it is needed
  format: "esm",
  target: ["chrome109", "firefox115", "safari16.4"],
  minify: true,
  sourcemap: false,
  legalComments: "linked",
  plugins: [noIconFont],
  loader: { ".woff2": "file", ".svg": "file" },
  assetNames: "[name]-[hash]",
  chunkNames: "[name]-[hash]",
  logLevel: "warning",
});
await writeFile(join(out, "icons.svg"), await sprite(await iconsNamed()));

// Names in `{% icon "name" %}`, `icon="name"` of includes and Python, and `data-icon`.
async function iconsNamed() {
  const names = new Set();
  for (const storey of ["shared_apps", "tenant_apps", "billing"]) {
    for (const path of await readdir(join(root, storey), { recursive: true })) {
      if (!/\.(html|py)$/.test(path) || path.includes("/dist/")) continue;
      const text = await readFile(join(root, storey, path), "utf8");
      for (const [, name] of text.matchAll(/\bicon(?:=| |: )"([a-z0-9-]+)"/g)) names.add(name);
    }
  }
  return [...names].sort();
}

async function sprite(names) {
  const symbols = [];
  for (const name of names) {
    let svg;
    try {
      svg = await readFile(join(root, "node_modules/@tabler/icons/icons/outline", `${name}.svg`), "utf8");
    } catch {
      throw new Error(`There is no Tabler icon "${name}".`);
    }
    const inner = svg.replace(/^[\s\S]*?<svg[^>]*>/, "").replace(/<\/svg>\s*$/, "").replace(/\s*\n\s*/g, "");
    symbols.push(`<symbol id="${name}" viewBox="0 0 24 24">${inner}</symbol>`);
  }
  return `<svg xmlns="http://www.w3.org/2000/svg">${symbols.join("")}</svg>\n`;
}
