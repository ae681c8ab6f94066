import { Autocomplete } from "@shopify/polaris";
import { memo, startTransition, useCallback, useEffect, useMemo, useRef, useState } from "react";
import type { Dictionary } from "../../segment/language/dictionary.ts";
import { t } from "../../texts/text.ts";
import { useFewFirst } from "../use-few-first.ts";
import { nameWords } from "./words.ts";

export interface SubjectFieldProps {
  dictionary: Dictionary;
  /** The name that is chosen. */
  name: string;
  /** Which names are offered. */
  offer: "everything" | "events";
  onChange(name: string): void;
}

/** There are a hundred things to ask; all of them at once would take a slow machine half a second to draw. These fill what is seen. */
const FIRST_OPTIONS = 10;
/** As many are in sight when the list opens. */
const FEW = 3;

/** Chooses what a condition is about, by its words or its name. A metafield or an event of the shop's own is typed in full. */
export function SubjectField({ dictionary, name, offer, onChange }: SubjectFieldProps) {
  const [search, setSearch] = useState("");
  const [shown, setShown] = useState(FIRST_OPTIONS);
  const [fewOnly, beginWithFew] = useFewFirst();
  const [choices, setChoices] = useState(0);
  const hear = useRef(onChange);
  hear.current = onChange;
  const find = useCallback((text: string) => {
    setSearch(text);
    setShown(FIRST_OPTIONS);
  }, []);
  const options = useMemo(() => {
    const known = [...(offer === "everything" ? attributes(dictionary) : []), ...events(dictionary)];
    const wanted = search.trim().toLowerCase();
    const found = known.filter((one) => one.label.toLowerCase().includes(wanted) || one.value.includes(wanted));
    const own = dictionary.event(wanted) ?? (offer === "everything" ? dictionary.attribute(wanted) : null);
    return own && !known.some(({ value }) => value === own.name)
      ? [{ value: own.name, label: own.name }, ...found]
      : found;
  }, [dictionary, offer, search]);
  // What stays the same is not drawn again: the list is long to draw, and somebody is typing.
  const drawn = useMemo(() => options.slice(0, fewOnly ? FEW : shown), [options, shown, fewOnly]);
  const selected = useMemo(() => [name], [name]);
  const choose = useCallback(
    ([chosen]: string[]) => {
      setChoices((before) => before + 1);
      find("");
      if (chosen) hear.current(chosen);
    },
    [find],
  );
  const more = useCallback(() => setShown((before) => before + FIRST_OPTIONS), []);
  return (
    <div style={{ minWidth: "14rem", flex: "1 1 14rem" }}>
      <Autocomplete
        options={drawn}
        willLoadMoreResults={shown < options.length}
        onLoadMoreResults={more}
        selected={selected}
        onSelect={choose}
        textField={<SearchField words={nameWords(name)} choices={choices} onOpen={beginWithFew} onSearch={find} />}
        emptyState={t(
          "Nothing is called that. A trait is known once your own systems have told one. A metafield is written metafields.namespace.key, an event of your own custom.name.",
        )}
      />
    </div>
  );
}

interface SearchFieldProps {
  /** What is chosen. */
  words: string;
  /** How often something was chosen: then that stands in the field again. */
  choices: number;
  onOpen(): void;
  onSearch(text: string): void;
}

/** Keeps what is typed to itself, so that each letter stands at once; the list follows when it is found. */
const SearchField = memo(function SearchField({ words, choices, onOpen, onSearch }: SearchFieldProps) {
  const [typed, setTyped] = useState<string | null>(null);
  const known = useRef(choices);
  useEffect(() => {
    if (known.current === choices) return;
    known.current = choices;
    setTyped(null);
  }, [choices]);
  const type = (text: string | null): void => {
    setTyped(text);
    startTransition(() => onSearch(text ?? ""));
  };
  return (
    <Autocomplete.TextField
      label={t("What it is about")}
      labelHidden
      autoComplete="off"
      value={typed ?? words}
      onChange={type}
      onFocus={() => {
        onOpen();
        type("");
      }}
      onBlur={() => type(null)}
      placeholder={t("Search conditions")}
    />
  );
});

function attributes(dictionary: Dictionary) {
  return unique(dictionary.attributeNames().map((name) => dictionary.attribute(name)?.name ?? name));
}

function events(dictionary: Dictionary) {
  return unique(dictionary.eventNames().map((name) => dictionary.event(name)?.name ?? name));
}

/** Other names by which something is read are not offered. */
function unique(names: readonly string[]) {
  return [...new Set(names)].map((value) => ({ value, label: nameWords(value) }));
}
