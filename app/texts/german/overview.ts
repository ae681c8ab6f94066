/** The first page, with its guide. */
export const overview = {
  "Last one {when}": "Zuletzt {when}",
} as const;
