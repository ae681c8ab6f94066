import { useFetcher } from "@remix-run/react";
import { Autocomplete, Icon } from "@shopify/polaris";
import { SearchIcon } from "@shopify/polaris-icons";
import { useEffect, useRef, useState } from "react";
import { t } from "../../texts/text.ts";

export interface Viewer {
  /** Empty: somebody nothing is known of. */
  customerId: string;
  name: string;
}

export function nobody(): Viewer {
  return { customerId: "", name: t("A visitor nobody knows") };
}

const SEARCH_AFTER_MS = 300;

/** Customers by name, e-mail, order or id; and nobody. */
export function ViewerField({ viewer, onViewer }: { viewer: Viewer; onViewer(viewer: Viewer): void }) {
  const fetcher = useFetcher<{ people: Viewer[] }>();
  const latest = useRef(fetcher);
  latest.current = fetcher;
  const [text, setText] = useState(viewer.name);
  const asked = useRef(false);
  useEffect(() => {
    if (!asked.current) return;
    const timer = setTimeout(
      () => latest.current.load(`/app/content/people?query=${encodeURIComponent(text)}`),
      SEARCH_AFTER_MS,
    );
    return () => clearTimeout(timer);
  }, [text]);
  const people = [nobody(), ...(fetcher.data?.people ?? [])];
  return (
    <Autocomplete
      options={people.map(({ customerId, name }) => ({ value: customerId, label: name }))}
      selected={[viewer.customerId]}
      loading={fetcher.state !== "idle"}
      onSelect={([chosen]) => {
        const found = people.find(({ customerId }) => customerId === chosen);
        if (!found) return;
        asked.current = false;
        setText(found.name);
        onViewer(found);
      }}
      textField={
        <Autocomplete.TextField
          label={t("Shown to")}
          autoComplete="off"
          placeholder={t("Name, e-mail, order or customer id")}
          prefix={<Icon source={SearchIcon} tone="subdued" />}
          value={text}
          onFocus={() => {
            if (asked.current) return;
            asked.current = true;
            setText("");
          }}
          onBlur={() => {
            asked.current = false;
            setText(viewer.name);
          }}
          onChange={(value) => {
            asked.current = true;
            setText(value);
          }}
        />
      }
    />
  );
}
