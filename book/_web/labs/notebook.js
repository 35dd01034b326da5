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
 * Take the answers out of a notebook that somebody worked in, as grading does (see course/grading/rebuilding.py).
 *
 * Of several copies of an answer the first counts that is not blank. What belongs to no released cell is the learner's own.
 * @param {object} released
 * @param {object} opened
 * @returns {{answers: Map<string, string>, own: OwnCell[]}} answers by the ids of the released cells
 * @throws {RangeError} if it says that it is another exercise
 */
export function takenOut(released, opened) {
  const [wanted, title] = [released, opened].map(({ metadata }) => metadata?.course?.title);
  if (title && title !== wanted) throw new RangeError(`it is “${title}”, another exercise`);
  const matches = matched(released.cells, opened.cells);
  fillGaps(released.cells, opened.cells, matches);
  const answers = new Map();
  const own = [];
  const passed = new Set();
  let after = "";
  for (const [index, cell] of opened.cells.entries()) {
    const match = matches[index];
    const text = source(cell);
    if (match && isAnswer(match) && (!answers.has(match.id) || answers.get(match.id) === source(match))) {
      answers.set(match.id, isBlank(cell, match) ? source(match) : text);
    } else if (!isBlank(cell, match) && ["code", "markdown"].includes(cell.cell_type)) {
      own.push({ after, id: `own-${index}`, type: cell.cell_type, source: text });
    }
    if (match && !passed.has(match)) after = match.id; // a copy says nothing about where it belongs
    passed.add(match);
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
  const hasCells = Array.isArray(notebook?.cells) && notebook.cells.every((cell) => cell?.cell_type);
  if (!hasCells) throw new RangeError("it is not a notebook of today’s format: it has no list of cells");
  return notebook;
}

/** Write a notebook as Jupyter does. @returns {string} */
export function written(notebook) {
  return `${JSON.stringify(notebook, null, 1)}\n`;
}

/** Let the reader download a notebook. @param {string} name of the file */
export function download(notebook, name) {
  const file = new Blob([written(notebook)], { type: "application/x-ipynb+json" });
  const link = element("a", { href: URL.createObjectURL(file), download: name });
  link.click();
  setTimeout(() => URL.revokeObjectURL(link.href), 60_000); // some browsers begin to read a little later
}

/** Fetch a released notebook, and not an older one that the browser kept. @param {string} address */
export async function fetchNotebook(address) {
  const response = await fetch(address, { cache: "no-cache" });
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

/** Say which released cell each is: the one with its grade id, else with its own id, else an equal one; or null. */
function matched(released, cells) {
  const by = (key) => new Map(released.map((cell) => [key(cell), cell]).filter(([value]) => value));
  const gradeId = (cell) => cell.metadata?.nbgrader?.grade_id;
  const [byGradeId, byId] = [by(gradeId), by(({ id }) => id)];
  const sources = released.map((cell) => plain(source(cell)));
  const claimed = new Set();
  return cells.map((cell) => {
    const text = plain(source(cell));
    const equal = () => released.find((other, place) => text && text === sources[place] && !claimed.has(other));
    const match = byGradeId.get(gradeId(cell)) ?? byId.get(cell.id) ?? equal() ?? null;
    claimed.add(match);
    return match;
  });
}

/** Give answers without a match what stands between the same neighbours; blank essays too. */
function fillGaps(released, cells, matches) {
  if (!matches.some(Boolean)) return;
  for (const [place, answer] of released.entries()) {
    if (!isAnswer(answer) || !isOpen(answer, cells, matches)) continue;
    const places = matches.map((match) => released.indexOf(match));
    const start = places.findLastIndex((other) => other >= 0 && other < place);
    const stop = places.findIndex((other, index) => other > place && index > start);
    const isBetween = (index) => index > start && (stop < 0 || index < stop) && !matches[index];
    const found = cells.findLastIndex((cell, index) => isBetween(index) && couldBe(cell, answer));
    if (found >= 0) matches[found] = answer;
  }
}

/** Whether an answer has no match, or is an essay that stands blank. */
function isOpen(answer, cells, matches) {
  const claims = cells.filter((cell, index) => matches[index] === answer);
  return claims.length === 0 || (answer.cell_type === "markdown" && claims.every((cell) => isBlank(cell, answer)));
}

/** Whether a cell is of the same kind, and defines what the answer should define. */
function couldBe(cell, answer) {
  if (cell.cell_type !== answer.cell_type) return false;
  const wanted = definedIn(answer);
  return cell.cell_type === "markdown" || definedIn(cell).some((name) => wanted.includes(name));
}

/** @returns {string[]} the names that a cell gives to functions, classes and values */
function definedIn(cell) {
  const lines = source(cell).matchAll(/^(?:(?:async +)?def|class) +([^\s(:]+)|^([^\s=:(]+) *(?::[^=\n]+)?=(?!=)/gm);
  return [...lines].map(([, named, assigned]) => named ?? assigned);
}

/** Whether a cell is empty, or as it was released. */
function isBlank(cell, match) {
  const text = plain(source(cell));
  return !text || (match !== null && text === plain(source(match)));
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
