import { z } from "zod";

/** What the merchant decides about recommendations, apart from the rules that every list obeys. */
export const settingsSchema = z.object({
  /** Share of people who are shown the fallback, so that what the rest does can be compared. 0: nobody. */
  holdoutShare: z.number().min(0).max(0.5).default(0.05),
  /** Of all places in lists, at most so many try out a new product. 0: none. */
  explorationShare: z.number().min(0).max(0.1).default(0.05),
  /** What stands in the places that have a choice. */
  strategies: z
    .object({
      product: z.enum(["goes_with", "similar", "popular"]).default("goes_with"),
      home: z.enum(["personal", "popular"]).default("personal"),
      collection: z.enum(["personal", "goes_with"]).default("personal"),
    })
    .prefault({}),
  /** Confidence from which the personal list is shown. */
  threshold: z.number().min(0.5).max(0.99).default(0.8),
});

export type RecommendationSettings = z.infer<typeof settingsSchema>;
