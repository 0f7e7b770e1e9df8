/** Tells the page around a frame how tall its content is, so that nothing is cut off or scrolls twice. */

const content = document.querySelector("main");

/**
 * To anybody ("*"): which site shows the frame is not known here, and a height is no secret. The
 * page that receives it checks that it comes from its own frame.
 */
const tell = () =>
  parent.postMessage({ potenzialatlas: { height: Math.ceil(content.offsetHeight) } }, "*");

if (parent !== window) {
  new ResizeObserver(tell).observe(content);
  // A frame without a site of its own may open no other page: addresses are written out there, and
  // the way back stands beside the frame.
  if (origin === "null") {
    document.querySelector(".way-back")?.remove();
    for (const link of document.querySelectorAll("footer a")) {
      link.replaceWith(`${link.textContent} (${link.href})`);
    }
  }
}
