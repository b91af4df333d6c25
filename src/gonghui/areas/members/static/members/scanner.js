// Reads the QR code of a card by the camera where the browser can, and says what to do instead where it cannot. A scanner that types and
// a hand that types need nothing of this. The browser's own BarcodeDetector is used, no decoder is brought along.
const form = document.querySelector("[data-scanner]");
const part = (name) => form.querySelector(`[data-camera="${name}"]`);
const [begin, end, view] = ["begin", "end", "view"].map(part);
const LAST = "gonghui.scanner"; // in this tab, while it scans by camera: the code that was read last
const EACH = 150; // milliseconds between two looks
const WHY = { NotAllowedError: "forbidden", NotFoundError: "missing", OverconstrainedError: "missing" };

function say(why) {
  for (const one of form.querySelectorAll("[data-why]")) one.hidden = one.dataset.why !== why;
}

function show(isOn) {
  view.hidden = end.hidden = !isOn;
  begin.hidden = isOn;
}

function stop() {
  for (const track of view.srcObject?.getTracks() ?? []) track.stop();
  view.srcObject = null;
  show(false);
}

// One look after the other, until a code comes into sight that is not still the last one.
async function look(detector) {
  if (!view.srcObject) return;
  const found = await detector.detect(view).catch(() => []);
  const code = found.map((one) => one.rawValue).find((one) => one && one !== sessionStorage.getItem(LAST));
  if (!code || !view.srcObject) { setTimeout(look, EACH, detector); return; }
  sessionStorage.setItem(LAST, code);
  stop();
  form.elements.text.value = code;
  form.requestSubmit();
}

async function start() {
  say("");
  try {
    view.srcObject = await navigator.mediaDevices.getUserMedia({ video: { facingMode: "environment" } });
    show(true);
    await view.play();
    look(new BarcodeDetector({ formats: ["qr_code"] }));
  } catch (error) {
    stop();
    sessionStorage.removeItem(LAST);
    say(WHY[error.name] ?? "failed");
  }
}

async function canDecode() {
  if (!("BarcodeDetector" in window)) return false;
  const formats = await BarcodeDetector.getSupportedFormats().catch(() => []);
  return formats.includes("qr_code");
}

begin.addEventListener("click", () => { sessionStorage.setItem(LAST, sessionStorage.getItem(LAST) ?? ""); start(); });
end.addEventListener("click", () => { stop(); sessionStorage.removeItem(LAST); form.elements.text.focus(); });

if (!navigator.mediaDevices?.getUserMedia) say("missing");
else if (!(await canDecode())) say("undecodable");
else if (sessionStorage.getItem(LAST) !== null) start(); // goes on with the next card
else show(false);
if (sessionStorage.getItem(LAST) === null) form.elements.text.focus();
