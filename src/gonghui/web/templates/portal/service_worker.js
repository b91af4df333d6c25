// Keeps the page of the card, and what it needs to be shown, for as long as its codes are good. Written for Chrome 62 and later.
const CARD = "{{ urls.card }}";
const ENDS = ["{{ urls.sign_in }}", "{{ urls.sign_out }}"];
const FILES = [{% for file in files %}"{{ file }}"{% if not forloop.last %}, {% endif %}{% endfor %}];
const STORE = "gonghui-card-1";

self.addEventListener("install", function (event) {
  event.waitUntil(caches.open(STORE).then(function (store) { return store.addAll(FILES); }));
  self.skipWaiting();
});

self.addEventListener("activate", function (event) {
  event.waitUntil(caches.keys().then(function (names) {
    return Promise.all(names.filter(function (name) { return name !== STORE; }).map(function (name) { return caches.delete(name); }));
  }));
});

function forget() {
  return caches.open(STORE).then(function (store) { return store.delete(CARD); });
}

function kept(request, address) {
  return fetch(request).then(function (answer) {
    if (!answer.ok || answer.redirected) {
      if (address === CARD) forget();
    } else {
      const copy = answer.clone();
      caches.open(STORE).then(function (store) { store.put(address, copy); });
    }
    return answer;
  }, function (failure) {
    return caches.match(address).then(function (found) { if (found) return found; throw failure; });
  });
}

self.addEventListener("fetch", function (event) {
  const address = new URL(event.request.url).pathname;
  if (ENDS.indexOf(address) >= 0) event.waitUntil(forget());
  if (event.request.method !== "GET") return;
  if (address === CARD) event.respondWith(kept(event.request, CARD));
  else if (FILES.indexOf(address) >= 0) event.respondWith(kept(event.request, address));
});
