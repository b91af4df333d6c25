// Shows one code of the card after the other, by the time that has passed since these codes were first shown on this phone: a wrong
// clock does no harm, and a page that was kept for a while goes on where it is. Each element with data-codes is one card.
(function () {
  var QUIET = 4;
  var KEY = "gonghui.card";

  function elapsed(slot) {
    var now = Date.now(), since = now;
    try {
      var kept = (localStorage.getItem(KEY) || "").split(":");
      if (kept[0] === slot && Number(kept[1]) <= now) since = Number(kept[1]);
      else localStorage.setItem(KEY, slot + ":" + now);
    } catch (nothingIsKept) { /* counts from this load */ }
    return (now - since) / 1000;
  }

  function path(packed) {
    var width = Number(packed.split(":")[0]), digits = packed.split(":")[1], bits = "", out = "", at, x, y, run;
    for (at = 0; at < digits.length; at += 1) bits += ("000" + parseInt(digits[at], 16).toString(2)).slice(-4);
    bits = ("0".repeat(width * width) + bits).slice(-width * width);
    for (y = 0; y < width; y += 1) {
      for (x = 0; x < width; x += run + 1) {
        for (run = 0; x + run < width && bits[y * width + x + run] === "1";) run += 1;
        if (run) out += "M" + (x + QUIET) + " " + (y + QUIET) + "h" + run + "v1h-" + run + "z";
      }
    }
    return { size: width + 2 * QUIET, outline: out };
  }

  function show(card) {
    var codes = card.getAttribute("data-codes").split(" "), each = Number(card.getAttribute("data-seconds"));
    var numbers = (card.getAttribute("data-numbers") || "").split(" ");
    var passed = elapsed(card.getAttribute("data-slot")), place = Math.floor(passed / each), drawn = -1;
    var begun = Date.now() - passed * 1000;
    function tick() {
      passed = (Date.now() - begun) / 1000;
      place = Math.floor(passed / each);
      if (place < 0 || place >= codes.length) { card.classList.add("used-up"); return; }
      if (place !== drawn) {
        var code = path(codes[place]), drawing = card.querySelector("svg");
        drawing.setAttribute("viewBox", "0 0 " + code.size + " " + code.size);
        drawing.innerHTML = '<path fill="#fff" d="M0 0h' + code.size + "v" + code.size + 'H0z"/><path d="' + code.outline + '"/>';
        write(numbers[place]);
        drawn = place;
      }
      say(each - Math.floor(passed) % each, each);
    }
    function write(number) {
      var words = document.querySelector("[data-number]");
      if (words && number) words.textContent = number.replace(/(\d{4})(?=\d)/g, "$1 ");
    }
    function say(left, of) {
      var words = document.querySelector("[data-left]"), bar = document.querySelector("progress[data-bar]");
      if (words) words.textContent = left;
      if (bar) { bar.max = of; bar.value = left; }
    }
    tick();
    setInterval(tick, 1000);
    document.addEventListener("visibilitychange", tick);
  }

  document.documentElement.classList.add("scripted");
  document.querySelectorAll("[data-codes]").forEach(show);
})();
