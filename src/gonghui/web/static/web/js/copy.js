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

// The table beside a copy button: the next one in the same sheet or section.
function beside(button) {
  const tables = [...(button?.closest(".sheet, section")?.querySelectorAll("table") || [])];
  return tables.find((table) => button.compareDocumentPosition(table) & Node.DOCUMENT_POSITION_FOLLOWING) || tables[0];
}

function tableText(table) {
  const rows = [...table.tBodies].flatMap((body) => [...body.rows]);
  const ticked = rows.filter((row) => row.querySelector("[data-tick]:checked"));
  const taken = ticked.length ? ticked : rows;
  const heads = [...(table.tHead?.rows || [])];
  return { text: [...heads, ...taken].map(line).join("\n"), count: taken.length };
}

export function start() {
  document.addEventListener("click", async (event) => {
    const one = event.target.closest("[data-copy]");
    if (one) { await write(one.dataset.copy); say(word("copied") || "✓"); }
    const table = beside(event.target.closest("[data-copy-table]"));
    if (table) { const { text, count } = tableText(table); await write(text); say(word("copiedRows", { s: count })); }
  });
}
