// Charts, on pages that have one: <canvas data-chart> beside a table that holds the same numbers.
import { BarController, BarElement, CategoryScale, Chart, Legend, LinearScale, Tooltip } from "chart.js";

Chart.register(BarController, BarElement, CategoryScale, Legend, LinearScale, Tooltip);

const drawn = [...document.querySelectorAll("canvas[data-chart]")].map(draw).filter(Boolean);
new MutationObserver(() => {
  for (const { chart, options, datasets } of drawn) {
    paint(options, datasets);
    chart.options = options;
    chart.update("none");
  }
}).observe(document.documentElement, { attributes: true, attributeFilter: ["data-bs-theme"] });

function draw(canvas) {
  const table = document.getElementById(canvas.dataset.chart);
  const rows = [...table.tBodies[0].rows];
  const names = [...table.tHead.rows[0].cells].slice(1).map((cell) => cell.textContent.trim());
  const datasets = names.map((label, index) => ({
    label,
    data: rows.map((row) => Number(row.cells[index + 1].dataset.value)),
    borderRadius: 4,
  }));
  if (!datasets.some((one) => one.data.some(Boolean))) {
    canvas.hidden = true; // axes around nothing say less than the words beside it
    canvas.nextElementSibling.hidden = false;
    return null;
  }
  const options = {
    maintainAspectRatio: false,
    locale: document.documentElement.lang,
    animation: { duration: matchMedia("(prefers-reduced-motion: reduce)").matches ? 0 : 150 },
    scales: { x: { grid: { display: false } }, y: { beginAtZero: true } },
    plugins: {
      legend: { display: names.length > 1, position: "bottom", labels: { boxWidth: 12, boxHeight: 12 } },
      tooltip: {
        callbacks: {
          label: (item) => table.tBodies[0].rows[item.dataIndex].cells[item.datasetIndex + 1].textContent.trim(),
        },
      },
    },
    onClick: (_event, hits) => {
      const link = hits.length && rows[hits[0].index].querySelector("a");
      if (link) location.assign(link.href);
    },
  };
  paint(options, datasets);
  const labels = rows.map((row) => row.cells[0].textContent.trim());
  return { chart: new Chart(canvas, { type: "bar", data: { labels, datasets }, options }), options, datasets };
}

// The colours of the look that is on: it may change while the page is open.
function paint(options, datasets) {
  const style = getComputedStyle(document.documentElement);
  const colours = [style.getPropertyValue("--honey"), style.getPropertyValue("--sand")];
  datasets.forEach((one, index) => (one.backgroundColor = colours[index]));
  const [quiet, line] = [style.getPropertyValue("--quiet"), style.getPropertyValue("--line")];
  Chart.defaults.color = quiet;
  Chart.defaults.borderColor = line;
  Chart.defaults.font.family = getComputedStyle(document.body).fontFamily;
  for (const axis of [options.scales.x, options.scales.y]) {
    axis.ticks = { ...axis.ticks, color: quiet };
    axis.grid = { ...axis.grid, color: line };
  }
  options.plugins.legend.labels.color = quiet;
}
