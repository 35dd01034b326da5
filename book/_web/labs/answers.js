/** The work on an exercise: answers, cells that the learner added, which checks pass; out to a notebook, and in again. */

import { confirmed, element } from "../dom.js";
import { Essay } from "./essay.js";
import { HandIn } from "./hand-in.js";
import { Lab } from "./lab.js";
import { download, filled, parsed, takenOut } from "./notebook.js";
import { fingerprint } from "./text.js";

const OWN = "own";

export class Answers {
  /** @param {import("./page.js").Page} page */
  constructor(page) {
    this.page = page;
    const { cells } = page.settings;
    this.essays = cells.filter(({ role }) => role === "essay").map((cell) => new Essay(page.work, cell));
    this.points = (role) => cells.filter((cell) => cell.role === role).reduce((sum, { points }) => sum + points, 0);
    this.bars = [...document.querySelectorAll(".hand-in")].map((box) => new HandIn(this, box));
  }

  /** Bring back what the browser kept, and what other tabs do. */
  begin() {
    this.#showOwn();
    this.page.work.watch((entry, text) => {
      if (entry === OWN) this.#showOwn();
      this.essays.find(({ id }) => id === entry)?.take(text);
      this.update();
    });
    addEventListener("beforeunload", (event) => {
      if (!this.page.work.isKept) event.preventDefault();
    });
    this.update();
  }

  get checks() {
    return [...this.page.labs.values()].filter(({ role }) => role === "check");
  }

  /** @returns {import("./notebook.js").OwnCell[]} */
  get own() {
    return this.page.work.getData(OWN) ?? [];
  }

  get isBegun() {
    const labs = [...this.page.labs.values()];
    return labs.some(({ edited }) => edited !== null) || this.essays.some(({ edited }) => edited !== null) || this.own.length > 0;
  }

  /** The cells of the released notebook, with those that the learner added. */
  withOwn(released) {
    return filled(released, () => null, this.own).cells;
  }

  /** Keep what a cell of the learner's own says. @param {Lab} lab */
  keepOwn(lab) {
    const own = this.own.map((cell) => (cell.id === lab.id ? { ...cell, source: lab.text } : cell));
    this.page.work.setData(OWN, own);
  }

  /** Add an empty cell below another one. @param {Lab} lab */
  add(lab) {
    const cell = { after: lab.id, id: `own-${Date.now().toString(36)}`, type: "code", source: "" };
    this.page.work.setData(OWN, [cell, ...this.own]);
    this.#showOwn();
    this.page.labs.get(cell.id).edit(true);
    this.update();
  }

  remove(lab) {
    const labs = [...this.page.labs.values()];
    const at = labs.indexOf(lab);
    const nearest = [...labs.slice(0, at).reverse(), ...labs.slice(at + 1)].find(({ runButton }) => runButton);
    const own = this.own.filter(({ id }) => id !== lab.id);
    this.page.work.setData(OWN, own.length > 0 ? own : null);
    this.page.labs.get(lab.after)?.box.querySelector(".lab-bar button").focus();
    this.#showOwn();
    this.update();
    nearest.runButton.focus(); // the button that was pressed is gone
  }

  #showOwn() {
    const { labs } = this.page;
    const own = this.own.filter(({ type }) => type === "code");
    for (const lab of [...labs.values()].filter(({ role, id }) => role === "own" && !own.some((cell) => cell.id === id))) {
      lab.box.remove();
      labs.delete(lab.id);
    }
    for (const { id, after, source } of [...own].reverse()) {
      if (labs.has(id)) labs.get(id).take(source);
      else labs.set(id, this.#newLab(id, after, source));
    }
    this.page.sortLabs();
  }

  #newLab(id, after, source) {
    const code = element("div", { class: "highlight" }, element("pre", {}, source));
    const box = element("div", { class: "cell-own", id: `cell-${id}` }, code);
    const { box: place } = this.page.labs.get(after) ?? this.page.labs.values().next().value;
    place.after(box);
    return new Lab(this.page, box, { id, after, role: "own", label: "Your own cell" });
  }

  /** What a check's verdict rests on: all that the learner wrote above it. */
  #basis(check) {
    const labs = [...this.page.labs.values()];
    const above = labs.slice(0, labs.indexOf(check)).filter(({ role, text }) => role !== "check" && text.trim());
    return fingerprint(above.map(({ text }) => text).join("\0"));
  }

  /** Keep what came of a check. @param {Lab} lab */
  checked(lab) {
    if (lab.role !== "check") return;
    const passed = lab.box.dataset.state === "passed";
    this.page.work.setData(`checked:${lab.id}`, { passed, of: this.#basis(lab) });
    this.update();
  }

  /** Tell everybody how things stand. */
  update() {
    let [passing, points] = [0, 0];
    for (const check of this.checks) {
      const kept = this.page.work.getData(`checked:${check.id}`);
      const holds = kept?.of === this.#basis(check);
      if (holds && kept.passed) [passing, points] = [passing + 1, points + check.points];
      check.recall(holds ? kept : null);
    }
    if (this.isBegun) this.page.work.setData("progress", { passing, points }, false);
    else for (const entry of ["progress", "when"]) this.page.work.set(entry, null, false);
    for (const bar of this.bars) bar.update({ passing, points });
  }

  /** Give the learner's notebook. @returns {Promise<string>} the name of its file */
  async download() {
    const released = await this.page.loadNotebook();
    const essays = new Map(this.essays.map((essay) => [essay.id, essay]));
    const answer = (id) => (this.page.labs.get(id) ?? essays.get(id))?.edited ?? null;
    const name = `${this.page.settings.name}.ipynb`;
    download(filled(released, answer, this.own), name);
    return name;
  }

  /**
   * Go on with a notebook that somebody worked in.
   * @param {File} file
   * @returns {Promise<string>} what to say about it
   */
  async open(file) {
    const opened = parsed(await file.text());
    const released = await this.page.loadNotebook();
    const { answers, own } = takenOut(released, opened);
    if (answers.size === 0) throw new RangeError("no answer in it belongs to this exercise");
    const question = `Replace what is on this page with what is in ${file.name}?`;
    if (this.isBegun && !(await confirmed(question, "Replace"))) return "Nothing was changed.";
    const places = [...this.page.labs.values()].filter(({ role }) => role === "answer");
    const shown = [...places, ...this.essays].map((place) => {
      const text = answers.get(place.id) ?? null;
      const isShown = place.take(text === place.starter ? null : text);
      this.page.work.set(place.id, place.edited);
      return isShown;
    });
    this.page.work.setData(OWN, own.length > 0 ? own : null);
    this.#showOwn();
    this.update();
    await Promise.all(shown);
    return taken(file.name, answers.size, places.length + this.essays.length, own.length);
  }
}

function taken(name, found, all, own) {
  const missing = found < all ? `; ${all - found} of ${all} are not in it` : "";
  const added = own > 0 ? `, and ${own === 1 ? "a cell" : `${own} cells`} of your own` : "";
  return `${name} was opened: ${found === 1 ? "one answer" : `${found} answers`}${added}${missing}. Now check them.`;
}
