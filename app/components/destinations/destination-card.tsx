import { Form, useNavigation, useSearchParams } from "@remix-run/react";
import {
  Banner,
  BlockStack,
  Button,
  Card,
  Divider,
  FormLayout,
  InlineStack,
  Select,
  Text,
  TextField,
} from "@shopify/polaris";
import { useEffect, useState } from "react";
import type { ConnectableDestination } from "../../jobs/admin-reads.server.ts";
import { destinationName } from "../audience-words.ts";
import { ShownOnce } from "../shown-once.tsx";
import type { Answered } from "./destinations-page.tsx";
import { type Status, StatusBadge } from "../status-badge.tsx";
import type { Place } from "../../sync/destination.ts";
import { reasonSentence } from "../../sync/reason-words.ts";
import { t } from "../../texts/text.ts";

export interface DestinationCardProps {
  destination: ConnectableDestination;
  /** It is connected by permission, too. */
  byPermission: boolean;
  /** What became of the last attempt to connect this kind. */
  answer: Answered | null;
}

/** One kind of platform: the accounts that are connected, and a form for one more. */
export function DestinationCard({ destination, byPermission, answer }: DestinationCardProps) {
  const { kind, connections, isAddress } = destination;
  const name = destinationName(kind);
  // One that was connected just now is read anew in a moment.
  const mended = answer?.outcome === "connected" ? answer.destinationId : null;
  const paused = connections.filter(({ id, state }) => state === "paused" && id !== mended);
  const [editing, setEditing] = useState(connections.length === 0 || (paused.length > 0 && !isAddress));
  // Whoever comes from a segment goes on to it.
  const segment = useSearchParams()[0].get("segment");
  const pageOf = (id: number): string =>
    `/app/destinations/${id}${segment === null ? "" : `?segment=${encodeURIComponent(segment)}`}`;

  useEffect(() => {
    if (answer?.outcome === "connected") setEditing(false);
    // Back from the platform, with a place to choose.
    if (answer?.outcome === "choose") setEditing(true);
  }, [answer]);

  return (
    <Card>
      <BlockStack gap="400">
        <InlineStack align="space-between" blockAlign="center" gap="200">
          <Text as="h2" variant="headingMd">
            {name}
          </Text>
          {connections.length === 0 && <StatusBadge status={{ tone: null, text: t("Not connected") }} />}
        </InlineStack>
        {paused.map(({ id, account, reason }) => (
          <Banner key={id} tone="critical" title={t("{name} is paused", { name: account ?? name })}>
            <p>
              {isAddress
                ? t("{reason} Nothing is lost: it goes on by itself once that is mended.", {
                    reason: reasonSentence(reason),
                  })
                : t(
                    "{reason} Nothing is lost: it goes on by itself once that is mended at {name}, or once the account is connected here again.",
                    { reason: reasonSentence(reason), name },
                  )}
            </p>
          </Banner>
        ))}
        {answer?.outcome === "connected" && (
          <Banner
            tone="success"
            title={t("Connected to {account}", { account: answer.account })}
            action={{
              content: answer.goesOn ? t("See its audiences") : t("Choose segments"),
              url: pageOf(answer.destinationId),
            }}
          >
            <p>
              {answer.goesOn
                ? t("Its audiences go on where they stopped. What changed meanwhile is being sent.")
                : t("Nothing is sent before you have chosen what.")}
            </p>
          </Banner>
        )}
        {answer?.outcome === "connected" && answer.secret !== null && (
          <ShownOnce
            title={t("The secret that messages are signed with")}
            label={t("Secret")}
            words={t(
              "Give it to your system now: it is shown this once. Messages are signed as Standard Webhooks has it.",
            )}
            secret={answer.secret}
          />
        )}
        {connections.length > 0 && (
          <BlockStack gap="200">
            {connections.map((connection, index) => (
              <BlockStack key={connection.id} gap="200">
                {index > 0 && <Divider />}
                <InlineStack align="space-between" blockAlign="center" gap="200">
                  <InlineStack gap="200" blockAlign="center">
                    <Text as="span">{connection.account ?? t("{name} account", { name })}</Text>
                    <StatusBadge status={statusOf(connection)} />
                  </InlineStack>
                  <Button
                    url={pageOf(connection.id)}
                    accessibilityLabel={t("Manage {name}", { name: connection.account ?? name })}
                  >
                    {t("Manage")}
                  </Button>
                </InlineStack>
              </BlockStack>
            ))}
          </BlockStack>
        )}
        {editing ? (
          <ConnectForm
            destination={destination}
            byPermission={byPermission}
            answer={answer}
            onCancel={connections.length > 0 ? () => setEditing(false) : null}
          />
        ) : (
          <InlineStack>
            <Button variant="plain" onClick={() => setEditing(true)}>
              {paused.length > 0 && !isAddress
                ? t("Connect it again, or another account")
                : isAddress
                  ? t("Connect another address")
                  : t("Connect another account")}
            </Button>
          </InlineStack>
        )}
      </BlockStack>
    </Card>
  );
}

function ConnectForm({
  destination,
  byPermission,
  answer,
  onCancel,
}: DestinationCardProps & {
  /** Null: there is nothing to go back to. */
  onCancel: (() => void) | null;
}) {
  const { kind, keyLabel, keyHelp, isAddress, place } = destination;
  const name = destinationName(kind);
  const [apiKey, setApiKey] = useState("");
  const { state, formData } = useNavigation();
  const connecting = state !== "idle" && formData?.get("kind") === kind;
  const choices = answer?.outcome === "choose" ? answer.places : [];
  const ticket = answer?.outcome === "choose" ? answer.ticket : null;
  if (ticket !== null && place) {
    return (
      <Form method="post">
        <input type="hidden" name="intent" value="finish" />
        <input type="hidden" name="ticket" value={ticket} />
        <FormLayout>
          <PlaceSelect place={place} choices={choices} />
          <InlineStack>
            <Button submit variant="primary" loading={state !== "idle"}>
              {t("Use this one")}
            </Button>
          </InlineStack>
        </FormLayout>
      </Form>
    );
  }
  return (
    <BlockStack gap="400">
      {byPermission && (
        <Form method="post">
          <input type="hidden" name="intent" value="permission" />
          <input type="hidden" name="kind" value={kind} />
          <BlockStack gap="200">
            <Text as="p" tone="subdued">
              {t("{name} asks you to permit it, and brings you back here. You can withdraw it at {name} at any time.", {
                name,
              })}
            </Text>
            <InlineStack>
              <Button submit variant="primary" loading={connecting && formData?.get("intent") === "permission"}>
                {t("Connect with {name}", { name })}
              </Button>
            </InlineStack>
          </BlockStack>
        </Form>
      )}
      {byPermission && <Divider />}
      <Form method="post">
        <input type="hidden" name="intent" value="key" />
        <input type="hidden" name="kind" value={kind} />
        <FormLayout>
          <TextField
            label={t(keyLabel)}
            name="apiKey"
            type={isAddress ? "url" : "password"}
            autoComplete="off"
            value={apiKey}
            onChange={setApiKey}
            helpText={t(keyHelp)}
            disabled={connecting}
            {...(answer?.outcome === "refused" && { error: answer.reason })}
          />
          {place && choices.length > 0 && <PlaceSelect place={place} choices={choices} />}
          <InlineStack gap="200">
            <Button
              submit
              variant={byPermission ? "secondary" : "primary"}
              loading={connecting && formData?.get("intent") === "key"}
              disabled={apiKey.trim() === ""}
            >
              {choices.length > 0
                ? t("Use this one")
                : byPermission
                  ? t("Connect with a key")
                  : t("Connect {name}", { name })}
            </Button>
            {onCancel && (
              <Button onClick={onCancel} disabled={connecting}>
                {t("Cancel")}
              </Button>
            )}
          </InlineStack>
        </FormLayout>
      </Form>
    </BlockStack>
  );
}

/** Which of the account's places is meant, in a form. */
function PlaceSelect({
  place,
  choices,
}: {
  place: NonNullable<ConnectableDestination["place"]>;
  choices: readonly Place[];
}) {
  const [placeId, setPlaceId] = useState("");
  return (
    <Select
      label={t(place.label)}
      name="place"
      options={choices.map((choice) => ({ label: choice.name, value: choice.id }))}
      value={placeId || (choices[0]?.id ?? "")}
      onChange={setPlaceId}
      helpText={t(place.help)}
    />
  );
}

function statusOf({ state, leaving }: ConnectableDestination["connections"][number]): Status {
  if (leaving) return { tone: "attention", text: t("Being disconnected") };
  return state === "live" ? { tone: "success", text: t("Connected") } : { tone: "critical", text: t("Paused") };
}
