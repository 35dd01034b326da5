/**
 * Runs Python beside the page. What it is told:
 *
 *     {kind: "start", python, packed, archives, packages, loadable, folder}
 *                                                            addresses of Pyodide, of Python packages of ours and of
 *                                                            folders to work in; which of Pyodide's packages to load, and
 *                                                            which ones when they are imported; where to work
 *     {kind: "run", run, cells: [{id, source, seconds, role}]}     those that are to have run, in this order
 *
 * What it tells:
 *
 *     {kind: "loading", bytes}                    so much has arrived by now
 *     {kind: "ready"}, {kind: "failed", reason}   Python can be used, or not
 *     {kind: "begin", run, cell, seconds}, {kind: "printed", run, stream, text}, {kind: "end", run, cell, result}
 *     {kind: "finished", run}                     all of them have run
 */

import { Arrival } from "./arrival.js";

const HOME = "/home/pyodide";
const PACKAGES = "/lib/python3.12/site-packages";

const tell = (message) => self.postMessage(message);
const arrival = new Arrival((bytes) => tell({ kind: "loading", bytes }));
let session = null;
let pyodide = null;
let current = null;

self.onmessage = ({ data }) => (data.kind === "start" ? start(data) : run(data));

async function start({ python, packed, archives, packages, loadable, folder }) {
  try {
    arrival.watch();
    const contents = Promise.all([packed, archives].map((addresses) => Promise.all(addresses.map(download))));
    contents.catch(() => {}); // it is told below, once Pyodide is there or not
    const { loadPyodide } = await import(`${python}pyodide.mjs`);
    pyodide = await loadPyodide({ indexURL: python });
    await load(packages);
    const [ours, theirs] = await contents;
    for (const content of ours) pyodide.unpackArchive(content, "zip", { extractDir: PACKAGES });
    for (const content of theirs) pyodide.unpackArchive(content, "zip", { extractDir: HOME });
    pyodide.FS.chdir(`${HOME}/${folder}`);
    session = newSession(loadable);
    arrival.end();
    tell({ kind: "ready" });
  } catch (error) {
    tell({ kind: "failed", reason: String(error.message ?? error) });
  }
}

async function download(address) {
  const response = await fetch(address);
  if (!response.ok) throw new Error(`${address}: ${response.status} ${response.statusText}`);
  return response.arrayBuffer();
}

/** Load some of Pyodide's packages, which does not say by itself that one cannot be had. */
async function load(packages) {
  const silent = () => {};
  await pyodide.loadPackage(packages, { messageCallback: silent, errorCallback: silent });
  const missing = packages.filter((name) => !(name in pyodide.loadedPackages));
  if (missing.length > 0) throw new Error(`This could not be loaded: ${missing.join(", ")}.`);
}

function newSession(loadable) {
  pyodide.runPython('import sys; sys.path.insert(0, ".")');
  const { Session } = pyodide.pyimport("course.labs.session");
  const write = (stream, text) => tell({ kind: "printed", run: current, stream, text });
  return Session(write, pyodide.toPy(loadable));
}

async function run({ run, cells }) {
  current = run;
  try {
    const first = session.rewind(pyodide.toPy(cells.map(({ id, source }) => [id, source])));
    for (const [index, cell] of cells.entries()) {
      if (index >= first) await runOne(run, cell, cells.slice(0, index + 1));
    }
    tell({ kind: "finished", run });
  } catch (error) {
    tell({ kind: "failed", reason: String(error.message ?? error) });
  }
}

async function runOne(run, cell, upToHere) {
  tell({ kind: "begin", run, cell: cell.id, seconds: cell.seconds });
  let result = runNow(cell);
  if (result.packages.length > 0) {
    await load(result.packages);
    session.rewind(pyodide.toPy(upToHere.map(({ id, source }) => [id, source])));
    tell({ kind: "begin", run, cell: cell.id, seconds: cell.seconds });
    result = runNow(cell);
  }
  tell({ kind: "end", run, cell: cell.id, result });
}

function runNow({ id, source, seconds, role }) {
  const result = session.run(id, source, seconds, role);
  try {
    return result.toJs({ dict_converter: Object.fromEntries });
  } finally {
    result.destroy();
  }
}
