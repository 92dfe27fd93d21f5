// A report may be dropped on the page that checks it, instead of being looked for. Without this file one chooses it, as ever.
(() => {
  const field = document.getElementById("file");
  const ground = document.querySelector("[data-drop]");
  if (!field || !ground) return;
  ground.querySelector("[data-drop-hint]").hidden = false;
  const carries = (event) => Array.from(event.dataTransfer ? event.dataTransfer.types : []).includes("Files");
  const over = (yes) => ground.toggleAttribute("data-over", yes);
  // A file that misses the ground would be opened by the browser, in the place of this page.
  for (const name of ["dragenter", "dragover"]) {
    document.addEventListener(name, (event) => {
      if (!carries(event)) return;
      event.preventDefault();
      over(ground.contains(event.target));
    });
  }
  document.addEventListener("dragleave", (event) => { if (!event.relatedTarget) over(false); });
  document.addEventListener("drop", (event) => {
    if (!carries(event)) return;
    event.preventDefault();
    over(false);
    if (!ground.contains(event.target) || !event.dataTransfer.files.length) return;
    const one = new DataTransfer();
    one.items.add(event.dataTransfer.files[0]);
    field.files = one.files;
    document.getElementById("code").value = "";
    field.form.requestSubmit();
  });
})();
// The browser's own button speaks the browser's language; ours speaks the page's, and says which file was chosen.
(() => {
  const field = document.getElementById("file");
  const own = document.querySelector("[data-file-own]");
  if (!field || !own) return;
  own.hidden = false;
  field.classList.add("visually-hidden");
  const told = own.querySelector("[data-file-name]");
  const nothing = told.textContent;
  const tell = () => { told.textContent = field.files.length ? field.files[0].name : nothing; };
  field.addEventListener("change", tell);
  window.addEventListener("pageshow", tell);
})();
