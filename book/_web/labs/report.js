/** What a check says that did not pass, in the words of the notebook (see course/checks/reporting.py). */

import { element } from "../dom.js";

/** @param {object} report as `Report.data` gives it @returns {HTMLElement} */
export function drawReport(report) {
  const failed = report.cases.find(({ passed }) => !passed);
  return element(
    "div",
    { class: "lab-report" },
    element("p", { class: "lab-summary" }, report.summary),
    report.cases.length > 1 ? list(report.cases) : null,
    element("p", { class: "lab-case" }, `${failed.title}:`),
    code(failed.call),
    ...report.pictures.map(picture),
    ...paragraphs(failed.message),
    ...paragraphs(report.reason),
    ...paragraphs(report.advice),
    ...(report.printed.trim() ? [element("p", {}, "Your function printed:"), code(report.printed.trimEnd())] : []),
    ...(report.inputs.length > 0 ? [element("p", {}, "To try it yourself:"), code(report.inputs.join("\n"))] : []),
  );
}

function list(cases) {
  const items = cases.map(({ title, passed }) =>
    element("li", { class: passed ? "passed" : "failed" }, element("b", {}, passed ? "✓" : "✗"), ` ${title}`),
  );
  return element("ul", { class: "lab-cases" }, ...items);
}

function code(text) {
  return element("pre", { tabindex: "0" }, text);
}

/** Code in a message is indented. */
function paragraphs(text) {
  if (!text) return [];
  return text.split("\n").map((line) => (line.startsWith(" ") ? code(line) : element("p", {}, line)));
}

function picture({ title, rows, marked, legend }) {
  const isMarked = new Set(marked.map(String));
  const body = rows.map((row, i) =>
    element("tr", {}, ...row.map((word, j) => cell(word, isMarked.has(`${i},${j}`)))),
  );
  return element(
    "div",
    { class: "lab-picture", tabindex: "0", role: "region", "aria-label": title },
    element("p", {}, `${title} (${legend})`),
    element("table", { "aria-label": title }, element("tbody", {}, ...body)),
  );
}

function cell(word, isMarked) {
  return isMarked ? element("td", { class: "marked" }, element("strong", {}, word)) : element("td", {}, word);
}
