import { addButton, addOptions, explanation, letter, offerFolded, remark } from "./form.js";

/**
 * Bring a `choice` to life.
 * @param {HTMLFormElement} form
 */
export function choice(form, { several }) {
  const inputs = addOptions(form, several ? "checkbox" : "radio");
  const right = inputs.map((_, index) => explanation(form, index).matches(".right"));
  addButton(form, "Check", () => {
    const chosen = [...inputs.keys()].filter((index) => inputs[index].checked);
    if (chosen.length === 0) return [remark("Choose an answer first.")];
    offerFolded(form);
    return [...chosen.map((index) => named(explanation(form, index), index)), ...rest(chosen, right)];
  });
}

function named(shown, index) {
  shown.querySelector(".quiz-verdict").prepend(`${letter(index)} `);
  return shown;
}

function rest(chosen, right) {
  const missing = right.filter(Boolean).length - chosen.filter((index) => right[index]).length;
  const wrong = chosen.some((index) => !right[index]);
  if (!wrong && missing === 0) return [];
  const more = !wrong && missing > 0 ? "There is more that is right. " : "";
  return [remark(`${more}Try again, or open the answers.`)];
}
