/** Counts the bytes that a worker fetches, also those that Pyodide fetches by itself. */
export class Arrival {
  /** @param {(bytes: number) => void} tell is told the sum every now and then */
  constructor(tell) {
    this.tell = tell;
    this.bytes = 0;
    this.told = 0;
  }

  watch() {
    this.fetch = self.fetch;
    self.fetch = async (...request) => this.#counted(await this.fetch.call(self, ...request));
  }

  end() {
    self.fetch = this.fetch;
  }

  /** A copy of a response, whose body is counted as it passes. */
  #counted(response) {
    if (!response.ok || !response.body) return response;
    const counter = new TransformStream({
      transform: (chunk, controller) => {
        this.#add(chunk.byteLength);
        controller.enqueue(chunk);
      },
    });
    // Compiling while loading needs the type, which the headers say.
    const { status, statusText, headers } = response;
    const copy = new Response(response.body.pipeThrough(counter), { status, statusText, headers });
    Object.defineProperty(copy, "url", { value: response.url });
    return copy;
  }

  #add(bytes) {
    this.bytes += bytes;
    if (this.bytes - this.told < 100_000) return;
    this.told = this.bytes;
    this.tell(this.bytes);
  }
}
