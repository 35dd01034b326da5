/** Says how far a learner is, and leads to and from their notebook. */

import { button, element } from "../dom.js";

export class HandIn {
  /**
   * @param {import("./answers.js").Answers} answers
   * @param {HTMLElement} box
   */
  constructor(answers, box) {
    this.answers = answers;
    this.progress = element("p", { class: "hand-in-progress" });
    this.status = element("p", { class: "lab-status", role: "status" });
    this.picker = element("input", { type: "file", accept: ".ipynb,application/json", hidden: true });
    this.picker.addEventListener("change", () => this.#open());
    const buttons = [
      button("Check all", () => this.answers.page.runChecks()),
      button("Download my notebook", () => this.#download()),
      button("Open a notebook", () => this.picker.click()),
    ];
    box.append(this.progress, element("div", { class: "lab-bar" }, ...buttons, this.picker, this.status));
  }

  update({ passing, points }) {
    const all = this.answers.checks.length;
    const [visible, hidden, essays] = ["check", "hidden", "essay"].map((role) => this.answers.points(role));
    const later = [hidden && `${hidden} for hidden checks`, essays && `${essays} for what a person reads`].filter(Boolean);
    const rest = later.length > 0 ? ` Grading can add ${later.join(", and ")}.` : "";
    this.progress.textContent = `${passing} of ${all} visible checks pass: ${points} of ${visible} points.${rest}`;
    if (!this.answers.page.work.isKept) {
      this.status.textContent = "This browser does not keep your work. Download your notebook before you leave the page.";
    }
  }

  async #download() {
    try {
      this.status.textContent = `${await this.answers.download()} is what you hand in.`;
    } catch {
      this.status.textContent = "The notebook could not be made: the released one cannot be loaded. Is there a connection? Try again.";
    }
  }

  async #open() {
    const [file] = this.picker.files;
    if (!file) return;
    try {
      this.status.textContent = await this.answers.open(file);
    } catch (problem) {
      const why = problem instanceof RangeError ? problem.message : "this exercise’s notebook cannot be loaded";
      this.status.textContent = `${file.name} was not opened: ${why}.`;
    }
    this.picker.value = ""; // else the same file could not be chosen again
  }
}
