import { Autocomplete } from "@shopify/polaris";
import { useMemo, useState } from "react";
import type { Dictionary } from "../../segment/language/dictionary.ts";
import { t } from "../../texts/text.ts";
import { nameWords } from "./words.ts";

export interface SubjectFieldProps {
  dictionary: Dictionary;
  /** The name that is chosen. */
  name: string;
  /** Which names are offered. */
  offer: "everything" | "events";
  onChange(name: string): void;
}

/** There are a hundred things to ask; all of them at once would take a slow machine half a second to draw. */
const FIRST_OPTIONS = 15;

/** Chooses what a condition is about, by its words or its name. A metafield or an event of the shop's own is typed in full. */
export function SubjectField({ dictionary, name, offer, onChange }: SubjectFieldProps) {
  const [typed, setTyped] = useState<string | null>(null);
  const [shown, setShown] = useState(FIRST_OPTIONS);
  const type = (text: string | null): void => {
    setTyped(text);
    setShown(FIRST_OPTIONS);
  };
  const options = useMemo(() => {
    const known = [...(offer === "everything" ? attributes(dictionary) : []), ...events(dictionary)];
    const wanted = (typed ?? "").trim().toLowerCase();
    const found = known.filter((one) => one.label.toLowerCase().includes(wanted) || one.value.includes(wanted));
    const own = dictionary.event(wanted) ?? (offer === "everything" ? dictionary.attribute(wanted) : null);
    return own && !known.some(({ value }) => value === own.name)
      ? [{ value: own.name, label: own.name }, ...found]
      : found;
  }, [dictionary, offer, typed]);
  return (
    <div style={{ minWidth: "14rem", flex: "1 1 14rem" }}>
      <Autocomplete
        options={options.slice(0, shown)}
        willLoadMoreResults={shown < options.length}
        onLoadMoreResults={() => setShown(shown + FIRST_OPTIONS)}
        selected={[name]}
        onSelect={([chosen]) => {
          type(null);
          if (chosen) onChange(chosen);
        }}
        textField={
          <Autocomplete.TextField
            label={t("What it is about")}
            labelHidden
            autoComplete="off"
            value={typed ?? nameWords(name)}
            onChange={type}
            onFocus={() => type("")}
            onBlur={() => type(null)}
            placeholder={t("Search conditions")}
          />
        }
        emptyState={t(
          "Nothing is called that. A trait is known once your own systems have told one. A metafield is written metafields.namespace.key, an event of your own custom.name.",
        )}
      />
    </div>
  );
}

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
