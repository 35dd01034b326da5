import { element } from "../dom.js";
import { addButton, addField, addOptions, folded, remark } from "./form.js";
import { READABLE, readNumber, written } from "../numbers.js";

/**
 * Bring a `predict` to life. A prediction is made once, and nothing about it is right or wrong.
 * @param {HTMLFormElement} form
 */
export function predict(form, { unit }) {
  const options = addOptions(form, "radio");
  const controls = options.length > 0 ? options : [addField(form, unit)];
  const button = addButton(form, "This is my prediction", () => {
    const words = options.length > 0 ? chosen(options) : typed(controls[0], unit);
    if (!words) return [remark(options.length > 0 ? "Choose one first." : `Write a number, such as ${READABLE}.`)];
    button.focus(); // a control that is disabled loses the focus
    for (const control of controls) control.disabled = true;
    button.setAttribute("aria-disabled", "true");
    remind(form.id, words);
    return [predicted(words), ...reveal(form)];
  });
}

function chosen(options) {
  const index = options.findIndex((option) => option.checked);
  return index < 0 ? null : [...options[index].nextElementSibling.cloneNode(true).childNodes];
}

function typed(field, unit) {
  const valid = !Number.isNaN(readNumber(field.value, unit));
  field.setAttribute("aria-invalid", String(!valid));
  return valid ? [`${written(field.value)}${unit && !field.value.includes(unit) ? ` ${unit}` : ""}`] : null;
}

function predicted(words) {
  return element("p", { class: "quiz-prediction" }, "You predicted: ", ...words.map((node) => node.cloneNode?.(true) ?? node));
}

function reveal(form) {
  const details = folded(form);
  details.remove();
  return [...details.querySelector("summary + *").childNodes];
}

function remind(id, words) {
  for (const place of document.querySelectorAll(`p[data-of="${id}"]`)) {
    place.replaceChildren(...predicted(words).childNodes);
    place.hidden = false;
  }
}
