/** What the questions share: their controls, and a place where what they say is heard. */

import { element } from "../dom.js";

/**
 * Turn the list of options into radio buttons or checkboxes.
 * @param {HTMLFormElement} form
 * @param {"radio" | "checkbox"} type
 * @returns {HTMLInputElement[]}
 */
export function addOptions(form, type) {
  return [...form.querySelectorAll(".quiz-options > li")].map((item, index) => {
    const input = element("input", { type, name: form.id });
    item.replaceChildren(element("label", {}, input, element("span", {}, `${letter(index)} `, ...item.childNodes)));
    return input;
  });
}

/**
 * Add a field for a number.
 * @param {string} unit stands behind it
 * @returns {HTMLInputElement}
 */
export function addField(form, unit) {
  const heard = unit ? `Your answer, in ${unit}` : "Your answer";
  const input = element("input", { type: "text", size: "10", "aria-label": heard });
  const label = element("label", {}, element("span", {}, "Your answer"), " ", input, ` ${unit}`);
  folded(form).before(element("p", { class: "quiz-field" }, label));
  return input;
}

/**
 * Add the button, and what happens when it is pressed.
 * @param {() => (Node | string)[]} answer what to say to what was chosen
 */
export function addButton(form, name, answer) {
  const button = element("button", { type: "submit" }, name);
  const status = element("div", { role: "status", class: "quiz-feedback" });
  folded(form).before(element("p", { class: "quiz-actions" }, button), status);
  folded(form).classList.add("not-yet");
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    if (button.getAttribute("aria-disabled") !== "true") status.replaceChildren(...answer());
  });
  return button;
}

/** The part that can be opened: the answers, or the reveal. @returns {HTMLDetailsElement} */
export function folded(form) {
  return form.querySelector(".quiz-folded");
}

/** Let the folded part be opened. */
export function offerFolded(form) {
  folded(form).classList.remove("not-yet");
}

/** The explanation of an answer, as it stands among the folded ones. @returns {HTMLElement} */
export function explanation(form, index) {
  const item = folded(form).querySelectorAll(":is(ol, ul) > .right, :is(ol, ul) > .wrong")[index];
  const shown = element("div", { class: item.className }, ...item.cloneNode(true).childNodes);
  for (const named of shown.querySelectorAll("[id]")) named.removeAttribute("id");
  return shown;
}

/** (a), (b), (c) */
export function letter(index) {
  return `(${String.fromCharCode(97 + index)})`;
}

/** A short remark. */
export function remark(text) {
  return element("p", { class: "quiz-remark" }, text);
}
