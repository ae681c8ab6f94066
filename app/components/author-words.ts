import { t } from "../texts/text.ts";

/** Who did something: by name as it is, without one as somebody of the staff (see `authorOf`). */
export function authorWords(author: string): string {
  const [, number] = /^Staff(?: (\d+))?$/.exec(author) ?? [author, null];
  if (number === null) return author;
  return number === undefined ? t("Staff") : t("Staff {number}", { number });
}
