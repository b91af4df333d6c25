// Copying: a text, or a table as tab-separated lines that paste into a sheet (ticked rows only, if any are ticked).
import { say, word } from "./say.js";

async function write(text) {
  if (navigator.clipboard && isSecureContext) return navigator.clipboard.writeText(text);
  const area = document.createElement("textarea"); // plain http inside an office network
  area.value = text;
  area.className = "sr";
  document.body.append(area);
  area.select();
  document.execCommand("copy");
  area.remove();
}

const clean = (cell) => cell.innerText.replace(/\s+/g, " ").trim();
const line = (row) => [...row.cells].filter((cell) => !cell.classList.contains("tick") && cell.offsetParent).map(clean).join("\t");

function tableText(table) {
  const rows = [...table.tBodies[0].rows];
  const ticked = rows.filter((row) => row.querySelector("[data-tick]:checked"));
  const taken = ticked.length ? ticked : rows;
  return { text: [line(table.tHead.rows[0]), ...taken.map(line)].join("\n"), count: taken.length };
}

export function start() {
  document.addEventListener("click", async (event) => {
    const one = event.target.closest("[data-copy]");
    if (one) { await write(one.dataset.copy); say(word("copied") || "✓"); }
    const table = event.target.closest("[data-copy-table]") && document.querySelector("[data-table]");
    if (table) { const { text, count } = tableText(table); await write(text); say(word("copiedRows", { s: count })); }
  });
}
