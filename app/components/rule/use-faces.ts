import { useFetcher } from "@remix-run/react";
import { startTransition, useEffect, useMemo, useRef, useState } from "react";
import { createDictionary, type Dictionary, type Vocabulary } from "../../segment/language/dictionary.ts";
import type { Problem } from "../../segment/language/diagnostics.ts";
import { parseText } from "../../segment/language/parse-text.ts";
import { printSql } from "../../segment/language/print-sql.ts";
import { printText } from "../../segment/language/print-text.ts";
import type { Rule } from "../../segment/language/tree.ts";

export type Face = "builder" | "text" | "sql";

export interface Faces {
  dictionary: Dictionary;
  /** What the builder shows; null: no rule could be read yet. */
  rule: Rule | null;
  text: string;
  sql: string;
  /** The face in which something is written that is no rule yet: the others show the last that could be read. */
  faulty: Face | null;
  /** What is wrong there. */
  problems: readonly Problem[];
  build(rule: Rule): void;
  writeText(text: string): void;
  writeSql(sql: string): void;
}

/** What the server made of a piece of SQL. */
export type SqlAnswer = { outcome: "read"; text: string } | { outcome: "refused"; problems: Problem[] };

export const EMPTY: Rule = { when: { kind: "all", of: [] } };

/** Typing pauses this long before the text is read: as long as its editor waits before it marks what is wrong. */
const READ_TEXT_AFTER_MS = 250;
/** The same before SQL is sent to be read. */
const READ_SQL_AFTER_MS = 500;
const NONE: readonly Problem[] = [];

/**
 * Keeps the three faces of a rule at one: each shows what was last written in another and could be read.
 * @param text what is kept and sent, whichever face it is written in; it may be changed elsewhere too
 */
export function useFaces(text: string, onChange: (text: string) => void, vocabulary: Vocabulary): Faces {
  // The page asks anew every few seconds; what is being written goes on while the answer is the same.
  const words = JSON.stringify(vocabulary);
  const dictionary = useMemo(() => createDictionary(JSON.parse(words) as Vocabulary), [words]);
  const [writer, setWriter] = useState<Face | null>(null);
  // What is built or typed stands in its own face as it is, be it a rule already or not.
  const [built, setBuilt] = useState(EMPTY);
  const [typed, setTyped] = useState("");
  const [refused, setRefused] = useState(NONE);
  const [read, setRead] = useState<Read>(() => readNext(null, text, dictionary));

  const written = useRef(text);
  const write = (face: Face, next: string): void => {
    setWriter(face);
    if (face !== "sql") setRefused(NONE);
    written.current = next;
    onChange(next);
  };
  useEffect(() => {
    if (text === written.current) return;
    written.current = text;
    setWriter(null);
    setRefused(NONE);
  }, [text]);
  useEffect(() => {
    const follow = (): void => startTransition(() => setRead((before) => readNext(before, text, dictionary)));
    const timer = setTimeout(follow, writer === "text" ? READ_TEXT_AFTER_MS : 0);
    return () => clearTimeout(timer);
  }, [text, writer, dictionary]);

  const fetcher = useFetcher<SqlAnswer>();
  const following = read.last?.text ?? text;
  const latest = useRef({ fetcher, writer, write, following });
  latest.current = { fetcher, writer, write, following };
  useEffect(() => {
    if (writer !== "sql") return;
    const timer = setTimeout(() => {
      latest.current.fetcher.submit({ sql: typed }, { method: "post", action: "/app/segments/translate" });
    }, READ_SQL_AFTER_MS);
    return () => clearTimeout(timer);
  }, [typed, writer]);
  const { data: answer } = fetcher;
  useEffect(() => {
    // Meanwhile somebody may have gone on in another face.
    if (!answer || latest.current.writer !== "sql") return;
    setRefused(answer.outcome === "refused" ? answer.problems : NONE);
    if (answer.outcome === "read") latest.current.write("sql", answer.text);
  }, [answer]);

  const { last } = read;
  const printed = useMemo(
    () => (last && last.text !== "" ? printSql(last.rule, dictionary) : "SELECT customer_id FROM customer_data WHERE "),
    [last, dictionary],
  );
  const isOwn = writer === null || writer === "text";
  const unread = read.problems.length === 0 ? null : writer === "builder" ? "builder" : "text";
  // Always the same, so that each face is drawn anew for what it shows only.
  const writes = useRef({
    build(rule: Rule): void {
      setBuilt(rule);
      latest.current.write("builder", printText(rule));
    },
    writeText(next: string): void {
      latest.current.write("text", next);
    },
    writeSql(next: string): void {
      setTyped(next);
      // What was typed in another face and is no rule gives way to the one that this begins from.
      latest.current.write("sql", latest.current.following);
    },
  });
  return {
    dictionary,
    rule: writer === "builder" ? built : (last?.rule ?? null),
    text: isOwn ? text : following,
    sql: writer === "sql" ? typed : printed,
    faulty: refused.length > 0 ? "sql" : unread,
    problems: refused.length > 0 ? refused : read.problems,
    ...writes.current,
  };
}

interface Read {
  text: string;
  dictionary: Dictionary;
  problems: readonly Problem[];
  /** The last that could be read; null: none yet. */
  last: { text: string; rule: Rule } | null;
}

function readNext(before: Read | null, text: string, dictionary: Dictionary): Read {
  if (before?.text === text && before.dictionary === dictionary) return before;
  if (text.trim() === "") return { text, dictionary, problems: NONE, last: { text: "", rule: EMPTY } };
  const reading = parseText(text, dictionary);
  return reading.outcome === "read"
    ? { text, dictionary, problems: NONE, last: { text, rule: reading.rule } }
    : { text, dictionary, problems: reading.problems, last: before?.last ?? null };
}
