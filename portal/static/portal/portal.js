/* What the pages cannot do in HTML alone: keys, counters, toasts that leave, menus that close.
   Every page works without this file; nothing here decides anything. */
"use strict";
(() => {
  document.documentElement.classList.add("js");
  const all = (selector, root = document) => Array.from(root.querySelectorAll(selector));
  const typing = (node) => node.closest("input:not([type=checkbox]):not([type=radio]), textarea, select, [contenteditable]") !== null;

  /* ---- keys: j/k move, a approve, Enter open, u undo, / search, ? help ---- */
  const rows = () => all("[data-row]").filter((row) => row.offsetParent !== null);
  const current = () => document.querySelector("[data-row][data-current]");

  function select(row) {
    if (!row) return;
    all("[data-current]").forEach((old) => old.removeAttribute("data-current"));
    row.setAttribute("data-current", "");
    const target = row.querySelector("[data-focus]") || row;
    if (target === row && !row.hasAttribute("tabindex")) row.setAttribute("tabindex", "-1");
    target.focus({ preventScroll: true });
    row.scrollIntoView({ block: "nearest" });
  }

  function move(step) {
    const list = rows();
    if (!list.length) return;
    const at = list.indexOf(current());
    select(list[at < 0 ? 0 : Math.max(0, Math.min(list.length - 1, at + step))]);
  }

  function press(name) {
    const row = current() || (rows().length === 1 ? rows()[0] : null);
    const button = (row && row.querySelector(`[data-key="${name}"]`)) || document.querySelector(`[data-page-key="${name}"]`);
    if (button) button.click();
  }

  const keys = {
    j: () => move(1), k: () => move(-1), a: () => press("a"), c: () => press("c"), o: () => press("o"), x: () => press("x"), u: () => press("u"), n: () => press("n"),
    "?": () => { const help = document.getElementById("keys-help"); if (help && help.togglePopover) help.togglePopover(); },
  };

  document.addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey || typing(event.target)) return;
    if (document.querySelector("[popover]:popover-open") && event.key !== "?") return;
    const act = keys[event.key];
    if (act) { event.preventDefault(); act(); }
  });

  document.addEventListener("focusin", (event) => {
    const row = event.target.closest("[data-row]");
    if (row && row !== current()) {
      all("[data-current]").forEach((old) => old.removeAttribute("data-current"));
      row.setAttribute("data-current", "");
    }
  });

  /* ---- after an answer took a row away, stand on the next one ---- */
  let place = -1;
  document.addEventListener("htmx:beforeRequest", (event) => {
    const row = event.target.closest("[data-row]");
    place = row ? rows().indexOf(row) : -1;
  });
  document.addEventListener("htmx:afterSwap", () => {
    batch();
    if (place < 0 || document.activeElement !== document.body) return;
    const list = rows();
    if (list.length) select(list[Math.min(place, list.length - 1)]);
    place = -1;
  });

  /* ---- one answer per press: a second press on a form that is on its way does nothing ---- */
  document.addEventListener("submit", (event) => {
    const form = event.target;
    if (form.dataset.sent) { event.preventDefault(); return; }
    if (!form.hasAttribute("hx-post")) form.dataset.sent = "1";
  });
  window.addEventListener("pageshow", () => all("form[data-sent]").forEach((form) => delete form.dataset.sent));

  /* ---- menus, toasts, batch ---- */
  document.addEventListener("change", (event) => {
    if (event.target.matches("[data-submit-on-change]")) event.target.form.requestSubmit();
    if (event.target.matches("[data-batch-choice]")) batch();
  });
  function batch() {
    const bar = document.querySelector("[data-batch-bar]");
    if (!bar) return;
    const chosen = all("[data-batch-choice]:checked").length;
    bar.hidden = chosen === 0;
    const out = bar.querySelector("[data-batch-count]");
    if (out) out.textContent = String(chosen);
  }
  /* one sheet for "not like this", filled for the row it was asked from; without script the link leads to the item */
  document.addEventListener("click", (event) => {
    const asked = event.target.closest("[data-no]");
    const sheet = document.getElementById("no-sheet");
    if (!asked || !sheet || !sheet.showPopover) return;
    event.preventDefault();
    const row = asked.closest("[data-row]");
    sheet.querySelector("[name=digest]").value = row.querySelector("[name=digest]").value;
    sheet.querySelector("[data-no-title]").textContent = row.querySelector("h2").textContent;
    all("[data-act]", sheet).forEach((button) => button.setAttribute("formaction", asked.dataset.no + button.dataset.act));
    sheet.showPopover();
  });
  document.addEventListener("click", (event) => {
    all("details[data-menu][open]").forEach((menu) => { if (!menu.contains(event.target)) menu.open = false; });
    if (event.target.closest("[data-dismiss]")) event.target.closest(".toast").remove();
  });
  document.addEventListener("keydown", (event) => {
    if (event.key !== "Escape") return;
    all("details[data-menu][open]").forEach((menu) => { menu.open = false; menu.querySelector("summary").focus(); });
  });
  /* what is shown once is copied with one press; without script it is selected by hand */
  all("[data-with-script]").forEach((part) => { part.hidden = !navigator.clipboard; });
  document.addEventListener("click", (event) => {
    const asked = event.target.closest("[data-copy]");
    if (!asked) return;
    const field = document.getElementById(asked.dataset.copy);
    field.select();
    navigator.clipboard.writeText(field.value).then(() => {
      const told = asked.parentElement.querySelector("[data-copied]");
      told.textContent = told.dataset.copied;
    }, () => {});
  });
  /* folds: an address opens the one it leads into, one press opens all, and paper shows all: nothing is missing, only folded */
  const folds = () => all(".fold, .fold details, .report-document details");
  function reveal(hash) {
    const part = hash && document.getElementById(hash.slice(1));
    if (!part || !part.closest(".folds")) return;
    for (let one = part.closest("details"); one; one = one.parentElement.closest("details")) one.open = true;
    part.scrollIntoView();
  }
  document.addEventListener("click", (event) => {
    const link = event.target.closest('a[href^="#"]');
    if (link) reveal(link.hash);
    const asked = event.target.closest("[data-open-folds]");
    if (!asked) return;
    const open = asked.getAttribute("aria-pressed") !== "true";
    asked.setAttribute("aria-pressed", String(open));
    all(".fold", asked.closest(".jump").parentElement).forEach((fold) => { fold.open = open; });
  });
  window.addEventListener("hashchange", () => reveal(location.hash));
  window.addEventListener("beforeprint", () => folds().filter((fold) => !fold.open).forEach((fold) => { fold.open = true; fold.dataset.onPaper = ""; }));
  window.addEventListener("afterprint", () => all("[data-on-paper]").forEach((fold) => { fold.open = false; delete fold.dataset.onPaper; }));
  reveal(location.hash);
  batch();
})();
