/* What is wider than the screen scrolls by itself. Arrow keys scroll what has the focus, so it must be able to get it. */

const SCROLLING = ".pst-scrollable-table-container, .bd-article .output, .bd-article div.math";

const observer = new ResizeObserver((entries) => {
  for (const { target } of entries) {
    if (target.scrollWidth > target.clientWidth) target.tabIndex = 0;
    else target.removeAttribute("tabindex");
  }
});

for (const box of document.querySelectorAll(SCROLLING)) observer.observe(box);
