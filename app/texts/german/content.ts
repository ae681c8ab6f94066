/** Blocks of content and feeds. */
export const content = {} as const;
