/** Words that many pages use. */
export const everywhere = {} as const;
