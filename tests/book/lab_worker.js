// Runs the worker of a page in Node, with the real Pyodide. Reads from standard input, as JSON, where it lies and what a
// page tells it, each once it is done with the one before; writes all that the worker tells.

import { readFile } from "node:fs/promises";
import { text } from "node:stream/consumers";

const LAST_WORDS = ["ready", "failed", "finished"];
const { worker, messages } = JSON.parse(await text(process.stdin));
const told = [];
let done;

globalThis.self = globalThis;
self.fetch = async (path) => new Response(await readFile(path));
self.postMessage = (message) => {
  told.push(message);
  if (LAST_WORDS.includes(message.kind)) done();
};
await import(worker);

for (const data of messages) {
  await new Promise((resolve) => {
    done = resolve;
    self.onmessage({ data });
  });
}
console.log(JSON.stringify(told));
