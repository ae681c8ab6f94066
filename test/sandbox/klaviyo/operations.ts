import type { Answer } from "../http.ts";
import type { Call } from "./call.ts";
import { bulkSubscribe, bulkSuppression, bulkUnsubscribe } from "./consent-operations.ts";
import { bulkCreateEvents, createEvent } from "./event-operations.ts";
import { bulkImport, getImportErrors, getImportJob, getImportedProfiles } from "./import-operations.ts";
import { requestDeletion } from "./privacy-operations.ts";
import { changeMembers, createList, deleteList, getList, getLists, getMembers } from "./list-operations.ts";
import { METRIC_NAMES, getEvents, getMetrics } from "./engagement.ts";
import { createProfile, getAccounts, getProfile, getProfiles, importProfile } from "./profile-operations.ts";
import { invalid } from "./refusal.ts";
import { createWebhook, deleteWebhook, getWebhookTopics, getWebhooks } from "./webhooks.ts";

type Run = (call: Call) => Answer;

const OPERATIONS: Record<string, Run> = {
  get_accounts: getAccounts,
  create_or_update_profile: importProfile,
  create_profile: createProfile,
  get_profiles: getProfiles,
  get_profile: getProfile,
  bulk_import_profiles: bulkImport,
  get_bulk_import_profiles_job: getImportJob,
  get_errors_for_bulk_import_profiles_job: getImportErrors,
  get_profiles_for_bulk_import_profiles_job: getImportedProfiles,
  create_list: createList,
  get_lists: getLists,
  get_list: getList,
  delete_list: deleteList,
  add_profiles_to_list: changeMembers,
  remove_profiles_from_list: changeMembers,
  get_profiles_for_list: getMembers,
  get_profile_ids_for_list: getMembers,
  bulk_subscribe_profiles: bulkSubscribe,
  bulk_unsubscribe_profiles: bulkUnsubscribe,
  bulk_suppress_profiles: bulkSuppression,
  bulk_unsuppress_profiles: bulkSuppression,
  create_event: createEvent,
  bulk_create_events: bulkCreateEvents,
  request_profile_deletion: requestDeletion,
  get_events: getEvents,
  get_metrics: getMetrics,
  get_webhooks: getWebhooks,
  create_webhook: createWebhook,
  delete_webhook: deleteWebhook,
  get_webhook_topics: (call) => getWebhookTopics(call, METRIC_NAMES),
};

/** @throws Refusal */
export function runOperation(call: Call): Answer {
  const run = OPERATIONS[call.operation.id];
  if (run === undefined) throw new Error(`the sandbox does not hold ${call.operation.id}`);
  for (const name of ["include", ...(run === getMembers || run === getEvents ? [] : ["sort"])]) {
    if (call.query.one(name) !== undefined)
      throw invalid(`The sandbox does not hold '${name}' here.`, { parameter: name });
  }
  return run(call);
}
