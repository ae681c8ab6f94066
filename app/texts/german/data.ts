/** Sources, what was put aside, data quality, duplicates, API keys, privacy requests. */
export const data = {} as const;
