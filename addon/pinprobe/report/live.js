"use strict";
(() => {
  const EVERY_MS = 2000, TYPING_MS = 1500, STRIP = 24;
  const version = `"${document.currentScript.dataset.version}"`;
  const byId = (id) => document.getElementById(id);
  const rows = () => [...document.querySelectorAll("#rows > .r")];
  const folds = () => [...document.querySelectorAll("header details")];
  // Rows are numbered by urgency, which changes: what lasts is the endpoint's name.
  const nameOf = (row) => (row.querySelector("summary") || row).children[1].textContent;
  const rowOf = (name) => rows().find((row) => nameOf(row) === name);

  const told = document.createElement("span");
  told.setAttribute("role", "status");
  document.querySelector(".brand").append(told);
  const say = (words) => { if (told.textContent !== words) told.textContent = words; };

  const keep = () => {
    // Where the reader is: at the row that has the focus, or at the first that is more than a strip of the window.
    const inView = (one) => {
      const box = one.getBoundingClientRect();
      return one.checkVisibility() && box.bottom > STRIP && box.top < innerHeight - STRIP;
    };
    const focused = document.activeElement || document.body;
    const row = focused.closest("#rows > .r");
    const seen = row && inView(row) ? row : rows().find(inView);
    const radio = document.querySelector("input[name=verdict]:checked");
    const state = {
      open: rows().filter((one) => one.open).map(nameOf),
      folds: folds().map((one) => [one.className, one.open]),
      verdict: radio && radio.id,
      search: byId("search") && byId("search").value,
      grouped: byId("group") && byId("group").getAttribute("aria-pressed") === "true",
      focusedRow: row && nameOf(row),
      focused: focused.id,
      seen: seen && nameOf(seen),
      top: seen && seen.getBoundingClientRect().top,
      y: scrollY,
    };
    // In the tab's history, which nobody else reads; without #e3, which may be another row by then.
    history.replaceState(state, "", location.pathname);
    history.scrollRestoration = "manual";
  };
  const restore = (state) => {
    history.replaceState(null, "");
    const open = new Set(state.open), folded = new Map(state.folds);
    for (const row of rows()) if (open.has(nameOf(row))) row.open = true;
    for (const one of folds()) if (folded.has(one.className)) one.open = folded.get(one.className);
    if (state.grouped && byId("group")) byId("group").click();
    const radio = state.verdict && byId(state.verdict);
    if (radio) { radio.checked = true; radio.dispatchEvent(new Event("change")); }
    if (state.search && byId("search")) {
      byId("search").value = state.search;
      byId("search").dispatchEvent(new Event("input"));
    }
    const place = () => {
      const row = state.focusedRow && rowOf(state.focusedRow);
      const focused = row ? row.querySelector("summary") : state.focused && byId(state.focused);
      if (focused) focused.focus({ preventScroll: true });
      const seen = state.y && state.seen && rowOf(state.seen);
      if (seen && seen.checkVisibility()) scrollBy(0, seen.getBoundingClientRect().top - state.top);
      else scrollTo(0, state.y);
    };
    place();
    // The search waits a moment after the last key; and whatever else moved the page until it was loaded.
    addEventListener("load", () => setTimeout(() => { place(); history.scrollRestoration = "auto"; }, state.search ? 200 : 0));
  };

  let typed = 0, stale = false;
  addEventListener("input", () => { typed = Date.now(); });
  const busy = () => document.hidden || !getSelection().isCollapsed || Date.now() - typed < TYPING_MS;
  const ask = async () => {
    if (!document.hidden) {
      try {
        const answer = await fetch(location.pathname, { method: "HEAD", cache: "no-store" });
        if (answer.ok) stale = answer.headers.get("ETag") !== version;
        say(answer.ok ? " · live" : " · live, but the proxy refuses");
      } catch {
        stale = false;
        say(" · the proxy has ended: this was the latest");
      }
    }
    if (stale && !busy()) { keep(); location.reload(); } else setTimeout(ask, EVERY_MS);
  };
  say(" · live");
  if (history.state && history.state.open) restore(history.state);
  // The header Refresh is for browsers without scripts: from here on the page asks itself.
  addEventListener("load", () => setTimeout(() => { stop(); setTimeout(ask, EVERY_MS); }));
})();
