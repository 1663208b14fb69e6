// Draws the one chart; its numbers stand in the page.
"use strict";

const told = document.getElementById("sales-by-hour");
if (told) {
  const { hours, lines } = JSON.parse(told.textContent);
  const isDark = document.documentElement.dataset.bsTheme === "dark";
  const ink = isDark ? "#dee2e6" : "#343a40";
  const colours = ["#0d6efd", "#198754", "#fd7e14", "#6f42c1", "#d63384", "#20c997", "#ffc107", "#6610f2", "#0dcaf0", "#dc3545", "#adb5bd", "#795548"];
  new Chart(document.getElementById("sales-chart"), {
    type: "bar",
    data: {
      labels: hours,
      datasets: lines.map((line, place) => ({ label: line.label, data: line.values, backgroundColor: colours[place % colours.length] })),
    },
    options: {
      animation: false,
      maintainAspectRatio: false,
      plugins: { legend: { labels: { color: ink } } },
      scales: {
        x: { stacked: true, ticks: { color: ink }, grid: { display: false } },
        y: { stacked: true, beginAtZero: true, ticks: { color: ink, precision: 0 } },
      },
    },
  });
}
