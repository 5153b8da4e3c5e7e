/** Rows as CSV (RFC 4180). A cell that a spreadsheet would take for a formula is led by an apostrophe. */
export function formatCsv(rows: readonly (readonly string[])[]): string {
  return rows.map((row) => `${row.map(cell).join(",")}\r\n`).join("");
}

function cell(text: string): string {
  const isNumber = /^-?\d+(?:\.\d+)?$/.test(text);
  // A dash by itself, as Moodle writes for "never", is none.
  const harmless = !isNumber && text !== "-" && /^[\s]*[=+\-@\t\r]/.test(text) ? `'${text}` : text;
  return /[",\r\n]/.test(harmless) ? `"${harmless.replaceAll('"', '""')}"` : harmless;
}

/** The rows of a CSV text (RFC 4180, also with bare line feeds and a byte order mark); empty lines are left out. */
export function parseCsv(text: string): readonly (readonly string[])[] {
  const rows: string[][] = [];
  let row: string[] = [];
  let field = "";
  let quoted = false;
  const endRow = (): void => {
    row.push(field);
    field = "";
    if (row.length > 1 || row[0] !== "") rows.push(row);
    row = [];
  };
  const characters = text.replace(/^\ufeff/, "").replaceAll("\r\n", "\n");
  for (let index = 0; index < characters.length; index++) {
    const character = characters.charAt(index);
    if (quoted) {
      if (character !== '"') field += character;
      else if (characters[index + 1] === '"') field += characters.charAt(++index);
      else quoted = false;
    } else if (character === '"' && field === "") quoted = true;
    else if (character === ",") {
      row.push(field);
      field = "";
    } else if (character === "\n") endRow();
    else field += character;
  }
  if (field !== "" || row.length > 0) endRow();
  return rows;
}
