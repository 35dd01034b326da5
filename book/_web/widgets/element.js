/**
 * What all widgets share in the browser.
 *
 * A widget is data (see pooling-explorer.js): `view(state, ui)` gives its markup, and is also what draws the figure while
 * the book is built. Here that markup comes to life: state follows the controls, the view follows the state.
 *
 * `state` has a value for every option and goes into the page's address. `ui` is what a reader points at:
 *
 *     id       of the element, for the ids of its controls
 *     title    what stands above it
 *     live     false while the book is built: draw a figure without controls
 *     pointed  data-point of what was hovered, focused or touched last
 *     problem  why what was typed last cannot be used, and said, what to say beside the link: texts for a moment
 *     current  for each data-grid, the data-cell that the tab key reaches; arrows reach the others
 */

import { inside } from "./frame.js";
import { morph } from "./morph.js";
import { fromAddress, preset, toAddress } from "./state.js";

const ARROWS = { ArrowUp: [-1, 0], ArrowDown: [1, 0], ArrowLeft: [0, -1], ArrowRight: [0, 1] };
/** Milliseconds without a change until the address is written; browsers refuse more than a few changes a second. */
const PAUSE = 250;
/** Widgets whose change is not in the address yet. */
const unsaved = new Set();

/** @param {object} widget */
export function define(widget) {
  if (!customElements.get(widget.tag)) {
    customElements.define(
      widget.tag,
      class extends WidgetElement {
        widget = widget;
      },
    );
  }
}

class WidgetElement extends HTMLElement {
  connectedCallback() {
    if (this.state) return; // it was only moved
    this.preset = preset(this.widget, JSON.parse(this.dataset.preset));
    this.state = fromAddress(this.widget, this.id, this.preset, location.search);
    this.ui = { id: this.id, title: this.dataset.title, live: true, pointed: null, current: {} };
    this.addEventListener("input", (event) => this.#change(event.target));
    this.addEventListener("focusout", (event) => this.#leave(event.target));
    this.addEventListener("click", (event) => this.#click(event));
    this.addEventListener("pointerover", (event) => this.#point(event.target));
    this.addEventListener("focusin", (event) => this.#focus(event.target));
    this.addEventListener("keydown", (event) => this.#move(event));
    this.addEventListener("submit", (event) => event.preventDefault());
    // Going back leads to an address from before, but changes nothing in the widget.
    addEventListener("popstate", () => this.#writeAddress());
    this.draw();
  }

  /** Set options and draw. @param {Record<string, unknown>} values */
  update(values) {
    this.state = { ...this.state, ...values };
    this.ui.problem = this.ui.said = null;
    this.draw();
    unsaved.add(this);
    clearTimeout(this.saving);
    this.saving = setTimeout(() => this.#writeAddress(), PAUSE);
  }

  draw() {
    morph(this, String(inside(this.widget, this.state, this.ui)));
  }

  /** The page's address with this widget as it is set, and all others as theirs say. */
  #address(hash) {
    const search = toAddress(this.widget, this.id, this.preset, this.state, location.search);
    return location.pathname + search + hash;
  }

  #writeAddress(hash = location.hash) {
    clearTimeout(this.saving);
    unsaved.delete(this);
    try {
      history.replaceState(history.state, "", this.#address(hash));
    } catch {
      // Some browsers keep the address of a page that was opened as a file.
    }
  }

  static #saveAll() {
    for (const widget of unsaved) widget.#writeAddress();
  }

  /** The link is there to be copied; following it would only load the page again. */
  async #share() {
    WidgetElement.#saveAll();
    this.#writeAddress(`#${this.id}`);
    try {
      await navigator.clipboard.writeText(location.href);
      this.ui.said = "The link is copied.";
    } catch {
      this.ui.said = "The link is in the address bar.";
    }
    this.draw();
  }

  #change(control) {
    const option = this.widget.options[control.name];
    if (!option) return;
    try {
      const change = option.change ?? ((_, element) => option.parse(element.value));
      const value = change(this.state[control.name], control);
      control.removeAttribute("aria-invalid");
      this.update({ [control.name]: value });
    } catch (error) {
      if (!(error instanceof RangeError)) throw error;
      // Perhaps it is half a number, such as a lone minus: what is there stays until the reader leaves.
      this.ui.problem = `${nameOf(control)} ${error.message}.`;
      control.setAttribute("aria-invalid", "true");
      this.draw();
    }
  }

  /** What could not be used goes back to what it was when the reader came, not to its longest beginning that could. */
  #leave(control) {
    const invalid = control.hasAttribute("aria-invalid");
    const [before, problem] = [this.before, this.ui.problem];
    queueMicrotask(() => {
      if (!invalid) return this.draw();
      this.update({ [control.name]: before });
      this.ui.problem = problem;
      this.draw();
    });
  }

  #click(event) {
    if (event.target.closest("a[data-permalink]")) {
      event.preventDefault();
      return this.#share();
    }
    const setter = event.target.closest("button[name]");
    if (setter) return this.#change(setter);
    const button = event.target.closest("[data-action]");
    if (button?.dataset.action === "reset") this.update(this.preset);
    else if (button && button.ariaDisabled !== "true") this.#act(this.widget.actions[button.dataset.action](this.state, button.dataset));
    else this.#point(event.target);
  }

  /** An action gives values of options and, where the focus should not stay, as `focus` a selector of where it goes. */
  #act({ focus, ...values }) {
    this.update(values);
    if (focus) this.querySelector(focus).focus();
  }

  #point(target) {
    const point = target.closest("[data-point]")?.dataset.point;
    if (point === undefined || point === this.ui.pointed) return;
    this.ui.pointed = point;
    this.draw();
  }

  #focus(target) {
    if (target.matches("a[data-permalink]")) {
      WidgetElement.#saveAll();
      target.href = this.#address(`#${this.id}`);
    }
    this.before = this.state[target.name];
    const grid = target.closest("[data-grid]");
    if (grid && target.dataset.cell) {
      this.ui.current[grid.dataset.grid] = target.dataset.cell;
      this.draw();
    }
    this.#point(target);
  }

  #move(event) {
    const step = ARROWS[event.key];
    const grid = event.target.closest("[data-grid]");
    if (!step || !grid || event.altKey || event.ctrlKey || event.metaKey || event.shiftKey) return;
    const [row, column] = event.target.dataset.cell.split(",").map(Number);
    const neighbour = grid.querySelector(`[data-cell="${row + step[0]},${column + step[1]}"]`);
    if (!neighbour || (step[1] !== 0 && caretCanMove(event.target, step[1]))) return;
    event.preventDefault();
    neighbour.focus();
    neighbour.select?.();
  }
}

function nameOf(control) {
  return control.ariaLabel ?? control.labels?.[0]?.textContent.trim();
}

/** Whether an arrow key still has something to do inside a text field. */
function caretCanMove(element, direction) {
  if (!(element instanceof HTMLInputElement)) return false;
  const { selectionStart, selectionEnd, value } = element;
  if (selectionStart === 0 && selectionEnd === value.length) return false;
  return direction < 0 ? selectionEnd > 0 : selectionStart < value.length;
}
