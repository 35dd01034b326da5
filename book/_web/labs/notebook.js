/**
 * Notebooks as files: answers go in, and come out again.
 *
 * A released notebook is JSON as Jupyter writes it. Its answer cells, and they alone, are marked `solution` by nbgrader.
 */

import { element } from "../dom.js";

/** @typedef {{after: string, id: string, type: "code" | "markdown", source: string}} OwnCell behind which released cell
 * a learner added what; "" for the beginning */

/**
 * Put answers into a released notebook.
 * @param {object} released
 * @param {(id: string) => string | null} answer what was written into a cell; null where nothing was
 * @param {OwnCell[]} own
 */
export function filled(released, answer, own = []) {
  const known = new Set(released.cells.map(({ id }) => id));
  const behind = (id) => own.filter(({ after }) => (known.has(after) ? after : "") === id).map(ownCell);
  const cells = released.cells.flatMap((cell) => {
    const text = isAnswer(cell) ? answer(cell.id) : null;
    return [text === null ? cell : { ...cell, source: lines(text) }, ...behind(cell.id)];
  });
  return { ...released, cells: [...behind(""), ...cells] };
}

/**
 * Take the answers out of a notebook that somebody worked in.
 *
 * A cell belongs to the released one with its grade id, else with its own id, else to an equal one. Of several copies of
 * an answer the first counts that is not blank. What belongs to no released cell is the learner's own.
 * @param {object} released
 * @param {object} opened
 * @returns {{answers: Map<string, string>, own: OwnCell[]}} answers by the ids of the released cells
 */
export function takenOut(released, opened) {
  const find = finder(released.cells);
  const answers = new Map();
  const own = [];
  let after = "";
  for (const [index, cell] of opened.cells.entries()) {
    const match = find(cell);
    const text = source(cell);
    const isBlank = !text.trim() || (match && plain(text) === plain(source(match)));
    if (match && isAnswer(match) && (!answers.has(match.id) || answers.get(match.id) === source(match))) {
      answers.set(match.id, isBlank ? source(match) : text);
    } else if (!isBlank && ["code", "markdown"].includes(cell.cell_type)) {
      own.push({ after, id: `own-${index}`, type: cell.cell_type, source: text });
    }
    if (match) after = match.id;
  }
  return { answers, own };
}

/** Read a file, or say what is wrong with it. @param {string} text */
export function parsed(text) {
  let notebook;
  try {
    notebook = JSON.parse(text);
  } catch {
    throw new RangeError("it is not a notebook: it cannot be read as JSON");
  }
  if (!Array.isArray(notebook?.cells)) throw new RangeError("it is not a notebook of today’s format: it has no list of cells");
  return notebook;
}

/** Let the reader download a notebook, written as Jupyter does. @param {string} name of the file */
export function download(notebook, name) {
  const file = new Blob([`${JSON.stringify(notebook, null, 1)}\n`], { type: "application/x-ipynb+json" });
  const link = element("a", { href: URL.createObjectURL(file), download: name });
  link.click();
  URL.revokeObjectURL(link.href);
}

/** Fetch a released notebook. @param {string} address */
export async function fetchNotebook(address) {
  const response = await fetch(address);
  if (!response.ok) throw new Error(`${response.status} ${response.statusText}`);
  return response.json();
}

/** @returns {string} */
export function source(cell) {
  return Array.isArray(cell.source) ? cell.source.join("") : String(cell.source ?? "");
}

export function isAnswer(cell) {
  return Boolean(cell.metadata?.nbgrader?.solution);
}

function finder(cells) {
  const by = (key) => new Map(cells.map((cell) => [key(cell), cell]).filter(([value]) => value));
  const gradeId = (cell) => cell.metadata?.nbgrader?.grade_id;
  const [byGradeId, byId, bySource] = [by(gradeId), by(({ id }) => id), by((cell) => plain(source(cell)))];
  return (cell) => byGradeId.get(gradeId(cell)) ?? byId.get(cell.id) ?? bySource.get(plain(source(cell))) ?? null;
}

function ownCell({ id, type, source: text }) {
  const code = type === "code" ? { execution_count: null, outputs: [] } : {};
  return { cell_type: type, ...code, id, metadata: {}, source: lines(text) };
}

/** Without what programs add and take away: other ends of lines, spaces behind them. */
function plain(text) {
  return text.split(/\r?\n/).map((line) => line.trimEnd()).join("\n").trim();
}

/** Jupyter keeps a source as its lines. */
function lines(text) {
  return text.match(/[^\n]*\n|[^\n]+$/g) ?? [];
}
