/** Markup from template strings, in which nothing that came from elsewhere can be taken for markup. */

class Markup {
  constructor(text) {
    this.text = text;
  }

  toString() {
    return this.text;
  }
}

const ENTITIES = { "&": "&amp;", "<": "&lt;", ">": "&gt;", '"': "&quot;", "'": "&#39;" };

/**
 * html`<b>${text}</b>`: values are escaped, markup from `html` itself stands as it is, lists are joined, and null,
 * undefined and false leave nothing.
 * @returns {Markup}
 */
export function html(strings, ...values) {
  return new Markup(String.raw({ raw: strings }, ...values.map(written)));
}

/**
 * Write attributes: true gives the bare name, null, undefined and false leave it out.
 * @param {Record<string, unknown>} values
 * @returns {Markup}
 */
export function attributes(values) {
  const present = Object.entries(values).filter(([, value]) => value !== false && value != null);
  return new Markup(present.map(([name, value]) => (value === true ? ` ${name}` : html` ${name}="${value}"`)).join(""));
}

function written(value) {
  if (value instanceof Markup) return value.text;
  if (Array.isArray(value)) return value.map(written).join("");
  if (value == null || value === false) return "";
  return String(value).replace(/[&<>"']/g, (character) => ENTITIES[character]);
}
