// Does with notebooks what an exercise's page does with them (book/_web/labs/notebook.js). Reads from standard input what
// to do, one list of JSON such as [["filled", released, answers, own]], and writes what came of it.

import { text } from "node:stream/consumers";

import { filled, parsed, takenOut, written } from "../../book/_web/labs/notebook.js";

const functions = {
  filled: (released, answers, own) => written(filled(released, (id) => answers[id] ?? null, own)),
  takenOut(released, opened) {
    const { answers, own } = takenOut(released, parsed(opened));
    return { answers: Object.fromEntries(answers), own };
  },
};

function call([name, ...args]) {
  try {
    return functions[name](...args);
  } catch (error) {
    if (error instanceof RangeError) return { refused: error.message };
    throw error;
  }
}

const calls = JSON.parse(await text(process.stdin));
console.log(JSON.stringify(calls.map(call)));
