import { useFetcher } from "@remix-run/react";
import { Autocomplete, Icon } from "@shopify/polaris";
import { SearchIcon } from "@shopify/polaris-icons";
import { useEffect, useRef, useState } from "react";
import { t } from "../../texts/text.ts";

export interface ProductChoice {
  id: string;
  title: string;
}

const SEARCH_AFTER_MS = 300;

/** A product by its title or number. The field is empty again once one is chosen. */
export function ProductField({ label, helpText, onChoose }: ProductFieldProps) {
  const fetcher = useFetcher<{ products: ProductChoice[] }>();
  const latest = useRef(fetcher);
  latest.current = fetcher;
  const [text, setText] = useState("");
  useEffect(() => {
    const timer = setTimeout(
      () => latest.current.load(`/app/recommendations/products?query=${encodeURIComponent(text)}`),
      SEARCH_AFTER_MS,
    );
    return () => clearTimeout(timer);
  }, [text]);
  const products = fetcher.data?.products ?? [];
  return (
    <Autocomplete
      options={products.map(({ id, title }) => ({ value: id, label: title }))}
      selected={[]}
      loading={fetcher.state !== "idle"}
      onSelect={([chosen]) => {
        const product = products.find(({ id }) => id === chosen);
        if (!product) return;
        setText("");
        onChoose(product);
      }}
      textField={
        <Autocomplete.TextField
          label={label}
          helpText={helpText}
          autoComplete="off"
          placeholder={t("Title or number of a product")}
          prefix={<Icon source={SearchIcon} tone="subdued" />}
          value={text}
          onChange={setText}
        />
      }
    />
  );
}

export interface ProductFieldProps {
  label: string;
  helpText?: string;
  onChoose(product: ProductChoice): void;
}
