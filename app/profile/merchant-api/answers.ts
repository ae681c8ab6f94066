import { z } from "zod";

/** Why a whole request was not taken: problem+json as RFC 9457 has it, with a `code` for programs. */
export const problemSchema = z
  .strictObject({
    type: z.literal("about:blank"),
    title: z.string(),
    status: z.int(),
    code: z.enum([
      "bad_json",
      "bad_request",
      "insufficient_scope",
      "method_not_allowed",
      "not_found",
      "overloaded",
      "rate_limited",
      "too_large",
      "unavailable",
      "unknown_key",
      "unsupported_media_type",
    ]),
    detail: z.string().describe("What is wrong and what to do."),
  })
  .meta({ title: "Problem" });

const refused = {
  outcome: z.literal("refused"),
  error: z.strictObject({
    code: z.enum(["invalid_field", "person_erased", "trait_type"]),
    field: z.string().describe("Where in the row, such as properties.plan. Empty: the row itself."),
    detail: z
      .string()
      .describe("What is wrong and what to do. It goes on from the field's name and never repeats its value."),
  }),
};
const row = z.int().min(0).describe("The row's place in the request, from 0.");
const messageId = z.string().nullable().describe("As it was given; null where there was none.");
const counts = { recorded: z.int().min(0), refused: z.int().min(0) };

export const eventsAnswerSchema = z
  .strictObject({
    ...counts,
    duplicates: z.int().min(0).describe("Rows whose message id the shop had already."),
    rows: z.array(
      z.discriminatedUnion("outcome", [
        z.strictObject({ row, messageId, outcome: z.literal("recorded") }),
        z.strictObject({ row, messageId, outcome: z.literal("duplicate") }),
        z.strictObject({ row, messageId, ...refused }),
      ]),
    ),
  })
  .meta({ title: "EventsAnswer" });

export const profilesAnswerSchema = z
  .strictObject({
    ...counts,
    unchanged: z.int().min(0).describe("Rows that say nothing new."),
    rows: z.array(
      z.discriminatedUnion("outcome", [
        z.strictObject({ row, outcome: z.literal("recorded") }),
        z.strictObject({ row, outcome: z.literal("unchanged") }),
        z.strictObject({ row, ...refused }),
      ]),
    ),
  })
  .meta({ title: "ProfilesAnswer" });

export type ApiProblem = z.infer<typeof problemSchema>;
export type EventsAnswer = z.infer<typeof eventsAnswerSchema>;
export type ProfilesAnswer = z.infer<typeof profilesAnswerSchema>;
