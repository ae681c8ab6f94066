import { Form, useNavigation } from "@remix-run/react";
import {
  BlockStack,
  Button,
  Card,
  Checkbox,
  FormLayout,
  InlineError,
  InlineStack,
  Text,
  TextField,
} from "@shopify/polaris";
import { useEffect, useState } from "react";
import type { KeyAnswered } from "./api-keys-page.tsx";
import { SCOPE_CHOICES } from "./api-keys-view.ts";
import { t } from "../../texts/text.ts";

export function NewKeyCard({ answered }: { answered: KeyAnswered | undefined }) {
  const [name, setName] = useState("");
  const [scopes, setScopes] = useState<ReadonlySet<string>>(new Set(SCOPE_CHOICES.map(({ scope }) => scope)));
  const { state, formData } = useNavigation();
  const making = state !== "idle" && formData?.get("intent") === "create";
  const refused = answered?.outcome === "refused" ? answered : null;

  useEffect(() => {
    if (answered?.outcome === "created") setName("");
  }, [answered]);

  const choose = (scope: string, chosen: boolean): void =>
    setScopes(new Set(chosen ? [...scopes, scope] : [...scopes].filter((other) => other !== scope)));

  return (
    <Card>
      <BlockStack gap="400">
        <Text as="h2" variant="headingMd">
          {t("New key")}
        </Text>
        <Form method="post">
          <input type="hidden" name="intent" value="create" />
          <FormLayout>
            <TextField
              label={t("Name")}
              name="name"
              autoComplete="off"
              maxLength={100}
              value={name}
              onChange={setName}
              disabled={making}
              helpText={t("The system that will use it, such as Loyalty programme.")}
              {...(refused?.field === "name" && { error: refused.reason })}
            />
            <BlockStack gap="100">
              {SCOPE_CHOICES.map(({ scope, label, help }) => (
                <Checkbox
                  key={scope}
                  label={t(label)}
                  name="scopes"
                  value={scope}
                  helpText={<span translate="no">{help}</span>}
                  checked={scopes.has(scope)}
                  onChange={(chosen) => choose(scope, chosen)}
                  disabled={making}
                />
              ))}
              {refused?.field === "scopes" && <InlineError fieldID="scopes" message={refused.reason} />}
            </BlockStack>
            <InlineStack>
              <Button submit variant="primary" loading={making} disabled={name.trim() === "" || scopes.size === 0}>
                {t("Make the key")}
              </Button>
            </InlineStack>
          </FormLayout>
        </Form>
      </BlockStack>
    </Card>
  );
}
