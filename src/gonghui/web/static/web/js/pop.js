// Details that open over the page close on a click outside and on Esc; the index opens and closes on phones.
export function start() {
  document.addEventListener("click", (event) => {
    for (const pop of document.querySelectorAll("[data-pop][open]")) if (!pop.contains(event.target)) pop.open = false;
    if (event.target.closest("[data-index-switch]")) {
      event.preventDefault();
      document.getElementById("idx").classList.toggle("open");
    }
  });
}

export function close() {
  const open = [...document.querySelectorAll("[data-pop][open]")];
  for (const pop of open) { pop.open = false; pop.querySelector("summary").focus(); }
  return open.length > 0;
}
