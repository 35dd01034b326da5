/**
 * A page whose cells can be run.
 *
 * It is a notebook that is shown as a page: book/_ext/pooling_book/labs.py says in its JSON what it is made of. A cell runs
 * after the cells above it, as they are now, so what it sees is what it would see in a notebook that is run from the top.
 */

import { element } from "../dom.js";
import { Answers } from "./answers.js";
import { Lab } from "./lab.js";
import { fetchNotebook, source } from "./notebook.js";
import { Python, Stopped } from "./python.js";
import { fingerprint } from "./text.js";
import { Work } from "./work.js";

/** Seconds that a cell has. A check has many cases, each of which has as many (see course/checks/calling.py). */
const SECONDS = 10;
const CHECK_SECONDS = 40;
/** What a cell needs that takes too long in a page, or measures the machine: see beyond_pages.py. */
const TIME = "time";

export function enlivenLabs() {
  const data = document.getElementById("lab-page");
  if (!data) return;
  const settings = withAddresses(JSON.parse(data.textContent));
  if (settings.needs.length === 0) new Page(settings);
}

export class Page {
  constructor(settings) {
    this.settings = settings;
    this.work = new Work(settings.name);
    /** Bytes that have arrived of Python; cells that were to run while another one did. */
    this.loaded = 0;
    this.refused = new Set();
    this.python = new Python(settings, {
      loading: (bytes) => this.#showLoading(bytes),
      begin: (cell) => this.#begin(cell),
      printed: (stream, text) => this.labs.get(this.current)?.print(stream, text),
      end: (cell, result) => this.#end(cell, result),
    });
    /** @type {Map<string, Lab>} by the ids of their cells, in the order of the page */
    this.labs = new Map(this.#cells().map(([box, cell]) => [cell.id, new Lab(this, box, cell)]));
    this.work.watch((entry, text) => this.labs.get(entry.split(":")[0])?.take(text));
    for (const lab of this.labs.values()) {
      const kept = this.work.get(this.#entryOf(lab));
      if (kept !== null) lab.take(kept);
    }
    if (settings.kind === "exercise") {
      this.answers = new Answers(this);
      this.answers.begin();
    }
  }

  /** Bring the labs into the order of the page. */
  sortLabs() {
    const before = (one, other) => (one.box.compareDocumentPosition(other.box) & Node.DOCUMENT_POSITION_FOLLOWING ? -1 : 1);
    this.labs = new Map([...this.labs].sort(([, one], [, other]) => before(one, other)));
  }

  /** @returns {[HTMLElement, object][]} the cells of the page with their elements */
  #cells() {
    const { kind, cells, beyond } = this.settings;
    if (kind === "exercise") {
      const code = cells.filter(({ role }) => ["given", "answer", "check"].includes(role));
      return code.map((cell) => [document.getElementById(`cell-${cell.id}`), { ...cell, label: labelOf(cell) }]);
    }
    const boxes = [...document.querySelectorAll("article .cell[id^=cell-]")].filter((box) => box.querySelector(".cell_input"));
    const named = boxes.map((box, index) => [box, { id: box.id.slice(5), role: "cell", label: `Cell ${index + 1}` }]);
    for (const [box, { id }] of named) if (id in beyond) sayWhere(box, beyond[id], this.settings.notebook);
    return named.filter(([, { id }]) => !(id in beyond));
  }

  /** Where a cell's text is kept. A chapter's cells have no names of their own, so what was in them stands for them. */
  #entryOf(lab) {
    return this.settings.kind === "exercise" ? lab.id : `${lab.id}:${fingerprint(lab.starter)}`;
  }

  /** Keep what was written into a cell. */
  keep(lab) {
    if (lab.role === "own") this.answers.keepOwn(lab);
    else this.work.set(this.#entryOf(lab), lab.edited);
    this.answers?.update();
  }

  loadEditor() {
    this.editorModule ??= import(this.#editorAddress());
    this.editorModule.catch(() => (this.editorModule = null));
    return this.editorModule;
  }

  /** A browser may remember that a module could not be loaded, and not ask again under the same address. */
  #editorAddress() {
    this.editorTries = (this.editorTries ?? 0) + 1;
    return this.editorTries === 1 ? this.settings.editor : `${this.settings.editor}&again=${this.editorTries}`;
  }

  /** The first click: load what comes next. In an exercise every answer becomes an editor. */
  wake() {
    if (this.isAwake || !canRun()) return;
    this.isAwake = true;
    this.python.start().catch(() => {}); // whoever runs a cell is told
    this.loadNotebook().catch(() => {});
    if (this.settings.kind === "exercise") for (const lab of this.labs.values()) if (lab.editButton) lab.edit();
  }

  /** @returns {Promise<object>} the notebook that the page was made from */
  loadNotebook() {
    this.notebook ??= fetchNotebook(this.settings.notebook);
    this.notebook.catch(() => (this.notebook = null));
    return this.notebook;
  }

  /** Run a cell, after what stands above it. @param {Lab} lab */
  async run(lab) {
    if (this.running) return this.#refuse(lab);
    if (!canRun()) return lab.say(...cannotRun());
    this.running = lab;
    this.failedAbove = null;
    this.wake();
    lab.clear();
    lab.busy = true;
    if (!this.python.isReady) this.#showLoading(this.loaded);
    try {
      const cells = await this.#program(lab);
      await this.python.run(cells);
      if (["failed", "error"].includes(lab.box.dataset.state)) lab.remark(...this.#blame(lab));
      this.answers?.checked(lab);
    } catch (problem) {
      this.#sayWhy(problem, lab);
    } finally {
      lab.busy = false;
      this.running = null;
      this.refused.forEach((other) => other.say());
      this.refused.clear();
    }
  }

  /** Run all checks, from the first to the last. */
  async runChecks() {
    this.isStopped = false;
    for (const check of this.answers.checks) if (!this.isStopped) await this.run(check);
  }

  /** Two cells cannot run at once. */
  #refuse(lab) {
    if (lab === this.running) return;
    this.refused.add(lab);
    lab.say("Another cell is running. Stop it, or wait for it.");
  }

  /** Run the check of an answer; a cell without one is run. */
  runCheckOf(lab) {
    const later = [...this.labs.values()];
    const check = later.slice(later.indexOf(lab) + 1).find(({ role }) => role === "check");
    return this.run((lab.role === "answer" && check) || lab);
  }

  stop() {
    this.isStopped = true;
    this.python.stop("reader");
  }

  /** The cells that have to run for one to run: all code above it that is not a check, and the cell itself. */
  async #program(lab) {
    const cells = [];
    const released = await this.loadNotebook();
    for (const cell of this.answers?.withOwn(released) ?? released.cells) {
      if (cell.cell_type !== "code" || cell.id in this.settings.beyond) continue;
      const shown = this.labs.get(cell.id);
      const isCheck = cell.metadata.nbgrader?.grade;
      if (shown === lab || !isCheck) {
        const seconds = isCheck ? CHECK_SECONDS : SECONDS;
        cells.push({ id: cell.id, source: shown?.edited ?? source(cell), seconds, role: shown?.role ?? "" });
      }
      if (shown === lab) return cells;
    }
    throw new Error(`The notebook has no cell ${lab.id}.`);
  }

  #begin(cell) {
    this.current = cell;
    this.labs.get(cell)?.begin();
  }

  #end(cell, result) {
    const lab = this.labs.get(cell);
    lab?.end(result, lab === this.running);
    this.missing = result.missing;
    if (result.error && lab !== this.running) this.failedAbove ??= { lab, error: result.error };
  }

  /** What above a cell may be the reason that it failed. @param {Lab} failed */
  #blame(failed) {
    if (this.failedAbove) {
      const { lab, error } = this.failedAbove;
      if (!lab) return [`A cell above, which is not shown here, ended in an error: ${error}`];
      return ["A cell above ended in an error: ", element("a", { href: `#${lab.box.id}` }, lab.label), ". Begin there."];
    }
    if (!this.missing || failed.role !== "check") return [];
    return [`No cell above defines ${this.missing}. Your answer has to, under this very name.`];
  }

  #showLoading(bytes) {
    this.loaded = bytes;
    this.running?.showLoading(Math.min(bytes, this.settings.bytes) / 1e6, this.settings.bytes / 1e6);
  }

  /** @param {unknown} problem @param {Lab} lab the one that was to run */
  #sayWhy(problem, lab) {
    if (!(problem instanceof Stopped)) {
      lab.say("This page’s notebook could not be loaded. Is there a connection? Try again.");
    } else if (problem.why === "unloaded") {
      lab.say("Python could not be loaded. Is there a connection? Try again, or work in the notebook.");
      lab.remark(problem.message);
    } else if (problem.why === "broken") {
      this.isStopped = true;
      (this.labs.get(problem.cell) ?? lab).say("Python broke down while this ran, and is started anew.");
      lab.remark(problem.message);
    } else {
      const stopped = this.labs.get(problem.cell) ?? lab;
      const why = problem.why === "time" ? "It did not end in time, and was stopped. Is there a loop that never ends?" : "Stopped.";
      stopped.say(why);
      stopped.box.dataset.state = "error";
      if (stopped !== lab) lab.say("A cell above was stopped: ", element("a", { href: `#${stopped.box.id}` }, stopped.label), ".");
    }
  }
}

/** Workers need a server. */
function canRun() {
  return location.protocol !== "file:" && typeof Worker === "function" && typeof WebAssembly === "object";
}

function cannotRun() {
  if (location.protocol !== "file:") return ["This browser cannot run Python. A newer one can; so can Jupyter, with the notebook."];
  return [
    "Python runs in pages that come from a web server, and this one was opened as a file. In the folder of the site, ",
    element("code", {}, "python -m http.server"),
    " starts one. Or work in the notebook.",
  ];
}

/** Say below a cell why it has no buttons, and where it runs. */
function sayWhere(box, needs, notebook) {
  const packages = needs.filter((need) => need !== TIME);
  const why = packages.length ? `Needs ${packages.join(" and ")}` : "Takes time, or measures the machine";
  const link = element("a", { href: notebook, download: "" }, "notebook");
  const note = element("p", { class: "lab-beyond" }, `${why}: run it in the `, link, ".");
  (box.querySelector(":scope > .cell_input, :scope > details") ?? box.firstElementChild).after(note);
}

function labelOf({ task, label }) {
  return task ? `${label} (${task})` : label;
}

function withAddresses(settings) {
  const absolute = (address) => new URL(address, location.href).href;
  const { notebook, python, worker, editor, packed, archives } = settings;
  return {
    ...settings,
    notebook: absolute(notebook),
    python: absolute(python),
    worker: absolute(worker),
    editor: absolute(editor),
    packed: packed.map(absolute),
    archives: archives.map(absolute),
  };
}
