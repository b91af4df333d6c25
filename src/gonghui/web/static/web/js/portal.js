// Before the first paint: the phone's own colours where none were chosen. Afterwards: the small program that keeps the card.
// Plain scripts, since an Android 8 WebView (Chrome 62) has to read them; every page works without.
(function () {
  var root = document.documentElement;
  if (root.hasAttribute("data-theme-of-phone") && window.matchMedia && matchMedia("(prefers-color-scheme: dark)").matches) {
    root.setAttribute("data-bs-theme", "dark");
  }
  window.addEventListener("load", function () {
    var address = document.body.getAttribute("data-worker");
    if (address && "serviceWorker" in navigator) navigator.serviceWorker.register(address).catch(function () {});
  });
})();
