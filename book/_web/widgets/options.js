/**
 * What a reader can set in a widget.
 *
 * An option reads and writes its value as text, because the same values stand in a chapter's source, in the page's
 * address and in the widget's controls:
 *
 *     parse(text)             the value; throws a RangeError that says what is accepted
 *     format(value)           its text
 *     control(context)        its control as markup; context = { id, name, value }
 *     change(value, element)  the value after a reader used `element`, a control of this option (default: parse its value)
 */

import { readNumber } from "../numbers.js";
import { attributes, html } from "./html.js";

/** A whole number, set with a slider. */
export function integer({ label, value, least, most }) {
  return {
    value,
    format: String,
    parse: (text) => wholeNumber(text, least, most),
    control: (context) => html`<div class="control">${slider(context, { label, least, most })}</div>`,
  };
}

/** A whole number, set with a slider, or a word in its place, set with a checkbox. */
export function integerOr({ word, label, value, least, most }) {
  const parse = (text) => (text === word ? word : wholeNumber(text, least, most, `, or ${word}`));
  return {
    value,
    format: String,
    parse,
    control: (context) => html`<div class="control">
      ${slider(context, { label, least, most })}
      <label><input${attributes({ type: "checkbox", name: context.name, checked: context.value === word })}> “${word}”</label>
    </div>`,
    change(_, element) {
      if (element.type !== "checkbox") return parse(element.value);
      return element.checked ? word : least;
    },
  };
}

/** A whole number of a wide range, typed or stepped. `unit` is one of what is counted. */
export function quantity({ label, unit, value, least, most }) {
  const step = (name, to, sign, label) => {
    const within = Math.min(most, Math.max(least, to));
    return html`<button${attributes({ type: "button", name, value: within, "aria-label": label })}>${sign}</button>`;
  };
  return {
    value,
    format: String,
    parse: (text) => wholeNumber(text, least, most),
    control: ({ id, name, value: now }) => html`<div class="control quantity">
      <label for="${id}">${label}</label>
      ${step(name, now - 1, "−", `one ${unit} less`)}
      <input${attributes({ id, name, type: "number", min: least, max: most, step: 1, value: now })}>
      ${step(name, now + 1, "+", `one ${unit} more`)}
    </div>`,
  };
}

/** A slider at a number, or at its start with a word for it. */
function slider({ id, name, value }, { label, least, most }) {
  const word = typeof value === "string" ? value : null;
  const range = { type: "range", min: least, max: most, step: 1, value: word ? least : value, "aria-valuetext": word };
  return html`<label for="${id}">${label}</label>
      <input${attributes({ id, name, ...range })}>
      <span class="value" aria-hidden="true">${value}</span>`;
}

function wholeNumber(text, least, most, or = "") {
  const number = Number(text);
  if (!Number.isInteger(number) || number < least || number > most || text.trim() === "") {
    throw new RangeError(`must be a whole number from ${least} to ${most}${or}; got ${JSON.stringify(text)}`);
  }
  return number;
}

/** One of several words, set with radio buttons. `choices` maps each word to what the reader sees. */
export function choice({ label, value, choices }) {
  return {
    value,
    format: String,
    parse(text) {
      if (!Object.hasOwn(choices, text)) {
        throw new RangeError(`must be ${Object.keys(choices).join(" or ")}; got ${JSON.stringify(text)}`);
      }
      return text;
    },
    control: (context) => html`<fieldset class="control">
      <legend>${label}</legend>
      ${Object.entries(choices).map(
        ([word, shown]) => html`<label>
          <input${attributes({ type: "radio", name: context.name, value: word, checked: word === context.value })}>
          ${shown}
        </label>`,
      )}
    </fieldset>`,
  };
}

/** Yes or no, set with a checkbox. */
export function flag({ label, value }) {
  return {
    value,
    format: (on) => (on ? "yes" : "no"),
    parse(text) {
      if (text !== "yes" && text !== "no") throw new RangeError(`must be yes or no; got ${JSON.stringify(text)}`);
      return text === "yes";
    },
    control: (context) => html`<div class="control">
      <label><input${attributes({ type: "checkbox", name: context.name, checked: context.value })}> ${label}</label>
    </div>`,
    change: (_, element) => element.checked,
  };
}

/**
 * Rows of numbers, edited in place by what the widget draws: an input with data-cell="row,column" for each. Rows are
 * lines, or are separated by semicolons; numbers are separated by spaces or commas.
 */
export function plane({ value, mostRows, mostColumns, largest = 99 }) {
  const numberIn = (text) => (text ? Number(text) : NaN);
  const parse = (text) => {
    const rows = text.trim().split(/\s*[;\n]\s*/).map((row) => row.split(/[\s,]+/).map(numberIn));
    const fits = rows.length <= mostRows && rows[0].length <= mostColumns;
    const even = rows.every((row) => row.length === rows[0].length);
    const numbers = rows.flat().every((number) => Math.abs(number) <= largest);
    if (!fits || !even || !numbers || text.trim() === "") {
      throw new RangeError(
        `must be up to ${mostRows} rows of up to ${mostColumns} numbers from ${-largest} to ${largest}, ` +
          `as many in each row; got ${JSON.stringify(text)}`,
      );
    }
    return rows;
  };
  return {
    value: parse(value),
    parse,
    format: (rows) => rows.map((row) => row.join(",")).join(";"),
    change(rows, element) {
      const [row, column] = element.dataset.cell.split(",").map(Number);
      const number = readNumber(element.value);
      if (!(Math.abs(number) <= largest)) {
        throw new RangeError(`must be a number from ${-largest} to ${largest}; got ${JSON.stringify(element.value)}`);
      }
      return rows.map((numbers, r) => numbers.map((old, c) => (r === row && c === column ? number : old)));
    },
  };
}
