// The camera, where the browser can read QR codes by itself; a scanner that types and a hand that types need nothing of this.
const form = document.querySelector("[data-scanner]");
const button = form.querySelector("[data-camera]");
const view = form.querySelector("[data-view]");
const failed = form.querySelector("[data-camera-failed]");
const canSee = "BarcodeDetector" in window && Boolean(navigator.mediaDevices?.getUserMedia);

async function look(detector) {
  if (view.hidden) return;
  const [found] = await detector.detect(view);
  if (!found) { requestAnimationFrame(() => look(detector)); return; }
  view.srcObject.getTracks().forEach((track) => track.stop());
  view.hidden = true;
  form.elements.text.value = found.rawValue;
  form.requestSubmit();
}

async function start() {
  failed.hidden = true;
  try {
    view.srcObject = await navigator.mediaDevices.getUserMedia({ video: { facingMode: "environment" } });
    view.hidden = false;
    await view.play();
    look(new BarcodeDetector({ formats: ["qr_code"] }));
  } catch {
    view.hidden = true;
    failed.hidden = false;
  }
}

if (canSee) {
  button.hidden = false;
  button.addEventListener("click", start);
}
form.elements.text.focus();
