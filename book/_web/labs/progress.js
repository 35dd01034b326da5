/** The page that says how far a reader is with all exercises, from what the browser kept. */

import { button, confirmed, element } from "../dom.js";
import { download, fetchNotebook, filled } from "./notebook.js";
import { Work } from "./work.js";

export function showProgress() {
  for (const box of document.querySelectorAll(".progress-table")) {
    const status = element("p", { class: "lab-status", role: "status" });
    const body = element("tbody");
    const head = ["exercise", "visible checks", "points", "last worked on", "your notebook"];
    const header = element("thead", {}, element("tr", {}, ...head.map((name) => element("th", { scope: "col" }, name))));
    const table = element("table", { class: "table" }, header, body);
    box.replaceChildren(element("div", { class: "pst-scrollable-table-container" }, table), status);
    for (const exercise of JSON.parse(box.dataset.exercises)) body.append(row(exercise, status));
  }
}

function row(exercise, status) {
  const made = element("tr");
  const work = new Work(exercise.name);
  const draw = () => made.replaceChildren(...cells(exercise, work, { draw, status }));
  work.watch(draw);
  draw();
  return made;
}

function cells(exercise, work, { draw, status }) {
  const { title, page, checks, points, needs } = exercise;
  const link = element("th", { scope: "row" }, element("a", { href: page }, title));
  if (needs.length > 0) return [link, element("td", { colspan: "4" }, `It needs ${needs[0]}: solve it in Jupyter.`)];
  const when = work.get("when");
  if (!when) return [link, element("td", { colspan: "4" }, "not begun")];

  const kept = work.getData("progress") ?? { passing: 0, points: 0 };
  const bar = element("progress", { max: String(checks), value: String(kept.passing), "aria-label": `Checks of ${title}` });
  const name = `${exercise.name}.ipynb`;
  const take = button("Download", async () => {
    try {
      const released = await fetchNotebook(exercise.notebook);
      download(filled(released, (id) => work.get(id), work.getData("own") ?? []), name);
      status.textContent = `${name} is what you hand in.`;
    } catch {
      status.textContent = `${name} could not be made: the released one cannot be loaded. Is there a connection? Try again.`;
    }
  });
  const forget = button("Forget", async () => {
    if (!(await confirmed(`Remove all that you wrote into “${title}” from this browser?`, "Remove"))) return;
    work.forget();
    status.textContent = `What you wrote into “${title}” was removed.`;
    draw();
  });
  take.setAttribute("aria-label", `Download ${name}`);
  forget.setAttribute("aria-label", `Forget ${title}`);
  return [
    link,
    element("td", {}, `${kept.passing} of ${checks}`, bar),
    element("td", {}, `${kept.points} of ${points}`),
    element("td", {}, new Date(when).toLocaleString("en-GB", { dateStyle: "medium", timeStyle: "short" })),
    element("td", {}, element("div", { class: "lab-bar" }, take, forget)),
  ];
}
