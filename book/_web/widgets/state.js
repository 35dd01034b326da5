/** What a widget is set to: from a chapter's source, from the page's address, and back into the address. */

/**
 * Read options that a chapter gives, over the widget's own values.
 * @param {object} widget
 * @param {Record<string, string>} texts
 * @returns {Record<string, unknown>} a value for every option
 * @throws {RangeError} that names the option
 */
export function preset(widget, texts) {
  const values = Object.entries(widget.options).map(([name, option]) => {
    if (!Object.hasOwn(texts, name)) return [name, option.value];
    try {
      return [name, option.parse(texts[name])];
    } catch (error) {
      throw new RangeError(`${name} ${error.message}`);
    }
  });
  return Object.fromEntries(values);
}

/**
 * Read from an address what differs from the preset. What is not understood is passed over: anybody can edit an address.
 * @param {object} widget
 * @param {string} id of the element; its parameters are called id.option
 * @param {Record<string, unknown>} values the preset
 * @param {string} search the address's part from the question mark
 */
export function fromAddress(widget, id, values, search) {
  const state = { ...values };
  for (const [key, text] of new URLSearchParams(search)) {
    const name = key.startsWith(`${id}.`) ? key.slice(id.length + 1) : "";
    if (!Object.hasOwn(widget.options, name)) continue;
    try {
      state[name] = widget.options[name].parse(text);
    } catch (error) {
      if (!(error instanceof RangeError)) throw error;
    }
  }
  return state;
}

/**
 * Write into an address what differs from the preset, and leave alone what belongs to others.
 * @returns {string} the address's part from the question mark; empty without parameters
 */
export function toAddress(widget, id, values, state, search) {
  const others = [...new URLSearchParams(search)].filter(([key]) => !key.startsWith(`${id}.`));
  const own = Object.entries(widget.options)
    .map(([name, option]) => [`${id}.${name}`, option.format(state[name]), option.format(values[name])])
    .filter(([, now, before]) => now !== before);
  const readable = (text) => encodeURIComponent(text).replace(/%2C/g, ",").replace(/%3B/g, ";").replace(/%20/g, "+");
  const written = [...others, ...own].map(([key, text]) => `${readable(key)}=${readable(text)}`);
  return written.length ? `?${written.join("&")}` : "";
}
