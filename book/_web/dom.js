/** Elements, made in one line. */

/**
 * @param {string} tag
 * @param {Record<string, string | boolean | null>} attributes true gives the bare name, false and null leave it out
 * @param {...(Node | string | null)} children
 */
export function element(tag, attributes = {}, ...children) {
  const made = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) {
    if (value !== false && value !== null) made.setAttribute(name, value === true ? "" : value);
  }
  made.append(...children.filter((child) => child !== null));
  return made;
}

/**
 * @param {string} name
 * @param {() => void} pressed
 */
export function button(name, pressed) {
  const made = element("button", { type: "button" }, name);
  made.addEventListener("click", () => {
    if (made.getAttribute("aria-disabled") !== "true") pressed();
  });
  return made;
}

/**
 * Ask before something is done that cannot be taken back.
 * @param {string} question
 * @param {string} yes what the button says that does it
 * @returns {Promise<boolean>}
 */
export function confirmed(question, yes) {
  const form = element(
    "form",
    { method: "dialog" },
    element("p", {}, question),
    element(
      "p",
      { class: "lab-bar" },
      element("button", { value: "yes" }, yes),
      element("button", { value: "", autofocus: true }, "Cancel"),
    ),
  );
  const dialog = element("dialog", { class: "lab-dialog", "aria-label": question }, form);
  // Browsers undo the last change anywhere in the page, also in a field that the dialog covers.
  dialog.addEventListener("keydown", (event) => {
    if ((event.ctrlKey || event.metaKey) && "zy".includes(event.key.toLowerCase())) event.preventDefault();
  });
  document.body.append(dialog);
  dialog.showModal();
  return new Promise((resolve) => {
    dialog.addEventListener("close", () => {
      dialog.remove();
      resolve(dialog.returnValue === "yes");
    });
  });
}
