import type { Answer } from "../http.ts";
import type { Audience, Member } from "./audience.ts";
import { readBody } from "./body.ts";
import { MOST_ROWS, audienceOf, caller, flag, missingField, ok, shown } from "./call.ts";
import type { Call } from "./call.ts";
import { createMember, memberId, updateMember } from "./members.ts";
import type { Caller, MemberBody } from "./members.ts";
import { Problem, invalidResource, memberExists } from "./problem.ts";

interface RowError {
  email_address: string;
  error: string;
  error_code: "ERROR_CONTACT_EXISTS" | "ERROR_GENERIC";
  field: string;
  field_message: string;
}

/** HTTP 200 whatever becomes of the rows; each row lands in exactly one of the three lists. */
export function batchMembers(call: Call): Answer {
  const audience = audienceOf(call);
  const { members, update_existing = false } = readBody<{ members: MemberBody[]; update_existing?: boolean }>(call);
  if (members.length > MOST_ROWS) throw invalidResource(`A batch holds at most ${MOST_ROWS} members.`);
  const skipDuplicates = flag(call, "skip_duplicate_check");
  const fails = call.faults.rows();
  const who = caller(call);
  const seen = new Set<string>();
  const created: Member[] = [];
  const updated: Member[] = [];
  const errors: RowError[] = [];
  for (const row of members) {
    const id = memberId(row.email_address ?? "");
    if (seen.has(id) && skipDuplicates) continue;
    try {
      if (fails?.() === true) throw new Problem(500, "Internal Server Error", "An internal error occurred.");
      if (seen.has(id)) throw invalidResource(`Duplicate items found for ${row.email_address ?? ""} in this request.`);
      seen.add(id);
      const result = batchRow(audience, row, update_existing, who);
      (result.created ? created : updated).push(result.member);
    } catch (error) {
      if (!(error instanceof Problem)) throw error;
      errors.push(rowError(row, error));
    }
  }
  return ok(call, {
    get new_members() {
      return created.map((member) => shown(call, member));
    },
    get updated_members() {
      return updated.map((member) => shown(call, member));
    },
    errors,
    total_created: created.length,
    total_updated: updated.length,
    error_count: errors.length,
  });
}

/** An archived member counts as new; one that is there already is changed only with `update_existing`. */
function batchRow(audience: Audience, row: MemberBody, updateExisting: boolean, who: Caller) {
  const member = audience.members.get(memberId(row.email_address ?? ""));
  if (member === undefined) {
    if (row.status === undefined) throw missingField("status");
    return { member: createMember(audience, row, row.status, who), created: true };
  }
  const back = member.archived;
  if (!back && !updateExisting) throw memberExists(member.email);
  if (back && row.status === undefined) throw missingField("status");
  return { member: updateMember(audience, member, row, who), created: back };
}

function rowError(row: MemberBody, problem: Problem): RowError {
  const exists = problem.title === "Member Exists";
  return {
    email_address: row.email_address ?? "",
    error: exists ? `${problem.message} To update it here, send update_existing.` : problem.message,
    error_code: exists ? "ERROR_CONTACT_EXISTS" : "ERROR_GENERIC",
    field: problem.errors[0]?.field ?? "",
    field_message: problem.errors[0]?.message ?? "",
  };
}
