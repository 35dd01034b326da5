/**
 * Python, as the page sees it: a worker that can be started, asked and stopped.
 *
 * A loop that never ends is stopped by Python itself after the seconds that a cell has. Where that does not help, the
 * whole worker is stopped a little later, and another one started.
 */

/** Seconds that Python has to stop a cell by itself. */
const GRACE = 3;

/** Why a run came to no end. */
export class Stopped extends Error {
  /** @param {"time" | "reader" | "unloaded" | "broken"} why @param {string | null} cell the one that was running */
  constructor(why, cell, message = "") {
    super(message);
    Object.assign(this, { why, cell });
  }
}

export class Python {
  /**
   * @param {object} settings of the page, all addresses absolute
   * @param {object} told
   * @param {(bytes: number) => void} told.loading
   * @param {(cell: string) => void} told.begin
   * @param {(stream: string, text: string) => void} told.printed
   * @param {(cell: string, result: object) => void} told.end
   */
  constructor(settings, told) {
    this.settings = settings;
    this.told = told;
    this.runs = 0;
    /** Whether it can run something at once. */
    this.isReady = false;
  }

  /** Load Python, unless that was done. @returns {Promise<void>} */
  start() {
    this.started ??= new Promise((resolve, reject) => {
      const { worker, ...start } = this.settings;
      this.worker = new Worker(worker, { type: "module" });
      this.waiting = { resolve, reject };
      this.worker.onmessage = ({ data }) => this.#hear(data);
      // Without a message the script itself could not be loaded.
      this.worker.onerror = ({ message }) => this.#break(message ?? "");
      this.worker.postMessage({ ...start, kind: "start" });
    });
    return this.started;
  }

  /**
   * Run cells; those that have run already, and all before them, do not run again, apart from the last.
   * @param {{id: string, source: string, seconds: number}[]} cells
   */
  async run(cells) {
    await this.start();
    const run = ++this.runs;
    await new Promise((resolve, reject) => {
      this.waiting = { resolve, reject, run };
      this.worker.postMessage({ kind: "run", run, cells });
    });
  }

  /** Stop what runs. @param {"time" | "reader"} why */
  stop(why) {
    this.#fail(new Stopped(why, this.cell));
    // Starting takes seconds: whoever stopped a loop mends it, and runs it again. What comes of it is seen then.
    this.start().catch(() => {});
  }

  #hear(data) {
    if (data.kind === "loading") return this.told.loading(data.bytes);
    if (data.kind === "failed") return this.#break(data.reason);
    if (data.kind === "ready") {
      this.isReady = true;
      return this.waiting.resolve();
    }
    if (data.run !== this.waiting?.run) return;
    if (data.kind === "printed") return this.told.printed(data.stream, data.text);
    clearTimeout(this.timer);
    if (data.kind === "begin") {
      this.cell = data.cell;
      this.timer = setTimeout(() => this.stop("time"), (data.seconds + GRACE) * 1000);
      this.told.begin(data.cell);
    } else if (data.kind === "end") {
      this.cell = null;
      this.told.end(data.cell, data.result);
    } else {
      this.waiting.resolve();
    }
  }

  #break(reason) {
    this.#fail(new Stopped(this.isReady ? "broken" : "unloaded", this.cell, reason));
  }

  #fail(problem) {
    clearTimeout(this.timer);
    this.worker?.terminate();
    this.worker = this.started = this.cell = null;
    this.isReady = false;
    this.waiting?.reject(problem);
    this.waiting = null;
  }
}
