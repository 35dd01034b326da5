/** What widgets are put together from. */

import { attributes, html } from "./html.js";

/**
 * The controls of some options, in this order.
 * @param {object} widget
 * @param {string[]} names
 */
export function controls(widget, names, state, ui) {
  const control = (name) => widget.options[name].control({ id: `${ui.id}-${name}`, name, value: state[name] });
  // A form keeps the radio buttons of one widget apart from those of another.
  return html`<form class="controls">${names.map(control)}</form>`;
}

/**
 * The buttons at the end of every widget; one that is `idle` has nothing to do as things are.
 * @param {{action: string, label: string, idle?: boolean}[]} buttons
 */
export function footer(buttons, ui) {
  const button = ({ action, label, idle }) =>
    html`<button${attributes({ type: "button", "data-action": action, "aria-disabled": idle && "true" })}>${label}</button>`;
  return html`<p class="widget-footer">
    ${buttons.map(button)}
    <button type="button" data-action="reset">Start again</button>
    <a data-permalink href="#${ui.id}">Link to this</a>
    <span aria-live="polite">${ui.said}</span>
  </p>`;
}

/**
 * A grid of cells in which the arrow keys move.
 * @param {object} grid
 * @param {string} grid.name tells the grids of a widget apart
 * @param {string} grid.label what it shows, for screen readers and as its caption
 * @param {number} grid.rows
 * @param {number} grid.columns
 * @param {(row: number, column: number) => {text: string, label: string, classes: string[], kind: "input" | "button" | "text",
 *   option?: string, point?: string}} grid.cell what stands in a cell; `option` names the one that an input edits
 */
export function grid({ name, label, rows, columns, cell }, ui) {
  const current = ui.current[name] ?? "";
  const [currentRow, currentColumn] = current.split(",").map(Number);
  const reached = currentRow < rows && currentColumn < columns ? current : null;
  let first = reached;
  const indices = (count) => Array.from({ length: count }, (_, index) => index);
  const body = indices(rows).map(
    (row) => html`<tr>${indices(columns).map((column) => {
      const content = cell(row, column);
      const place = `${row},${column}`;
      if (content.kind !== "text") first ??= place;
      return html`<td${attributes({ class: content.classes.join(" ") || null })}>${inside(content, place, place === first)}</td>`;
    })}</tr>`,
  );
  return html`<div class="grid" style="--columns: ${columns}">
    <table${attributes({ role: ui.live ? "grid" : null, "aria-label": label, "data-grid": name })}>
      <caption>${label}</caption>
      <tbody>${body}</tbody>
    </table>
  </div>`;
}

function inside({ text, label, kind, option, point }, place, reached) {
  if (kind === "text") return text;
  const shared = { "data-cell": place, "data-point": point, "aria-label": label, tabindex: reached ? 0 : -1 };
  if (kind === "button") return html`<button${attributes({ type: "button", ...shared })}>${text}</button>`;
  // No inputmode: the keypads for numbers on some telephones have no minus.
  const field = { type: "text", autocomplete: "off", name: option, value: text };
  return html`<input${attributes({ ...field, ...shared })}>`;
}

/** Write a number as it is, with a true minus. */
export function exactly(value) {
  return String(value).replace("-", "−");
}

/** Write a number with at most two decimals, as a person would: 4, 2.5, −3. */
export function number(value) {
  return (String(Math.round(value * 100) / 100) || "0").replace("-", "−");
}

/** Write an amount: one row, 2 rows. */
export function count(amount, noun) {
  return amount === 1 ? `1 ${noun}` : `${amount.toLocaleString("en")} ${noun}s`;
}

/** A list as a sentence has it, cut short where it is long. */
export function listed(values, most = 9) {
  return values.length > most ? `${values.slice(0, most - 1).join(", ")}, … ${values.at(-1)}` : values.join(", ");
}
