/**
 * The whole address of a path beside the page, without the name and password that the page's own may carry: `fetch` refuses
 * those, and the browser sends them by itself.
 */
export const addressOf = (path: string): string => new URL(path, `${location.origin}${location.pathname}`).href;
