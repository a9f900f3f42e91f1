// Tables to type numbers into: arrows and Enter go from cell to cell, and a whole table may be pasted into any
// cell, in whatever form programs print one. Without scripts it goes into the first cell, where the server reads
// the same forms (tests/grader/serve/pasted.py).

const NUMBER = /^[-+]?(?:\d+\.?\d*|\.\d+|\d*,\d+)(?:e[-+]?\d+)?(?:\/[-+]?(?:\d+\.?\d*|\.\d+))?$/i;
const FORMULA = /^(?=.*\d)(?:[-+*/^().\d]|sqrt|exp|pi)+$/i;
const LOOK_ALIKES = [
  [/[\u2212\u2010-\u2015\u02d7\ufe63\uff0d\u2796]/g, "-"],
  [/[\u00a0\u2000-\u200a\u202f\u205f\u3000]/g, " "],
  [/[\u200b-\u200f\u2060\ufeff]/g, ""],
  [/[\u2044\u2215]/g, "/"],
  [/\r\n?/g, "\n"],
];
// What stands around a table: W = ..., np.array(...), dtype=float32), a semicolon at the end.
const LABEL = /^[A-Za-z_]\w{0,30}\s*=\s*/;
const CALL = /^(?:[A-Za-z]\w*\.){0,2}(?:array|(?:Device)?Array|matrix|Matrix|tensor|list|tuple|c)\(([^]*)\)(\.T|\.transpose\(\))?$/;
const SCALAR = /\b(?:np|numpy)\.(?:float|int|uint)\d{1,3}\(([-+]?[\d.]+(?:e[-+]?\d+)?)\)/gi;
const OPTION = /,\s*(?:dtype|device|requires_grad|grad_fn|shape)\s*=[^[\]]*$/;
const LATEX = /^(?:\\\[|\$\$?)?\s*\\begin\{([a-zA-Z]?matrix)\}([^]*)\\end\{\1\}\s*(?:\\\]|\$\$?)?$/;
const TRANSPOSED = /\]\s*(?:\.?'|\.T|\.transpose\(\)|\^\{?(?:T|\\top)\}?)$/;
// Rows in brackets of their own, without one around all of them.
const ROWS = /^(?:\[[^[\]]*\]|\([^()]*,[^()]*\))(?:[^\S\n]*[,;\n]\s*(?:\[[^[\]]*\]|\([^()]*,[^()]*\)))+$/;
// How the numbers of a row are parted, the likeliest first: a comma may also stand before decimals.
const PARTED = [/\t/, /[,\s]+/, /,\s+|\s+/, /\s*,\s*/, /\s*;\s*/];

function unwrapped(text) {
  let plain = LOOK_ALIKES.reduce((so_far, [looks, is]) => so_far.replace(looks, is), text);
  // Spaces at the ends are taken away, tabs are not: an empty cell of Excel is one.
  plain = plain.replace(/^[ \n]+|[\s;]+$/g, "").replace(LABEL, "");
  plain = plain.replace(SCALAR, "$1").replace(/^\(([^()]*)\)(?=\s*(?:\.?'|\.T|\^\{?T\}?)$)/, "[$1]");
  const call = CALL.exec(plain);
  if (call) plain = call[1].replace(OPTION, "").trim().replace(/,$/, "") + (call[2] || "");
  if (ROWS.test(plain)) return `[${plain.replace(/\(/g, "[").replace(/\)/g, "]")}]`;
  const latex = LATEX.exec(plain);
  if (latex) plain = latex[2].trim().split(/\s*\\\\\s*/).filter(Boolean).map((row) => row.split("&").join("\t")).join("\n");
  if (/^[({][^]*[)}]$/.test(plain) && !/[[\]]/.test(plain)) plain = plain.replace(/[({]/g, "[").replace(/[)}]/g, "]");
  if (/^\[\s*\(/.test(plain)) plain = plain.replace(/\(/g, "[").replace(/\)/g, "]");
  return plain;
}

// The ways to cut a text into rows.
function* rowsOf(plain) {
  if (/^\[\s*\[/.test(plain)) {
    yield [...plain.slice(1, -1).matchAll(/\[([^[\]]*)\]/g)].map((found) => found[1].replace(/\n/g, " "));
    return;
  }
  const inner = plain.replace(/^\[/, "").replace(/\]$/, "");
  yield inner.split(/[;\n]+/);
  yield inner.split(/\n+/);
  yield inner.replace(/\n/g, " ").split(/;/);
}

function entriesOf(row, parted) {
  const whole = parted.source === "\\t" ? row : row.trim().replace(/[,;]$/, "");
  return whole.split(parted).map((entry) => entry.trim().replace(/^(["'])(.*)\1$/, "$2").replace(/^([-+])\s+/, "$1"));
}

const isEntry = (text) => NUMBER.test(text) || FORMULA.test(text);

// Every table of numbers that a text may be, and why there is none.
function tablesOf(text) {
  let plain = unwrapped(text);
  const isTransposed = TRANSPOSED.test(plain);
  if (isTransposed) plain = plain.replace(TRANSPOSED, "]");
  const found = [];
  let reason = "";
  for (const rows of rowsOf(plain)) {
    for (const parted of PARTED) {
      const table = rows.filter((row) => row.trim()).map((row) => entriesOf(row, parted));
      const odd = table.flat().find((entry) => !isEntry(entry));
      const ragged = table.findIndex((row) => row.length !== table[0].length);
      if (!table.length) continue;
      if (odd !== undefined) reason ||= odd ? `“${odd.slice(0, 40)}” is no number.` : "An entry is empty.";
      else if (ragged > 0) reason = `Row 1 has ${table[0].length} numbers, row ${ragged + 1} has ${table[ragged].length}.`;
      else found.push(isTransposed ? table[0].map((_, column) => table.map((row) => row[column])) : table);
    }
  }
  return { found, reason };
}

// What to fill a grid with, row by row; or the reason why nothing is filled in.
function fitting(text, rows, columns) {
  const { found, reason } = tablesOf(text);
  const isVector = rows === 1 || columns === 1;
  const fits = found.find((table) => (table.length === rows && table[0].length === columns)
    || (isVector && (table.length === 1 || table[0].length === 1) && table.flat().length === rows * columns));
  if (fits) return { entries: fits.flat() };
  const wanted = isVector ? `${rows * columns} numbers are` : `${rows} x ${columns} numbers are`;
  if (!found.length) return { reason: reason || "That is no table of numbers." };
  const [table] = found;
  return { reason: `${table.length} x ${table[0].length} numbers were pasted, and ${wanted} wanted.` };
}

function go(event, cells, columns) {
  const at = cells.indexOf(event.target);
  if (at < 0 || event.ctrlKey || event.altKey || event.metaKey || event.shiftKey || event.isComposing) return;
  const { selectionStart: start, selectionEnd: end, value } = event.target;
  const column = at % columns;
  const to = {
    ArrowUp: at - columns,
    ArrowDown: at + columns,
    Enter: at + columns,
    ArrowLeft: column > 0 && start === 0 && end === 0 ? at - 1 : -1,
    ArrowRight: column < columns - 1 && start === value.length ? at + 1 : -1,
  }[event.key];
  if (to === undefined) return;
  if (cells[to]) {
    event.preventDefault();
    cells[to].focus();
    cells[to].select();
  } else if (event.key === "Enter") event.preventDefault();
}

function paste(event, cells, columns, note) {
  const text = event.clipboardData.getData("text/plain");
  if (!/[\s,;[&]/.test(text.trim()) || NUMBER.test(text.trim())) return;
  const { entries, reason } = fitting(text, cells.length / columns, columns);
  // Something such as 1 / 2 is for this cell alone.
  if (!entries && !/[\n\t,;[\\]|^\(/.test(text.trim()) && !tablesOf(text).found.length) return;
  event.preventDefault();
  note.textContent = entries ? `${entries.length} numbers were filled in.` : `${reason} Nothing was changed.`;
  (entries || []).forEach((entry, at) => { cells[at].value = entry; });
  if (entries) event.target.dispatchEvent(new Event("input", { bubbles: true }));
}

document.querySelectorAll("table.grid").forEach((grid) => {
  const cells = [...grid.querySelectorAll("input, textarea")];
  const columns = grid.rows[0].cells.length;
  const note = document.createElement("p");
  note.className = "quiet";
  note.setAttribute("role", "status");
  grid.after(note);
  grid.addEventListener("keydown", (event) => go(event, cells, columns));
  grid.addEventListener("paste", (event) => paste(event, cells, columns, note));
});
