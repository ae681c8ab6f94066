import { Form, useNavigate, useNavigation } from "@remix-run/react";
import { Icon, TextField } from "@shopify/polaris";
import { SearchIcon } from "@shopify/polaris-icons";
import { startTransition, useEffect, useRef, useState } from "react";
import { profilesUrl } from "./profiles-url.ts";
import { t } from "../../texts/text.ts";

/** Typing pauses this long before anything is searched. */
const SEARCH_AFTER_MS = 300;

const PATH = "/app/profiles";

/** The search field. Its text stands in the address, so that a search can be shared, reloaded and gone back to. */
export function ProfileSearch({ query, rule }: { query: string; rule: string | null }) {
  const navigate = useNavigate();
  const { location } = useNavigation();
  const searching = location?.search !== undefined;
  // Who was clicked while typing is opened; a search that was still to begin would come in between.
  const leaving = useRef(false);
  leaving.current = location !== undefined && location.pathname !== PATH;
  const [text, setText] = useState(query);
  const submitted = useRef(query);
  const timer = useRef<ReturnType<typeof setTimeout>>(undefined);
  // How often typing has paused. What was clicked before a pause is drawn with it or earlier, however busy the machine is.
  const [pauses, setPauses] = useState(0);
  const paused = useRef(() => {});
  paused.current = () => search(text);

  // The address changed by itself: back, forward, or the menu.
  useEffect(() => {
    if (query === submitted.current) return;
    submitted.current = query;
    setText(query);
  }, [query]);
  useEffect(() => {
    if (pauses > 0) paused.current();
  }, [pauses, paused]);
  useEffect(() => () => clearTimeout(timer.current), []);

  function search(next: string): void {
    clearTimeout(timer.current);
    if (leaving.current) return;
    const changed = next.trim() !== submitted.current;
    const first = submitted.current === "";
    submitted.current = next.trim();
    // One entry in the history for a search, however many letters it took.
    if (changed) navigate(profilesUrl({ query: next.trim(), rule }), { replace: !first, preventScrollReset: true });
  }

  function type(next: string): void {
    setText(next);
    clearTimeout(timer.current);
    timer.current = setTimeout(() => startTransition(() => setPauses((before) => before + 1)), SEARCH_AFTER_MS);
  }

  return (
    <Form
      role="search"
      action={PATH}
      onSubmit={(event) => {
        event.preventDefault();
        search(text);
      }}
    >
      <TextField
        label={t("Search profiles")}
        labelHidden
        name="query"
        type="search"
        autoComplete="off"
        placeholder={t("Name, e-mail, phone, order or customer id")}
        prefix={<Icon source={SearchIcon} tone="subdued" />}
        value={text}
        onChange={type}
        clearButton
        onClearButtonClick={() => {
          setText("");
          search("");
        }}
        loading={searching}
      />
    </Form>
  );
}
