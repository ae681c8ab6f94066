import { z } from "zod";
import { eventsAnswerSchema, problemSchema, profilesAnswerSchema } from "./answers.ts";
import { eventSchema, MOST_ROWS, profileSchema, REQUESTS_OF_A_KEY } from "./rows.ts";

/** The API's description (OpenAPI 3.1), made from the schemas that requests are read with. @param url the app's public address */
export function describeApi(url: string): object {
  return {
    openapi: "3.1.0",
    info: {
      title: "Muster merchant API",
      version: "1",
      description:
        "Events and traits from your own systems, in batches of up to 500. Both operations can be repeated without effect, so repeat a request until it is answered. Names in one row (id, externalId, email, phone) are remembered as one person's; what is told of somebody Shopify does not know yet is kept and becomes theirs once it does. Nothing here changes consent.",
    },
    servers: [{ url }],
    security: [{ key: [] }],
    paths: {
      "/api/events": {
        post: {
          operationId: "recordEvents",
          summary: "Record events",
          description: "Needs a key with the scope events:write.",
          requestBody: { required: true, content: json(batchOf("events", "Event")) },
          responses: { ...responses("EventsAnswer"), ...problems },
        },
      },
      "/api/profiles": {
        put: {
          operationId: "recordProfiles",
          summary: "Set traits of people",
          description: "Needs a key with the scope profiles:write.",
          requestBody: { required: true, content: json(batchOf("profiles", "Profile")) },
          responses: { ...responses("ProfilesAnswer"), ...problems },
        },
      },
    },
    components: {
      securitySchemes: {
        key: { type: "http", scheme: "bearer", description: "A key from the app's page Data, under API keys." },
      },
      schemas: {
        Event: schemaOf(eventSchema),
        Profile: schemaOf(profileSchema),
        EventsAnswer: schemaOf(eventsAnswerSchema),
        ProfilesAnswer: schemaOf(profilesAnswerSchema),
        Problem: schemaOf(problemSchema),
      },
    },
  };
}

function schemaOf(schema: z.ZodType): object {
  const { $schema: _, ...rest } = z.toJSONSchema(schema, { io: "input", target: "draft-2020-12" });
  return rest;
}

function reference(name: string): object {
  return { $ref: `#/components/schemas/${name}` };
}

function batchOf(list: string, row: string): object {
  return {
    type: "object",
    properties: { [list]: { type: "array", minItems: 1, maxItems: MOST_ROWS, items: reference(row) } },
    required: [list],
    additionalProperties: false,
  };
}

function json(schema: object): object {
  return { "application/json": { schema } };
}

function responses(answer: string): object {
  return {
    200: { description: "Every row was taken.", content: json(reference(answer)) },
    207: { description: "Some rows were refused; the others were taken.", content: json(reference(answer)) },
  };
}

const WHEN: Readonly<Record<number, string>> = {
  400: "The body is no JSON, or not a list of rows.",
  401: "There is no key, or it does not work (any more).",
  403: "The key lacks the scope.",
  405: "The path takes another method.",
  413: "The body is larger than 2 MB: send fewer rows.",
  415: "The body is not application/json.",
  429: `The key sends more than ${REQUESTS_OF_A_KEY.perSecond} requests a second, after a burst of ${REQUESTS_OF_A_KEY.burst}: wait as long as Retry-After says. Counted by each process of the app by itself.`,
  503: "Too much is waiting, or the database is away. Nothing was recorded, or it will be known again: repeat the request.",
};

const RETRIED = new Set(["429", "503"]);
const RETRY_AFTER = { description: "Seconds to wait.", schema: { type: "integer", minimum: 1 } };

const problems = Object.fromEntries(
  Object.entries(WHEN).map(([status, description]) => [
    status,
    {
      description,
      ...(RETRIED.has(status) && { headers: { "Retry-After": RETRY_AFTER } }),
      content: { "application/problem+json": { schema: reference("Problem") } },
    },
  ]),
);
