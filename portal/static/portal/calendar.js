/* Dragging an item to another day, and the dialog in place of the page where it is moved.
   Both ask the server for the same form; nothing is moved before that form is sent. Without this file the links lead there. */
"use strict";
(() => {
  const sheet = document.getElementById("move-sheet");
  if (!sheet || !sheet.showModal || !window.htmx) return;
  let dragged = null;

  function ask(url, day) {
    const target = new URL(url, location.href);
    if (day) target.searchParams.set("day", day);
    htmx.ajax("GET", target.pathname + target.search, { target: "#move-body", swap: "innerHTML" })
      .then(() => { if (sheet.querySelector("form") && !sheet.open) sheet.showModal(); });
  }

  document.addEventListener("click", (event) => {
    const link = event.target.closest("[data-move-to]");
    if (link && !event.ctrlKey && !event.metaKey && !event.shiftKey) { event.preventDefault(); ask(link.href, ""); }
    if (event.target.closest("#move-sheet [data-close]") || event.target === sheet) { event.preventDefault(); sheet.close(); }
  });

  const over = (day) => {
    document.querySelectorAll(".day-over").forEach((old) => old.classList.remove("day-over"));
    if (day) day.classList.add("day-over");
  };
  document.addEventListener("dragstart", (event) => {
    dragged = event.target.closest ? event.target.closest("[data-move]") : null;
    if (!dragged) return;
    event.dataTransfer.effectAllowed = "move";
    event.dataTransfer.setData("text/plain", dragged.querySelector("a").textContent);
  });
  document.addEventListener("dragend", () => { dragged = null; over(null); });
  /* a day says twice that it may be dropped on: when it is entered, and as long as one is over it */
  ["dragenter", "dragover"].forEach((name) => document.addEventListener(name, (event) => {
    const day = dragged && event.target.closest && event.target.closest("[data-day]");
    if (!day) return;
    event.preventDefault();
    over(day);
  }));
  document.addEventListener("drop", (event) => {
    const day = dragged && event.target.closest("[data-day]");
    if (!day) return;
    event.preventDefault();
    ask(dragged.dataset.move, day.dataset.day);
    over(null);
  });
})();
