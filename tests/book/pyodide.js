// Runs Python in Pyodide, one source after another in one session, and writes what each ends with, as a list of JSON.
// Standard input says, as JSON too, which folders to mount and where, which wheel to load, and the sources.

import { text } from "node:stream/consumers";
import { fileURLToPath } from "node:url";

import { loadPyodide } from "../../book/_web/node_modules/pyodide/pyodide.mjs";

const { folders, wheel, sources } = JSON.parse(await text(process.stdin));
const pyodide = await loadPyodide({
  indexURL: fileURLToPath(new URL("../../book/_web/node_modules/pyodide/", import.meta.url)),
  env: { PYTHONDONTWRITEBYTECODE: "1" }, // into folders that are mounted
  stdout: console.error, // standard output is for the answer
});
for (const [name, folder] of Object.entries(folders)) pyodide.mountNodeFS(name, folder);
const loaded = await pyodide.loadPackage(`file://${wheel}`, { messageCallback: console.error });
if (loaded.length === 0) throw new Error(`Pyodide does not load ${wheel}`);

function run(source) {
  const value = pyodide.runPython(source);
  return value?.toJs?.({ dict_converter: Object.fromEntries }) ?? value;
}

console.log(JSON.stringify(sources.map(run)));
