import { addButton, addField, explanation, offerFolded, remark } from "./form.js";
import { nearest, READABLE, readNumber, written } from "../numbers.js";

/**
 * Bring a `number` to life.
 * @param {HTMLFormElement} form
 */
export function number(form, { values, tolerance, unit }) {
  const field = addField(form, unit);
  addButton(form, "Check", () => {
    const given = readNumber(field.value, unit);
    field.setAttribute("aria-invalid", String(Number.isNaN(given)));
    if (Number.isNaN(given)) return [remark(`Write a number, such as ${READABLE}.`)];
    offerFolded(form);
    const index = nearest(given, values, tolerance);
    const shown = index < 0 ? other(form, values.length, field.value) : explanation(form, index);
    return shown.matches(".right") ? [shown] : [shown, remark("Try again, or open the answers.")];
  });
}

function other(form, index, text) {
  const shown = explanation(form, index);
  shown.querySelector(".quiz-verdict > :first-child").textContent = `${written(text)}:`;
  return shown;
}
