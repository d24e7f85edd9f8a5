"use strict";
(() => {
  const bar = document.getElementById("bar");
  let lit = [];
  let pinned = null;

  const all = (root, selector) => [...root.querySelectorAll(selector)];
  const factOf = (node) => node instanceof Element && node.closest(".beads .m[data-fact], .facts tr[data-fact]");
  const same = (a, b) => a && b && a.dataset.fact === b.dataset.fact && a.closest(".article") === b.closest(".article");

  // One fact in all languages of its article, and its line in the table of facts.
  function light(node) {
    for (const old of lit) old.classList.remove("hl", "pin");
    lit = [];
    bar.hidden = !node;
    bar.replaceChildren();
    if (!node) return;
    lit = all(node.closest(".article"), "[data-fact]").filter((other) => same(other, node));
    for (const other of lit) {
      other.classList.add("hl");
      if (pinned) other.classList.add("pin");
    }
    const line = lit.find((other) => other.matches("tr"));
    if (line) tell(line);
    // never over what is pointed at
    bar.classList.toggle("above", node.getBoundingClientRect().bottom > innerHeight - bar.offsetHeight - 24);
  }

  // The line of the table, in one paragraph at the foot (or head) of the window.
  function tell(line) {
    const p = document.createElement("p");
    const name = line.querySelector(".fact .m").cloneNode(true);
    p.append(name);
    const value = line.querySelector(".value");
    if (value) p.append(Object.assign(document.createElement("b"), { textContent: value.textContent }));
    for (const cell of line.querySelectorAll("td[data-lang]")) {
      if (cell.hidden) continue;
      const span = document.createElement("span");
      span.append(Object.assign(document.createElement("span"), { className: "code", textContent: cell.dataset.lang }));
      for (const child of cell.childNodes) {
        const inline = document.createElement("span");
        inline.append(...[...child.cloneNode(true).childNodes]);
        span.append(inline, " ");
      }
      p.append(span);
    }
    for (const chip of line.querySelectorAll(".chip")) p.append(chip.cloneNode(true));
    bar.append(p);
  }

  function pin(node) {
    pinned = same(pinned, node) ? null : node;
    light(node);
  }

  document.addEventListener("mouseover", (event) => {
    if (pinned) return;
    const node = factOf(event.target);
    if (node || lit.length) light(node);
  });
  document.addEventListener("focusin", (event) => {
    const node = factOf(event.target);
    if (node && !pinned) light(node);
  });
  document.addEventListener("focusout", (event) => {
    if (!pinned && factOf(event.target)) light(null);
  });
  document.addEventListener("click", (event) => {
    const node = factOf(event.target);
    if (node && (node.matches(".m") || event.target.closest(".fact"))) pin(node);
  });

  // One stop of the Tab key per bead; the arrows go from mention to mention in it.
  for (const bead of document.querySelectorAll(".bead")) {
    all(bead, "[data-mention]").forEach((mention, n) => { mention.tabIndex = n ? -1 : 0; });
  }
  document.addEventListener("keydown", (event) => {
    if (event.key === "Escape") {
      pinned = null;
      light(null);
      return;
    }
    const mention = event.target instanceof Element && event.target.closest(".bead [data-mention]");
    if (!mention) return;
    if (event.key === "Enter") pin(mention);
    if (event.key !== "ArrowLeft" && event.key !== "ArrowRight") return;
    const stops = all(mention.closest(".bead"), "[data-mention]").filter((m) => m.offsetParent);
    const forward = (event.key === "ArrowRight") === (mention.closest("[dir]").dir !== "rtl");
    const next = stops[stops.indexOf(mention) + (forward ? 1 : -1)];
    if (!next) return;
    event.preventDefault();
    for (const m of stops) m.tabIndex = -1;
    next.tabIndex = 0;
    next.focus();
  });

  // Languages shown.
  document.addEventListener("change", (event) => {
    const box = event.target;
    if (!box.closest(".langs")) return;
    const article = box.closest(".article");
    for (const part of all(article, "[data-lang]")) {
      if (part.dataset.lang === box.value) part.hidden = !box.checked;
    }
    article.dataset.n = all(article, ".langs input:checked").length;
  });

  // On a phone the table of facts is long: it waits folded.
  if (matchMedia("(max-width: 44rem)").matches) {
    for (const part of all(document, "[id$='-facts']")) part.open = false;
  }

  // Index: find as you type.
  const find = document.getElementById("find");
  if (find) {
    find.closest("label").hidden = false;
    find.addEventListener("input", () => {
      const wanted = find.value.trim().toLowerCase();
      for (const row of all(document, ".index tbody tr")) row.hidden = !row.textContent.toLowerCase().includes(wanted);
    });
  }

  // A link into a folded article unfolds it.
  function unfold() {
    const target = document.getElementById(decodeURIComponent(location.hash.slice(1)));
    if (!target) return;
    for (let node = target; node; node = node.parentElement) if (node.matches("details")) node.open = true;
    target.scrollIntoView();
  }
  addEventListener("hashchange", unfold);
  if (location.hash) unfold();
})();
