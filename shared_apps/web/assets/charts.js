// Charts, on pages that have one: <canvas data-chart> beside a table that holds the same numbers.
import { BarController, BarElement, CategoryScale, Chart, Legend, LinearScale, Tooltip } from "chart.js";

Chart.register(BarController, BarElement, CategoryScale, Legend, LinearScale, Tooltip);

for (const canvas of document.querySelectorAll("canvas[data-chart]")) {
  const table = document.getElementById(canvas.dataset.chart);
  const style = getComputedStyle(document.documentElement);
  const rows = [...table.tBodies[0].rows];
  const names = [...table.tHead.rows[0].cells].slice(1).map((cell) => cell.textContent.trim());
  const colours = [style.getPropertyValue("--honey"), style.getPropertyValue("--sand")];
  Chart.defaults.color = style.getPropertyValue("--quiet");
  Chart.defaults.borderColor = style.getPropertyValue("--line");
  Chart.defaults.font.family = getComputedStyle(document.body).fontFamily;
  new Chart(canvas, {
    type: "bar",
    data: {
      labels: rows.map((row) => row.cells[0].textContent.trim()),
      datasets: names.map((label, index) => ({
        label,
        data: rows.map((row) => Number(row.cells[index + 1].dataset.value)),
        backgroundColor: colours[index],
        borderRadius: 4,
      })),
    },
    options: {
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
    },
  });
}
