import type { DeadLetter, DeadLetterBody, Replay } from "../../ingest/dead-letters-store.server.ts";
import type { DeadLetterAnswer, DeadLettersAnswer } from "../../jobs/admin-reads.server.ts";
import type { Format } from "../../platform/format.ts";
import { idPages } from "../../platform/id-window.ts";
import { prettyJson } from "../../platform/json.ts";
import { deadLetterReason } from "../dead-letter-words.ts";
import { showInstant, type ShownInstant } from "../shown-instant.tsx";
import { t, tn } from "../../texts/text.ts";

export interface DeadLetterView {
  id: string;
  topic: string;
  reason: string;
  received: ShownInstant;
  /** "1.2 kB", and how often it was read. */
  size: string;
  attempts: string;
  waiting: boolean;
}

export interface ReplayView {
  /** Of 100; null once it is over. */
  progress: number | null;
  tone: "success" | "warning" | "info";
  sentence: string;
  asked: ShownInstant;
}

export interface DeadLettersView {
  letters: DeadLetterView[];
  count: string;
  /** Whether there is any that does not wait already. */
  replayable: boolean;
  replay: ReplayView | null;
  pages: { previous: string | null; next: string | null };
}

export interface OneDeadLetterView extends DeadLetterView {
  facts: { label: string; value: string }[];
  last: ShownInstant;
  body: string;
  /** What the reader has to know of the body; null: it is all there, as JSON. */
  note: string | null;
}

type Found<Answer> = Extract<Answer, { outcome: "found" }>;

export function deadLettersView(answer: Found<DeadLettersAnswer>, format: Format): DeadLettersView {
  const { page, count, replay, now } = answer;
  return {
    letters: page.rows.map((letter) => letterView(letter, now, format)),
    count: format.number(count),
    replayable: count > (replay?.waiting ?? 0),
    replay: replay && replayView(replay, now, format),
    pages: idPages(page, "/app/data/dead-letters"),
  };
}

export function deadLetterView({ letter, now }: Found<DeadLetterAnswer>, format: Format): OneDeadLetterView {
  const { webhookId, apiVersion, triggeredAt, at } = letter;
  return {
    ...letterView(letter, now, format),
    facts: [
      { label: t("Delivery"), value: webhookId },
      { label: t("Triggered"), value: format.instant(triggeredAt) },
      ...(apiVersion === null ? [] : [{ label: t("API version"), value: apiVersion }]),
    ],
    last: showInstant(format, at, now),
    ...bodyView(letter, format),
  };
}

function letterView(letter: DeadLetter, now: Date, format: Format): DeadLetterView {
  const { id, topic, reason, receivedAt, size, attempts, waiting } = letter;
  return {
    id,
    topic,
    reason: deadLetterReason(reason),
    waiting,
    received: showInstant(format, receivedAt, now),
    size: bytes(size, format),
    attempts: format.number(attempts),
  };
}

function replayView({ askedAt, asked, understood, failed, waiting }: Replay, now: Date, format: Format): ReplayView {
  const read = understood + failed;
  const outcome = [
    understood > 0 && t("{count} understood and taken in", { count: format.number(understood) }),
    failed > 0 && t("{count} still not understood and kept", { count: format.number(failed) }),
  ].filter((part) => part !== false);
  const many = tn(asked, "{count} delivery", "{count} deliveries", { count: format.number(asked) });
  const sums = { read: format.number(read), many, outcome: outcome.join(", ") || t("none is left") };
  const isOver = waiting === 0;
  return {
    progress: isOver ? null : Math.floor((100 * read) / Math.max(asked, 1)),
    tone: isOver ? (failed > 0 ? "warning" : "success") : "info",
    sentence: isOver
      ? t("Of {many} read again: {outcome}.", sums)
      : outcome.length > 0
        ? t("{read} of {many} read again: {outcome}.", sums)
        : t("{read} of {many} read again.", sums),
    asked: showInstant(format, askedAt, now),
  };
}

function bodyView({ body, size }: DeadLetterBody, format: Format): { body: string; note: string | null } {
  if (size === 0) return { body: "", note: t("The body is empty.") };
  const text = new TextDecoder("utf-8").decode(body);
  if (body.length < size)
    return { body: text, note: t("Only the first {size} are shown.", { size: bytes(body.length, format) }) };
  const pretty = prettyJson(text);
  return pretty === null
    ? { body: text, note: t("The body is not JSON; it is shown as text.") }
    : { body: pretty, note: null };
}

function bytes(count: number, format: Format): string {
  if (count < 1_000) return tn(count, "{count} byte", "{count} bytes", { count: format.number(count) });
  return count < 1_000_000
    ? `${format.number(Math.round(count / 1_000))} kB`
    : `${format.number(Math.round(count / 1_000_000))} MB`;
}
