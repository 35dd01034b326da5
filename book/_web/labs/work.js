/**
 * What readers write, kept in their browser: one entry for each cell, so that two tabs can be at work on one page.
 *
 *     pooling/course/:01_python_layer/619b032e6a8e     the text of a cell that was changed
 *     pooling/course/:01_python_layer/checked:be5e…    of a check that ran: whether it passed, and on what
 *     pooling/course/:01_python_layer/own              cells that the reader added
 *     pooling/course/:01_python_layer/progress         how many checks pass, and their points
 *     pooling/course/:01_python_layer/when             when it was last changed
 */
export class Work {
  /** @param {string} name of the page */
  constructor(name) {
    this.prefix = `pooling${siteRoot()}:${name}/`;
    /** What could not be kept: browsers can refuse, and may be full. The page can work with it nevertheless. */
    this.unkept = new Map();
  }

  get isKept() {
    return this.unkept.size === 0;
  }

  /** @returns {string | null} */
  get(entry) {
    if (this.unkept.has(entry)) return this.unkept.get(entry);
    try {
      return localStorage.getItem(this.prefix + entry);
    } catch {
      return null;
    }
  }

  /**
   * Keep an entry; null removes it.
   * @param {string | null} text
   * @param {boolean} isWork false for what only follows from other entries
   */
  set(entry, text, isWork = true) {
    if (this.get(entry) === text) return; // else two tabs would answer each other for ever
    try {
      if (text === null) localStorage.removeItem(this.prefix + entry);
      else localStorage.setItem(this.prefix + entry, text);
      if (isWork) localStorage.setItem(`${this.prefix}when`, new Date().toISOString());
      this.unkept.delete(entry);
    } catch {
      this.unkept.set(entry, text);
    }
  }

  /** @returns {any} what was kept by `setData` */
  getData(entry) {
    try {
      return JSON.parse(this.get(entry));
    } catch {
      return null;
    }
  }

  setData(entry, data, isWork = true) {
    this.set(entry, data === null ? null : JSON.stringify(data), isWork);
  }

  /** Remove all that was kept of this page. */
  forget() {
    try {
      const entries = Object.keys(localStorage).filter((key) => key.startsWith(this.prefix));
      for (const entry of entries) localStorage.removeItem(entry);
    } catch {
      // Where nothing can be kept, nothing is to be removed.
    }
  }

  /** Be told of what another tab changes. @param {(entry: string, text: string | null) => void} changed */
  watch(changed) {
    addEventListener("storage", ({ key, newValue, storageArea }) => {
      if (storageArea === localStorage && key?.startsWith(this.prefix)) changed(key.slice(this.prefix.length), newValue);
    });
  }
}

/** Many sites can share a host, and with it what browsers keep. */
function siteRoot() {
  return new URL(document.documentElement.dataset.content_root, location.href).pathname;
}
