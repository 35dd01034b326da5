/** Makes forms of the questions in a page, which book/_ext/pooling_book/quizzes.py wrote to be read without scripts. */

import { choice } from "./choice.js";
import { number } from "./number.js";
import { predict } from "./predict.js";

const KINDS = { choice, number, predict };

export function enliven() {
  for (const form of document.querySelectorAll("form.quiz")) {
    KINDS[form.dataset.kind](form, JSON.parse(form.dataset.settings));
  }
}
