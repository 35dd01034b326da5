/** One cell of a page: its code, which becomes an editor, its buttons, and what came of it. */

import { button, confirmed, element } from "../dom.js";
import { drawReport } from "./report.js";

/** What a cell's first button says, by its role. */
const RUN = { check: "Check", cell: "Run", answer: "Run", own: "Run" };
/** Milliseconds until a run that has not ended offers to be stopped. */
const STOP_AFTER = 400;
const EDITED = new Set(["answer", "cell", "own"]);
/** Below which cells learners can add their own. */
const GROWS = new Set(["given", "answer", "check"]);

export class Lab {
  /**
   * @param {import("./page.js").Page} page
   * @param {HTMLElement} box the element of the cell
   * @param {{id: string, role: string, label: string}} cell
   */
  constructor(page, box, cell) {
    Object.assign(this, { page, box, ...cell });
    this.listing = box.querySelector("div.highlight");
    this.starter = this.listing.querySelector("pre").textContent.replace(/\n$/, "");
    this.text = this.starter;
    this.stored = box.querySelector(":scope > .cell_output");
    this.status = element("p", { class: "lab-status", role: "status" });
    this.output = element("div", { class: "lab-output" });
    box.classList.add("lab");
    this.#addBar();
  }

  /** The text as it is now; null if it is as it was released. */
  get edited() {
    return this.text === this.starter ? null : this.text;
  }

  #addBar() {
    this.loading = element("span", { class: "lab-loading" });
    const bar = element("div", { class: "lab-bar" });
    if (RUN[this.role]) {
      this.runButton = button(RUN[this.role], () => this.page.run(this));
      this.stopButton = button("Stop", () => this.page.stop());
      this.stopButton.hidden = true;
      bar.append(this.runButton, this.stopButton);
    }
    if (EDITED.has(this.role)) {
      this.editButton = button("Edit", () => this.edit(true));
      this.resetButton = button(this.role === "own" ? "Remove" : "Reset", () => this.#reset());
      this.resetButton.hidden = this.role !== "own";
      bar.append(this.editButton, this.resetButton);
    }
    if (GROWS.has(this.role)) bar.append(button("Add a cell", () => this.page.answers.add(this)));
    const name = this.#named();
    for (const each of bar.children) each.setAttribute("aria-describedby", name);
    bar.append(this.status, this.loading);
    const after = this.box.querySelector(":scope > .cell_input, :scope > details") ?? this.listing;
    after.after(bar, this.output);
    if (this.role === "answer") this.listing.addEventListener("click", ({ x, y }) => this.edit({ x, y }));
  }

  /** Buttons of many cells say the same; this says which one it is. */
  #named() {
    const id = `${this.box.id}-name`;
    this.box.append(element("span", { id, hidden: true }, this.label));
    return id;
  }

  /**
   * Turn the listing into an editor.
   * @param {boolean | {x: number, y: number}} focus whether it is to have the focus, and where the reader clicked
   */
  async edit(focus = false) {
    if (focus) this.page.wake(); // else it is not the reader who wants it
    try {
      await (this.opening ??= this.#open());
      if (focus) this.#focus(focus);
    } catch {
      this.opening = null;
      this.say("The editor could not be loaded. Is there a connection? Try again.");
    }
  }

  /** Give the editor the focus, also where the code is folded. */
  #focus(where) {
    const fold = this.listing.closest("details");
    if (fold) fold.open = true;
    this.editor.focus(where);
  }

  async #open() {
    const { createEditor } = await this.page.loadEditor();
    const host = element("div", { class: "lab-editor" });
    this.editor = createEditor({
      parent: host,
      text: this.text,
      label: `${this.label}, in Python`,
      changed: (text) => this.#changed(text),
      run: () => this.page.run(this),
      check: () => this.page.runCheckOf(this),
    });
    this.listing.after(host);
    this.listing.hidden = true;
    this.editButton.hidden = true;
    this.resetButton.hidden = false;
  }

  #changed(text) {
    this.text = text;
    if (!this.box.dataset.state) this.say();
    this.page.keep(this);
  }

  /**
   * Take over a text from elsewhere, and show it: what the browser kept, another tab, a file.
   * @param {string | null} text null is the released one
   */
  async take(text) {
    this.text = text ?? this.starter;
    if (!this.editor && text !== null) await this.edit();
    if (this.editor && this.editor.text !== this.text) this.editor.replace(this.text);
  }

  async #reset() {
    if (this.role === "own") {
      if (!this.text.trim() || (await confirmed("Remove this cell, and what you wrote in it?", "Remove"))) {
        this.page.answers.remove(this);
      }
      return;
    }
    if (this.edited !== null && !(await confirmed("Put this cell back as it was at first?", "Reset"))) return;
    this.take(null);
    this.page.keep(this);
    this.clear();
    this.say("As it was at first.");
    this.#focus(true);
  }

  say(...words) {
    this.status.replaceChildren(...words);
  }

  /** Forget what came of an earlier run. */
  clear() {
    this.output.replaceChildren();
    for (const shown of this.stored?.children ?? []) shown.hidden = false;
    delete this.box.dataset.state;
    this.say();
    this.loading?.replaceChildren();
  }

  /** Show of a check what was kept; null if that no longer holds. @param {{passed: boolean} | null} kept */
  recall(kept) {
    const { state } = this.box.dataset;
    if (kept?.passed && !state) {
      this.#setState("passed");
      this.say("All of these checks passed.");
    } else if (!kept && ["passed", "failed", "error"].includes(state)) {
      this.clear();
      this.say("What it checks was changed.");
    }
  }

  /** Show how much of Python has arrived, in megabytes; the numbers are not read out one by one. */
  showLoading(done, all) {
    const says = done < all ? "Python is being loaded, once." : "Python is starting.";
    if (this.status.textContent !== says) this.say(says);
    const bar = element("progress", { max: String(all), value: String(done), "aria-label": "Python" });
    this.loading.replaceChildren(`${done.toFixed(1)} of ${all.toFixed(1)} MB `, bar);
  }

  begin() {
    this.clear();
    this.#setState("running");
    this.say("Running …");
  }

  /** Show what is printed while it runs. */
  print(stream, text) {
    const last = this.output.lastElementChild;
    const block = last?.matches(`pre.${stream}`) ? last : element("pre", { class: stream, tabindex: "0" });
    block.append(text);
    if (block !== last) this.output.append(block);
  }

  /**
   * Show what came of it.
   * @param {object} result as course/labs/session.py gives it
   * @param {boolean} wanted whether it is the one that was to run, and not one above it
   */
  end({ error, value, report, draws }, wanted) {
    if (report) this.output.append(drawReport(report));
    if (error) this.fail(error);
    if (value) this.output.append(element("pre", { class: "value", tabindex: "0" }, value));
    for (const shown of this.stored?.children ?? []) shown.hidden = !(draws && isPicture(shown));
    if (draws) this.#sayUndrawn();
    if (error) return;
    this.#setState(report ? "failed" : this.role === "check" ? "passed" : "done");
    this.say(report ? "Not right yet." : this.role === "check" ? "All of these checks pass." : wanted ? "Done." : "");
  }

  #sayUndrawn() {
    const kept = [...(this.stored?.children ?? [])].some(isPicture) ? " The one below belongs to the code as it was at first." : "";
    this.output.append(element("p", { class: "lab-note" }, `Figures are not drawn in a page.${kept}`));
  }

  /** Show an error. @param {string} error */
  fail(error) {
    this.output.append(element("pre", { class: "error", tabindex: "0" }, error));
    this.#setState("error");
    this.say("It ended in an error.");
  }

  /** Add a remark below all else. */
  remark(...words) {
    if (words.length > 0) this.output.append(element("p", { class: "lab-note" }, ...words));
  }

  #setState(state) {
    this.box.dataset.state = state;
  }

  /** Show that it waits or runs. What takes its time can be stopped. */
  set busy(isBusy) {
    this.runButton.setAttribute("aria-disabled", String(isBusy));
    clearTimeout(this.stopTimer);
    if (isBusy) this.stopTimer = setTimeout(() => (this.stopButton.hidden = false), STOP_AFTER);
    else if (document.activeElement === this.stopButton) this.runButton.focus();
    if (!isBusy) this.stopButton.hidden = true;
  }
}

function isPicture(output) {
  return output.matches("img, svg") || output.querySelector("img, svg") !== null;
}
