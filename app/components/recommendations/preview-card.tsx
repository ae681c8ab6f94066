import { useFetcher } from "@remix-run/react";
import { BlockStack, Button, Card, InlineStack, Spinner, Text } from "@shopify/polaris";
import { useEffect, useRef, useState } from "react";
import { nobody, type Viewer, ViewerField } from "../content/viewer-field.tsx";
import { ProductField } from "./product-field.tsx";
import { type PreviewView, ShownList } from "./shown-list.tsx";
import { t } from "../../texts/text.ts";

interface Subject {
  customerId: string;
  productId: string;
}

const ASK_AFTER_MS = 400;

/**
 * What a customer, a visitor, or anybody beside a product would be shown now, with why and how sure.
 * @param rules as they are typed, before they are saved; without them the saved ones count
 */
export function PreviewCard({ rules }: { rules?: object }) {
  const fetcher = useFetcher<PreviewView>();
  const latest = useRef(fetcher);
  latest.current = fetcher;
  const [viewer, setViewer] = useState<Viewer>(nobody);
  const [subject, setSubject] = useState<Subject>({ customerId: "", productId: "" });
  const typed = rules === undefined ? null : JSON.stringify(rules);
  useEffect(() => {
    const query = new URLSearchParams({ customer: subject.customerId, product: subject.productId });
    if (typed !== null) query.set("rules", typed);
    const ask = (): void => {
      // What is saved, or typed on, meanwhile ends the question; the next one is asked anyway.
      void Promise.resolve(latest.current.load(`/app/recommendations/preview?${query}`)).catch(() => {});
    };
    const timer = setTimeout(ask, typed === null ? 0 : ASK_AFTER_MS);
    return () => clearTimeout(timer);
  }, [subject, typed]);
  const shown = fetcher.data;
  return (
    <Card>
      <BlockStack gap="400">
        <InlineStack align="space-between" blockAlign="center">
          <Text as="h2" variant="headingMd">
            {rules === undefined ? t("Preview") : t("With these rules, before they are saved")}
          </Text>
          {fetcher.state !== "idle" && <Spinner size="small" accessibilityLabel={t("The list is being read")} />}
        </InlineStack>
        <ViewerField
          viewer={viewer}
          onViewer={(next) => {
            setViewer(next);
            setSubject({ customerId: next.customerId, productId: "" });
          }}
        />
        <ProductField
          label={t("Or beside a product")}
          onChoose={({ id }) => {
            setViewer(nobody());
            setSubject({ customerId: "", productId: id });
          }}
        />
        <div aria-live="polite">{shown && <ShownList view={shown} />}</div>
        {shown && (
          <InlineStack>
            <Button onClick={() => setSubject({ ...subject })}>{t("Read again")}</Button>
          </InlineStack>
        )}
      </BlockStack>
    </Card>
  );
}
