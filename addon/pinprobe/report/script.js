"use strict";
(() => {
  const byId = (id) => document.getElementById(id);
  const list = byId("rows");
  if (!list) return;
  const whole = [...list.children];
  const rows = whole.filter((one) => one.className !== "g");
  const textOf = new Map();
  const text = (row) => {
    if (!textOf.has(row)) textOf.set(row, (row.querySelector("summary") || row).textContent.toLowerCase());
    return textOf.get(row);
  };
  const owner = (row) => (row.querySelector("summary") || row).children[4].textContent;
  const shown = () => rows.filter((row) => row.checkVisibility());
  const count = () => { byId("count").textContent = `${shown().length} of ${rows.length}`; };

  const search = () => {
    const words = byId("search").value.toLowerCase().split(/\s+/).filter(Boolean);
    for (const row of rows) row.classList.toggle("off", !words.every((word) => text(row).includes(word)));
    headings();
    count();
  };
  const headings = () => {
    let heading = null, used = false;
    for (const one of list.children) {
      if (one.className !== "g") { used ||= one.checkVisibility(); if (heading) heading.hidden = !used; continue; }
      heading = one; used = false; heading.hidden = true;
    }
  };
  const group = () => {
    const button = byId("group");
    const grouped = button.getAttribute("aria-pressed") !== "true";
    button.setAttribute("aria-pressed", grouped);
    if (!grouped) { list.replaceChildren(...whole); headings(); return; }
    const owners = new Map();
    for (const row of rows) {
      const name = owner(row);
      if (!owners.has(name)) owners.set(name, []);
      owners.get(name).push(row);
    }
    const parts = [];
    for (const [name, owned] of owners) {
      const heading = document.createElement("h3");
      heading.className = "g";
      heading.textContent = `${name} (${owned.length})`;
      parts.push(heading, ...owned);
    }
    list.replaceChildren(...parts);
    headings();
  };
  const reveal = () => {
    const row = /^#e\d+$/.test(location.hash) && byId(location.hash.slice(1));
    if (!row) return;
    byId("v-all").checked = true;
    byId("search").value = "";
    search();
    row.open = true;
    row.scrollIntoView();
  };

  let waiting = 0;
  byId("search").addEventListener("input", () => { clearTimeout(waiting); waiting = setTimeout(search, 120); });
  byId("open").addEventListener("click", () => { for (const row of shown()) row.open = true; });
  byId("close").addEventListener("click", () => { for (const row of rows) row.open = false; });
  byId("group").addEventListener("click", group);
  for (const radio of document.querySelectorAll("input[name=verdict]")) {
    radio.addEventListener("change", () => { headings(); count(); });
  }
  addEventListener("hashchange", reveal);
  document.querySelector(".tools").hidden = false;
  if (innerWidth < 600) document.querySelector(".owners").open = false;
  if (byId("v-all").checked) byId("count").textContent = `${rows.length} of ${rows.length}`; else count();
  reveal();
})();
