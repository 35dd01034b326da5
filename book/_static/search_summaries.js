/*
 * Below each result, Sphinx shows where the page has what was searched for. With this theme it counts menus and buttons as
 * part of the page. Here it is given the article alone.
 */
{
  const textOf = Search.htmlToText;
  Search.htmlToText = (html, anchor) => {
    const page = new DOMParser().parseFromString(html, "text/html");
    const main = page.querySelector('[role="main"]');
    const article = main?.querySelector("article");
    if (article) main.replaceChildren(article);
    return textOf(page.documentElement.outerHTML, anchor);
  };
}
