import { Fragment, type ReactNode } from "react";
import { pieces, type Text } from "../texts/text.ts";

/** A sentence in the reader's language with elements in it: `{name}` becomes the element of that name. */
export function Sentence({ text, parts }: { text: Text; parts: Readonly<Record<string, ReactNode>> }) {
  return pieces(text).map((piece, at) => <Fragment key={at}>{at % 2 === 0 ? piece : parts[piece]}</Fragment>);
}
