/** Tags that one request lists, at best. */
const PAGE = 100;
/** Asking for a repository costs no more requests than this. */
const REQUESTS_A_REPOSITORY = 2;

/**
 * Whether looking at single repositories first costs less than listing everything: where so much changed, or there is so little, listing everything is
 * as quick. `requests` are needed to learn what the repositories are; `tags` is what both sides are known to hold.
 */
export function isWorthLooking(repositories: number, tags: number, requests = 0): boolean {
  return requests + repositories * REQUESTS_A_REPOSITORY < tags / PAGE;
}
