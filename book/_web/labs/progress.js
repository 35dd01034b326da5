/** The page that says how far a reader is with all exercises, from what the browser kept. */

import { button, confirmed, element } from "../dom.js";
import { download, fetchNotebook, filled } from "./notebook.js";
import { Work } from "./work.js";

export function showProgress() {
  for (const box of document.querySelectorAll(".progress-table")) {
    const status = element("p", { class: "lab-status", role: "status" });
    const body = element("tbody");
    const head = ["exercise", "visible checks", "points"];
    const header = element("thead", {}, element("tr", {}, ...head.map((name) => element("th", { scope: "col" }, name))));
    const table = element("table", { class: "table" }, header, body);
    box.replaceChildren(element("div", { class: "pst-scrollable-table-container" }, table), status);
    for (const exercise of JSON.parse(box.dataset.exercises)) body.append(line(exercise, status));
  }
}

function line(exercise, status) {
  const made = element("tr");
  const work = new Work(exercise.name);
  const draw = () => made.replaceChildren(...cells(exercise, work, { made, draw, status }));
  work.watch(draw);
  draw();
  return made;
}

function cells(exercise, work, { made, draw, status }) {
  const { title, page, checks, visible, total, needs } = exercise;
  const name = element("a", { href: page }, title);
  if (needs.length > 0) return row(name, `It needs ${needs[0]}: solve it in Jupyter.`);
  const when = work.get("when");
  if (!when) return row(name, "not begun");

  const { passing, points } = work.getData("progress") ?? { passing: 0, points: 0 };
  const bar = element("progress", { max: String(checks), value: String(passing), "aria-label": `Checks of ${title}` });
  const file = `${exercise.name}.ipynb`;
  const take = button("Download", async () => {
    try {
      const released = await fetchNotebook(exercise.notebook);
      download(filled(released, (id) => work.get(id), work.getData("own") ?? []), file);
      status.textContent = `${file} is what you hand in.`;
    } catch {
      status.textContent = `${file} could not be made: the released one cannot be loaded. Is there a connection? Try again.`;
    }
  });
  const forget = button("Forget", async () => {
    if (!(await confirmed(`Remove all that you wrote into “${title}” from this browser?`, "Remove"))) return;
    work.forget();
    status.textContent = `What you wrote into “${title}” was removed.`;
    draw();
    made.querySelector("a").focus();
  });
  take.setAttribute("aria-label", `Download ${file}`);
  forget.setAttribute("aria-label", `Forget ${title}`);
  const last = new Date(when).toLocaleString("en-GB", { dateStyle: "medium", timeStyle: "short" });
  return row(
    [name, element("small", {}, `Last worked on: ${last}`), element("div", { class: "lab-bar" }, take, forget)],
    [`${passing} of ${checks} pass`, bar],
    `${points} of ${visible}, and up to ${total - visible} by grading`,
  );
}

/** The header of a row, and its other cells, the last of which is as wide as there is room. */
function row(header, ...others) {
  const cells = others.map((content) => element("td", {}, ...[content].flat()));
  if (others.length < 2) cells[0].setAttribute("colspan", "2");
  return [element("th", { scope: "row" }, ...[header].flat()), ...cells];
}
