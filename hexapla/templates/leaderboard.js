"use strict";
for (const table of document.querySelectorAll("table.sortable")) {
  const heads = [...table.tHead.rows[0].cells];
  heads.forEach((head, column) => {
    const button = document.createElement("button");
    button.type = "button";
    const title = head.querySelector(".title") || head;
    button.textContent = title.textContent.trim();
    title.replaceChildren(button);
    const small = button.textContent.startsWith("Rank") || button.textContent === "Gap"; // the best is the smallest
    button.addEventListener("click", () => {
      const sorted = head.getAttribute("aria-sort");
      const up = sorted ? sorted === "descending" : column === 0 || small;
      heads.forEach((other) => other.removeAttribute("aria-sort"));
      head.setAttribute("aria-sort", up ? "ascending" : "descending");
      const key = (row) => row.cells[column].dataset.v;
      const rows = [...table.tBodies[0].rows].sort((a, b) => {
        const [x, y] = [key(a), key(b)];
        if (x === "" || y === "") return (x === "") - (y === "");
        const order = column === 0 ? x.localeCompare(y) : Number(x) - Number(y);
        return up ? order : -order;
      });
      table.tBodies[0].append(...rows);
    });
  });
}
const filter = document.getElementById("filter");
const parts = [...document.querySelectorAll("section[data-of]")];
const rows = [...document.querySelectorAll("table.sortable tbody tr"), ...document.querySelectorAll("details")];
const systems = document.querySelectorAll("details").length;
function name(row) {
  return row.dataset.v ?? row.cells[0].dataset.v;
}
function narrow() {
  const words = filter.value.toLowerCase().split(/\s+/).filter(Boolean);
  let n = 0;
  for (const row of rows) {
    row.hidden = !words.every((word) => name(row).includes(word));
    if (row.tagName === "DETAILS" && !row.hidden) n += 1;
  }
  document.getElementById("shown").textContent = words.length ? `${n} of ${systems} systems` : "";
}
function view(which) {
  for (const part of parts) part.hidden = part.dataset.of !== which;
  for (const button of document.querySelectorAll("button[data-view]")) button.setAttribute("aria-pressed", String(button.dataset.view === which));
}
filter.addEventListener("input", narrow);
for (const button of document.querySelectorAll("button[data-view]")) button.addEventListener("click", () => view(button.dataset.view));
document.querySelector(".controls").hidden = false; // without script everything is on the page, one below the other
view("overview");
function openTarget() {
  const target = location.hash.length > 1 && document.getElementById(decodeURIComponent(location.hash.slice(1)));
  if (!target) return;
  if (target.tagName === "DETAILS") {
    target.open = true;
    target.hidden = false;
    target.scrollIntoView();
    target.querySelector("summary").focus({ preventScroll: true });
  } else if (target.closest("section[data-of]")) view(target.closest("section[data-of]").dataset.of);
}
window.addEventListener("hashchange", openTarget);
openTarget();
