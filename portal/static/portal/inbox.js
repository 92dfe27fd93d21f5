/* The inbox by keyboard: one sheet each for "no reply", "later" and "hand over", filled for the row it was asked from.
   Without this file the links of a row lead to the same forms on the mention's own page. */
"use strict";
(() => {
  const all = (selector, root = document) => Array.from(root.querySelectorAll(selector));
  const typing = (node) => node.closest("input:not([type=checkbox]):not([type=radio]), textarea, select") !== null;
  const current = () => document.querySelector("[data-row][data-current]");
  const open = () => document.querySelector("[popover]:popover-open");
  const able = window.htmx && HTMLElement.prototype.showPopover;
  let asked = null;

  function show(link) {
    const sheet = document.getElementById(`sheet-${link.dataset.sheet}`);
    if (!sheet || !able) return false;
    asked = link.closest("[data-row]");
    sheet.querySelector("[data-sheet-title]").textContent = asked.querySelector(".mention-title").textContent;
    sheet.showPopover();
    const first = sheet.querySelector("[data-choice], select");
    if (first) first.focus();
    return true;
  }

  document.addEventListener("click", (event) => {
    const link = event.target.closest("[data-sheet]");
    if (link && show(link)) event.preventDefault();
  });

  /* before portal.js sees it: this form goes to the row it was asked from, and takes its place */
  document.addEventListener("submit", (event) => {
    const form = event.target.closest("[data-sheet-form]");
    if (!form || !asked) return;
    event.preventDefault();
    event.stopImmediatePropagation();
    const values = Object.fromEntries(new FormData(form, event.submitter));
    values.seen_holder = asked.dataset.holder;
    const url = form.dataset.sheetForm ? asked.dataset.rule.replace("/rule", `/${form.dataset.sheetForm}`) : asked.dataset.rule;
    form.closest("[popover]").hidePopover();
    form.reset();
    const row = asked;
    if (document.activeElement) document.activeElement.blur();
    htmx.ajax("POST", url, { source: row, target: row, swap: "outerHTML settle:0ms", values });
  }, true);

  const keys = ["h", "s", "w", "i", "m"];
  document.addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey || typing(event.target)) return;
    const sheet = open();
    if (sheet) {
      const choice = all("[data-choice]", sheet)[Number(event.key) - 1];
      if (choice) { event.preventDefault(); choice.click(); }
      return;
    }
    if (event.key === "u") {
      const last = all("[data-undo]").pop();
      if (last && !document.querySelector('[data-page-key="u"]')) { event.preventDefault(); last.click(); }
    }
    if (!keys.includes(event.key)) return;
    const row = current();
    const button = event.key === "m" ? merging(row) : (row && row.querySelector(`[data-key="${event.key}"]`)) || document.querySelector(`[data-page-key="${event.key}"]`);
    if (button) { event.preventDefault(); button.click(); }
  });

  /* several chosen: they are merged; else to where one chooses what it is the same as */
  function merging(row) {
    if (all("[data-batch-choice]:checked").length > 1) return document.querySelector('[data-page-key="m"]');
    if (row) location.assign(`${row.querySelector("[data-focus]").href}#merge`);
    return null;
  }

  /* settled at once (see the swaps): a key pressed right after must not find a form that htmx does not know yet */
  /* the newest undoing is the last one done, wherever its line stands */
  document.addEventListener("htmx:load", (event) => {
    /* a row that came back, or was drawn anew, is the one to go on with */
    if (event.target.matches && event.target.matches("[data-row]")) event.target.querySelector("[data-focus]").focus();
    const line = event.target.matches && event.target.matches("[data-done]") ? event.target : null;
    if (line) all("[data-done]").forEach((old) => { if (old !== line) { const button = old.querySelector("[data-undo]"); if (button) button.removeAttribute("data-undo"); } });
  });
})();
