// The token of a share link stands behind the #: it never reaches a server by itself. Put it into the form, and out of the address.
(() => {
  const field = document.getElementById("token");
  function take() {
    const token = location.hash.slice(1);
    if (!field || !token) return;
    field.value = token;
    field.closest(".field").hidden = true;
    history.replaceState(null, "", location.pathname);
  }
  // Whoever puts their link into the address of this page again comes to no new page, only to another #.
  addEventListener("hashchange", take);
  take();
})();
