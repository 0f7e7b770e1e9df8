// Lets the search run where the pages are opened as files: browsers start no worker from a file, so
// its script runs in a hidden frame instead, and messages go to and fro as with a worker.
if (location.protocol === "file:") {
  window.Worker = class extends EventTarget {
    constructor(url) {
      super();
      this.onmessage = null;
      const address = new URL(url, location.href).href;
      this.frame = document.createElement("iframe");
      this.frame.hidden = true;
      document.body.append(this.frame);
      const inside = this.frame.contentWindow;
      inside.postMessage = (data) => this.#tell(data);
      // Scripts that the worker asks for come one after another.
      inside.importScripts = (...urls) =>
        urls.reduce((before, one) => before.then(() => load(inside.document, one, address)), Promise.resolve());
      this.ready = load(inside.document, address);
    }

    postMessage(data) {
      this.ready.then(() => this.frame.contentWindow.dispatchEvent(new MessageEvent("message", { data })));
    }

    terminate() {
      this.frame.remove();
    }

    #tell(data) {
      const event = new MessageEvent("message", { data });
      this.onmessage?.(event);
      this.dispatchEvent(event);
    }
  };

  // By this name the script of the search knows that it runs in a frame.
  window.IFrameWorker = window.Worker;

  const load = (document, url, base) =>
    new Promise((done, failed) => {
      const script = document.createElement("script");
      script.src = new URL(url, base).href;
      script.onload = done;
      script.onerror = () => failed(new Error(`${script.src} cannot be loaded`));
      document.head.append(script);
    });
}
