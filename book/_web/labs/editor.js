/** The editor of Python cells: CodeMirror, as these pages use it. It is loaded when somebody first wants to edit. */

import { defaultKeymap, history, historyKeymap, indentWithTab } from "@codemirror/commands";
import { python } from "@codemirror/lang-python";
import { bracketMatching, indentOnInput, indentUnit, syntaxHighlighting } from "@codemirror/language";
import { Annotation, EditorState } from "@codemirror/state";
import { drawSelection, EditorView, highlightSpecialChars, keymap, lineNumbers } from "@codemirror/view";
import { classHighlighter } from "@lezer/highlight";

/** Marks a change that came from elsewhere: nobody needs to be told of it. */
const FROM_ELSEWHERE = Annotation.define();

/**
 * @param {object} options
 * @param {HTMLElement} options.parent
 * @param {string} options.text
 * @param {string} options.label what the field is called
 * @param {(text: string) => void} options.changed is told of what was typed
 * @param {() => void} options.run what Shift+Enter does
 * @param {() => void} options.check what Ctrl+Enter does
 */
export function createEditor({ parent, text, label, changed, run, check }) {
  const pressed = (action) => () => {
    action();
    return true;
  };
  const shortcuts = [
    { key: "Shift-Enter", run: pressed(run) },
    { key: "Mod-Enter", run: pressed(check) },
    indentWithTab,
  ];
  const view = new EditorView({
    parent,
    doc: text,
    extensions: [
      lineNumbers(),
      highlightSpecialChars(),
      history(),
      drawSelection(),
      EditorView.lineWrapping,
      bracketMatching(),
      indentOnInput(),
      indentUnit.of("    "),
      EditorState.tabSize.of(4),
      python(),
      syntaxHighlighting(classHighlighter),
      EditorView.contentAttributes.of({ "aria-label": `${label}. Escape, then Tab, leaves the editor.` }),
      keymap.of([...shortcuts, ...defaultKeymap, ...historyKeymap]),
      EditorView.updateListener.of((update) => {
        const typed = update.transactions.some((each) => each.docChanged && !each.annotation(FROM_ELSEWHERE));
        if (typed) changed(update.state.doc.toString());
      }),
    ],
  });
  // Sphinx takes a slash for a wish to search, unless it is typed into a field of a form.
  parent.addEventListener("keydown", (event) => event.stopPropagation());
  return {
    /** @param {true | {x: number, y: number}} place where the reader clicked */
    focus(place) {
      const position = place === true ? null : view.posAtCoords(place);
      if (position !== null) view.dispatch({ selection: { anchor: position } });
      view.focus();
    },
    get text() {
      return view.state.doc.toString();
    },
    /** Replace the text; the reader can undo it. */
    replace(replacement) {
      const changes = { from: 0, to: view.state.doc.length, insert: replacement };
      view.dispatch({ changes, annotations: FROM_ELSEWHERE.of(true) });
    },
  };
}
