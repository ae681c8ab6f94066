import { Refusal } from "./diagnostics.ts";
import { type Token, tokenize } from "./lexer.ts";
import { t, type Text, type Values } from "../../texts/text.ts";

/** A place in a written rule, and what can be said about the tokens there. */
export type TokenCursor = ReturnType<typeof createCursor>;

/** `report` hears of mistakes that leave the sentence intact, so that the reading goes on. */
export function createCursor(source: string, report: (refusal: Refusal) => void) {
  const tokens = tokenize(source);
  const end = tokens.at(-1) as Token;
  let position = 0;

  const peek = (ahead = 0): Token => tokens[position + ahead] ?? end;
  const next = (): Token => {
    const token = peek();
    if (token.kind === "unreadable") throw token.refusal;
    if (position < tokens.length - 1) position += 1;
    return token;
  };
  const isWord = (token: Token, word: string): boolean => token.kind === "name" && token.source.toUpperCase() === word;
  const isSymbol = (token: Token, symbol: string): boolean => token.kind === "symbol" && token.source === symbol;
  const skipWord = (word: string): boolean => isWord(peek(), word) && next() !== end;
  const skipSymbol = (symbol: string): boolean => isSymbol(peek(), symbol) && next() !== end;

  const unexpected = (token: Token, expected: string): Refusal =>
    token.kind === "unreadable"
      ? token.refusal
      : token.kind === "end"
        ? new Refusal(token, t("The rule ends too early; expected {expected}.", { expected }))
        : new Refusal(
            token,
            t("'{token}' is unexpected; expected {expected}.", { token: shorten(token.source), expected }),
          );
  const expectWord = (word: string): void => {
    if (!skipWord(word)) throw unexpected(peek(), word);
  };
  /** `expected` says it in its place, where `{symbol}` is the symbol. */
  const expectSymbol = (symbol: string, expected: Text, values?: Values): Token => {
    const token = peek();
    if (!isSymbol(token, symbol)) throw unexpected(token, t(expected, { ...values, symbol }));
    return next();
  };
  /** Runs a part that may refuse a name or a value without losing its place in the sentence. */
  const tolerate = <T>(read: () => T, instead: T): T => {
    try {
      return read();
    } catch (error) {
      if (!(error instanceof Refusal)) throw error;
      report(error);
      return instead;
    }
  };

  return { peek, next, isWord, isSymbol, skipWord, skipSymbol, unexpected, expectWord, expectSymbol, tolerate, report };
}

export function shorten(text: string): string {
  return text.length > 40 ? `${text.slice(0, 40)}…` : text;
}
