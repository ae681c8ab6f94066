import { Form, useNavigation } from "@remix-run/react";
import { Banner, BlockStack, Button, Card, FormLayout, InlineStack, Select, Text, TextField } from "@shopify/polaris";
import { useEffect, useState } from "react";
import type { ConnectAnswer } from "../../jobs/admin-actions.server.ts";
import type { ConnectableDestination } from "../../jobs/admin-reads.server.ts";
import { destinationName } from "../audience-words.ts";
import { type Status, StatusBadge } from "../status-badge.tsx";

export interface DestinationCardProps {
  destination: ConnectableDestination;
  /** What became of the last attempt to connect this one. */
  answer: ConnectAnswer | null;
}

export function DestinationCard({ destination, answer }: DestinationCardProps) {
  const { kind, keyLabel, keyHelp, place, connected } = destination;
  const name = destinationName(kind);
  const [apiKey, setApiKey] = useState("");
  const [editing, setEditing] = useState(connected === null);
  const { state, formData } = useNavigation();
  const connecting = state !== "idle" && formData?.get("kind") === kind;
  const choices = answer?.outcome === "choose" ? answer.places : [];
  const [placeId, setPlaceId] = useState("");
  const chosen = placeId || (choices[0]?.id ?? "");

  useEffect(() => {
    if (answer?.outcome !== "connected") return;
    setApiKey("");
    setEditing(false);
  }, [answer]);

  return (
    <Card>
      <BlockStack gap="400">
        <InlineStack align="space-between" blockAlign="center" gap="200">
          <Text as="h2" variant="headingMd">
            {name}
          </Text>
          <StatusBadge status={statusOf(connected)} />
        </InlineStack>
        {connected?.state === "paused" && (
          <Banner tone="critical" title={`${name} is paused`}>
            <p>{connected.reason ?? "No reason was given."} Nothing is lost: it goes on once a working key is given.</p>
          </Banner>
        )}
        {answer?.outcome === "connected" && (
          <Banner tone="success" title={`Connected to ${answer.account}`}>
            <p>Audiences are being built. Their state is on the overview.</p>
          </Banner>
        )}
        {editing ? (
          <Form method="post">
            <input type="hidden" name="kind" value={kind} />
            <FormLayout>
              <TextField
                label={`${name} ${keyLabel}`}
                name="apiKey"
                type="password"
                autoComplete="off"
                value={apiKey}
                onChange={setApiKey}
                helpText={keyHelp}
                disabled={connecting}
                {...(answer?.outcome === "refused" && { error: answer.reason })}
              />
              {place && choices.length > 0 && (
                <Select
                  label={place.label}
                  name="place"
                  options={choices.map((choice) => ({ label: choice.name, value: choice.id }))}
                  value={chosen}
                  onChange={setPlaceId}
                  helpText={place.help}
                />
              )}
              <InlineStack gap="200">
                <Button submit variant="primary" loading={connecting} disabled={apiKey.trim() === ""}>
                  {choices.length > 0 ? "Use this one" : `Connect ${name}`}
                </Button>
                {connected && (
                  <Button onClick={() => setEditing(false)} disabled={connecting}>
                    Cancel
                  </Button>
                )}
              </InlineStack>
            </FormLayout>
          </Form>
        ) : (
          <InlineStack align="space-between" blockAlign="center" gap="200">
            <Text as="p" tone="subdued">
              How far each audience is, and who is not in it, is on the overview.
            </Text>
            <Button onClick={() => setEditing(true)}>Replace the key</Button>
          </InlineStack>
        )}
      </BlockStack>
    </Card>
  );
}

function statusOf(connected: ConnectableDestination["connected"]): Status {
  if (!connected) return { tone: null, text: "Not connected" };
  return connected.state === "live" ? { tone: "success", text: "Connected" } : { tone: "critical", text: "Paused" };
}
