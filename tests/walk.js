// What is wrong with the page that is open, one sentence a fault. `parts`: "frame" (size, names, ids), "contrast", "targets".
({ parts, language }) => {
  const faults = new Set();
  const all = [...document.body.querySelectorAll("*")];
  const say = (what, node) => faults.add(`${what}: ${shown(node)}`);

  // -- how things are named and seen ------------------------------------------------------------------------------

  const text = (node) => (node.innerText || node.textContent || "").replace(/\s+/g, " ").trim();
  function shown(node) {
    const name = node.id ? `#${node.id}` : [...node.classList].map((one) => `.${one}`).join("");
    return `${node.tagName.toLowerCase()}${name} “${(text(node) || node.getAttribute("name") || "").slice(0, 40)}”`;
  }
  function isSeen(node) {
    if (!node.checkVisibility({ opacityProperty: true, visibilityProperty: true, contentVisibilityAuto: true })) return false;
    const box = node.getBoundingClientRect();
    return box.width > 1.5 && box.height > 1.5 && box.right > 0 && !node.closest(".sr");
  }
  const isOff = (node) => node.closest(":disabled, [aria-disabled=true]");
  const CONTROLS = "a[href], button, input:not([type=hidden]), select, textarea, summary, [role=button], [role=option], [tabindex='0'][role]";

  // -- the frame: width, title, language, ids, names ----------------------------------------------------------------

  function nameOf(node) {
    const by = (node.getAttribute("aria-labelledby") || "").split(/\s+/).filter(Boolean).map((id) => document.getElementById(id));
    const said = [node.getAttribute("aria-label"), ...by.map((one) => one && text(one)), ...[...(node.labels || [])].map(text)];
    return said.concat(node.matches("input, select, textarea") ? [] : [node.textContent, node.querySelector("img")?.alt], node.title).find((one) => one?.trim());
  }
  function frame() {
    const wide = document.documentElement.scrollWidth;
    if (wide > innerWidth) {
      const over = all.filter((one) => isSeen(one) && one.getBoundingClientRect().right > innerWidth + 1 && !one.closest(".scroll, nav"));
      faults.add(`scrolls sideways: ${wide} px wide, by ${over.slice(0, 1).map(shown)}`);
    }
    if (!document.title.split(" · ")[0].trim()) faults.add("no title");
    if (document.documentElement.lang !== language) faults.add(`language is ${document.documentElement.lang}, not ${language}`);
    const heads = all.filter((one) => one.tagName === "H1" && isSeen(one));
    if (heads.length !== 1) faults.add(`${heads.length} first headings`);
    const ids = all.map((one) => one.id).filter(Boolean);
    for (const id of ids.filter((one, place) => ids.indexOf(one) < place)) faults.add(`id twice: ${id}`);
    for (const one of document.querySelectorAll(CONTROLS)) if (isSeen(one) && !nameOf(one)) say("no name", one);
    for (const one of document.images) if (!one.hasAttribute("alt")) say("no alt", one);
  }

  // -- contrast: every text against all that is painted behind it ---------------------------------------------------

  const paint = document.createElement("canvas").getContext("2d", { willReadFrequently: true });
  const known = new Map();
  function colour(words) {
    if (!known.has(words)) {
      paint.clearRect(0, 0, 1, 1);
      paint.fillStyle = words;
      paint.fillRect(0, 0, 1, 1);
      const [red, green, blue, alpha] = paint.getImageData(0, 0, 1, 1).data;
      known.set(words, { rgb: [red, green, blue], alpha: alpha / 255 });
    }
    return known.get(words);
  }
  const over = (top, alpha, below) => top.map((value, place) => value * alpha + below[place] * (1 - alpha));
  const grounds = new Map();
  function ground(node) {
    if (!node) return document.documentElement.dataset.bsTheme === "dark" ? [18, 18, 18] : [255, 255, 255];
    if (!grounds.has(node)) {
      const style = getComputedStyle(node);
      const { rgb, alpha } = colour(style.backgroundColor);
      grounds.set(node, over(rgb, alpha * Number(style.opacity), ground(node.parentElement)));
    }
    return grounds.get(node);
  }
  const light = (rgb) => rgb.map((value) => value / 255).map((one) => (one <= 0.04045 ? one / 12.92 : ((one + 0.055) / 1.055) ** 2.4))
    .reduce((sum, one, place) => sum + one * [0.2126, 0.7152, 0.0722][place], 0);
  function ratio(one, other) {
    const [high, low] = [light(one), light(other)].sort((left, right) => right - left);
    return (high + 0.05) / (low + 0.05);
  }
  function read(node, style) {
    const behind = ground(node);
    let { rgb, alpha } = colour(style.color);
    for (let one = node; one; one = one.parentElement) alpha *= Number(getComputedStyle(one).opacity);
    const size = parseFloat(style.fontSize);
    const least = size >= 24 || (size >= 18.66 && Number(style.fontWeight) >= 700) ? 3 : 4.5;
    const found = ratio(over(rgb, alpha, behind), behind);
    if (found < least - 0.005) say(`contrast ${found.toFixed(2)} below ${least}`, node);
  }
  function contrast() {
    const nodes = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
    const holders = new Set();
    while (nodes.nextNode()) if (nodes.currentNode.data.trim()) holders.add(nodes.currentNode.parentElement);
    for (const one of holders) if (isSeen(one) && !isOff(one) && !one.matches("option, script, template")) read(one, getComputedStyle(one));
    for (const one of document.querySelectorAll("input:not([type=hidden], [type=checkbox], [type=radio]), select, textarea")) {
      if (!isSeen(one) || isOff(one)) continue;
      read(one, getComputedStyle(one));
      if (one.placeholder && !one.value) read(one, getComputedStyle(one, "::placeholder"));
    }
  }

  // -- targets: 44 px each way, as a thumb needs --------------------------------------------------------------------

  const BLOCK = "p, li, dd, td, th, div, summary, label";
  function inSentence(node) { // WCAG 2.5.8: a link whose size the line around it decides
    if (node.tagName !== "A" || !getComputedStyle(node).display.startsWith("inline")) return false;
    const around = [...node.parentElement.childNodes].filter((one) => one.nodeType === Node.TEXT_NODE && one.data.trim().length > 1);
    return Boolean(node.closest(BLOCK)) && around.length > 0;
  }
  function area(node) { // what a thumb may hit: the control, its label, or the row that holds nothing else to hit
    const areas = [node];
    if (node.matches("input, select, textarea")) areas.push(...(node.labels || []));
    const row = node.closest("tr, li");
    if (row && [...row.querySelectorAll(CONTROLS)].filter(isSeen).length === 1) areas.push(row);
    return areas.map((one) => one.getBoundingClientRect());
  }
  function targets() {
    for (const one of document.querySelectorAll(CONTROLS)) {
      if (!isSeen(one) || isOff(one) || one.matches("[role=region]") || inSentence(one)) continue;
      const boxes = area(one);
      const [wide, high] = ["width", "height"].map((side) => Math.max(...boxes.map((box) => box[side])));
      if (wide < 43.5 || high < 43.5) say(`target ${Math.round(wide)}×${Math.round(high)}`, one);
    }
  }

  for (const part of parts) ({ frame, contrast, targets })[part]();
  return [...faults];
}
