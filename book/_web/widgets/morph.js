/** Changes an element into what some markup says, keeping what is already right: the focus, a caret, what is being typed. */

/**
 * @param {Element} element its children become those of the markup
 * @param {string} markup
 */
export function morph(element, markup) {
  const template = document.createElement("template");
  template.innerHTML = markup;
  morphChildren(element, template.content);
}

function morphChildren(from, to) {
  const wanted = [...to.childNodes];
  wanted.forEach((node, index) => {
    const current = from.childNodes[index];
    if (!current) from.append(node);
    else if (current.nodeType !== node.nodeType || current.nodeName !== node.nodeName) current.replaceWith(node);
    else if (node.nodeType !== Node.ELEMENT_NODE) setText(current, node.data);
    else morphElement(current, node);
  });
  while (from.childNodes.length > wanted.length) from.lastChild.remove();
}

function morphElement(from, to) {
  const typing = from === document.activeElement && from.hasAttribute("aria-invalid");
  for (const { name } of [...from.attributes]) {
    if (!to.hasAttribute(name) && !(typing && name === "aria-invalid")) from.removeAttribute(name);
  }
  for (const { name, value } of to.attributes) if (from.getAttribute(name) !== value) from.setAttribute(name, value);
  morphChildren(from, to);
  // Once a reader has used a control, its attributes no longer say what it shows.
  if (from.matches("input:not([type=checkbox], [type=radio])") && from !== document.activeElement) from.value = to.value;
  if (from.matches("input[type=checkbox], input[type=radio]")) from.checked = to.checked;
  if (from.matches("select")) from.value = to.value;
}

function setText(node, text) {
  if (node.data !== text) node.data = text;
}
