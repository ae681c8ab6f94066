/** Tags a block may use. Those that read other templates (include, render, layout, block) are not among them. */
export const TAGS = [
  "assign",
  "capture",
  "if",
  "unless",
  "case",
  "for",
  "tablerow",
  "break",
  "continue",
  "cycle",
  "echo",
  "liquid",
  "comment",
  "raw",
  "#",
] as const;

/** Filters of the library that a block may use; `ownFilters` adds `money`. What evaluates text, signs, or hides output is left out. */
export const FILTERS: readonly string[] = [
  ["default", "escape", "escape_once", "newline_to_br", "strip_html", "url_encode", "url_decode"],
  ["abs", "at_least", "at_most", "ceil", "divided_by", "floor", "minus", "modulo", "plus", "round", "times"],
  ["append", "capitalize", "downcase", "lstrip", "prepend", "remove", "remove_first", "remove_last", "replace"],
  [
    "replace_first",
    "replace_last",
    "rstrip",
    "split",
    "squish",
    "strip",
    "strip_newlines",
    "truncate",
    "truncatewords",
  ],
  ["upcase"],
  ["array_to_sentence_string", "compact", "concat", "first", "has", "join", "last", "map", "reject", "reverse"],
  ["size", "slice", "sort", "sort_natural", "sum", "uniq", "where"],
  ["date"],
].flat();

/** Which tag ends which. */
export const CLOSED_BY: Readonly<Record<string, string>> = {
  if: "endif",
  unless: "endunless",
  case: "endcase",
  for: "endfor",
  tablerow: "endtablerow",
  capture: "endcapture",
  comment: "endcomment",
  raw: "endraw",
};

/** Tags that stand inside of others: no block begins with them. */
export const INNER_TAGS: readonly string[] = ["else", "elsif", "when", ...Object.values(CLOSED_BY)];

/** Tags of Liquid elsewhere that read other templates. */
export const FILE_TAGS: readonly string[] = ["include", "render", "layout", "block", "section", "sections", "import"];
