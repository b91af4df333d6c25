// Words come from the page, so that they are translated; a short notice says what happened.
export function word(name, values = {}) {
  const text = document.getElementById("words")?.dataset[name] || "";
  return Object.entries(values).reduce((result, [key, value]) => result.replace(`%${key}`, value), text);
}

export function say(text) {
  document.querySelector(".toast-1")?.remove();
  const box = document.createElement("div");
  box.className = "toast-1";
  box.setAttribute("role", "status");
  box.textContent = text;
  document.body.append(box);
  setTimeout(() => box.remove(), 3000);
}
